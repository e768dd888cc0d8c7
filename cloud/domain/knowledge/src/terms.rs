//! Words of a text.

/// A word where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word in lower case without accents.
    pub word: String,
    /// What it is compared by.
    pub stem: String,
    /// Its first character, in Unicode scalar values.
    pub start: u32,
    /// One past its last character.
    pub end: u32,
}

/// The words of the text in order. Languages that don't part their words give every pair of neighbouring characters,
/// and a single character standing alone.
pub fn terms(text: &str) -> impl Iterator<Item = Term> + '_ {
    Terms {
        characters: text.chars().peekable(),
        at: 0,
        unparted: None,
    }
}

struct Terms<'a> {
    characters: std::iter::Peekable<std::str::Chars<'a>>,
    at: u32,
    /// The unparted character before this place, and whether it is already within a pair.
    unparted: Option<(char, bool)>,
}

impl Iterator for Terms<'_> {
    type Item = Term;

    fn next(&mut self) -> Option<Term> {
        loop {
            let next = self.characters.peek().copied();
            if let Some((before, paired)) = self.unparted {
                if let Some(now) = next.filter(|c| is_cjk(*c)) {
                    self.characters.next();
                    self.at += 1;
                    self.unparted = Some((now, true));
                    return Some(plain([before, now].iter().collect(), self.at - 2, self.at));
                }
                self.unparted = None;
                if !paired {
                    return Some(plain(before.to_string(), self.at - 1, self.at));
                }
            }
            let first = next?;
            self.characters.next();
            self.at += 1;
            if is_cjk(first) {
                self.unparted = Some((first, false));
            } else if first.is_alphanumeric() {
                return Some(self.word(first));
            }
        }
    }
}

impl Terms<'_> {
    fn word(&mut self, first: char) -> Term {
        let start = self.at - 1;
        let mut word = String::new();
        push_folded(&mut word, first);
        while let Some(next) = self.characters.peek().copied() {
            // An apostrophe within a word ends what is compared: `company's` is `company`.
            let belongs = next.is_alphanumeric() && !is_cjk(next) || is_mark(next);
            if !belongs {
                break;
            }
            self.characters.next();
            self.at += 1;
            push_folded(&mut word, next);
        }
        Term {
            stem: stem(&word),
            word,
            start,
            end: self.at,
        }
    }
}

fn plain(word: String, start: u32, end: u32) -> Term {
    Term {
        stem: word.clone(),
        word,
        start,
        end,
    }
}

/// Combining accents, which are dropped.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn push_folded(word: &mut String, c: char) {
    for lower in c.to_lowercase() {
        let folded = match lower {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
            'ç' | 'ć' | 'č' => 'c',
            'ď' | 'đ' => 'd',
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => 'e',
            'ğ' => 'g',
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
            'ł' => 'l',
            'ñ' | 'ń' | 'ň' => 'n',
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
            'ř' => 'r',
            'ś' | 'š' | 'ş' | 'ș' => 's',
            'ť' | 'ţ' | 'ț' => 't',
            'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
            'ý' | 'ÿ' => 'y',
            'ź' | 'ż' | 'ž' => 'z',
            mark if is_mark(mark) => continue,
            other => other,
        };
        word.push(folded);
    }
}

/// Whether the character belongs to a script that doesn't part its words.
pub fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}'      // Thai, Lao
        | '\u{1000}'..='\u{109f}'    // Myanmar
        | '\u{1780}'..='\u{17ff}'    // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// A light stem for English: plurals, `-ing`, `-ed`, `-ly`, a silent `e`. Words of other languages lose at most a plural,
