//! What the ledger tells files apart by.

/// The kind of a file as a person filters by it: the ending of its name in lower case, at most 8 letters and digits; else empty.
pub fn file_kind(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match last.rsplit_once('.') {
        Some((stem, ending))
            if !stem.is_empty()
                && (1..=8).contains(&ending.chars().count())
                && ending.chars().all(char::is_alphanumeric) =>
        {
            ending.to_lowercase()
        }
        _ => String::new(),
    }
}

/// BLAKE3 of a text and of its passages (first character, one past the last, page or 0), hexadecimal. What has the same has the
/// same passages and vectors. Empty for a text without passages.
pub fn text_hash(text: &str, cuts: impl IntoIterator<Item = (u32, u32, u32)>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
    let mut any = false;
    for (start, end, page) in cuts {
        any = true;
        for number in [start, end, page] {
            hasher.update(&number.to_le_bytes());
        }
    }
    match any {
        true => hasher.finalize().to_hex().to_string(),
        false => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_endings() {
        for (name, kind) in [
            ("a/b.PDF", "pdf"),
            ("archive.tar.gz", "gz"),
            ("Makefile", ""),
            ("docs.old/readme", ""),
            (".profile", ""),
            ("a.", ""),
            ("a.not an ending", ""),
            ("a.waytoolongending", ""),
            ("", ""),
        ] {
            assert_eq!(file_kind(name), kind, "{name}");
        }
    }

    #[test]
    fn another_text_or_cut_is_another_hash() {
        let one = text_hash("ab", [(0, 2, 0)]);
        assert_eq!(one, text_hash("ab", [(0, 2, 0)]));
        for other in [
            text_hash("ac", [(0, 2, 0)]),
            text_hash("ab", [(0, 1, 0), (1, 2, 0)]),
            text_hash("ab", [(0, 2, 1)]),
            text_hash("ab", []),
        ] {
            assert_ne!(one, other);
        }
    }
}
