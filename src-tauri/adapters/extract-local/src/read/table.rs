//! Rows to Markdown tables.

use crate::wire::Block;

/// Characters of one table at most: about what a passage holds.
const CHARACTERS: usize = 700;

/// Tables of some rows each, the first row being the head of all of them.
pub(crate) fn tables(rows: &[Vec<String>], page: Option<u32>) -> Vec<Block> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let Some((head, body)) = rows.split_first().filter(|_| width > 0) else {
        return Vec::new();
    };
    let head = format!("{}\n|{}", row(head, width), " --- |".repeat(width));
    // A head of hundreds of columns is not repeated for every other row.
    let most = CHARACTERS.max(head.len() * 4);
    let mut blocks = Vec::new();
    let mut open = head.clone();
    let mut filled = false;
    for cells in body {
        let line = row(cells, width);
        if filled && open.len() + line.len() > most {
            blocks.push(block(std::mem::replace(&mut open, head.clone()), page));
        }
        open.push('\n');
        open.push_str(&line);
        filled = true;
    }
    blocks.push(block(open, page));
    blocks
}

fn block(markdown: String, page: Option<u32>) -> Block {
    Block {
        markdown,
        heading: None,
        page,
    }
}

fn row(cells: &[String], width: usize) -> String {
    let mut line = String::from("|");
    for at in 0..width {
        let cell = cells.get(at).map_or("", String::as_str);
        let words: Vec<&str> = cell.split_whitespace().collect();
        line.push(' ');
        line.push_str(&words.join(" ").replace('|', "\\|"));
        line.push_str(" |");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines()
            .map(|line| line.split(';').map(String::from).collect())
            .collect()
    }

    #[test]
    fn writes_tables_with_their_head() {
        let told: Vec<String> = tables(&rows("a;b\n1|2;x  y\n3"), None)
            .into_iter()
            .map(|b| b.markdown)
            .collect();
        expect![[r#"
            | a | b |
            | --- | --- |
            | 1\|2 | x y |
            | 3 |  |"#]]
        .assert_eq(&told.join("\n\n"));
        let many = format!(
            "name;text\n{}",
            "row;some words that fill the row\n".repeat(60)
        );
        let blocks = tables(&rows(&many), None);
        assert!(blocks.len() > 3);
        assert!(
            blocks
                .iter()
                .all(|b| b.markdown.starts_with("| name | text |\n| --- |")
                    && b.markdown.len() < 800)
        );
        assert!(tables(&[], None).is_empty());
    }
}
