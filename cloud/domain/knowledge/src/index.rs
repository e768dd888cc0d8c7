//! What the keyword index holds of a text.

use crate::language::Language;
use crate::script::{Script, fold_arabic, is_word_part, script, without_marks};
use crate::terms::is_stop_word;
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

/// Characters of a word that stand for all of its forms where no stemmer is at hand: languages that inflect do so behind them.
const STEM: usize = 5;
/// No word of a language is longer; the rest of a longer run is left out.
const LONGEST: usize = 48;

/// The terms that the keyword index of a class holds of a text, in order, each with its repetitions.
///
/// A term never holds white space, so terms may be stored joined by blanks. What they are made of:
///
/// - English words are folded (case, accents, width) and stemmed (Snowball).
/// - Words of other languages give their folded form, the form with accents if it has any, and, when they are long, their
///   beginning, which brings the forms of a word together in any language that inflects at the end. Arabic words give
///   their stem without article and endings instead.
/// - Chinese, Japanese and Korean give every character and every pair of neighbours; Thai and its neighbours every run of
///   three and of four characters.
pub fn index_terms(text: &str, class: Language) -> Vec<String> {
    let mut terms = Vec::new();
    for run in runs(text) {
        add(&run, class, &mut terms);
    }
    terms
}

/// The terms that a question asks the index of a class for, each once, in order.
///
/// The small English words are left out where others remain: they stand in every passage and say nothing.
pub fn query_terms(text: &str, class: Language) -> Vec<String> {
    let mut terms = Vec::new();
    let mut small = Vec::new();
    for run in runs(text) {
        let is_small = class == Language::English && is_stop_word(&run.text);
        add(&run, class, if is_small { &mut small } else { &mut terms });
    }
    let mut kept = if terms.is_empty() { small } else { terms };
    let mut seen = HashSet::new();
    kept.retain(|term| seen.insert(term.clone()));
    kept
}

/// Neighbouring characters of one script.
struct Run {
    script: Script,
    /// Lower case, in compatibility form.
    text: String,
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut inside = false;
    for c in text.nfkc().flat_map(char::to_lowercase) {
        if !is_word_part(c) {
            // An invisible joiner parts nothing.
            inside &= matches!(c, '\u{200c}' | '\u{200d}' | '\u{ad}');
            continue;
        }
        let own = script(c);
        match runs.last_mut() {
            Some(last) if inside && (last.script == own || own == Script::Mark) => {
                last.text.push(c)
            }
            _ if own == Script::Mark => continue,
            _ => runs.push(Run {
                script: own,
                text: c.into(),
            }),
        }
        inside = true;
    }
    runs
}

fn add(run: &Run, class: Language, terms: &mut Vec<String>) {
    match run.script {
        Script::Unparted => {
            terms.extend(run.text.chars().map(String::from));
            terms.extend(grams(&run.text, 2));
        }
        Script::Clustered => {
            let before = terms.len();
            terms.extend(grams(&run.text, 3));
            terms.extend(grams(&run.text, 4));
            if terms.len() == before {
                terms.push(run.text.clone());
            }
        }
        Script::Arabic | Script::Parted | Script::Mark => word(run, class, terms),
    }
}

fn word(run: &Run, class: Language, terms: &mut Vec<String>) {
    let exact: String = run.text.chars().take(LONGEST).collect();
    let mut folded = without_marks(&exact);
    if run.script == Script::Arabic {
        folded = fold_arabic(&folded);
    }
    if folded.is_empty() {
        return;
    }
    if class == Language::English && folded.is_ascii() {
        let stemmer = Stemmer::create(Algorithm::English);
        terms.push(stemmer.stem(&folded).into_owned());
        return;
    }
    if run.script == Script::Arabic {
        let stem = arabic_stem(&folded);
        if stem != folded {
            terms.push(format!("~{stem}"));
        } else {
            terms.push(format!("~{folded}"));
        }
        terms.push(folded);
        return;
    }
    if folded.chars().count() > STEM {
        terms.push(format!(
            "~{}",
            folded.chars().take(STEM).collect::<String>()
        ));
    }
    if exact != folded {
        terms.push(format!("={exact}"));
    }
    terms.push(folded);
}

