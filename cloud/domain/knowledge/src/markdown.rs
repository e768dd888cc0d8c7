//! Markdown text to blocks.

use crate::chunk::Block;

/// The blocks of a Markdown text: headings (`#` and underlined), fenced code whole, tables whole, everything else parted by
/// blank lines.
pub fn markdown_blocks(text: &str) -> Vec<Block> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = Reader::default();
    for line in text.split('\n') {
        reader.line(line);
    }
    reader.close();
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    open: Vec<String>,
    /// What ends the fenced code that is open.
    fence: Option<String>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let trimmed = line.trim();
        if let Some(fence) = &self.fence {
            let ends =
                trimmed.starts_with(fence.as_str()) && trimmed.trim_matches(['`', '~']).is_empty();
            self.open.push(line.to_owned());
            if ends {
                self.fence = None;
                self.close();
            }
            return;
        }
        if let Some(fence) = fence(trimmed) {
            self.close();
            self.fence = Some(fence);
            self.open.push(line.to_owned());
        } else if trimmed.is_empty() {
            self.close();
        } else if let Some(level) = heading_level(trimmed) {
            self.close();
            self.heading(trimmed, level);
        } else if let Some(level) = self.underline(trimmed) {
            let title = self.open.pop().unwrap_or_default();
            let marks = "#".repeat(usize::from(level));
            self.heading(&format!("{marks} {}", title.trim()), level);
        } else {
            let table = trimmed.starts_with('|');
            if self
                .open
                .last()
                .is_some_and(|last| last.trim_start().starts_with('|') != table)
            {
                self.close();
            }
            self.open.push(line.to_owned());
        }
    }

    fn heading(&mut self, line: &str, level: u8) {
        self.blocks.push(Block {
            markdown: line.to_owned(),
            heading: Some(level),
            page: None,
        });
    }

    /// The level that a line of `=` or `-` gives to the one line before it.
    fn underline(&self, trimmed: &str) -> Option<u8> {
        let [title] = self.open.as_slice() else {
            return None;
        };
        let plain = title
            .trim_start()
            .starts_with(|c: char| c.is_alphanumeric());
        if !plain || trimmed.len() < 2 {
            return None;
        }
        if trimmed.chars().all(|c| c == '=') {
            Some(1)
        } else if trimmed.chars().all(|c| c == '-') {
            Some(2)
        } else {
            None
        }
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.blocks.push(Block {
                markdown: std::mem::take(&mut self.open).join("\n"),
                heading: None,
                page: None,
            });
        }
    }
}

fn heading_level(line: &str) -> Option<u8> {
    let level = line.bytes().take_while(|b| *b == b'#').count();
    let rest = line.trim_start_matches('#');
    let blank = rest.starts_with([' ', '\t']) && !rest.trim().is_empty();
    u8::try_from(level)
        .ok()
        .filter(|level| (1..=6).contains(level) && blank)
}

fn fence(line: &str) -> Option<String> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let run: String = line.chars().take_while(|c| *c == mark).collect();
    (run.len() >= 3).then_some(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let told: Vec<String> = markdown_blocks(text)
            .iter()
            .map(|b| {
                format!(
                    "{} {:?}",
                    b.heading.map_or("-".into(), |l| l.to_string()),
                    b.markdown
                )
            })
            .collect();
        expected.assert_eq(&told.join("\n"));
    }

    #[test]
    fn parts_blocks() {
        check("", expect![""]);
        check(
            "# One\ntext\nmore\n\n- a\n- b\n\nTwo\n---\n```sh\n# no heading\n\n```\nafter\n| a | b |\n|---|---|\nend\n#hash\n---",
            expect![[r###"
                1 "# One"
                - "text\nmore"
                - "- a\n- b"
                2 "## Two"
                - "```sh\n# no heading\n\n```"
                - "after"
                - "| a | b |\n|---|---|"
                - "end\n#hash\n---""###]],
        );
        check(
            "```\nnever closed\n\nstill code",
            expect![[r#"- "```\nnever closed\n\nstill code""#]],
        );
    }
}
