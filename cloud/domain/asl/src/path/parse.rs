//! Text to [`Path`].

use super::{Function, Path, Root, Step, filter};
use crate::cursor::Cursor;

/// Steps that a path may have.
const MAX_STEPS: usize = 256;

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` is not a path: {reason}")]
pub struct PathSyntaxError {
    /// The text.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}

pub(super) fn parse(text: &str) -> Result<Path, PathSyntaxError> {
    parse_path(text).map_err(|reason| PathSyntaxError {
        path: text.to_owned(),
        reason,
    })
}

fn parse_path(text: &str) -> Result<Path, String> {
    let mut cursor = Cursor::new(text);
    if !cursor.eat("$") {
        return Err("it must begin with `$`".to_owned());
    }
    let root = if cursor.eat("$") {
        Root::Context
    } else {
        let name = cursor.take_while(is_variable_character);
        match name.chars().next() {
            None => Root::Input,
            Some(c) if c.is_numeric() => {
                return Err("a variable's name must not begin with a digit".to_owned());
            }
            Some(_) => Root::Variable(name.into()),
        }
    };
    let (steps, function) = parse_steps(&mut cursor, 0)?;
    if !cursor.is_done() {
        return Err(format!("unexpected `{}`", cursor.rest()));
    }
    let definite = steps.iter().all(Step::is_definite);
    Ok(Path {
        text: text.into(),
        root,
        steps,
        function,
        definite,
    })
}

/// Reads steps until something else comes.
pub(super) fn parse_steps(
    cursor: &mut Cursor<'_>,
    depth: u32,
) -> Result<(Vec<Step>, Option<Function>), String> {
    let mut steps = Vec::new();
    loop {
        if steps.len() > MAX_STEPS {
            return Err("it has too many steps".to_owned());
        }
        if cursor.eat("..") {
            steps.push(Step::Descend);
            match cursor.peek() {
                Some('[') => {}
                Some(_) => match parse_child(cursor)? {
                    Child::Step(step) => steps.push(step),
                    Child::Function(function) => return Ok((steps, Some(function))),
                },
                None => return Err("it must not end with `..`".to_owned()),
            }
        } else if cursor.eat(".") {
            if cursor.peek() == Some('[') {
                continue;
            }
            match parse_child(cursor)? {
                Child::Step(step) => steps.push(step),
                Child::Function(function) => return Ok((steps, Some(function))),
            }
        } else if cursor.eat("[") {
            steps.push(parse_bracket(cursor, depth)?);
        } else {
            return Ok((steps, None));
        }
    }
}

enum Child {
    Step(Step),
    Function(Function),
}

fn parse_child(cursor: &mut Cursor<'_>) -> Result<Child, String> {
    if cursor.eat("*") {
        return Ok(Child::Step(Step::Wildcard));
    }
    let name = cursor.take_while(is_name_character);
    if name.is_empty() {
        return Err("a name is missing after `.`".to_owned());
    }
    if cursor.eat("()") {
        return function(name)
            .map(Child::Function)
            .ok_or_else(|| format!("there is no function `{name}`"));
    }
    Ok(Child::Step(Step::Names(vec![name.to_owned()])))
}

fn function(name: &str) -> Option<Function> {
    Some(match name {
        "length" | "size" => Function::Length,
        "min" => Function::Min,
        "max" => Function::Max,
        "sum" => Function::Sum,
        "avg" => Function::Average,
        "stddev" => Function::Deviation,
        "keys" => Function::Keys,
        "first" => Function::First,
        "last" => Function::Last,
        "concat" => Function::Concat,
        _ => return None,
    })
}

fn parse_bracket(cursor: &mut Cursor<'_>, depth: u32) -> Result<Step, String> {
    cursor.skip_space();
    let step = match cursor.peek() {
        Some('*') => {
            cursor.bump();
            Step::Wildcard
        }
        Some('?') => {
            cursor.bump();
            cursor.skip_space();
            Step::Filter(filter::parse(cursor, depth)?)
        }
        Some('\'' | '"') => {
            let mut names = vec![parse_quoted(cursor)?];
            cursor.skip_space();
            while cursor.eat(",") {
                cursor.skip_space();
                names.push(parse_quoted(cursor)?);
                cursor.skip_space();
            }
            Step::Names(names)
        }
        _ => parse_numbers(cursor)?,
    };
    cursor.skip_space();
    if cursor.eat("]") {
        Ok(step)
    } else {
        Err("`]` is missing".to_owned())
    }
}

fn parse_numbers(cursor: &mut Cursor<'_>) -> Result<Step, String> {
    let first = parse_integer(cursor)?;
    cursor.skip_space();
    if cursor.eat(":") {
        cursor.skip_space();
        let end = parse_integer(cursor)?;
        return Ok(Step::Slice(first, end));
    }
    let missing = || "an index, a name, `*` or a filter is missing in `[]`".to_owned();
    let mut indexes = vec![first.ok_or_else(missing)?];
    while cursor.eat(",") {
        cursor.skip_space();
        indexes.push(parse_integer(cursor)?.ok_or_else(missing)?);
        cursor.skip_space();
    }
    Ok(Step::Indexes(indexes))
}

fn parse_integer(cursor: &mut Cursor<'_>) -> Result<Option<i64>, String> {
    let text = cursor.take_while(|c| c.is_ascii_digit() || c == '-');
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| format!("`{text}` is not an index"))
}

/// A name in quotes. Only the quote itself can be escaped: a backslash before anything else stands for itself.
pub(super) fn parse_quoted(cursor: &mut Cursor<'_>) -> Result<String, String> {
    let Some(quote @ ('\'' | '"')) = cursor.bump() else {
        return Err("a name in quotes is missing".to_owned());
    };
    let mut name = String::new();
    loop {
        match cursor.bump() {
            None => return Err("a closing quote is missing".to_owned()),
            Some(c) if c == quote => return Ok(name),
            Some('\\') if cursor.peek() == Some(quote) => {
                cursor.bump();
                name.push(quote);
            }
            Some(c) => name.push(c),
        }
    }
}

fn is_variable_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_name_character(c: char) -> bool {
    !matches!(c, '.' | '[' | ']' | '(' | ')' | ' ' | ',' | '\'' | '"')
        && !matches!(c, '=' | '<' | '>' | '!' | '&' | '|' | '*')
}
