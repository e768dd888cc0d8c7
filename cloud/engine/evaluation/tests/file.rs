//! Questions to files and back.
#![cfg(test)]

use awm_api::questions::{Expected, Question, QuestionBody, QuestionFormat};
use awm_evaluation::{guarded, read_questions, write_questions};
use expect_test::{Expect, expect};

fn check(text: &str, format: QuestionFormat, expected: Expect) {
    let read = read_questions(text, format);
    let mut told: Vec<String> = read
        .questions
        .iter()
        .map(|body| {
            let relevant: Vec<_> = body
                .relevant
                .iter()
                .map(|e| format!("{}{:?}", e.document, e.section))
                .collect();
            format!(
                "{} | {} | {:?} | {}",
                body.question,
                relevant.join(" "),
                body.answer,
                body.unanswerable
            )
        })
        .collect();
    told.extend(
        read.problems
            .iter()
            .map(|p| format!("{}: {}", p.line, p.message)),
    );
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn lines_of_json_are_read() {
    check(
        concat!(
            "\u{feff}{\"question\": \" How  many\\ndays? \", \"relevant\": [\"a.md\", 7, \"a.md\"], \"answer\": \"thirty\"}\n",
            "\n",
            "{\"question\": \"Where?\", \"relevant\": [{\"document\": \"b.md\", \"section\": [\"Top\", \"Part\"]}]}\n",
            "{\"question\": \"Who?\", \"unanswerable\": true}\n",
            "nothing\n",
            "{\"relevant\": []}\n",
            "{\"question\": \"   \"}\n",
            "{\"question\": \"x\", \"relevant\": \"a.md\"}\n",
            "{\"question\": \"x\", \"relevant\": [[1]]}\n",
            "{\"question\": \"x\", \"relevant\": [\"a\"], \"unanswerable\": true}\n",
        ),
        QuestionFormat::Jsonl,
        expect![[r#"
            How many days? | a.md[] 7[] | Some("thirty") | false
            Where? | b.md["Top", "Part"] | None | false
            Who? |  | None | true
            5: the line is no JSON object
            6: `question` is missing
            7: the question is empty
            8: `relevant` is no list
            9: `relevant` holds something that is no document
            10: a question without an answer expects no document"#]],
    );
}

#[test]
fn tables_are_read() {
    check(
        "Question,relevant,Section,answer,unanswerable\n\
         \"How, many?\",\"a.md\nb.md\",\"Top > Part\",thirty,\n\
         Who?,,,,yes\n\
         '=1+1?,'-x.md,,'+5,\n\
         ,a.md,,,\n",
        QuestionFormat::Csv,
        expect![[r#"
            How, many? | a.md["Top", "Part"] b.md[] | Some("thirty") | false
            Who? |  | None | true
            =1+1? | -x.md[] | Some("+5") | false
            6: the question is empty"#]],
    );
    check(
        "text\nWho?\n",
        QuestionFormat::Csv,
        expect!["1: no column is named `question`"],
    );
}

fn question(text: &str, document: &str, answer: &str) -> Question {
    Question {
        id: "q".into(),
        body: QuestionBody {
            question: text.into(),
            relevant: vec![Expected {
                document: document.into(),
                section: vec!["Top".into(), "Part".into()],
            }],
            answer: Some(answer.into()),
            unanswerable: false,
        },
        ..Question::default()
    }
}

#[test]
fn what_is_written_is_read_again() {
    let all = [
        question("=HYPERLINK(\"x\")", "-a.md", "@SUM(1)"),
        question("Quotes \" and, commas", "a,b.md", "two words"),
        question("'quoted'", "'=odd.md", "+49 30"),
    ];
    for format in [QuestionFormat::Jsonl, QuestionFormat::Csv] {
        let read = read_questions(&write_questions(&all, format), format);
        let bodies: Vec<_> = all.iter().map(|question| question.body.clone()).collect();
        assert_eq!((read.questions, read.broken), (bodies, 0), "{format:?}");
    }
}

/// Formula injection: a cell that a spreadsheet would evaluate is text in the export.
#[test]
fn no_cell_of_an_export_is_a_formula() {
    for attack in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "=cmd|' /C calc'!A0",
    ] {
        let text = write_questions(&[question(attack, attack, attack)], QuestionFormat::Csv);
        let mut table = csv::Reader::from_reader(text.as_bytes());
        let row = table.records().next().unwrap().unwrap();
        let cells: Vec<&str> = row.iter().collect();
        for cell in &cells {
            let first = cell.chars().next();
            assert!(
                !matches!(
                    first,
                    Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝')
                ),
                "{attack:?} came out as {cell:?}"
            );
        }
    }
    // The control: what is no formula is left as it is.
    assert_eq!(guarded("How many = signs?"), "How many = signs?");
    assert_eq!(guarded(""), "");
}
