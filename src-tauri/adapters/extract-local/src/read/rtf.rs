//! RTF: the text between the control words.

use super::{first_title, heading, reading::Reading, table::tables};
use crate::wire::{Block, Refusal, Text};
use awm_api::Code;
use encoding_rs::{Encoding, WINDOWS_1252};

/// Groups whose text is none of the document's.
const PASSED_OVER: &[&str] = &[
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "headerl",
    "headerr",
    "footerl",
    "footerr",
    "listtable",
    "listoverridetable",
    "generator",
    "fldinst",
    "themedata",
    "datastore",
    "xmlnstbl",
    "rsidtbl",
    "latentstyles",
    "nonshppict",
];

/// The text of a document.
pub(crate) fn read(bytes: &[u8], reading: &Reading<'_>) -> Result<Text, Refusal> {
    let mut rtf = Rtf {
        encoding: WINDOWS_1252,
        groups: Vec::new(),
        pending: Vec::new(),
        line: String::new(),
        level: None,
        row: Vec::new(),
        rows: Vec::new(),
        in_table: false,
        blocks: Vec::new(),
    };
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' => {
                rtf.flush();
                let passed_over = rtf.groups.last().is_some_and(|group| group.passed_over);
                let fallback = rtf.groups.last().map_or(1, |group| group.fallback);
                rtf.groups.push(Group {
                    passed_over,
                    fallback,
                });
                if rtf.groups.len() > reading.limits.elements_deep {
                    return Err(reading.refuse(Code::NestedTooDeep, "has groups that lie too deep"));
                }
            }
            b'}' => {
                rtf.flush();
                rtf.groups.pop();
            }
            b'\\' => at = rtf.control(bytes, at),
            b'\r' | b'\n' => {}
            byte => rtf.byte(*byte),
        }
    }
    rtf.end_paragraph();
    rtf.end_table();
    Ok(Text {
        media_type: "application/rtf".into(),
        title: first_title(&rtf.blocks),
        blocks: rtf.blocks,
        ..Text::default()
    })
}

struct Rtf {
    encoding: &'static Encoding,
    groups: Vec<Group>,
    /// Bytes of the document's encoding that are not text yet.
    pending: Vec<u8>,
    line: String,
    level: Option<u8>,
    row: Vec<String>,
    rows: Vec<Vec<String>>,
    in_table: bool,
    blocks: Vec<Block>,
}

struct Group {
    passed_over: bool,
    /// Characters that stand in for one in Unicode.
    fallback: usize,
}

impl Rtf {
    fn is_passed_over(&self) -> bool {
        self.groups.last().is_some_and(|group| group.passed_over)
    }

    fn byte(&mut self, byte: u8) {
        if !self.is_passed_over() {
            self.pending.push(byte);
        }
    }

    fn flush(&mut self) {
        if !self.pending.is_empty() {
            let bytes = std::mem::take(&mut self.pending);
            let text = self.encoding.decode_without_bom_handling(&bytes).0;
            self.line.push_str(&text);
        }
    }

    fn put(&mut self, c: char) {
        self.flush();
        if !self.is_passed_over() {
            self.line.push(c);
        }
    }

    /// What follows a backslash; answers where it ends.
    fn control(&mut self, bytes: &[u8], at: usize) -> usize {
        let Some(first) = bytes.get(at) else {
            return at;
        };
        if !first.is_ascii_alphabetic() {
            return self.symbol(*first, bytes, at + 1);
        }
        let rest = bytes.get(at..).unwrap_or_default();
        let letters = rest
            .iter()
            .take(32)
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let word = String::from_utf8_lossy(rest.get(..letters).unwrap_or_default()).into_owned();
        let sign = usize::from(rest.get(letters) == Some(&b'-'));
        let digits = rest
            .iter()
            .skip(letters + sign)
            .take(10)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let end = letters + if digits > 0 { sign + digits } else { 0 };
        let number = rest.get(letters..end).unwrap_or_default();
        let number: Option<i64> = String::from_utf8_lossy(number).parse().ok();
        let blank = usize::from(rest.get(end) == Some(&b' '));
        let mut next = at + end + blank;
        match word.as_str() {
            "bin" => next = next.saturating_add(usize::try_from(number.unwrap_or(0)).unwrap_or(0)),
            "u" => {
                let fallback = self.groups.last().map_or(1, |group| group.fallback);
                let code = number.map(|number| if number < 0 { number + 65_536 } else { number });
                let c = code.and_then(|code| char::from_u32(u32::try_from(code).ok()?));
                self.put(c.unwrap_or('\u{fffd}'));
                next = passed(bytes, next, fallback);
            }
            word => self.word(word, number),
        }
        next
    }

