//! Texts with parts of them marked, by ranges in Unicode scalar values.

/// A text cut at the edges of the ranges: each piece, and whether it is marked. Ranges may overlap or lie beyond the end.
pub(crate) fn pieces(text: &str, ranges: &[(u32, u32)]) -> Vec<(String, bool)> {
    let mut ranges: Vec<(usize, usize)> = ranges
        .iter()
        .map(|(start, end)| (*start as usize, *end as usize))
        .collect();
    ranges.sort_unstable();
    let mut out: Vec<(String, bool)> = Vec::new();
    let mut next = 0;
    let mut until = 0;
    for (at, letter) in text.chars().enumerate() {
        while let Some((_, end)) = ranges.get(next).filter(|(start, _)| *start <= at) {
            until = until.max(*end);
            next += 1;
        }
        let marked = at < until;
        match out.last_mut() {
            Some((piece, same)) if *same == marked => piece.push(letter),
            _ => out.push((letter.to_string(), marked)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::pieces;
    use expect_test::{Expect, expect};

    fn check(text: &str, ranges: &[(u32, u32)], expected: Expect) {
        let shown: String = pieces(text, ranges)
            .into_iter()
            .map(|(text, marked)| if marked { format!("[{text}]") } else { text })
            .collect();
        expected.assert_eq(&shown);
    }

    #[test]
    fn marks_are_set_by_characters() {
        check("größe zählt", &[(0, 5)], expect!["[größe] zählt"]);
        check(
            "one two three",
            &[(4, 7), (8, 13)],
            expect!["one [two] [three]"],
        );
        check("overlap", &[(3, 5), (0, 4)], expect!["[overl]ap"]);
        check("short", &[(3, 99), (50, 60)], expect!["sho[rt]"]);
        check("none", &[], expect!["none"]);
    }
}
