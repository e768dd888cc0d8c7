//! `States.StringSplit`, which splits at each of several characters and leaves empty parts out.

use super::Reason;
use super::expression::{Expr, Kind, Writer, string};
use serde_json::Value;

pub(super) fn split(
    text: &Expr,
    separators: &Expr,
    literal: Option<Value>,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    let text = writer.need(text);
    let only =
        |text: &str| format!("($type({text}) = 'string' ? [{text}] : $error('it is no text'))");
    let parts = match literal.as_ref().map(Value::as_str) {
        Some(None) => {
            return Err(Reason::new(
                "INTRINSIC_ARGUMENT",
                at,
                "the separator of `States.StringSplit` is not a text",
            ));
        }
        Some(Some("")) => only(&text),
        Some(Some(one)) if one.chars().count() == 1 => {
            format!("$split({text}, {})", string(one))
        }
        // All but the first separator become the first.
        other => {
            let separators = match other {
                Some(Some(text)) => string(text),
                _ => writer.need(separators),
            };
            let [value, item, key] = ["value", "item", "key"].map(|name| writer.name(name));
            format!(
                "({key} := {separators}; {key} = '' ? {} : $split($reduce($split({key}, ''), function({value}, {item}) {{ $replace({value}, {item}, $substring({key}, 0, 1)) }}, {text}), $substring({key}, 0, 1)))",
                only(&text)
            )
        }
    };
    let item = writer.name("item");
    Ok(Expr::new(
        format!("[$filter({parts}, function({item}) {{ {item} != '' }})]"),
        Kind::List,
    ))
}
