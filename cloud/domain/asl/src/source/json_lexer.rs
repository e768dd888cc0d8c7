//! JSON's tokens, and what people write instead of them.

/// A piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    OpenObject,
    CloseObject,
    OpenArray,
    CloseArray,
    Comma,
    Colon,
    /// A text in double quotes.
    Text,
    /// A text whose closing quote is missing; it ends with its line.
    OpenText,
    /// A text in single quotes.
    SingleQuoted,
    /// A number, `true`, `false`, `null`, or what is written like one.
    Word,
    /// `// …` or `/* … */`.
    Comment,
    /// Anything else.
    Stray,
    /// The end of the text.
    End,
}

/// The token at or after `at`.
pub(super) fn next(text: &str, at: usize) -> Token {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied();
    let mut start = at;
    while matches!(byte(start), Some(b' ' | b'\t' | b'\r' | b'\n')) {
        start += 1;
    }
    // A byte order mark, which some editors put at the start.
    if start == 0 && text.starts_with('\u{feff}') {
        return next(text, 3);
    }
    let Some(first) = byte(start) else {
        return token(TokenKind::End, text.len(), text.len());
    };
    let single = |kind| token(kind, start, start + 1);
    match first {
        b'{' => single(TokenKind::OpenObject),
        b'}' => single(TokenKind::CloseObject),
        b'[' => single(TokenKind::OpenArray),
        b']' => single(TokenKind::CloseArray),
        b',' => single(TokenKind::Comma),
        b':' => single(TokenKind::Colon),
        b'"' | b'\'' => quoted(bytes, start, first),
        b'/' if byte(start + 1) == Some(b'/') => {
            let mut end = start;
            while !matches!(byte(end), None | Some(b'\n')) {
                end += 1;
            }
            token(TokenKind::Comment, start, end)
        }
        b'/' if byte(start + 1) == Some(b'*') => {
            let rest = text.get(start + 2..).unwrap_or_default();
            let end = rest
                .find("*/")
                .map_or(text.len(), |close| start + 2 + close + 2);
            token(TokenKind::Comment, start, end)
        }
        first if is_word(first) => {
            let mut end = start;
            while byte(end).is_some_and(is_word) {
                end += 1;
            }
            token(TokenKind::Word, start, end)
        }
        _ => {
            let width = text
                .get(start..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8);
            token(TokenKind::Stray, start, start + width)
        }
    }
}

fn quoted(bytes: &[u8], start: usize, quote: u8) -> Token {
    let mut end = start + 1;
    loop {
        match bytes.get(end) {
            Some(b'\\') => end += 2,
            Some(byte) if *byte == quote => {
                let kind = match quote {
                    b'"' => TokenKind::Text,
                    _ => TokenKind::SingleQuoted,
                };
                return token(kind, start, end + 1);
            }
            None | Some(b'\n') => {
                let mut end = end.min(bytes.len());
                if bytes.get(end.saturating_sub(1)) == Some(&b'\r') {
                    end -= 1;
                }
                return token(TokenKind::OpenText, start, end);
            }
            Some(_) => end += 1,
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'$') || byte >= 0x80
}

fn token(kind: TokenKind, start: usize, end: usize) -> Token {
    Token { kind, start, end }
}
