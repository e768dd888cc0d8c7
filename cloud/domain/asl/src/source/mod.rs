//! The text of a definition: read without losing anything, and edited by as little as possible.
//!
//! A [`Source`] knows where every value of the text is, both ways between JSON Pointers and byte offsets. Reading goes on after an
//! error, so that all of them are reported at once. Edits are ranges with new text; what they don't cover stays byte for byte.

pub(crate) mod changes;
mod edit;
mod flow_edit;
mod flow_style;
mod json_layout;
mod json_lexer;
mod json_literal;
mod json_parser;
mod lines;
mod replace;
mod tree;
mod yaml_comments;
mod yaml_edit;
mod yaml_parser;
mod yaml_render;
mod yaml_scalar;

pub use edit::{EditError, TextEdit, apply};
pub(crate) use replace::difference;

use crate::diagnostic::{Code, Diagnostic, Span};
use lines::Lines;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tree::Tree;

/// How a definition is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// YAML 1.2.
    Yaml,
}

/// Text beyond this many bytes is not read at all.
pub const MAX_READ_BYTES: usize = 8 << 20;

/// Values may be nested this deep.
pub const MAX_DEPTH: usize = 100;

/// As many problems of form are reported; after a serious slip the rest is noise.
const MAX_SYNTAX_ERRORS: usize = 50;

/// A definition's text and where its values are.
#[derive(Clone, Debug)]
pub struct Source {
    text: String,
    format: Format,
    lines: Lines,
    tree: Tree,
    diagnostics: Vec<Diagnostic>,
}

/// What a parser finds: positions are bytes.
#[derive(Debug, Default)]
struct Found {
    tree: Tree,
    problems: Vec<Problem>,
}

/// Something wrong with the form of the text.
#[derive(Debug)]
struct Problem {
    code: Code,
    start: usize,
    end: usize,
    message: String,
    help: Option<&'static str>,
    /// The value that it is about, if it is about one.
    node: Option<u32>,
}

/// Reads a value, with whatever is wrong with the form of the text. What could be understood is given even then.
pub fn read_value(text: &str, format: Format) -> (Option<Value>, Vec<Diagnostic>) {
    let source = Source::new(text, format);
    (source.value(), source.diagnostics)
}

/// The text laid out anew with two spaces, or nothing if something is wrong with its form. Strings and numbers stay as they are
/// written; YAML keeps its comments and blank lines, but anchors are written out.
pub fn format(text: &str, format: Format) -> Option<String> {
    let source = Source::new(text, format);
    // Of what is there twice, one would be lost.
    if !source.diagnostics.is_empty() {
        return None;
    }
    let value = source.value()?;
    let formatted = match format {
        Format::Json => json_layout::format(&source),
        Format::Yaml => yaml_comments::format(&source),
    };
    // Should what was laid out say anything else, it is written from its value.
    let right = |text: &String| read_value(text, format) == (Some(value.clone()), Vec::new());
    Some(
        formatted
            .filter(right)
            .unwrap_or_else(|| write_value(&value, format)),
    )
}

/// A value as a text with two spaces of indentation.
pub fn write_value(value: &Value, format: Format) -> String {
    let mut text = match format {
        Format::Json => flow_style::Style::default().render(value, ""),
        Format::Yaml => yaml_render::Layout::default().block(value, 0),
    };
    text.push('\n');
    text
}

/// A field that was there already. Of two states with one name, one would be lost, so that is an error.
fn duplicate(tree: &Tree, parent: u32, name: &str, start: usize, end: usize) -> Problem {
    let is_state = tree
        .node(parent)
        .and_then(|node| node.key.as_ref())
        .is_some_and(|key| key.name == "States");
    Problem {
        code: match is_state {
            true => Code::DuplicateStateName,
            false => Code::DuplicateField,
        },
        start,
        end,
        message: match is_state {
            true => format!("the state `{name}` is there twice"),
            false => format!("the field `{name}` is there twice; the last one counts"),
        },
        help: Some("rename or remove one of them"),
        node: None,
    }
}

fn too_deep(start: usize, end: usize) -> Problem {
    Problem {
        code: Code::TooDeeplyNested,
        start,
        end,
        message: format!("values are nested more than {MAX_DEPTH} levels deep"),
        help: None,
        node: None,
    }
}

