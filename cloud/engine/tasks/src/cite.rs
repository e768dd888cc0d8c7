//! The numbers in what a model says, while it says it: `[3]` becomes the number of a citation, and a number that stands for no
//! passage is dropped.

use awm_api::{chat::Citation, knowledge::Passage};
use awm_conversation::supported;
use awm_knowledge::extract_answer;

/// `[12, 3]` and the like; longer brackets are something else.
const LONGEST: usize = 24;

/// Rewrites an answer piece by piece.
#[derive(Debug)]
pub(crate) struct Citer<'a> {
    passages: &'a [Passage],
    held: String,
    /// What was said since the last citation: the claim that the next one is to support.
    claim: String,
    citations: Vec<Citation>,
}

impl<'a> Citer<'a> {
    pub(crate) fn new(passages: &'a [Passage]) -> Self {
        Self {
            passages,
            held: String::new(),
            claim: String::new(),
            citations: Vec::new(),
        }
    }

    /// Takes a piece and answers with the text that is settled; a bracket that may still become a citation is held back.
    pub(crate) fn push(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        let mut settled = String::new();
        loop {
            let held = std::mem::take(&mut self.held);
            let Some((before, after)) = held.split_once('[') else {
                // Blanks wait too: they go if the citation behind them does.
                let text = held.trim_end_matches(' ');
                self.said(text, &mut settled);
                self.held = held.chars().skip(text.chars().count()).collect();
                return settled;
            };
            let text = before.trim_end_matches(' ');
            let blanks = before.len() - text.len();
            self.said(text, &mut settled);
            match numbers(after) {
                Bracket::Open => {
                    self.held = format!("{}[{after}", " ".repeat(blanks));
                    return settled;
                }
                Bracket::Other => {
                    self.said(&" ".repeat(blanks), &mut settled);
                    self.said("[", &mut settled);
                    self.held = after.to_owned();
                }
                Bracket::Numbers(numbers, rest) => {
                    let cited: Vec<u32> = self
                        .held_by(numbers)
                        .into_iter()
                        .filter_map(|n| self.cite(n))
                        .collect();
                    if !cited.is_empty() {
                        settled.push_str(&" ".repeat(blanks));
                        self.claim.clear();
                    }
                    for number in cited {
                        settled.push_str(&format!("[{number}]"));
                    }
                    self.held = rest.to_owned();
                }
            }
        }
    }

    /// The rest of the text, and the citations in the order of their numbers.
    pub(crate) fn finish(self) -> (String, Vec<Citation>) {
        (self.held, self.citations)
    }

    fn said(&mut self, text: &str, settled: &mut String) {
        settled.push_str(text);
        self.claim.push_str(text);
    }

    /// Those of the numbers whose passage stands behind the claim. A claim that no passage holds alone may stand on several together.
    fn held_by(&self, numbers: Vec<u32>) -> Vec<u32> {
        let claim = self.claim.trim();
        let all: Vec<&Passage> = self.passages.iter().collect();
        let alone = all.iter().any(|passage| supported(claim, &[passage]));
        let together = !alone && supported(claim, &all);
        let holds = |number: &u32| {
            let passage = usize::try_from(*number)
                .ok()
                .and_then(|number| self.passages.get(number.checked_sub(1)?));
            passage.is_some_and(|passage| together || supported(claim, &[passage]))
        };
        numbers.into_iter().filter(holds).collect()
    }

    /// The citation's number for a passage's, which is new at its first use; none if there is no such passage.
    fn cite(&mut self, passage_number: u32) -> Option<u32> {
        let index = usize::try_from(passage_number.checked_sub(1)?).ok()?;
        let passage = self.passages.get(index)?;
        let known = self.citations.iter().find(|citation| {
            citation.passage_id == passage.id
                && citation.document_id == passage.document_id
                && (passage.start..=passage.end).contains(&citation.start)
        });
        if let Some(known) = known {
            return Some(known.number);
        }
        let number = self.citations.len() as u32 + 1;
        self.citations.push(citation(number, passage, &self.claim));
        Some(number)
    }
}

/// The sentence of the passage that supports the claim best, or the whole passage.
fn citation(number: u32, passage: &Passage, claim: &str) -> Citation {
    let claim = claim.trim().rsplit('\n').next().unwrap_or_default();
    let best = extract_answer(claim, std::slice::from_ref(passage))
        .citations
        .into_iter()
        .next();
    match best {
        // The words that are shown stand in the passage at their place, or the whole passage is shown.
        Some(best) if stands_in(&best, passage) => Citation { number, ..best },
        _ => Citation {
            number,
            passage_id: passage.id.clone(),
            document_id: passage.document_id.clone(),
            document_name: passage.document_name.clone(),
            headings: passage.headings.clone(),
            page: passage.page,
            start: passage.start,
            end: passage.end,
            quote: passage.text.clone(),
        },
    }
}

