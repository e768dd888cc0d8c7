//! Unpacking with caps.

use flate2::read::MultiGzDecoder;
use std::io::Read;

/// Bytes that come out of one packed byte, at most: text hardly ever shrinks to less than a fiftieth.
const MAX_RATIO: u64 = 200;

/// Why something can't be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadGzip {
    /// More than allowed would come out.
    #[error("it unpacks to more than allowed")]
    TooLarge,
    /// It is damaged.
    #[error("it is damaged")]
    Damaged,
}

/// Whether the bytes begin as gzip does.
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Unpacks to at most `max_bytes`, and to at most 200 times the packed size.
pub fn unpack(bytes: &[u8], max_bytes: u64) -> Result<Vec<u8>, BadGzip> {
    let most = max_bytes.min((bytes.len() as u64).saturating_mul(MAX_RATIO).max(4_096));
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(most + 1)
        .read_to_end(&mut out)
        .map_err(|_| BadGzip::Damaged)?;
    match out.len() as u64 > most {
        true => Err(BadGzip::TooLarge),
        false => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn caps_size_and_ratio() {
        let text = packed(b"hello");
        assert!(is_gzip(&text));
        assert_eq!(unpack(&text, 100).as_deref(), Ok(b"hello".as_slice()));
        assert_eq!(unpack(&text, 4), Err(BadGzip::TooLarge));
        // A bomb: the ratio stops it long before the size does.
        let bomb = packed(&vec![0; 32 << 20]);
        assert_eq!(unpack(&bomb, u64::MAX / 2), Err(BadGzip::TooLarge));
        assert_eq!(unpack(&text[..text.len() / 2], 100), Err(BadGzip::Damaged));
        assert_eq!(unpack(b"\x1f\x8bnonsense", 100), Err(BadGzip::Damaged));
    }
}
