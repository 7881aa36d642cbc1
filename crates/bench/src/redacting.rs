//! How fast a stream is looked through for values, against copying it in pieces of the same size.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use redact::{Patterns, Stream};

use crate::report::{line, median};

const SECRETS: usize = 20;
/// Bytes of each, as tokens of services have.
const LENGTH: usize = 40;
const PIECE: usize = 64 << 10;
const TEXT: usize = 256 << 20;
const ROUNDS: usize = 5;
const GIGA: f64 = 1e9;

/// On one core.
pub(crate) fn all() -> Result<()> {
    let secrets: Vec<(String, String)> = (0..SECRETS).map(secret).collect();
    let patterns = secrets.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let patterns = Arc::new(Patterns::new(patterns)?);
    let text = text();
    let (mut ours, mut copied) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut stream = Stream::new(Arc::clone(&patterns));
        ours.push(speed(&text, |piece, out| stream.push(piece, out)));
        copied.push(speed(&text, |piece, out| out.extend_from_slice(piece)));
    }
    let (ours, copied) = (median(ours), median(copied));
    line("a stream copied", &format!("{copied:.2} GB/s"), "-");
    line(
        "a stream redacted, 20 secrets in all their forms",
        &format!("{ours:.2} GB/s"),
        ">= 0.5 GB/s (aim 2)",
    );
    Ok(())
}

fn speed(text: &[u8], mut pass: impl FnMut(&[u8], &mut Vec<u8>)) -> f64 {
    let mut out = Vec::with_capacity(2 * PIECE);
    let began = Instant::now();
    let mut passed = 0.0;
    while passed < TEXT as f64 {
        for piece in text.chunks(PIECE) {
            out.clear();
            pass(piece, &mut out);
            passed += piece.len() as f64;
        }
    }
    passed / GIGA / began.elapsed().as_secs_f64()
}

/// Random enough that no two begin alike.
fn secret(number: usize) -> (String, String) {
    let value = (0..LENGTH).map(|place| char::from(letter(number * 977 + place * 131 + number * place * 7)));
    (format!("SECRET_{number}"), value.collect())
}

fn letter(seed: usize) -> u8 {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mixed = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58;
    LETTERS.get(mixed as usize).copied().unwrap_or(b'A')
}

/// What a program that works prints: lines of words, numbers and addresses.
pub(crate) fn text() -> Vec<u8> {
    let mut text = Vec::with_capacity(17 << 20);
    let mut number: u64 = 1;
    while text.len() < 16 << 20 {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let line = format!(
            "2026-01-02T03:04:05.{:03}Z INFO fetched https://api.example.org/items/{:x}?page={} in {} ms, {:?} left\n",
            number % 1000,
            number >> 20,
            number % 97,
            number % 350,
            number >> 44,
        );
        text.extend_from_slice(line.as_bytes());
    }
    text
}
