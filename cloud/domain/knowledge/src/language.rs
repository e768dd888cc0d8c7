//! Which keyword index takes a text.

use crate::terms::{is_cjk, terms};
use whatlang::{Lang, detect};

/// The class of a text's language, by what its keywords need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English: words are stemmed, and the sentence model understands it.
    English,
    /// Any other language that parts its words.
    Other,
    /// Languages that don't part their words: Chinese, Japanese, Korean, Thai and their neighbours.
    Cjk,
}

impl Language {
    /// Every class.
    pub const ALL: [Self; 3] = [Self::English, Self::Other, Self::Cjk];

    /// `en`, `other` or `cjk`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Other => "other",
            Self::Cjk => "cjk",
        }
    }

    /// The class of that name; anything unknown is `other`, which works for all of them somehow.
    pub fn named(name: &str) -> Self {
        match name {
            "en" => Self::English,
            "cjk" => Self::Cjk,
            _ => Self::Other,
        }
    }
}

/// The class of the text, English where nothing tells otherwise: file names, numbers, single words.
pub fn language(text: &str) -> Language {
    language_or(text, Language::English)
}

/// The class of the text, or `fallback` where it is too short to tell.
pub fn language_or(text: &str, fallback: Language) -> Language {
    // The beginning tells; a long text would only take longer.
    let sample: String = text.chars().take(2_000).collect();
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let unparted = sample.chars().filter(|c| is_cjk(*c)).count();
    if unparted * 6 > letters && unparted > 0 {
        return Language::Cjk;
    }
    if let Some(by_small_words) = by_small_words(&sample) {
        return by_small_words;
    }
    match detect(&sample) {
        Some(found) if found.is_reliable() && letters >= 12 => of(found.lang()),
        Some(found) if !sample.is_ascii() && found.lang() != Lang::Eng => Language::Other,
        _ => fallback,
    }
}

fn of(language: Lang) -> Language {
    if language == Lang::Eng {
        Language::English
    } else {
        Language::Other
    }
}

/// English gives itself away by its small words, which trigram statistics miss in a short question.
fn by_small_words(text: &str) -> Option<Language> {
    const ENGLISH: &[&str] = &[
        "the", "is", "are", "was", "were", "of", "and", "what", "which", "who", "when", "where",
        "how", "why", "does", "did", "with", "from", "for", "this", "that", "have", "has", "can",
        "many", "much", "to", "it", "be", "by", "you", "your", "my", "we", "our", "they", "their",
        "should", "will",
    ];
    // Those that are no English words at all, or hardly ever.
    const FOREIGN: &[&str] = &[
        "el", "los", "las", "que", "del", "una", "por", "para", "cual", "donde", "cuando", "como",
        "quien", "le", "les", "des", "est", "dans", "pour", "avec", "une", "du", "quel", "quelle",
        "der", "das", "und", "ist", "nicht", "ein", "eine", "mit", "den", "von", "wie", "wer",
        "il", "gli", "della", "che", "sono", "nao", "uma", "het", "een", "niet", "och", "att",
        "det", "jest", "ich", "habe", "im", "zu", "auf", "auch", "hay", "tengo", "esta", "je",
        "sur", "ou", "nie",
    ];
    let (mut english, mut foreign) = (0_u32, 0_u32);
    for term in terms(text).take(60) {
        english += u32::from(ENGLISH.contains(&term.word.as_str()));
        foreign += u32::from(FOREIGN.contains(&term.word.as_str()));
    }
    if english >= 2 && english >= 3 * foreign {
        return Some(Language::English);
    }
    if foreign >= 2 && foreign >= 3 * english {
        return Some(Language::Other);
    }
    (english == 1 && foreign == 0 && text.is_ascii() && text.len() < 80)
        .then_some(Language::English)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_class() {
        for (text, expected) in [
            ("", Language::English),
            ("refund policy", Language::English),
            ("How many vacation days do I get?", Language::English),
            ("AWM-1001", Language::English),
            ("¿Cuántos días de vacaciones tengo?", Language::Other),
            (
                "donde esta la oficina de correos del pueblo",
                Language::Other,
            ),
            ("Wie viele Urlaubstage habe ich im Jahr?", Language::Other),
            ("كم عدد أيام الإجازة", Language::Other),
            ("年休は何日ありますか", Language::Cjk),
            ("退货政策 return policy", Language::Cjk),
            ("วันหยุดมีกี่วัน", Language::Cjk),
        ] {
            assert_eq!(language(text), expected, "{text}");
        }
    }
}
