//! Follow-ups made whole.

use awm_knowledge::{is_cjk, is_stop_word, terms};
use std::collections::HashSet;

/// Words that stand for something said before, and words that a follow-up begins with; without accents.
const POINTERS: &[&str] = &[
    // English
    "it", "its", "they", "them", "their", "theirs", "that", "this", "those", "these", "he", "she",
    "him", "his", "her", "hers", "one", "ones", "there", "then", "same", "else", "instead",
    "former", "latter", // Spanish, French, German, Italian, Portuguese
    "eso", "esto", "esa", "ese", "ello", "ella", "ellos", "ellas", "suyo", "cela", "ca", "celui",
    "celle", "leur", "elle", "ils", "dafur", "davon", "dazu", "damit", "dies", "diese", "dieser",
    "deren", "dessen", "questo", "quello", "isso", "isto", "dele",
];
const OPENERS: &[&str] = &[
    "and",
    "but",
    "or",
    "so",
    "also",
    "then",
    "what about",
    "how about",
    "why",
    "y",
    "e",
    "et",
    "und",
    "aber",
    "pero",
    "mais",
    "ma",
    "que tal",
    "qu en est il",
    "wie sieht es",
    "was ist mit",
];
/// What a follow-up in a language that does not part its words begins, ends or points with.
const CJK: &[&str] = &[
    "那", "它", "他们", "她", "这个", "这些", "那个", "呢", "それ", "その", "これ", "では", "그것",
    "그럼",
];
/// Words taken over, at most.
const CARRIED: usize = 6;
/// Questions that are looked back at.
const BACK: usize = 4;

/// The question with what it leaves out, taken from the questions before it (oldest first); none if it stands alone or nothing was
/// asked before.
pub fn standalone(question: &str, before: &[&str]) -> Option<String> {
    // The questions before may be follow-ups themselves: each is made whole by those before it.
    let recent = before
        .get(before.len().saturating_sub(BACK)..)
        .unwrap_or(before);
    let mut whole: Option<String> = None;
    for asked in recent {
        whole = Some(completed(asked, whole.as_deref()).unwrap_or_else(|| (*asked).to_owned()));
    }
    completed(question, whole.as_deref())
}

/// Whether the question seems to leave out what it is about.
pub fn follows_up(question: &str) -> bool {
    let words: Vec<String> = terms(question).map(|term| term.word).collect();
    if question.chars().any(is_cjk) {
        let short = question.chars().filter(|c| c.is_alphanumeric()).count() <= 5;
        return short
            || CJK.iter().any(|word| {
                question.trim().starts_with(word)
                    || question.trim_end_matches(['?', '？', ' ']).ends_with(word)
            });
    }
    let telling = words.iter().filter(|word| is_telling(word)).count();
    let spoken = format!("{} ", words.join(" "));
    let opens = OPENERS
        .iter()
        .any(|opener| spoken.starts_with(&format!("{opener} ")));
    let points = words.iter().any(|word| POINTERS.contains(&word.as_str()));
    // A question of its own may hold such words too ("what do I do if the lift stops and it is dark?"): it has more to it.
    telling == 0
        || (opens && telling <= 4)
        || (points && telling <= 3)
        || (telling == 1 && words.len() <= 3)
}

fn completed(question: &str, before: Option<&str>) -> Option<String> {
    let before = before.filter(|_| follows_up(question))?;
    let own: HashSet<String> = terms(question).map(|term| term.stem).collect();
    let mut taken = own.clone();
    let characters: Vec<char> = before.chars().collect();
    let carried: Vec<String> = terms(before)
        .filter(|term| term.word.chars().any(is_cjk) || is_telling(&term.word))
        .filter(|term| taken.insert(term.stem.clone()))
        .filter_map(|term| {
            // As it was written, so that a person can read it.
            let range = term.start as usize..term.end as usize;
            Some(characters.get(range)?.iter().collect())
        })
        .take(CARRIED)
        .collect();
    (!carried.is_empty()).then(|| format!("{} ({})", question.trim(), carried.join(" ")))
}

fn is_telling(word: &str) -> bool {
    !is_stop_word(word)
        && !POINTERS.contains(&word)
        && !OPENERS.contains(&word)
        && !matches!(
            word,
            "many" | "much" | "please" | "tell" | "know" | "want" | "need"
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(asked: &[&str], question: &str, expected: Expect) {
        expected.assert_eq(&standalone(question, asked).unwrap_or_else(|| "stands alone".into()));
    }

    #[test]
    fn takes_over_what_was_left_out() {
        let leave = ["How many days of annual leave do employees get?"];
        check(
            &leave,
            "And for part-time staff?",
            expect!["And for part-time staff? (days annual leave employees)"],
        );
        check(
            &leave,
            "When does it expire?",
            expect!["When does it expire? (days annual leave employees)"],
        );
        check(
            &leave,
            "Why?",
            expect!["Why? (days annual leave employees)"],
        );
        check(
            &leave,
            "Who approves the travel budget of a department?",
            expect!["stands alone"],
        );
        check(
            &leave,
            "Where can I park my bicycle at the office?",
            expect!["stands alone"],
        );
        check(&[], "And for part-time staff?", expect!["stands alone"]);
    }

    #[test]
    fn a_chain_keeps_its_matter() {
        check(
            &["How long is the warranty of a jacket?", "And of shoes?"],
            "Does it cover seams?",
            expect!["Does it cover seams? (shoes warranty jacket)"],
        );
        check(
            &["How long is the warranty?", "Do you ship to Norway?"],
            "How much is that?",
            expect!["How much is that? (ship Norway)"],
        );
    }

    #[test]
    fn other_languages() {
        check(
            &["¿Cuánto dura la garantía de una chaqueta?"],
            "¿Y de los zapatos?",
            expect!["¿Y de los zapatos? (Cuánto dura garantía chaqueta)"],
        );
        check(
            &["退货期限是多久？"],
            "那保修呢？",
            expect!["那保修呢？ (退货 货期 期限 限是 是多 多久)"],
        );
        check(
            &["退货期限是多久？"],
            "公司的年假一共有几天可以使用？",
            expect!["stands alone"],
        );
    }
}
