//! The elements of an array, or of an object, somewhere in a JSON text that comes in pieces.

use super::Item;

/// Walks through a JSON text to where the items are, and gives each when its text is complete. Only that text is held.
#[derive(Debug)]
pub(super) struct Elements {
    /// The steps to the items.
    pointer: Vec<String>,
    /// The arrays and objects on the way, outermost first.
    frames: Vec<Frame>,
    expects: Expects,
    capture: Option<Capture>,
    done: bool,
}

#[derive(Debug)]
struct Frame {
    object: bool,
    index: usize,
    key: String,
    /// Whether its elements are the items.
    items: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expects {
    Key,
    Colon,
    Value,
    Comma,
}

/// A key or a value whose end has not come yet.
#[derive(Debug)]
struct Capture {
    what: Captured,
    bytes: Vec<u8>,
    nesting: usize,
    text: bool,
    escaped: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Captured {
    Key,
    Item,
    /// A value beside the way.
    Nothing,
}

/// What is wrong with a text that is no JSON.
fn malformed() -> String {
    "the file is not JSON".to_owned()
}

/// AWS's words for a place without elements.
const NOT_ITERABLE: &str = "Attempting to map over non-iterable node.";

impl Elements {
    pub(super) fn new(pointer: Option<&str>) -> Self {
        Self {
            pointer: pointer.map_or_else(Vec::new, |pointer| {
                awm_asl::pointer::tokens(pointer).collect()
            }),
            frames: Vec::new(),
            expects: Expects::Value,
            capture: None,
            done: false,
        }
    }

    /// Bytes of the item that is not complete yet.
    pub(super) fn pending(&self) -> usize {
        self.capture
            .as_ref()
            .map_or(0, |capture| capture.bytes.len())
    }

    /// Takes the next byte and answers with an item if it is complete now.
    pub(super) fn push(&mut self, byte: u8) -> Result<Option<Item>, String> {
        if self.done {
            return Ok(None);
        }
        let mut item = None;
        if let Some(capture) = &mut self.capture {
            match capture.take(byte) {
                Taken::Goes => return Ok(None),
                Taken::Ended => return self.captured(),
                // The byte belongs to what comes after.
                Taken::EndedBefore => item = self.captured()?,
            }
        }
        if byte.is_ascii_whitespace() {
            return Ok(item);
        }
        match (self.expects, byte) {
            (Expects::Comma, b',') => self.separate()?,
            (Expects::Comma | Expects::Key, b'}') | (Expects::Comma, b']') => self.close(byte)?,
            (Expects::Value, b']') if self.frames.last().is_some_and(|frame| frame.index == 0) => {
                self.close(byte)?;
            }
            (Expects::Key, b'"') => self.capture = Some(Capture::new(Captured::Key, byte)),
            (Expects::Colon, b':') => self.expects = Expects::Value,
            (Expects::Value, _) => self.value(byte)?,
            _ => return Err(malformed()),
        }
        Ok(item)
    }

    /// The end of the file.
    pub(super) fn finish(&mut self) -> Result<(), String> {
        match (self.done, self.frames.is_empty() && self.capture.is_none()) {
            (true, _) => Ok(()),
            (false, true) if self.expects == Expects::Comma => Err(NOT_ITERABLE.to_owned()),
            (false, _) => Err(malformed()),
        }
    }

    fn value(&mut self, byte: u8) -> Result<(), String> {
        let depth = self.frames.len();
        let (wanted, on_way) = match self.frames.last() {
            Some(frame) if frame.items => (true, false),
            Some(frame) => {
                let step = self.pointer.get(depth - 1).map(String::as_str);
                let here = frame.index.to_string();
                let at = if frame.object { &*frame.key } else { &*here };
                (false, step == Some(at))
            }
            None => (false, true),
        };
        let container = matches!(byte, b'[' | b'{');
        if wanted {
            self.capture = Some(Capture::new(Captured::Item, byte));
        } else if on_way && container {
            self.frames.push(Frame {
                object: byte == b'{',
                index: 0,
                key: String::new(),
                items: depth == self.pointer.len(),
            });
            self.expects = if byte == b'{' {
                Expects::Key
            } else {
                Expects::Value
            };
            return Ok(());
        } else if on_way {
            return Err(NOT_ITERABLE.to_owned());
        } else {
            self.capture = Some(Capture::new(Captured::Nothing, byte));
        }
        self.expects = Expects::Comma;
        Ok(())
    }

