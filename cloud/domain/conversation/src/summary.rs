//! What is left of turns that fall out of a conversation's window.

use awm_knowledge::{is_stop_word, sentences, terms};
use std::collections::{HashMap, HashSet};

/// Characters of one sentence.
const SENTENCE: usize = 200;

/// The telling sentences of a conversation (`(role, text)`, oldest first) in their order, each with who said it, within `max` characters.
/// A sentence tells much if its words come up often in the conversation; questions of the person go before answers.
pub fn summary(turns: &[(&str, &str)], max: usize) -> String {
    let mut often: HashMap<String, f64> = HashMap::new();
    let mut lines: Vec<(usize, bool, String, HashSet<String>)> = Vec::new();
    for (role, text) in turns {
        let asked = *role == "user";
        let found = sentences(text);
        // The first sentences of an answer say what it comes down to.
        for sentence in found.iter().take(if asked { 4 } else { 3 }) {
            let text = plain(&sentence.readable());
            let stems: HashSet<String> = terms(&text)
                .filter(|term| !is_stop_word(&term.word))
                .map(|term| term.stem)
                .collect();
            if stems.is_empty() {
                continue;
            }
            for stem in &stems {
                *often.entry(stem.clone()).or_default() += 1.0;
            }
            lines.push((lines.len(), asked, text, stems));
        }
    }
    let worth = |stems: &HashSet<String>, asked: bool| {
        let sum: f64 = stems.iter().filter_map(|stem| often.get(stem)).sum();
        sum / (stems.len() as f64).sqrt() * if asked { 1.5 } else { 1.0 }
    };
    let mut ranked: Vec<usize> = (0..lines.len()).collect();
    let value = |at: &usize| {
        lines
            .get(*at)
            .map_or(0.0, |(_, asked, _, stems)| worth(stems, *asked))
    };
    ranked.sort_by(|a, b| value(b).total_cmp(&value(a)));
    let (mut chosen, mut left) = (Vec::new(), max);
    let mut said = HashSet::new();
    for at in ranked {
        let Some((_, asked, text, _)) = lines.get(at) else {
            continue;
        };
        let line = format!("{}: {text}", if *asked { "asked" } else { "answered" });
        let length = line.chars().count() + 1;
        if length <= left && said.insert(text.to_lowercase()) {
            left -= length;
            chosen.push((at, line));
        }
    }
    chosen.sort();
    let lines: Vec<String> = chosen.into_iter().map(|(_, line)| line).collect();
    lines.join("\n")
}

/// Without citation numbers, which stand for nothing here, and not too long.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        match after.split_once(']') {
            Some((inner, after))
                if !inner.is_empty() && inner.chars().all(|c| c.is_ascii_digit()) =>
            {
                rest = after
            }
            _ => {
                out.push('[');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    match out.chars().count() > SENTENCE {
        true => out.chars().take(SENTENCE - 1).chain(['…']).collect(),
        false => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn keeps_what_tells() {
        let turns = [
            ("user", "Hello!"),
            ("assistant", "Good day. How can I help?"),
            ("user", "How many days of annual leave do I have?"),
            (
                "assistant",
                "You have 25 days of annual leave [1]. They must be taken by March [2]. The garage opens at seven.",
            ),
            ("user", "Can I carry annual leave over?"),
            (
                "assistant",
                "Five days of annual leave can be carried over [1].",
            ),
        ];
        expect![[r#"
            asked: Hello!
            answered: Good day.
            asked: How many days of annual leave do I have?
            asked: Can I carry annual leave over?
            answered: Five days of annual leave can be carried over ."#]]
        .assert_eq(&summary(&turns, 180));
        assert_eq!(summary(&[], 100), "");
        assert_eq!(summary(&turns, 10), "");
        assert!(summary(&turns, 5_000).len() > 200);
    }
}
