//! How scripts write their words.

use crate::terms::is_cjk;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What a character tells about the word that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// Chinese, Japanese, Korean: a character is a syllable or more, and nothing parts words.
    Unparted,
    /// Thai, Lao, Khmer, Burmese: letters as elsewhere, but nothing parts words.
    Clustered,
    /// Arabic and its relatives: words with articles and endings attached.
    Arabic,
    /// Everything that parts its words.
    Parted,
    /// A combining mark: belongs to what it follows.
    Mark,
}

pub(crate) fn script(c: char) -> Script {
    match c {
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => {
            Script::Clustered
        }
        _ if is_cjk(c) => Script::Unparted,
        _ if is_combining_mark(c) => Script::Mark,
        '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' | '\u{08a0}'..='\u{08ff}'
            if !c.is_numeric() =>
        {
            Script::Arabic
        }
        _ => Script::Parted,
    }
}

/// Whether the character belongs to a word: letters, digits and the marks on them.
pub(crate) fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// The word without accents, vowel points and whatever else the same word is often written without. Vowel signs of Indic
/// scripts stay: they are letters.
pub(crate) fn without_marks(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    let mut folded = String::with_capacity(word.len());
    for c in word.nfkd() {
        match c {
            // Accents; Hebrew and Arabic points; tatweel; the nukta of Indic scripts.
            '\u{300}'..='\u{36f}'
            | '\u{591}'..='\u{5c7}'
            | '\u{610}'..='\u{61a}'
            | '\u{640}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{6d6}'..='\u{6ed}'
            | '\u{93c}'
            | '\u{9bc}'
            | '\u{a3c}' => {}
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            other => folded.push(other),
        }
    }
    folded.nfc().collect()
}

/// Letters of Arabic that are written one for another; its own and Persia's digits as everybody's.
pub(crate) fn fold_arabic(word: &str) -> String {
    word.chars()
        .map(|c| match c {
            'ٱ' => 'ا',
            'ى' | 'ی' | 'ې' => 'ي',
            'ة' | 'ہ' | 'ۀ' => 'ه',
            'ک' => 'ك',
            other => other,
        })
        .collect()
}
