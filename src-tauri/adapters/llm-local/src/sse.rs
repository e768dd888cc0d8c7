//! Lines to server-sent events, as the HTML standard has them.

/// Collects the `data` fields of an event until the blank line that ends it.
#[derive(Debug, Default)]
pub(crate) struct Events {
    data: Option<String>,
}

impl Events {
    /// Takes a line; answers with the data of the event that it ends.
    pub(crate) fn push(&mut self, line: &str) -> Option<String> {
        if line.is_empty() {
            return self.data.take();
        }
        // A line that begins with a colon is a comment, sent to keep the connection open.
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        if field == "data" {
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            }
        }
        None
    }

    /// An event that the end of the answer cut off before its blank line; many endpoints leave the last one out.
    pub(crate) fn finish(&mut self) -> Option<String> {
        self.data.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let mut events = Events::default();
        let mut found: Vec<String> = text.lines().filter_map(|l| events.push(l)).collect();
        found.extend(events.finish());
        expected.assert_eq(&format!("{found:?}"));
    }

    #[test]
    fn reads_events() {
        check("data: one\n\ndata:two\n\n", expect![[r#"["one", "two"]"#]]);
        check("data: a\ndata: b\n\n", expect![[r#"["a\nb"]"#]]);
        check(
            ": ping\n\nevent: x\nid: 3\ndata: y\n\n",
            expect![[r#"["y"]"#]],
        );
        check("data\n\n\n\ndata:  kept", expect![[r#"["", " kept"]"#]]);
    }
}
