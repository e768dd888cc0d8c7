//! Text to [`Intrinsic`].

use super::{Argument, Call, Function, Intrinsic};
use crate::cursor::Cursor;
use crate::path::Path;

/// Calls within calls that AWS takes.
const MAX_DEPTH: u32 = 10;

/// Why a text is no call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{call}` is not a call of an intrinsic function: {reason}")]
pub struct IntrinsicSyntaxError {
    /// The text.
    pub call: String,
    /// What is wrong with it.
    pub reason: String,
}

pub(super) fn parse(text: &str) -> Result<Intrinsic, IntrinsicSyntaxError> {
    let mut cursor = Cursor::new(text);
    let call = parse_call(&mut cursor, 0).and_then(|call| {
        cursor.skip_space();
        if cursor.is_done() {
            Ok(call)
        } else {
            Err(format!("unexpected `{}`", cursor.rest()))
        }
    });
    match call {
        Ok(call) => Ok(Intrinsic {
            text: text.into(),
            call,
        }),
        Err(reason) => Err(IntrinsicSyntaxError {
            call: text.to_owned(),
            reason,
        }),
    }
}

fn parse_call(cursor: &mut Cursor<'_>, depth: u32) -> Result<Call, String> {
    if depth >= MAX_DEPTH {
        return Err(format!("more than {MAX_DEPTH} calls within each other"));
    }
    if !cursor.eat("States.") {
        return Err("a name must begin with `States.`".to_owned());
    }
    let name = cursor.take_while(|c| c.is_ascii_alphanumeric());
    let (function, least, most) =
        Function::find(name).ok_or_else(|| format!("there is no function `States.{name}`"))?;
    cursor.skip_space();
    if !cursor.eat("(") {
        return Err(format!("`(` is missing after `States.{name}`"));
    }
    let arguments = parse_arguments(cursor, depth)?;
    if arguments.len() < least || arguments.len() > most {
        return Err(format!(
            "`States.{name}` does not take {} arguments",
            arguments.len()
        ));
    }
    Ok(Call {
        function,
        arguments,
    })
}

fn parse_arguments(cursor: &mut Cursor<'_>, depth: u32) -> Result<Vec<Argument>, String> {
    let mut arguments = Vec::new();
    cursor.skip_space();
    if cursor.eat(")") {
        return Ok(arguments);
    }
    loop {
        cursor.skip_space();
        arguments.push(parse_argument(cursor, depth)?);
        cursor.skip_space();
        if cursor.eat(")") {
            return Ok(arguments);
        }
        if !cursor.eat(",") {
            return Err(format!("`,` or `)` is missing before `{}`", cursor.rest()));
        }
    }
}

fn parse_argument(cursor: &mut Cursor<'_>, depth: u32) -> Result<Argument, String> {
    match cursor.peek() {
        Some('\'') => parse_quoted(cursor),
        Some('$') => {
            let text = take_path(cursor);
            Path::parse(text)
                .map(Argument::Path)
                .map_err(|error| error.to_string())
        }
        Some('S') => parse_call(cursor, depth + 1).map(Argument::Call),
        _ => {
            let word =
                cursor.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
            serde_json::from_str(word)
                .map(Argument::Literal)
                .map_err(|_| format!("`{}{}` is not an argument", word, cursor.rest()))
        }
    }
}

fn parse_quoted(cursor: &mut Cursor<'_>) -> Result<Argument, String> {
    cursor.eat("'");
    let start = cursor.clone();
    loop {
        let before = cursor.clone();
        match cursor.bump() {
            None => return Err("a closing `'` is missing".to_owned()),
            Some('\'') => return Ok(Argument::Quoted(before.since(&start).into())),
            Some('\\') => match cursor.bump() {
                Some('\'' | '{' | '}' | '\\') => {}
                _ => return Err("`\\` must come before `'`, `{`, `}` or `\\`".to_owned()),
            },
            Some(_) => {}
        }
    }
}

/// A path ends at a comma or parenthesis that is not within brackets.
fn take_path<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    let start = cursor.clone();
    let mut brackets = 0_u32;
    let mut parentheses = 0_u32;
    let mut quote = None;
    while let Some(c) = cursor.peek() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') if brackets > 0 => quote = Some(c),
            (None, '[') => brackets += 1,
            (None, ']') => brackets = brackets.saturating_sub(1),
            (None, '(') => parentheses += 1,
            (None, ')') if parentheses == 0 && brackets == 0 => break,
            (None, ')') => parentheses = parentheses.saturating_sub(1),
            (None, ',') if brackets == 0 => break,
            _ => {}
        }
        cursor.bump();
    }
    cursor.since(&start).trim_end()
}
