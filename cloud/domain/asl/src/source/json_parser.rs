//! JSON into a tree, without recursion, going on after errors.

use super::json_lexer::{Token, TokenKind, next};
use super::json_literal::{self, Slip};
use super::tree::{Key, Kind, Node, Tree};
use super::{Found, MAX_DEPTH, MAX_SYNTAX_ERRORS, Problem};
use crate::diagnostic::Code;
use serde_json::Value;
use std::collections::HashSet;

/// What may come next in an object or array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// Its first member, or its end.
    FirstOrEnd,
    /// A member, since there was a comma.
    Member,
    /// A colon after a name.
    Colon,
    /// A value after a colon.
    Value,
    /// A comma, or its end.
    CommaOrEnd,
}

/// An object or array that is not closed yet.
struct Frame {
    node: u32,
    is_object: bool,
    expect: Expect,
    /// The name whose value comes next.
    key: Option<Key>,
    names: HashSet<String>,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    tree: Tree,
    stack: Vec<Frame>,
    problems: Vec<Problem>,
    /// The end of the last token that was used, where a missing one belongs.
    last_end: usize,
    too_deep: bool,
}

pub(super) fn parse(text: &str) -> Found {
    let mut parser = Parser {
        text,
        at: 0,
        tree: Tree::default(),
        stack: Vec::new(),
        problems: Vec::new(),
        last_end: 0,
        too_deep: false,
    };
    parser.run();
    Found {
        tree: parser.tree,
        problems: parser.problems,
    }
}