impl Source {
    /// Reads a text. It never fails; see [`Source::diagnostics`].
    pub fn new(text: impl Into<String>, format: Format) -> Self {
        let text = text.into();
        let mut found = if text.len() > MAX_READ_BYTES {
            Found {
                tree: Tree::default(),
                problems: vec![Problem {
                    code: Code::DefinitionTooLarge,
                    start: 0,
                    end: 0,
                    message: format!(
                        "the definition is {} MiB long, more than the {} MiB that can be opened",
                        text.len() >> 20,
                        MAX_READ_BYTES >> 20
                    ),
                    help: Some(
                        "a definition can have 1 MiB; keep data in a file that the workflow reads",
                    ),
                    node: None,
                }],
            }
        } else {
            match format {
                Format::Json => json_parser::parse(&text),
                Format::Yaml => yaml_parser::parse(&text),
            }
        };
        found.tree.index();
        let mut source = Self {
            lines: Lines::new(&text),
            text,
            format,
            tree: found.tree,
            diagnostics: Vec::new(),
        };
        source.diagnostics = source.report(found.problems);
        source
    }

    /// The text, byte for byte.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How it is written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What is wrong with its form, in the order of the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether its form has errors, so that it cannot be edited but by hand. A name that is there twice is none.
    pub fn is_broken(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|found| found.is_error() && found.code != Code::DuplicateStateName)
    }

    /// Whether reading ended at an error, so that what comes after it is not known. JSON is read on after most errors, YAML is not.
    pub fn is_cut_short(&self) -> bool {
        self.is_broken()
            && (self.format == Format::Yaml || self.diagnostics.len() >= MAX_SYNTAX_ERRORS)
    }

    /// What it says, as far as it can be understood. None when there is nothing.
    pub fn value(&self) -> Option<Value> {
        self.tree.value()
    }

    /// Where the value at a pointer is; for the value of a duplicate field, the last.
    pub fn span(&self, pointer: &str) -> Option<Span> {
        let node = self.tree.node(self.tree.find(pointer)?)?;
        Some(self.lines.span(&self.text, node.start, node.end))
    }

    /// Where the name of the field at a pointer is.
    pub fn key_span(&self, pointer: &str) -> Option<Span> {
        let node = self.tree.node(self.tree.find(pointer)?)?;
        let key = node.key.as_ref()?;
        Some(self.lines.span(&self.text, key.start, key.end))
    }

    /// How many fields or items come before the one at a pointer.
    pub(crate) fn position(&self, pointer: &str) -> Option<usize> {
        let id = self.tree.find(pointer)?;
        let parent = self.tree.node(self.tree.node(id)?.parent?)?;
        parent.children.iter().position(|child| *child == id)
    }

    /// The innermost value around a byte offset: its name belongs to it too. Empty for the whole definition.
    pub fn pointer_at(&self, offset: usize) -> String {
        self.tree.pointer_at(offset)
    }

    /// Gives a place in the text to what has none: that of its value, or of the nearest one around it.
    pub fn locate(&self, diagnostics: &mut [Diagnostic]) {
        for diagnostic in diagnostics.iter_mut().filter(|found| found.span.is_none()) {
            let mut pointer = diagnostic.pointer.as_str();
            loop {
                // A finding about an object is shown at its name, not over all of its lines.
                let place = self
                    .tree
                    .find(pointer)
                    .filter(|id| self.tree.is_container(*id))
                    .and_then(|_| self.key_span(pointer))
                    .or_else(|| self.span(pointer));
                if place.is_some() || pointer.is_empty() {
                    diagnostic.span = place.or(diagnostic.span);
                    break;
                }
                pointer = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
            }
            if diagnostic.pointer.is_empty() || diagnostic.unlocated {
                diagnostic.span = Some(self.lines.span(&self.text, 0, 0));
            }
        }
    }

    fn report(&self, mut problems: Vec<Problem>) -> Vec<Diagnostic> {
        problems.sort_by_key(|problem| problem.start);
        problems
            .into_iter()
            .take(MAX_SYNTAX_ERRORS)
            .map(|problem| {
                let pointer = match problem.node {
                    Some(node) => self.tree.pointer(node),
                    None => self.tree.pointer_at(problem.start),
                };
                let found = match problem.code {
                    Code::DuplicateField => {
                        Diagnostic::warning(problem.code, pointer, problem.message)
                    }
                    _ => Diagnostic::error(problem.code, pointer, problem.message),
                };
                let found = found.at(self.lines.span(&self.text, problem.start, problem.end));
                match problem.help {
                    Some(help) => found.help(help),
                    None => found,
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod comment_tests;
#[cfg(test)]
mod edit_tests;
#[cfg(test)]
mod random_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod yaml_tests;
