//! Lines whose parts stand below each other: tables.

use super::layout::{Cell, Line};

/// Rows of a table at least; fewer are taken for one only if it has three columns.
const ROWS: usize = 3;
/// Letters of a cell on average, at most: two columns of prose are no table.
const LETTERS: usize = 40;

#[derive(Clone, Copy)]
struct Column {
    left: f32,
    right: f32,
}

/// The table that the lines begin with: its rows, and how many lines they are.
pub(crate) fn table(lines: &[&Line]) -> Option<(Vec<Vec<String>>, usize)> {
    let first = lines.first().filter(|line| line.cells.len() >= 2)?;
    let mut columns: Vec<Column> = first.cells.iter().map(column).collect();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut above = first.y;
    for line in lines {
        // A page's end, a wide gap and a line that is not parted end it.
        let apart = above - line.y > line.size.max(6.0) * 4.0;
        if line.page != first.page || line.cells.len() < 2 || apart {
            break;
        }
        let Some(row) = placed(&line.cells, &mut columns) else {
            break;
        };
        rows.push(row);
        above = line.y;
    }
    let count = rows.len();
    let cells: Vec<&String> = rows.iter().flatten().filter(|c| !c.is_empty()).collect();
    let letters: usize = cells.iter().map(|cell| cell.chars().count()).sum();
    let enough = count >= ROWS || (count == 2 && columns.len() >= 3);
    (enough && letters <= LETTERS * cells.len()).then_some((rows, count))
}

fn column(cell: &Cell) -> Column {
    Column {
        left: cell.left,
        right: cell.right.max(cell.left),
    }
}

/// The cells by column; none when one stands below two columns, or two below one.
fn placed(cells: &[Cell], columns: &mut [Column]) -> Option<Vec<String>> {
    let mut row = vec![String::new(); columns.len()];
    for cell in cells {
        let mut below = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| cell.left < column.right && column.left < cell.right);
        let at = match (below.next(), below.next()) {
            (Some((at, _)), None) => at,
            (Some(_), Some(_)) => return None,
            // A narrow cell between two columns belongs to the one that it begins nearest to.
            (None, _) => nearest(cell, columns)?,
        };
        let place = row.get_mut(at).filter(|place| place.is_empty())?;
        cell.text.trim().clone_into(place);
        if let Some(column) = columns.get_mut(at) {
            column.left = column.left.min(cell.left);
            column.right = column.right.max(cell.right);
        }
    }
    Some(row)
}

fn nearest(cell: &Cell, columns: &[Column]) -> Option<usize> {
    let distance = |column: &Column| {
        (cell.left - column.left)
            .abs()
            .min((cell.right - column.right).abs())
    };
    columns
        .iter()
        .enumerate()
        .min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)))
        .filter(|(_, column)| distance(column) < 12.0)
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// Cells at their left edge, five points a letter.
    fn check(lines: &[&[(f32, &str)]], expected: Expect) {
        let lines: Vec<Line> = lines
            .iter()
            .zip(0_u8..)
            .map(|(cells, at)| Line {
                page: 1,
                size: 10.0,
                y: 800.0 - 14.0 * f32::from(at),
                cells: cells
                    .iter()
                    .map(|(left, text)| Cell {
                        text: (*text).into(),
                        left: *left,
                        right: left + 5.0 * text.len() as f32,
                    })
                    .collect(),
                ..Line::default()
            })
            .collect();
        let lines: Vec<&Line> = lines.iter().collect();
        let told = table(&lines).map_or("no table".into(), |(rows, used)| {
            let rows: Vec<String> = rows.iter().map(|row| row.join(" | ")).collect();
            format!("{used}\n{}", rows.join("\n"))
        });
        expected.assert_eq(&told);
    }

    #[test]
    fn finds_tables_by_their_columns() {
        check(
            &[
                &[(0.0, "Item"), (100.0, "Price")],
                &[(0.0, "Tent"), (110.0, "349")],
                &[(0.0, "Rope and harness"), (115.0, "64")],
                &[(0.0, "After the table.")],
            ],
            expect![[r#"
                3
                Item | Price
                Tent | 349
                Rope and harness | 64"#]],
        );
        check(
            &[
                &[(0.0, "A"), (100.0, "B"), (200.0, "C")],
                &[(0.0, "1"), (200.0, "3")],
            ],
            expect![[r#"
                2
                A | B | C
                1 |  | 3"#]],
        );
        check(
            &[&[(0.0, "Only"), (100.0, "once")], &[(0.0, "Text")]],
            expect!["no table"],
        );
        let prose = "words of a column of prose that go on and on";
        check(
            &[
                &[(0.0, prose), (300.0, prose)],
                &[(0.0, prose), (300.0, prose)],
                &[(0.0, prose), (300.0, prose)],
            ],
            expect!["no table"],
        );
    }
}