fn grams(text: &str, length: usize) -> impl Iterator<Item = String> {
    let characters: Vec<char> = text.chars().collect();
    let grams: Vec<String> = characters
        .windows(length)
        .map(|gram| gram.iter().collect())
        .collect();
    grams.into_iter()
}

/// The light stem of Larkey, Ballesteros and Connell (light10, 2002): the article with its conjunctions goes, and the endings.
fn arabic_stem(word: &str) -> String {
    let length = |word: &str| word.chars().count();
    let mut stem = word;
    if let Some(rest) = stem.strip_prefix('و')
        && length(rest) >= 3
    {
        stem = rest;
    }
    for article in ["ال", "بال", "كال", "فال", "لل"] {
        if let Some(rest) = stem.strip_prefix(article)
            && length(rest) >= 2
        {
            stem = rest;
            break;
        }
    }
    for ending in ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"] {
        if let Some(rest) = stem.strip_suffix(ending)
            && length(rest) >= 2
        {
            stem = rest;
        }
    }
    stem.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Cjk, English, Other};
    use expect_test::{Expect, expect};

    fn check(text: &str, class: Language, expected: Expect) {
        expected.assert_eq(&index_terms(text, class).join(" "));
    }

    #[test]
    fn makes_terms_of_any_script() {
        check("", English, expect![""]);
        check(
            "The Returned goods, Café № 5 — AWM-1001",
            English,
            expect!["the return good cafe no 5 awm 1001"],
        );
        check(
            "Über 30 Rücksendungen",
            Other,
            expect!["=über uber 30 ~rucks =rücksendungen rucksendungen"],
        );
        check("退货政策A4", Cjk, expect!["退 货 政 策 退货 货政 政策 a4"]);
        check(
            "ภาษาไทย",
            Other,
            expect!["ภาษ าษา ษาไ าไท ไทย ภาษา าษาไ ษาไท าไทย"],
        );
        check("والمكتبات", Other, expect!["~مكتب والمكتبات"]);
        check("الإجازةُ", Other, expect!["~اجاز الاجازه"]);
        check("हिन्दी में", Other, expect!["~हिन्द हिन्दी में"]);
        check("Ｆｕｌｌ　ﬁle", English, expect!["full file"]);
        check("\u{301}x \u{301}", Other, expect!["x"]);
    }

    #[test]
    fn forms_of_a_word_share_a_term() {
        for (class, one, other) in [
            (English, "shipping", "shipped"),
            (English, "policies", "policy"),
            (Other, "библиотека", "библиотеки"),
            (Other, "kütüphaneler", "kütüphanede"),
            (Other, "empresariales", "empresarial"),
            (Other, "βιβλιοθήκη", "βιβλιοθήκες"),
            (Other, "café", "cafe"),
            (Other, "المكتبة", "مكتبات"),
            (Other, "पुस्तकालय", "पुस्तकालयों"),
            (Other, "Größe", "GRÖSSE"),
            (Other, "İstanbul", "istanbul"),
            (Cjk, "图书馆", "大学图书馆"),
            (Other, "ห้องสมุด", "ที่ห้องสมุดกลาง"),
            (Other, "ke\u{301}k", "kék"),
        ] {
            let found: HashSet<String> = index_terms(one, class).into_iter().collect();
            let shared = index_terms(other, class)
                .into_iter()
                .any(|term| found.contains(&term));
            assert!(shared, "{one} {other}");
        }
    }

    #[test]
    fn a_question_asks_for_each_term_once_and_for_no_small_words() {
        let asked = |text, class| query_terms(text, class).join(" ");
        assert_eq!(
            asked("What is the Return policy of returns?", English),
            "return polici"
        );
        assert_eq!(asked("the who", English), "the who");
        assert_eq!(asked("\"; DROP* NEAR(", English), "drop near");
        assert_eq!(asked("días Días", Other), "=días dias");
    }

    #[test]
    fn a_term_holds_nothing_that_parts_terms() {
        let odd =
            "a\u{a0}b\tc\u{2028}d\u{0}e \u{1f469}\u{200d}\u{1f680} ~ = x~y \u{feff}z \u{3000}";
        for class in Language::ALL {
            for term in index_terms(odd, class) {
                assert!(
                    term.chars().all(|c| !c.is_whitespace() && c != '\0'),
                    "{term:?}"
                );
            }
        }
    }
}