/// on both sides alike, so they still meet.
pub fn stem(word: &str) -> String {
    if !word.is_ascii() || word.len() < 4 || word.bytes().any(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    let mut stem = without_plural(word);
    for ending in ["ingly", "edly", "ing", "ed", "ly"] {
        if let Some(rest) = stem.strip_suffix(ending)
            && rest.len() >= 3
            && rest.bytes().any(|b| b"aeiouy".contains(&b))
        {
            stem = without_double(rest);
            break;
        }
    }
    for ending in ["ation", "ment", "ion", "able"] {
        if let Some(rest) = stem.strip_suffix(ending)
            && rest.len() >= 4
        {
            stem = rest.to_owned();
            break;
        }
    }
    if let Some(rest) = stem.strip_suffix('e')
        && rest.len() >= 3
    {
        stem = rest.to_owned();
    }
    if let Some(rest) = stem.strip_suffix('y')
        && rest.len() >= 3
    {
        stem = format!("{rest}i");
    }
    stem
}

fn without_plural(word: &str) -> String {
    if let Some(rest) = word.strip_suffix("ies")
        && rest.len() >= 2
    {
        return format!("{rest}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_owned();
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// `shipp` of `shipping` is `ship`, but `full` of `fulling` stays.
fn without_double(word: &str) -> String {
    let mut ends = word.bytes().rev();
    match (ends.next(), ends.next()) {
        (Some(a), Some(b)) if a == b && !b"aeioulsz".contains(&a) => {
            word.chars().take(word.len() - 1).collect()
        }
        _ => word.to_owned(),
    }
}

/// Whether the word says nothing about the matter: articles, pronouns, question words.
pub fn is_stop_word(word: &str) -> bool {
    const SMALL: &[&str] = &[
        "a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be",
        "been", "before", "but", "by", "can", "could", "d", "did", "do", "does", "doing", "done",
        "each", "for", "from", "get", "gets", "give", "given", "had", "has", "have", "he", "her",
        "here", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "ll", "long", "m",
        "many", "may", "me", "might", "more", "most", "much", "must", "my", "no", "nor", "not",
        "of", "off", "on", "one", "or", "our", "out", "over", "own", "please", "re", "s", "say",
        "says", "shall", "she", "should", "so", "some", "such", "t", "tell", "than", "that", "the",
        "their", "them", "then", "there", "these", "they", "this", "those", "to", "too", "under",
        "until", "up", "us", "ve", "very", "was", "we", "were", "what", "when", "where", "which",
        "while", "who", "whom", "whose", "why", "will", "with", "would", "you", "your",
        // The commonest of the neighbours.
        "al", "con", "cual", "cuando", "das", "de", "del", "den", "der", "des", "die", "donde",
        "du", "ein", "eine", "el", "en", "es", "est", "et", "il", "ist", "la", "las", "le", "les",
        "lo", "los", "mit", "para", "por", "que", "se", "su", "un", "una", "und", "une", "von",
        "wie", "y",
    ];
    SMALL.binary_search(&word).is_ok() || SMALL.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let found: Vec<String> = terms(text)
            .map(|term| format!("{}/{} {}-{}", term.word, term.stem, term.start, term.end))
            .collect();
        expected.assert_eq(&found.join(", "));
    }

    #[test]
    fn finds_words_with_stems_and_ranges() {
        check("", expect![""]);
        check(
            "The company's Policies, shipping!",
            expect![
                "the/the 0-3, company/compani 4-11, s/s 12-13, policies/polici 14-22, shipping/ship 24-32"
            ],
        );
        check(
            "Café déjà-vu 25.5",
            expect!["cafe/caf 0-4, deja/deja 5-9, vu/vu 10-12, 25/25 13-15, 5/5 16-17"],
        );
        check(
            "退货政策 A4 年",
            expect!["退货/退货 0-2, 货政/货政 1-3, 政策/政策 2-4, a4/a4 5-7, 年/年 8-9"],
        );
        check("emoji 👍🏽 ok", expect!["emoji/emoji 0-5, ok/ok 9-11"]);
    }

    #[test]
    fn brings_forms_of_a_word_together() {
        for (one, other) in [
            ("return", "returned"),
            ("returns", "returning"),
            ("policy", "policies"),
            ("refund", "refunds"),
            ("ship", "shipped"),
            ("employee", "employees"),
            ("vacation", "vacations"),
            ("reimburse", "reimbursement"),
            ("box", "boxes"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
        assert_ne!(stem("bus"), stem("bu"));
        assert_ne!(stem("sing"), stem("s"));
    }
}