fn stands_in(citation: &Citation, passage: &Passage) -> bool {
    let Some(skip) = citation.start.checked_sub(passage.start) else {
        return false;
    };
    let length = citation.end.saturating_sub(citation.start) as usize;
    let there = passage.text.chars().skip(skip as usize).take(length);
    there.eq(citation.quote.chars())
}

enum Bracket<'a> {
    /// Numbers, and what comes after the bracket.
    Numbers(Vec<u32>, &'a str),
    /// Not decided yet.
    Open,
    /// No citation.
    Other,
}

/// Reads what comes after `[`.
fn numbers(after: &str) -> Bracket<'_> {
    let Some((inner, rest)) = after.split_once(']') else {
        let may_be = after.len() < LONGEST && after.chars().all(is_part);
        return if may_be {
            Bracket::Open
        } else {
            Bracket::Other
        };
    };
    let holds_digit = inner.chars().any(|c| c.is_ascii_digit());
    if inner.len() >= LONGEST || !holds_digit || !inner.chars().all(is_part) {
        return Bracket::Other;
    }
    // A number too large to be one stands for no passage either.
    let numbers = inner
        .split([',', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().unwrap_or(u32::MAX))
        .collect();
    Bracket::Numbers(numbers, rest)
}

fn is_part(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ',' | ' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn passages() -> Vec<Passage> {
        [
            "Jackets can be returned. You have 60 days for it.",
            "Postage is free within Norway.",
            "Refunds take 5 days.",
        ]
        .iter()
        .zip(1..)
        .map(|(text, n)| Passage {
            id: format!("p{n}"),
            document_id: "d".into(),
            document_name: "returns.md".into(),
            ordinal: n - 1,
            headings: Vec::new(),
            page: None,
            start: n * 100,
            end: n * 100 + text.chars().count() as u32,
            text: (*text).into(),
        })
        .collect()
    }

    /// Cut anywhere, the answer reads the same.
    fn check(text: &str, expected: Expect) {
        let passages = passages();
        let mut all = Vec::new();
        for size in 1..=text.chars().count() {
            let mut citer = Citer::new(&passages);
            let chars: Vec<char> = text.chars().collect();
            let mut answer: String = chars
                .chunks(size)
                .map(|piece| citer.push(&piece.iter().collect::<String>()))
                .collect();
            let (rest, citations) = citer.finish();
            answer.push_str(&rest);
            let cited: Vec<String> = citations
                .iter()
                .map(|c| {
                    format!(
                        "{}={} {}..{} {:?}",
                        c.number, c.passage_id, c.start, c.end, c.quote
                    )
                })
                .collect();
            all.push(format!("{answer}\n{}", cited.join("\n")));
        }
        all.dedup();
        expected.assert_eq(&all.join("\n-- differs --\n"));
    }

    #[test]
    fn numbers_in_order_of_use() {
        check(
            "Postage is free in Norway [2]. You have 60 days [1], [2].",
            expect![[r#"
                Postage is free in Norway [1]. You have 60 days [2], [1].
                1=p2 200..230 "Postage is free within Norway."
                2=p1 125..149 "You have 60 days for it.""#]],
        );
        check(
            "Both [3, 1] hold.",
            expect![[r#"
                Both [1][2] hold.
                1=p3 300..320 "Refunds take 5 days."
                2=p1 100..149 "Jackets can be returned. You have 60 days for it.""#]],
        );
    }

    #[test]
    fn unknown_numbers_are_dropped() {
        check("It is so [9].", expect!["It is so.\n"]);
        check("It is so [0][99999999999999].", expect!["It is so.\n"]);
        check(
            "Refunds take 5 days [7, 3].",
            expect![[r#"
                Refunds take 5 days [1].
                1=p3 300..320 "Refunds take 5 days.""#]],
        );
    }

    #[test]
    fn numbers_behind_what_their_passage_does_not_say_are_dropped() {
        check(
            "You have 90 days to return jackets [1]. Postage is free within Norway [3].",
            expect![["You have 90 days to return jackets. Postage is free within Norway.\n"]],
        );
        check(
            "Within 60 days jackets can be returned [2][1].",
            expect![[r#"
                Within 60 days jackets can be returned[1].
                1=p1 100..149 "Jackets can be returned. You have 60 days for it.""#]],
        );
    }

    #[test]
    fn other_brackets_stay() {
        check(
            "[ ] to do, [x] done, a[i]  ",
            expect!["[ ] to do, [x] done, a[i]  \n"],
        );
        check(
            "[a link](https://a.example) and [",
            expect!["[a link](https://a.example) and [\n"],
        );
        check(
            "[1234567890123456789012345] [12",
            expect!["[1234567890123456789012345] [12\n"],
        );
    }
}