    fn symbol(&mut self, symbol: u8, bytes: &[u8], at: usize) -> usize {
        match symbol {
            b'\'' => {
                let digits = bytes.get(at..at + 2).unwrap_or_default();
                let hex = std::str::from_utf8(digits).unwrap_or_default();
                if let Ok(byte) = u8::from_str_radix(hex, 16) {
                    self.byte(byte);
                    return at + 2;
                }
            }
            b'*' => {
                self.flush();
                if let Some(group) = self.groups.last_mut() {
                    group.passed_over = true;
                }
            }
            b'~' => self.put(' '),
            b'_' => self.put('-'),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            b'\r' | b'\n' => self.end_paragraph(),
            _ => {}
        }
        at
    }

    fn word(&mut self, word: &str, number: Option<i64>) {
        self.flush();
        match word {
            "ansicpg" => {
                let label = format!("windows-{}", number.unwrap_or(1252));
                let label = match number {
                    Some(932) => "shift_jis",
                    Some(936) => "gbk",
                    Some(949) => "euc-kr",
                    Some(950) => "big5",
                    Some(65_001) => "utf-8",
                    _ => label.as_str(),
                };
                self.encoding = Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252);
            }
            "uc" => {
                if let Some(group) = self.groups.last_mut() {
                    group.fallback = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8);
                }
            }
            "par" | "sect" | "page" => self.end_paragraph(),
            "line" => self.put(' '),
            "tab" => self.put('\t'),
            "emdash" => self.put('—'),
            "endash" => self.put('–'),
            "bullet" => self.put('•'),
            "lquote" => self.put('‘'),
            "rquote" => self.put('’'),
            "ldblquote" => self.put('“'),
            "rdblquote" => self.put('”'),
            "pard" => self.level = None,
            "intbl" => self.in_table = true,
            "outlinelevel" => {
                let level = number.and_then(|level| u8::try_from(level).ok());
                self.level = level.filter(|level| *level < 9).map(|level| level + 1);
            }
            "cell" => {
                let cell = std::mem::take(&mut self.line);
                if !self.is_passed_over() {
                    self.row.push(cell.trim().to_owned());
                }
            }
            "row" => {
                let row = std::mem::take(&mut self.row);
                if row.iter().any(|cell| !cell.is_empty()) {
                    self.rows.push(row);
                }
                self.in_table = false;
            }
            word if PASSED_OVER.contains(&word) => {
                if let Some(group) = self.groups.last_mut() {
                    group.passed_over = true;
                }
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        self.flush();
        if self.is_passed_over() {
            return;
        }
        // A paragraph within a cell goes on in the cell.
        if self.in_table || !self.row.is_empty() {
            self.line.push(' ');
            return;
        }
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        self.end_table();
        self.blocks.push(match self.level {
            Some(level) => heading(level, line, None),
            None => Block {
                markdown: line.to_owned(),
                heading: None,
                page: None,
            },
        });
    }

    fn end_table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        self.blocks.extend(tables(&rows, None));
    }
}

/// Where the characters that stand in for one in Unicode end.
fn passed(bytes: &[u8], at: usize, count: usize) -> usize {
    let mut next = at;
    for _ in 0..count {
        match bytes.get(next) {
            Some(b'\\') if bytes.get(next + 1) == Some(&b'\'') => next += 4,
            Some(b'\\' | b'{' | b'}') | None => break,
            Some(_) => next += 1,
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, read::reading::Spent};
    use expect_test::{Expect, expect};

    fn check(rtf: &str, expected: Expect) {
        let (limits, spent) = (Limits::default(), Spent::default());
        let reading = Reading::new("a.rtf", &limits, None, &spent);
        let text = read(rtf.as_bytes(), &reading).unwrap();
        let told: Vec<String> = text.blocks.into_iter().map(|b| b.markdown).collect();
        expected.assert_eq(&told.join("\n~\n"));
    }

    #[test]
    fn takes_the_text_out() {
        check("", expect![""]);
        check(
            r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator X;}\pard\outlinelevel0 Title\par\pard Gr\'f6\'dfe \u8364?5 \{x\}\par
\trowd\intbl A\cell B\cell\row\trowd\intbl 1\cell 2\cell\row\pard After\par}",
            expect![[r#"
                # Title
                ~
                Größe €5 {x}
                ~
                | A | B |
                | --- | --- |
                | 1 | 2 |
                ~
                After"#]],
        );
        check(r"{\rtf1 cut off \'e", expect!["cut off e"]);
    }
}
