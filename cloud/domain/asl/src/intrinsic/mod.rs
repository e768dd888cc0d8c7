//! Intrinsic functions of JSONPath states: `States.Format('Hello {}', $.name)`.

mod array;
mod hash;
mod number;
mod parse;
mod text;

pub use hash::digest;
pub use parse::IntrinsicSyntaxError;
pub(crate) use text::unescape;

use crate::path::{Path, Root, Scope};
use crate::random::Randomness;
use serde_json::Value;
use std::borrow::Cow;

/// A parsed call.
#[derive(Clone, Debug, PartialEq)]
pub struct Intrinsic {
    text: Box<str>,
    call: Call,
}

/// A function with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) function: Function,
    pub(crate) arguments: Vec<Argument>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    /// Text in quotes as written between these, escapes and all.
    Quoted(Box<str>),
    Literal(Value),
    Path(Path),
    Call(Call),
}

/// The functions there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Format,
    StringToJson,
    JsonToString,
    Array,
    ArrayPartition,
    ArrayContains,
    ArrayRange,
    ArrayGetItem,
    ArrayLength,
    ArrayUnique,
    Base64Encode,
    Base64Decode,
    Hash,
    JsonMerge,
    MathRandom,
    MathAdd,
    StringSplit,
    Uuid,
}

/// Why a call gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntrinsicError {
    /// A path names nothing.
    #[error(
        "The function '{call}' had the following error: The JsonPath argument for the field '{path}' could not be found in the input '{input}'"
    )]
    NotFound {
        /// The whole call as written.
        call: String,
        /// The path, one into the context object as if it were one into the input.
        path: String,
        /// The data that was searched, as JSON.
        input: String,
    },
    /// The function refuses its arguments: `States.IntrinsicFailure`.
    #[error("The function '{call}' had the following error: {message}")]
    Failed {
        /// The whole call as written.
        call: String,
        /// What AWS says about it.
        message: String,
    },
}

impl Intrinsic {
    /// Whether a text is meant as a call.
    pub fn is_call(text: &str) -> bool {
        text.starts_with("States.")
    }

    /// Reads a call; the message tells what is wrong.
    pub fn parse(text: &str) -> Result<Self, IntrinsicSyntaxError> {
        parse::parse(text)
    }

    /// The call as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn call(&self) -> &Call {
        &self.call
    }

    /// Every path among the arguments, at any depth.
    pub fn paths(&self) -> Vec<&Path> {
        let mut paths = Vec::new();
        self.call.collect_paths(&mut paths);
        paths
    }

    /// Calls the function.
    pub fn evaluate(
        &self,
        scope: &Scope<'_>,
        random: &mut dyn Randomness,
    ) -> Result<Value, IntrinsicError> {
        self.call.evaluate(&self.text, scope, random)
    }
}

