//! Intrinsic functions to JSONata.

use super::Reason;
use super::expression::{Expr, Helper, Kind, Writer, literal, string};
use super::path::{self, Base};
use super::split;
use crate::intrinsic::{Argument, Call, Function, unescape};
use serde_json::Value;

/// Items that `States.ArrayRange` gives.
const MAX_RANGE: u32 = 1000;

/// The call's value; undefined or an error where the call fails.
pub(super) fn call(
    call: &Call,
    base: &Base,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    if call.function == Function::Format {
        return format(call, base, writer, at);
    }
    let mut arguments = Vec::with_capacity(call.arguments.len());
    for argument in &call.arguments {
        arguments.push(self::argument(argument, base, writer, at)?);
    }
    let literal_at = |index: usize| match call.arguments.get(index) {
        Some(Argument::Quoted(raw)) => Some(Value::String(unescape(raw))),
        Some(Argument::Literal(value)) => Some(value.clone()),
        _ => None,
    };
    let refuse = |why: &str| {
        Err(Reason::new(
            "INTRINSIC_ARGUMENT",
            at,
            format!("`States.{}`: {why}", call.function.name()),
        ))
    };
    match (call.function, arguments.as_slice()) {
        (Function::Format, _) => refuse("it has no arguments"),
        (Function::Uuid, _) => Ok(Expr::new("$uuid()", Kind::Text)),
        (Function::Array, items) => {
            let items: Vec<String> = items.iter().map(|item| item_of(item, writer)).collect();
            Ok(Expr::new(format!("[{}]", items.join(", ")), Kind::List))
        }
        (Function::StringToJson, [text]) => {
            let (bind, text) = once(text, writer);
            Ok(Expr::failing(
                format!("({bind}$trim({text}) = '' ? null : $parse({text}))"),
                Kind::Any,
            ))
        }
        (Function::JsonToString, [value]) => {
            if value.kind == Kind::Number || value.kind == Kind::Boolean {
                return Ok(Expr::failing(
                    format!("$string({})", value.text),
                    Kind::Text,
                ));
            }
            // Within an object, so that a text gets its quotes: `{"v":` before and `}` after are taken off.
            let whole = format!("$string({{ 'v': {} }})", writer.need(value));
            let text = writer.name("text");
            let text = format!("{text}_"); // `$text` may be the function of `States.Format`.
            Ok(Expr::new(
                format!("({text} := {whole}; $substring({text}, 5, $length({text}) - 6))"),
                Kind::Text,
            ))
        }
        (Function::StringSplit, [text, separators]) => {
            split::split(text, separators, literal_at(1), writer, at)
        }
        (Function::Base64Encode, [text]) => Ok(Expr::failing(
            format!("$base64encode({})", text.text),
            Kind::Text,
        )),
        (Function::Base64Decode, [text]) => Ok(Expr::failing(
            format!("$base64decode({})", text.text),
            Kind::Text,
        )),
        (Function::Hash, [data, algorithm]) => {
            let data = match data.kind {
                Kind::Text => data.text.clone(),
                _ => {
                    let (bind, value) = once(data, writer);
                    format!(
                        "({bind}$type({value}) = 'null' ? $error('there is nothing to hash') : $string({value}))"
                    )
                }
            };
            Ok(Expr::failing(
                format!("$hash({data}, {})", writer.need(algorithm)),
                Kind::Text,
            ))
        }
        (Function::ArrayPartition, [list, size]) => {
            let fits = literal_at(1).is_some_and(|size| size.as_u64().is_some_and(|size| size > 0));
            let size = whole(size, literal_at(1), writer);
            // Brackets, since there is nothing in the parts of an empty list.
            Ok(of_list(
                list,
                writer,
                |list| match fits {
                    true => format!("[$partition({list}, {size})]"),
                    false => format!("({size} > 0 ? [$partition({list}, {size})])"),
                },
                Kind::List,
            ))
        }
        (Function::ArrayContains, [list, item]) => {
            let (item, name) = (writer.need(item), writer.name("item"));
            let wanted = writer.name("value");
            Ok(of_list(
                list,
                writer,
                |list| {
                    format!(
                        "({wanted} := {item}; $count($filter({list}, function({name}) {{ {name} = {wanted} }})) > 0)"
                    )
                },
                Kind::Boolean,
            ))
        }
        (Function::ArrayRange, [first, last, step]) => {
            let [first, last, step] = [(first, 0), (last, 1), (step, 2)]
                .map(|(expr, index)| whole(expr, literal_at(index), writer));
            let list = writer.name("list");
            let fits =
                literal_at(2).is_some_and(|step| step.as_i64().is_some_and(|step| step != 0));
            let never = match fits {
                true => String::new(),
                false => format!("{step} != 0 and "),
            };
            // Brackets, since a range of one number is that number, and one of none is nothing.
            Ok(Expr::failing(
                format!(
                    "({list} := [$range({first}, {last}, {step})]; {never}$count({list}) <= {MAX_RANGE} ? {list})"
                ),
                Kind::List,
            ))
        }
        (Function::ArrayGetItem, [list, index]) => match literal_at(1) {
            Some(Value::Number(number)) if number.as_u64().is_some() => Ok(of_list(
                list,
                writer,
                |list| format!("{list}[{number}]"),
                Kind::Any,
            )),
            Some(_) => refuse("the index is not one of a list"),
            None => {
                let name = writer.name("index");
                let index = whole(index, None, writer);
                Ok(of_list(
                    list,
                    writer,
                    |list| format!("({name} := {index}; {name} >= 0 ? {list}[{name}])"),
                    Kind::Any,
                ))
            }
        },
        (Function::ArrayLength, [list]) => Ok(of_list(
            list,
            writer,
            |list| format!("$count({list})"),
            Kind::Number,
        )),
        (Function::ArrayUnique, [list]) => Ok(of_list(
            list,
            writer,
            |list| format!("$distinct({list})"),
            Kind::List,
        )),
        (Function::JsonMerge, [first, second, _]) => {
            if literal_at(2) != Some(Value::Bool(false)) {
                return refuse("AWS merges with `false` only, so anything else fails");
            }
            let (bind_first, first) = once_as(first, "value", writer);
            let (bind_second, second) = once_as(second, "item", writer);
            Ok(Expr::failing(
                format!(
                    "({bind_first}{bind_second}$type({first}) = 'object' and $type({second}) = 'object' ? $merge([{first}, {second}]))"
                ),
                Kind::Object,
            ))
        }
        (Function::MathAdd, [first, second]) => {
            let [first, second] = [(first, 0), (second, 1)]
                .map(|(expr, index)| whole(expr, literal_at(index), writer));
            Ok(Expr::failing(format!("({first} + {second})"), Kind::Number))
        }
        (Function::MathRandom, [from, to]) => {
            let [from, to] =
                [(from, 0), (to, 1)].map(|(expr, index)| whole(expr, literal_at(index), writer));
            Ok(Expr::failing(
                format!("({to} > {from} ? {from} + $floor($random() * ({to} - {from})))"),
                Kind::Number,
            ))
        }
        (Function::MathRandom, _) => refuse("the same seed gives other numbers in JSONata"),
        _ => refuse("it does not take so many arguments"),
    }
}

