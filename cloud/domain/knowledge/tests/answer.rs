//! Answers made of quotations: right, exact, or refused.
#![cfg(test)]

use awm_api::knowledge::Passage;
use awm_knowledge::extract_answer;
use expect_test::{Expect, expect};

fn passage(ordinal: u32, heading: &str, start: u32, text: &str) -> Passage {
    Passage {
        id: format!("d-{ordinal}"),
        document_id: "d".into(),
        document_name: "handbook.md".into(),
        ordinal,
        headings: vec![heading.into()],
        page: Some(ordinal + 1),
        start,
        end: start + text.chars().count() as u32,
        text: text.into(),
    }
}

fn handbook() -> Vec<Passage> {
    vec![
        passage(
            0,
            "Time off",
            100,
            "Every employee receives 25 days of paid vacation a year. Unused days expire on 31 March. A doctor’s note is due after three days of sickness.",
        ),
        passage(
            1,
            "Returns",
            400,
            "Customers may return goods within 30 days of delivery. Opened software can't be returned. Refunds are paid within 5 business days.",
        ),
        passage(
            2,
            "Shipping prices",
            700,
            "| Country | Price |\n| --- | --- |\n| Germany | 4.90 EUR |\n| Japan | 19.00 EUR |",
        ),
        passage(
            3,
            "休暇",
            900,
            "社員は年に二十日の有給休暇を取得できます。申請は一週間前までに行います。",
        ),
    ]
}

fn check(question: &str, expected: Expect) {
    let passages = handbook();
    let found = extract_answer(question, &passages);
    for citation in &found.citations {
        let passage = passages
            .iter()
            .find(|p| p.id == citation.passage_id)
            .unwrap();
        let exact: String = passage
            .text
            .chars()
            .skip((citation.start - passage.start) as usize)
            .take((citation.end - citation.start) as usize)
            .collect();
        assert_eq!(exact, citation.quote);
        assert!(found.answer.contains(&format!("[{}]", citation.number)));
    }
    assert_eq!(found.refused, found.citations.is_empty());
    expected.assert_eq(&found.answer);
}

#[test]
fn quotes_the_sentence_that_answers() {
    check(
        "How many days of vacation do I get?",
        expect!["Every employee receives 25 days of paid vacation a year. [1]"],
    );
    check(
        "When do unused vacation days expire?",
        expect!["Unused days expire on 31 March. [1]"],
    );
    check(
        "how long can customers return goods",
        expect!["Customers may return goods within 30 days of delivery. [1]"],
    );
    check(
        "What is the shipping price for Japan?",
        expect!["Country: Japan; Price: 19.00 EUR [1]"],
    );
    check(
        "有給休暇は何日ですか",
        expect!["社員は年に二十日の有給休暇を取得できます。 [1]"],
    );
}

#[test]
fn refuses_what_the_passages_do_not_hold() {
    for question in [
        "What is the capital of France?",
        "Who won the football match?",
        "",
        "???",
        "hello",
    ] {
        check(
            question,
            expect!["I found no answer to that in the documents."],
        );
    }
    assert!(extract_answer("How many days?", &[]).refused);
}