impl Call {
    fn collect_paths<'a>(&'a self, into: &mut Vec<&'a Path>) {
        for argument in &self.arguments {
            match argument {
                Argument::Path(path) => into.push(path),
                Argument::Call(call) => call.collect_paths(into),
                Argument::Quoted(_) | Argument::Literal(_) => {}
            }
        }
    }

    /// `whole` is the outermost call, which errors name.
    fn evaluate(
        &self,
        whole: &str,
        scope: &Scope<'_>,
        random: &mut dyn Randomness,
    ) -> Result<Value, IntrinsicError> {
        // Few functions take more arguments than have room here.
        let mut few = [const { Cow::Borrowed(&Value::Null) }; 3];
        let mut many = Vec::new();
        let values = match few.get_mut(..self.arguments.len()) {
            Some(few) => few,
            None => {
                many.resize(self.arguments.len(), Cow::Borrowed(&Value::Null));
                many.as_mut_slice()
            }
        };
        for (index, (argument, value)) in self.arguments.iter().zip(&mut *values).enumerate() {
            *value = match argument {
                // A format keeps its escapes: `\{` is no place for an argument.
                Argument::Quoted(raw) if index == 0 && self.function == Function::Format => {
                    Cow::Owned(Value::String(raw.to_string()))
                }
                Argument::Quoted(raw) => Cow::Owned(Value::String(text::unescape(raw))),
                Argument::Literal(value) => Cow::Borrowed(value),
                Argument::Path(path) => {
                    path.evaluate(scope).map_err(|_| IntrinsicError::NotFound {
                        call: whole.to_owned(),
                        path: match path.root() {
                            Root::Context => path.text().replacen("$$", "$", 1),
                            _ => path.text().to_owned(),
                        },
                        input: scope.input.to_string(),
                    })?
                }
                Argument::Call(call) => Cow::Owned(call.evaluate(whole, scope, random)?),
            };
        }
        self.apply(values, random)
            .map_err(|message| IntrinsicError::Failed {
                call: whole.to_owned(),
                message,
            })
    }

    fn apply(
        &self,
        values: &[Cow<'_, Value>],
        random: &mut dyn Randomness,
    ) -> Result<Value, String> {
        let value = |index: usize| values.get(index).map_or(&Value::Null, |value| &**value);
        match self.function {
            Function::Format => text::format(value(0), values.get(1..).unwrap_or_default()),
            Function::StringToJson => text::string_to_json(value(0)),
            Function::JsonToString => Ok(Value::String(value(0).to_string())),
            Function::StringSplit => text::string_split(value(0), value(1)),
            Function::Base64Encode => text::base64_encode(value(0)),
            Function::Base64Decode => text::base64_decode(value(0)),
            Function::Hash => hash::hash(value(0), value(1)),
            Function::Array => Ok(values.iter().map(|value| value.as_ref().clone()).collect()),
            Function::ArrayPartition => array::partition(value(0), value(1)),
            Function::ArrayContains => array::contains(value(0), value(1)),
            Function::ArrayRange => array::range(value(0), value(1), value(2)),
            Function::ArrayGetItem => array::item(value(0), value(1)),
            Function::ArrayLength => array::length(value(0)),
            Function::ArrayUnique => array::unique(value(0)),
            Function::JsonMerge => text::json_merge(value(0), value(1), value(2)),
            Function::MathAdd => number::add(value(0), value(1)),
            Function::MathRandom => number::random(value(0), value(1), values.get(2), random),
            Function::Uuid => Ok(Value::String(random.uuid())),
        }
    }
}

impl Function {
    /// The name after `States.`, and how few and how many arguments it takes.
    const TABLE: [(&'static str, Function, usize, usize); 18] = [
        ("Format", Function::Format, 1, usize::MAX),
        ("StringToJson", Function::StringToJson, 1, 1),
        ("JsonToString", Function::JsonToString, 1, 1),
        ("Array", Function::Array, 0, usize::MAX),
        ("ArrayPartition", Function::ArrayPartition, 2, 2),
        ("ArrayContains", Function::ArrayContains, 2, 2),
        ("ArrayRange", Function::ArrayRange, 3, 3),
        ("ArrayGetItem", Function::ArrayGetItem, 2, 2),
        ("ArrayLength", Function::ArrayLength, 1, 1),
        ("ArrayUnique", Function::ArrayUnique, 1, 1),
        ("Base64Encode", Function::Base64Encode, 1, 1),
        ("Base64Decode", Function::Base64Decode, 1, 1),
        ("Hash", Function::Hash, 2, 2),
        ("JsonMerge", Function::JsonMerge, 3, 3),
        ("MathRandom", Function::MathRandom, 2, 3),
        ("MathAdd", Function::MathAdd, 2, 2),
        ("StringSplit", Function::StringSplit, 2, 2),
        ("UUID", Function::Uuid, 0, 0),
    ];

    /// The name after `States.`.
    pub(crate) fn name(self) -> &'static str {
        Self::TABLE
            .iter()
            .find(|(_, known, ..)| *known == self)
            .map_or("", |(name, ..)| name)
    }

    pub(crate) fn find(name: &str) -> Option<(Function, usize, usize)> {
        Self::TABLE
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, function, least, most)| (*function, *least, *most))
    }
}

#[cfg(test)]
mod tests;