/// The value of an argument, undefined where it is missing.
fn argument(
    argument: &Argument,
    base: &Base,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    match argument {
        Argument::Quoted(raw) => Ok(Expr::new(string(&unescape(raw)), Kind::Text)),
        Argument::Literal(value) => Ok(Expr::new(
            literal(value, at)?,
            match value {
                Value::Number(_) => Kind::Number,
                Value::Bool(_) => Kind::Boolean,
                _ => Kind::Any,
            },
        )),
        Argument::Path(found) => path::path(found, base, writer, at),
        Argument::Call(inner) => call(inner, base, writer, at),
    }
}

fn format(call: &Call, base: &Base, writer: &mut Writer<'_>, at: &str) -> Result<Expr, Reason> {
    let fails = |why: &str| {
        Reason::new(
            "INTRINSIC_ARGUMENT",
            at,
            format!("`States.{}`: {why}", call.function.name()),
        )
    };
    let Some((template, arguments)) = call.arguments.split_first() else {
        return Err(fails("it has no template"));
    };
    let Argument::Quoted(template) = template else {
        let template = argument(template, base, writer, at)?;
        return format_by(&template, arguments, base, writer, at);
    };
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut arguments = arguments.iter();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            '{' if chars.peek() == Some(&'}') => {
                chars.next();
                let argument = arguments.next().ok_or_else(|| {
                    fails("there are more places than arguments, so it always fails")
                })?;
                if !text.is_empty() {
                    parts.push(string(&std::mem::take(&mut text)));
                }
                let value = self::argument(argument, base, writer, at)?;
                parts.push(written(&value, writer));
            }
            '{' | '}' => return Err(fails("a brace stands alone, so it always fails")),
            c => text.push(c),
        }
    }
    if arguments.next().is_some() {
        return Err(fails(
            "there are more arguments than places, so it always fails",
        ));
    }
    if !text.is_empty() || parts.is_empty() {
        parts.push(string(&text));
    }
    Ok(Expr::new(
        match parts.as_slice() {
            [one] => one.clone(),
            parts => format!("({})", parts.join(" & ")),
        },
        Kind::Text,
    ))
}

