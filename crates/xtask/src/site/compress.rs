//! Compresses what the server will send, once, as hard as it pays.

use std::io::Write as _;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

/// Brotli (RFC 7932). The window is the largest that browsers must accept.
pub(super) fn brotli(content: &[u8], quality: i32) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality,
        lgwin: 24,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &params)?;
    Ok(compressed)
}

/// Gzip (RFC 1952), without a time stamp: the same content gives the same bytes.
pub(super) fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// Whether it is worth a header and the client's time: pictures and very small files are not.
pub(super) fn pays(content: &[u8], compressed: &[u8]) -> bool {
    compressed.len() + compressed.len() / 10 < content.len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_is_compressed_comes_back_whole() {
        let content = "every byte of it, and again. ".repeat(200);
        let mut unpacked = Vec::new();
        brotli::Decompressor::new(&*brotli(content.as_bytes(), 11).unwrap(), 4096)
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, content.as_bytes());
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&*gzip(content.as_bytes()).unwrap())
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, content);
    }

    #[test]
    fn the_same_content_gives_the_same_bytes() {
        assert_eq!(gzip(b"content").unwrap(), gzip(b"content").unwrap());
        assert_eq!(brotli(b"content", 4).unwrap(), brotli(b"content", 4).unwrap());
    }

    #[test]
    fn a_file_that_hardly_shrinks_is_left_as_it_is() {
        assert!(!pays(&[0; 100], &[0; 95]));
        assert!(pays(&[0; 100], &[0; 50]));
    }
}
