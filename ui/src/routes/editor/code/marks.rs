//! Problems as underlined places of lines.

use crate::routes::editor::{model::code_lines::Lines, problem::Problem};
use awm_asl::Severity;

/// A part of one line that is underlined.
#[derive(Clone, Debug, PartialEq)]
pub struct Underline {
    /// The line, from 0.
    pub line: usize,
    /// The first column, in characters.
    pub from: usize,
    /// The column after the last.
    pub to: usize,
    /// The colour.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
}

/// The underlined places of all problems that have a place. A problem of several lines marks its first.
pub fn underlines(text: &str, lines: &Lines, problems: &[Problem]) -> Vec<Underline> {
    problems
        .iter()
        .filter_map(|problem| {
            let (start, end) = problem.span?;
            let start = start.min(text.len());
            let line = lines.place(text, start).line;
            let range = lines.range(text, line);
            let from = text.get(range.start..start)?.chars().count();
            let end = end.clamp(start, range.end.max(start));
            let to = from + text.get(start..end)?.chars().count();
            Some(Underline {
                line,
                from,
                to,
                severity: problem.severity,
                message: problem.message.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_marks_its_first_line() {
        let text = "{\n  \"é\": [1,\n 2]\n}";
        let lines = Lines::of(text, false);
        let problem = |span| Problem {
            severity: Severity::Error,
            code: "X",
            message: "m".to_owned(),
            help: String::new(),
            pointer: String::new(),
            state: None,
            span,
            line: None,
            fix: None,
            about: String::new(),
        };
        let start = text.find('[').unwrap();
        let marks = underlines(
            text,
            &lines,
            &[
                problem(Some((start, text.len() - 2))),
                problem(Some((999, 1000))),
                problem(None),
            ],
        );
        let places: Vec<_> = marks
            .iter()
            .map(|mark| (mark.line, mark.from, mark.to))
            .collect();
        assert_eq!(places, [(1, 7, 10), (3, 1, 1)]);
    }
}
