//! The secret that opens the server, new at each start.

use awm_api::{Code, UserError};
use std::hint::black_box;

/// 256 random bits in hexadecimal. Not printable by accident: it has no `Debug`.
pub(super) struct Token(String);

impl Token {
    pub(super) fn new() -> Result<Self, UserError> {
        let mut bits = [0u8; 32];
        getrandom::fill(&mut bits).map_err(|error| {
            UserError::new(
                Code::Internal,
                format!("the system gives no random numbers: {error}"),
            )
        })?;
        Ok(Self(
            bits.iter().map(|byte| format!("{byte:02x}")).collect(),
        ))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares in a time that doesn't tell how much of the guess is right.
    pub(super) fn is(&self, guess: &str) -> bool {
        let (own, guess) = (self.0.as_bytes(), guess.as_bytes());
        let mut difference = own.len() ^ guess.len();
        for (index, byte) in own.iter().enumerate() {
            let other = guess.get(index).copied().unwrap_or(0);
            difference |= usize::from(black_box(byte ^ other));
        }
        black_box(difference) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_is_right() {
        let token = Token::new().unwrap();
        let right = token.as_str().to_owned();
        assert_eq!(right.len(), 64);
        assert!(token.is(&right));
        let flipped = right.replacen(|c: char| c.is_ascii_hexdigit(), "g", 1);
        for wrong in [
            "",
            "g",
            &flipped,
            right.split_at(1).1,
            &format!("{right}0"),
            &right.to_uppercase(),
        ] {
            if wrong != right {
                assert!(!token.is(wrong), "{wrong}");
            }
        }
        assert_ne!(right, Token::new().unwrap().as_str(), "new at each start");
    }
}