    fn captured(&mut self) -> Result<Option<Item>, String> {
        let Some(capture) = self.capture.take() else {
            return Ok(None);
        };
        let parse = |error: serde_json::Error| format!("the file is not JSON: {error}");
        let frame = self.frames.last_mut();
        match capture.what {
            Captured::Nothing => Ok(None),
            Captured::Key => {
                if let Some(frame) = frame {
                    frame.key = serde_json::from_slice(&capture.bytes).map_err(parse)?;
                }
                self.expects = Expects::Colon;
                Ok(None)
            }
            Captured::Item => Ok(Some(Item {
                key: frame
                    .filter(|frame| frame.object)
                    .map(|frame| frame.key.clone()),
                value: serde_json::from_slice(&capture.bytes).map_err(parse)?,
            })),
        }
    }

    fn separate(&mut self) -> Result<(), String> {
        let frame = self.frames.last_mut().ok_or_else(malformed)?;
        frame.index += 1;
        self.expects = if frame.object {
            Expects::Key
        } else {
            Expects::Value
        };
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<(), String> {
        let frame = self.frames.pop().ok_or_else(malformed)?;
        if frame.object != (byte == b'}') {
            return Err(malformed());
        }
        // What comes after the items does not matter.
        self.done = frame.items;
        self.expects = Expects::Comma;
        Ok(())
    }
}

enum Taken {
    Goes,
    Ended,
    EndedBefore,
}

impl Capture {
    fn new(what: Captured, first: u8) -> Self {
        let mut capture = Self {
            what,
            bytes: Vec::new(),
            nesting: 0,
            text: false,
            escaped: false,
        };
        capture.take(first);
        capture
    }

    fn take(&mut self, byte: u8) -> Taken {
        let begun = !self.bytes.is_empty() || self.nesting > 0 || self.text;
        let taken = if self.text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.text = false,
                _ => {}
            }
            if self.text || self.nesting > 0 {
                Taken::Goes
            } else {
                Taken::Ended
            }
        } else {
            match byte {
                b'"' => {
                    self.text = true;
                    Taken::Goes
                }
                b'[' | b'{' => {
                    self.nesting += 1;
                    Taken::Goes
                }
                b']' | b'}' if self.nesting > 0 => {
                    self.nesting -= 1;
                    if self.nesting > 0 {
                        Taken::Goes
                    } else {
                        Taken::Ended
                    }
                }
                b',' | b']' | b'}' if begun && self.nesting == 0 => return Taken::EndedBefore,
                byte if byte.is_ascii_whitespace() && begun && self.nesting == 0 => {
                    return Taken::EndedBefore;
                }
                _ => Taken::Goes,
            }
        };
        // Of what is left out only its first byte is kept, which tells that it has begun.
        if self.what != Captured::Nothing || self.bytes.is_empty() {
            self.bytes.push(byte);
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn elements(text: &str, pointer: Option<&str>) -> Result<Vec<Value>, String> {
        let mut elements = Elements::new(pointer);
        let mut found = Vec::new();
        for byte in text.bytes() {
            if let Some(item) = elements.push(byte)? {
                found.push(match item.key {
                    Some(key) => json!([key, item.value]),
                    None => item.value,
                });
            }
        }
        elements.finish()?;
        Ok(found)
    }

    #[test]
    fn elements_are_found_where_the_pointer_leads() {
        let nested = r#"{"x":[{"y":[9]}],"t":"]}\"","in":{"list":[1,"a,b",[2,[3]],{"k":"}"},null, true ,-1.5e3]}}"#;
        for (text, pointer, expected) in [
            ("[]", None, json!([])),
            (" [ 1 , 2 ] ", None, json!([1, 2])),
            ("{}", None, json!([])),
            (r#"{"a":1,"b":[2]}"#, None, json!([["a", 1], ["b", [2]]])),
            (
                nested,
                Some("/in/list"),
                json!([1, "a,b", [2, [3]], {"k":"}"}, null, true, -1500.0]),
            ),
            (nested, Some("/x/0/y"), json!([9])),
            (nested, Some("/x"), json!([{"y":[9]}])),
            (r#"{"a/b":[1]}"#, Some("/a~1b"), json!([1])),
            ("[[1],[2,3]]", Some("/1"), json!([2, 3])),
        ] {
            assert_eq!(
                elements(text, pointer).map(Value::from),
                Ok(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for (text, pointer, expected) in [
            ("5", None, NOT_ITERABLE),
            ("\"text\"", None, NOT_ITERABLE),
            (r#"{"a":1}"#, Some("/a"), NOT_ITERABLE),
            (r#"{"a":1}"#, Some("/b"), NOT_ITERABLE),
            ("[1,2", None, "the file is not JSON"),
            ("[1 2]", None, "the file is not JSON"),
            ("[1,}", None, "the file is not JSON"),
            ("{1}", None, "the file is not JSON"),
            ("", None, "the file is not JSON"),
        ] {
            assert_eq!(elements(text, pointer), Err(expected.to_owned()), "{text}");
        }
    }
}