impl Parser<'_> {
    fn run(&mut self) {
        let mut commented = false;
        loop {
            let token = next(self.text, self.at);
            self.at = token.end;
            match token.kind {
                TokenKind::End => break,
                TokenKind::Comment => {
                    if !commented {
                        self.problem(
                            token,
                            "JSON has no comments",
                            Some("write it into a `Comment` field"),
                        );
                        commented = true;
                    }
                    continue;
                }
                _ if self.stack.is_empty() => {
                    if self.tree.root.is_some() {
                        if !text_is_blank_closer(token) || self.problems.is_empty() {
                            self.problem(
                                token,
                                "there is more after the end of the definition",
                                None,
                            );
                        }
                        break;
                    }
                    self.value(token);
                }
                _ => self.inside(token),
            }
            self.last_end = token.end;
            if self.problems.len() >= MAX_SYNTAX_ERRORS {
                break;
            }
        }
        self.close_all();
    }

    fn inside(&mut self, token: Token) {
        let Some(frame) = self.stack.last() else {
            return;
        };
        let (expect, is_object) = (frame.expect, frame.is_object);
        match token.kind {
            TokenKind::CloseObject | TokenKind::CloseArray => self.close(token),
            TokenKind::Comma => {
                match expect {
                    Expect::CommaOrEnd => {}
                    Expect::FirstOrEnd | Expect::Member => {
                        self.problem(token, "expected a value before `,`", None);
                    }
                    Expect::Colon | Expect::Value => {
                        self.problem(token, "expected a value before `,`", None);
                        self.placeholder();
                    }
                }
                self.expect(Expect::Member);
            }
            TokenKind::Colon => match expect {
                Expect::Colon => self.expect(Expect::Value),
                _ => self.problem(token, "unexpected `:`", None),
            },
            _ => {
                if expect == Expect::CommaOrEnd {
                    self.missing("expected `,`");
                }
                match (is_object, expect) {
                    (true, Expect::FirstOrEnd | Expect::Member | Expect::CommaOrEnd) => {
                        self.name(token)
                    }
                    (true, Expect::Colon) => {
                        self.missing("expected `:`");
                        self.expect(Expect::Value);
                        self.value(token);
                    }
                    _ => self.value(token),
                }
            }
        }
    }

    fn name(&mut self, token: Token) {
        let name = match token.kind {
            TokenKind::Text | TokenKind::OpenText | TokenKind::SingleQuoted => self.string(token),
            TokenKind::Word => {
                self.problem(token, "names of fields are written in double quotes", None);
                self.slice(token).to_owned()
            }
            _ => {
                let message = format!("expected the name of a field, not `{}`", self.slice(token));
                self.problem(token, message, None);
                if matches!(token.kind, TokenKind::OpenObject | TokenKind::OpenArray) {
                    self.skip();
                    self.expect(Expect::CommaOrEnd);
                }
                return;
            }
        };
        let Some(frame) = self.stack.last_mut() else {
            return;
        };
        let is_new = frame.names.insert(name.clone());
        frame.expect = Expect::Colon;
        frame.key = Some(Key {
            name: name.clone(),
            start: token.start,
            end: token.end,
        });
        let parent = frame.node;
        if !is_new {
            self.problems.push(super::duplicate(
                &self.tree,
                parent,
                &name,
                token.start,
                token.end,
            ));
        }
    }

    fn value(&mut self, token: Token) {
        match token.kind {
            TokenKind::OpenObject => self.open(token, true),
            TokenKind::OpenArray => self.open(token, false),
            TokenKind::Text | TokenKind::OpenText | TokenKind::SingleQuoted => {
                let text = self.string(token);
                self.scalar(token, Value::String(text));
            }
            TokenKind::Word => {
                let value = self.word(token);
                self.scalar(token, value);
            }
            _ => {
                let message = format!("unexpected `{}`", self.slice(token));
                self.problem(token, message, None);
            }
        }
    }

    fn open(&mut self, token: Token, is_object: bool) {
        if self.stack.len() >= MAX_DEPTH {
            if !self.too_deep {
                self.too_deep = true;
                self.problems.push(super::too_deep(token.start, token.end));
            }
            self.skip();
            let end = self.at;
            self.scalar(Token { end, ..token }, Value::Null);
            return;
        }
        let kind = if is_object { Kind::Object } else { Kind::Array };
        let node = self.push(kind, token.start, token.end);
        self.stack.push(Frame {
            node,
            is_object,
            expect: Expect::FirstOrEnd,
            key: None,
            names: HashSet::new(),
        });
    }

    /// Goes past the object or array that was just opened, however deep it is.
    fn skip(&mut self) {
        let mut depth = 1_usize;
        while depth > 0 {
            let token = next(self.text, self.at);
            match token.kind {
                TokenKind::End => return,
                TokenKind::OpenObject | TokenKind::OpenArray => depth += 1,
                TokenKind::CloseObject | TokenKind::CloseArray => depth -= 1,
                _ => {}
            }
            self.at = token.end;
        }
    }

    fn close(&mut self, token: Token) {
        let is_object = token.kind == TokenKind::CloseObject;
        // A bracket of the other kind closes what it belongs to, if that is open further out.
        let Some(depth) = self
            .stack
            .iter()
            .rposition(|frame| frame.is_object == is_object)
        else {
            let message = format!("unexpected `{}`", self.slice(token));
            self.problem(token, message, None);
            return;
        };
        while self.stack.len() > depth + 1 {
            self.unclosed();
        }
        let Some(frame) = self.stack.last() else {
            return;
        };
        match frame.expect {
            Expect::Member => self.problem(token, "there is a `,` too many before this", None),
            Expect::Colon | Expect::Value => {
                self.missing("expected a value");
                self.placeholder();
            }
            _ => {}
        }
        self.finish(token.end);
    }

    /// Ends the innermost object or array, which has no end of its own.
    fn unclosed(&mut self) {
        let Some(frame) = self.stack.last() else {
            return;
        };
        let bracket = if frame.is_object { '{' } else { '[' };
        let start = self.tree.node(frame.node).map_or(0, |node| node.start);
        let pending = frame.key.is_some();
        self.problems.push(Problem {
            code: Code::InvalidJsonDescription,
            start,
            end: start + 1,
            message: format!("this `{bracket}` is never closed"),
            help: None,
            node: Some(frame.node),
        });
        if pending {
            self.placeholder();
        }
        self.finish(self.last_end);
    }

    fn close_all(&mut self) {
        while !self.stack.is_empty() {
            self.unclosed();
        }
    }

    fn finish(&mut self, end: usize) {
        if let Some(frame) = self.stack.pop()
            && let Some(node) = self.tree.node_mut(frame.node)
        {
            node.end = end;
        }
        self.expect(Expect::CommaOrEnd);
    }

    /// A null for a name without a value.
    fn placeholder(&mut self) {
        let end = self.last_end;
        self.push(Kind::Scalar(Value::Null), end, end);
    }

    fn scalar(&mut self, token: Token, value: Value) {
        self.push(Kind::Scalar(value), token.start, token.end);
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) -> u32 {
        let frame = self.stack.last_mut();
        let (parent, key) = match frame {
            Some(frame) => {
                frame.expect = Expect::CommaOrEnd;
                (Some(frame.node), frame.key.take())
            }
            None => (None, None),
        };
        self.tree.push(Node {
            kind,
            start,
            end,
            key,
            parent,
            children: Vec::new(),
            block: false,
        })
    }

    fn word(&mut self, token: Token) -> Value {
        let word = json_literal::word(self.slice(token));
        self.literal(token, word)
    }

    fn string(&mut self, token: Token) -> String {
        let text = json_literal::string(self.slice(token), token.kind);
        self.literal(token, text)
    }

    /// What a token stands for, or what it was probably meant to, which is reported.
    fn literal<T>(&mut self, token: Token, read: Result<T, Slip<T>>) -> T {
        read.unwrap_or_else(|slip| {
            self.problem(token, slip.message, slip.help);
            slip.meant
        })
    }

    fn expect(&mut self, expect: Expect) {
        if let Some(frame) = self.stack.last_mut() {
            frame.expect = expect;
        }
    }

    fn slice(&self, token: Token) -> &str {
        let text = self.text.get(token.start..token.end).unwrap_or_default();
        // A message doesn't repeat a page of text.
        match text.char_indices().nth(60) {
            Some((cut, _)) if token.kind == TokenKind::Stray => text.get(..cut).unwrap_or_default(),
            _ => text,
        }
    }

    fn missing(&mut self, message: &str) {
        let end = self.last_end;
        self.problem(
            Token {
                kind: TokenKind::Stray,
                start: end,
                end,
            },
            message,
            None,
        );
    }

    fn problem(&mut self, token: Token, message: impl Into<String>, help: Option<&'static str>) {
        self.problems.push(Problem {
            code: Code::InvalidJsonDescription,
            start: token.start,
            end: token.end,
            message: message.into(),
            help,
            node: None,
        });
    }
}

/// A closing bracket too many follows from an error that is reported already.
fn text_is_blank_closer(token: Token) -> bool {
    matches!(token.kind, TokenKind::CloseObject | TokenKind::CloseArray)
}