/// A value as `States.Format` writes it.
fn written(value: &Expr, writer: &mut Writer<'_>) -> String {
    match value.kind {
        Kind::Text => writer.need(value),
        Kind::Number | Kind::Boolean => format!("$string({})", writer.need(value)),
        _ => writer.call(Helper::Text, &value.text),
    }
}

/// `States.Format` with a template that is known only when it runs: taken apart there.
fn format_by(
    template: &Expr,
    arguments: &[Argument],
    base: &Base,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    let mut texts = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let value = self::argument(argument, base, writer, at)?;
        texts.push(written(&value, writer));
    }
    let template = writer.need(template);
    let [part, value, list, item] = ["part", "value", "list", "item"].map(|name| writer.name(name));
    let count = texts.len();
    let texts = texts.join(", ");
    Ok(Expr::failing(
        format!(
            "({part} := [{texts}]; {value} := $reduce($match({template}, /\\\\[\\s\\S]|\\{{\\}}|[^\\\\{{}}]+|[{{}}]/).match, function({list}, {item}) {{ \
             {item} = '{{}}' ? {{ 'at': {list}.at + 1, 'text': {list}.text & {part}[{list}.at] }} : \
             {item} in ['{{', '}}'] ? $error('a brace stands alone') : \
             {{ 'at': {list}.at, 'text': {list}.text & ($substring({item}, 0, 1) = '\\\\' ? $substring({item}, 1) : {item}) }} \
             }}, {{ 'at': 0, 'text': '' }}); {value}.at = {count} ? {value}.text)"
        ),
        Kind::Text,
    ))
}

/// An item of a list that is being made: a list within stays one.
pub(super) fn item_of(item: &Expr, writer: &mut Writer<'_>) -> String {
    match item.kind {
        Kind::Text | Kind::Number | Kind::Boolean | Kind::Object => writer.need(item),
        // Square brackets within square brackets are kept.
        Kind::List if item.text.starts_with('[') => item.text.clone(),
        Kind::Any | Kind::List => match item.text.as_str() {
            "null" => "null".to_owned(),
            text => writer.call(Helper::Box, text),
        },
    }
}

/// Something that is done to a list, and to nothing else.
fn of_list(
    list: &Expr,
    writer: &mut Writer<'_>,
    body: impl FnOnce(&str) -> String,
    kind: Kind,
) -> Expr {
    if list.kind == Kind::List && !list.fails {
        let name = writer.name("part");
        return Expr::failing(format!("({name} := {}; {})", list.text, body(&name)), kind);
    }
    let (bind, value) = once_as(list, "part", writer);
    let body = body(&value);
    Expr::failing(format!("({bind}$type({value}) = 'array' ? {body})"), kind)
}

/// A definition, if the text is long, and the short text to go on with.
fn once(expr: &Expr, writer: &Writer<'_>) -> (String, String) {
    once_as(expr, "value", writer)
}

fn once_as(expr: &Expr, name: &str, writer: &Writer<'_>) -> (String, String) {
    let is_short = expr.text.starts_with('$')
        && expr
            .text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '$' | '.' | '_' | '`'));
    if is_short {
        return (String::new(), expr.text.clone());
    }
    let name = writer.name(name);
    (format!("{name} := {}; ", expr.text), name)
}

/// A whole number, rounded half up as the intrinsic functions do; an error for what is none.
fn whole(expr: &Expr, literal: Option<Value>, writer: &mut Writer<'_>) -> String {
    if literal
        .as_ref()
        .is_some_and(|value| value.is_i64() || value.is_u64())
    {
        return expr.text.clone();
    }
    let value = writer.need(expr);
    format!("$floor({value} + 0.5)")
}
