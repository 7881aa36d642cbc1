//! Associated data: where a ciphertext belongs, written so that no two places give the same bytes.

/// A domain, then fields; each preceded by its length (32 bits, big-endian), so that nothing can slide from one to the next.
pub(super) struct Aad(Vec<u8>);

impl Aad {
    pub(super) fn new(domain: &'static str) -> Self {
        Self(Vec::with_capacity(192)).field(domain.as_bytes())
    }

    pub(super) fn field(mut self, bytes: &[u8]) -> Self {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn number(self, number: i64) -> Self {
        self.field(&number.to_be_bytes())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_slide_into_each_other() {
        let one = Aad::new("test").field(b"ab").field(b"c");
        let other = Aad::new("test").field(b"a").field(b"bc");
        assert_ne!(one.as_bytes(), other.as_bytes());
    }
}
