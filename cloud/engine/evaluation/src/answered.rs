//! How good an answer is.

use awm_api::{
    chat::Citation,
    evaluation_runs::EvaluatedAnswer,
    knowledge::Passage,
    questions::{Expected, QuestionBody},
};
use serde::Deserialize;

/// What `AwmGenerate` gives.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(crate) struct Generated {
    pub(crate) answer: String,
    #[serde(default)]
    pub(crate) citations: Vec<Citation>,
    #[serde(default)]
    pub(crate) extractive: bool,
    #[serde(default)]
    pub(crate) refused: bool,
}

/// Judges an answer that was made of the passages.
pub(crate) fn judge(
    body: &QuestionBody,
    passages: &[Passage],
    given: Generated,
    took_ms: f64,
) -> EvaluatedAnswer {
    let rights: Vec<bool> = given
        .citations
        .iter()
        .filter_map(|citation| right(body, citation))
        .collect();
    let quoted = given.extractive && !given.refused;
    EvaluatedAnswer {
        citation_precision: part(&rights),
        faithfulness: quoted.then(|| part(&faithful(&given, passages))).flatten(),
        text: given.answer,
        citations: given.citations,
        refused: given.refused,
        error: None,
        took_ms,
    }
}

/// Whether a document and a section of it are what is expected.
pub(crate) fn lies_in(expected: &Expected, (name, id): (&str, &str), headings: &[String]) -> bool {
    (expected.document == name || expected.document == id)
        && headings.starts_with(&expected.section)
}

/// Whether a citation holds the expected words or lies in an expected section. A whole document counts as expected only where
/// no words are given. None if nothing is expected.
fn right(body: &QuestionBody, citation: &Citation) -> Option<bool> {
    let document = (
        citation.document_name.as_str(),
        citation.document_id.as_str(),
    );
    if body.answer.is_none() && body.relevant.is_empty() {
        return None;
    }
    let holds = body
        .answer
        .as_ref()
        .is_some_and(|answer| plain(&citation.quote).contains(&plain(answer)));
    let lies = body.relevant.iter().any(|expected| {
        (body.answer.is_none() || !expected.section.is_empty())
            && lies_in(expected, document, &citation.headings)
    });
    Some(holds || lies)
}

/// For each paragraph of an answer that is made of quotations, whether it stands in the passage that it cites.
fn faithful(given: &Generated, passages: &[Passage]) -> Vec<bool> {
    let paragraphs = given.answer.split("\n\n").map(str::trim);
    paragraphs
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| stands(paragraph, &given.citations, passages))
        .collect()
}

fn stands(paragraph: &str, citations: &[Citation], passages: &[Passage]) -> bool {
    let cited = paragraph
        .rsplit_once('[')
        .and_then(|(said, number)| Some((said, number.strip_suffix(']')?.parse::<u32>().ok()?)));
    let Some((said, number)) = cited else {
        return false;
    };
    let Some(citation) = citations.iter().find(|citation| citation.number == number) else {
        return false;
    };
    let Some(passage) = passages
        .iter()
        .find(|passage| passage.id == citation.passage_id)
    else {
        return false;
    };
    let range = citation
        .start
        .checked_sub(passage.start)
        .zip(citation.end.checked_sub(citation.start));
    let there = range.is_some_and(|(from, length)| {
        let text = passage
            .text
            .chars()
            .skip(from as usize)
            .take(length as usize);
        text.eq(citation.quote.chars())
    });
    // A row of a table is said with the names of its columns.
    there && (citation.quote.starts_with('|') || plain(&citation.quote).contains(&plain(said)))
}

/// Letters and digits alone, in lower case: neither marks nor the breaks of lines tell two quotations apart.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn part(all: &[bool]) -> Option<f64> {
    let right = all.iter().filter(|right| **right).count();
    (!all.is_empty()).then(|| right as f64 / all.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage() -> Passage {
        Passage {
            id: "p".into(),
            document_id: "d".into(),
            document_name: "a.md".into(),
            ordinal: 0,
            headings: vec!["Leave".into(), "Annual".into()],
            page: None,
            start: 100,
            end: 160,
            text: "Everyone has **thirty** days. It is paid.".into(),
        }
    }

    fn citation(start: u32, end: u32, quote: &str) -> Citation {
        Citation {
            number: 1,
            passage_id: "p".into(),
            document_id: "d".into(),
            document_name: "a.md".into(),
            headings: passage().headings,
            page: None,
            start,
            end,
            quote: quote.into(),
        }
    }

    const QUOTE: &str = "Everyone has **thirty** days.";

    fn given(answer: &str, citation: Citation) -> Generated {
        Generated {
            answer: answer.into(),
            citations: vec![citation],
            extractive: true,
            refused: false,
        }
    }

    #[test]
    fn a_quotation_must_stand_in_the_passage_it_cites() {
        for (answer, citation, expected) in [
            (
                "Everyone has thirty days. [1]",
                citation(100, 129, QUOTE),
                Some(1.0),
            ),
            (
                "Everyone has forty days. [1]",
                citation(100, 129, QUOTE),
                Some(0.0),
            ),
            (
                "Everyone has thirty days. [2]",
                citation(100, 129, QUOTE),
                Some(0.0),
            ),
            (
                "Everyone has thirty days.",
                citation(100, 129, QUOTE),
                Some(0.0),
            ),
            (
                "Everyone has thirty days. [1]",
                citation(101, 130, QUOTE),
                Some(0.0),
            ),
            (
                "Everyone has thirty days. [1]",
                citation(99, 128, QUOTE),
                Some(0.0),
            ),
            (
                "Everyone has thirty days. [1]\n\nAnd a car. [1]",
                citation(100, 129, QUOTE),
                Some(0.5),
            ),
        ] {
            let judged = judge(
                &QuestionBody::default(),
                &[passage()],
                given(answer, citation),
                1.0,
            );
            assert_eq!(judged.faithfulness, expected, "{answer}");
            assert_eq!(judged.citation_precision, None, "nothing is expected");
        }
    }

    #[test]
    fn a_citation_is_right_by_its_words_or_its_place() {
        let section = |section: &[&str]| Expected {
            document: "a.md".into(),
            section: section.iter().map(|s| (*s).to_owned()).collect(),
        };
        for (answer, relevant, expected) in [
            (None, vec![section(&[])], Some(1.0)),
            (None, vec![section(&["Leave"])], Some(1.0)),
            (None, vec![section(&["Annual"])], Some(0.0)),
            (Some("Thirty days"), vec![], Some(1.0)),
            (Some("forty days"), vec![section(&[])], Some(0.0)),
            (
                Some("forty days"),
                vec![section(&["Leave", "Annual"])],
                Some(1.0),
            ),
            (None, vec![], None),
        ] {
            let body = QuestionBody {
                answer: answer.map(str::to_owned),
                relevant,
                ..QuestionBody::default()
            };
            let judged = judge(
                &body,
                &[passage()],
                given("x [1]", citation(100, 129, QUOTE)),
                1.0,
            );
            assert_eq!(judged.citation_precision, expected, "{body:?}");
        }
    }
}
