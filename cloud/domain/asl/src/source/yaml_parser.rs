//! YAML into a tree.

use super::tree::{Key, Kind, Node, Tree};
use super::yaml_scalar::resolve;
use super::{Found, MAX_DEPTH, Problem};
use crate::diagnostic::Code;
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// A mapping or sequence that is not closed yet.
struct Frame {
    node: u32,
    is_object: bool,
    key: Option<Key>,
    names: HashSet<String>,
}

struct Reader<'a> {
    text: &'a str,
    /// The byte of each character, if they differ.
    offsets: Option<Vec<usize>>,
    tree: Tree,
    stack: Vec<Frame>,
    anchors: HashMap<usize, u32>,
    problems: Vec<Problem>,
}

pub(super) fn parse(text: &str) -> Found {
    let offsets = (!text.is_ascii()).then(|| {
        let mut offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        offsets.push(text.len());
        offsets
    });
    let mut reader = Reader {
        text,
        offsets,
        tree: Tree::default(),
        stack: Vec::new(),
        anchors: HashMap::new(),
        problems: Vec::new(),
    };
    reader.run();
    while !reader.stack.is_empty() {
        reader.close(text.len());
    }
    if reader.tree.root.is_some() && reader.problems.is_empty() && reader.tree.value().is_none() {
        reader.problem(
            Code::TooDeeplyNested,
            0,
            0,
            "the aliases of this text grow beyond all bounds",
            Some("write the values out, or use fewer aliases"),
        );
    }
    Found {
        tree: reader.tree,
        problems: reader.problems,
    }
}

impl Reader<'_> {
    fn run(&mut self) {
        let mut documents = 0;
        for event in Parser::new_from_str(self.text) {
            let (event, span) = match event {
                Ok(found) => found,
                Err(error) => {
                    let at = self.byte(error.marker().index());
                    let message = format!("this is not YAML: {}", error.info().to_lowercase());
                    self.problem(Code::InvalidJsonDescription, at, at, &message, None);
                    return;
                }
            };
            let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
            match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        let message = "a definition is one document; what follows is not read";
                        self.problem(Code::InvalidJsonDescription, start, end, message, None);
                        return;
                    }
                }
                Event::MappingStart(anchor, _) if !self.open(true, anchor, start, end) => {
                    return;
                }
                Event::SequenceStart(anchor, _) if !self.open(false, anchor, start, end) => {
                    return;
                }
                Event::MappingEnd | Event::SequenceEnd => self.close(end),
                Event::Scalar(text, style, anchor, tag) => {
                    let is_text = tag
                        .as_ref()
                        .is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
                    self.scalar(&text, style, is_text, anchor, span);
                }
                Event::Alias(anchor) => self.alias(anchor, start, end),
                _ => {}
            }
        }
    }

    /// Whether there is room for it.
    fn open(&mut self, is_object: bool, anchor: usize, start: usize, end: usize) -> bool {
        if self.is_key() {
            self.problem(
                Code::InvalidJsonDescription,
                start,
                end,
                "the name of a field must be a text",
                None,
            );
            return false;
        }
        if self.stack.len() >= MAX_DEPTH {
            self.problems.push(super::too_deep(start, end));
            return false;
        }
        let kind = if is_object { Kind::Object } else { Kind::Array };
        let block = !self
            .text
            .get(start..)
            .is_some_and(|rest| rest.starts_with(['{', '[']));
        let node = self.push(kind, start, start, block);
        self.anchors.insert(anchor, node);
        self.stack.push(Frame {
            node,
            is_object,
            key: None,
            names: HashSet::new(),
        });
        true
    }

    fn close(&mut self, end: usize) {
        let Some(frame) = self.stack.pop() else {
            return;
        };
        let last = self.tree.children(frame.node).last().map(|child| child.end);
        if let Some(node) = self.tree.node_mut(frame.node) {
            // A block ends where its last value does, not where the next one starts.
            node.end = match node.block {
                true => last.unwrap_or(node.start),
                false => end,
            };
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, is_text: bool, anchor: usize, span: Span) {
        let (start, mut end) = (self.byte(span.start.index()), self.byte(span.end.index()));
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            // Its span reaches to the next token.
            let raw = self.text.get(start..end).unwrap_or_default();
            end = start + raw.trim_end().len();
        }
        if self.is_key() {
            self.name(text, start, end);
            return;
        }
        let key = self.stack.last().and_then(|frame| frame.key.as_ref());
        let empty = (start == end).then(|| key.map(|key| after_colon(self.text, key.end)));
        let (start, end) = match empty.flatten() {
            Some(at) => (at, at),
            None => (start, end),
        };
        let value = match style {
            ScalarStyle::Plain if !is_text => resolve(text),
            _ => Value::String(text.to_owned()),
        };
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let node = self.push(Kind::Scalar(value), start, end, block);
        self.anchors.insert(anchor, node);
    }

    fn name(&mut self, text: &str, start: usize, end: usize) {
        let Some(frame) = self.stack.last_mut() else {
            return;
        };
        let is_new = frame.names.insert(text.to_owned());
        frame.key = Some(Key {
            name: text.to_owned(),
            start,
            end,
        });
        let parent = frame.node;
        if !is_new {
            self.problems
                .push(super::duplicate(&self.tree, parent, text, start, end));
        }
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) {
        let Some(target) = self.anchors.get(&anchor).copied() else {
            self.problem(
                Code::InvalidJsonDescription,
                start,
                end,
                "this alias has no anchor",
                None,
            );
            return;
        };
        if self.is_key() {
            let name = match self.tree.node(target).map(|node| &node.kind) {
                Some(Kind::Scalar(Value::String(name))) => name.clone(),
                _ => String::new(),
            };
            self.name(&name, start, end);
            return;
        }
        if self.stack.iter().any(|frame| frame.node == target) {
            self.problem(
                Code::InvalidJsonDescription,
                start,
                end,
                "this alias is inside of what it stands for",
                None,
            );
            self.push(Kind::Scalar(Value::Null), start, end, false);
            return;
        }
        self.push(Kind::Alias(target), start, end, false);
    }

    /// Whether the next value is the name of a field.
    fn is_key(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|frame| frame.is_object && frame.key.is_none())
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize, block: bool) -> u32 {
        let (parent, key) = match self.stack.last_mut() {
            Some(frame) => (Some(frame.node), frame.key.take()),
            None => (None, None),
        };
        self.tree.push(Node {
            kind,
            start,
            end,
            key,
            parent,
            children: Vec::new(),
            block,
        })
    }

    fn byte(&self, character: usize) -> usize {
        match &self.offsets {
            Some(offsets) => offsets.get(character).copied().unwrap_or(self.text.len()),
            None => character.min(self.text.len()),
        }
    }

    fn problem(
        &mut self,
        code: Code,
        start: usize,
        end: usize,
        message: &str,
        help: Option<&'static str>,
    ) {
        self.problems.push(Problem {
            code,
            start,
            end,
            message: message.to_owned(),
            help,
            node: None,
        });
    }
}

/// The place of a value that isn't there: after the colon, or after the name if there is none.
fn after_colon(text: &str, key_end: usize) -> usize {
    let rest = text.get(key_end..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    match rest.get(blank..).is_some_and(|rest| rest.starts_with(':')) {
        true => key_end + blank + 1,
        false => key_end,
    }
}
