//! Filters of JSONPath, `[?(@.price < 10)]`, as conditions.

use super::Reason;
use super::expression::{Expr, Kind, Writer, literal};
use super::path::{definite, is_single, unsupported};
use crate::path::{Comparison, Filter, Operand};
use serde_json::Value;

/// Whether the filter holds of `item`, which is always true or false.
pub(super) fn condition(
    filter: &Filter,
    item: &str,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<String, Reason> {
    let all = |filters: &[Filter], word: &str, writer: &mut Writer<'_>| -> Result<String, Reason> {
        let parts: Result<Vec<_>, _> = filters
            .iter()
            .map(|filter| condition(filter, item, writer, at))
            .collect();
        let parts = parts?;
        Ok(match parts.as_slice() {
            [one] => one.clone(),
            parts => format!("({})", parts.join(word)),
        })
    };
    match filter {
        Filter::Any(filters) => all(filters, " or ", writer),
        Filter::All(filters) => all(filters, " and ", writer),
        Filter::Not(filter) => Ok(format!("$not({})", condition(filter, item, writer, at)?)),
        Filter::Exists(operand) => Ok(format!("$exists({})", value(operand, item, at)?.text)),
        Filter::Compare(left, comparison, right) => compare(left, *comparison, right, item, at),
    }
}

/// An operand, undefined where it is missing.
fn value(operand: &Operand, item: &str, at: &str) -> Result<Expr, Reason> {
    match operand {
        Operand::Literal(value) => Ok(Expr::new(
            literal(value, at)?,
            match value {
                Value::String(_) => Kind::Text,
                Value::Number(_) => Kind::Number,
                Value::Bool(_) => Kind::Boolean,
                Value::Array(_) => Kind::List,
                Value::Object(_) => Kind::Object,
                Value::Null => Kind::Any,
            },
        )),
        Operand::Place {
            from_item: true,
            steps,
            function: None,
        } if steps.iter().all(is_single) => Ok(match steps.as_slice() {
            [] => Expr::new(item, Kind::Any),
            steps => definite(item, steps, Kind::Any, true),
        }),
        Operand::Place { .. } => Err(unsupported("a filter that reads more than its item", at)),
    }
}

fn compare(
    left: &Operand,
    comparison: Comparison,
    right: &Operand,
    item: &str,
    at: &str,
) -> Result<String, Reason> {
    let (l, r) = (value(left, item, at)?, value(right, item, at)?);
    let (a, b) = (&l.text, &r.text);
    // Where both are missing they are equal, which JSONata does not say.
    let equal = match (l.fails, r.fails) {
        (true, true) => format!("($exists({a}) ? {a} = {b} : $not($exists({b})))"),
        _ => format!("{a} = {b}"),
    };
    let ordered = |sign: &str| match (l.kind, r.kind) {
        (_, Kind::Number) => format!("($type({a}) = 'number' and {a} {sign} {b})"),
        (_, Kind::Text) => format!("($type({a}) = 'string' and {a} {sign} {b})"),
        (Kind::Number, _) => format!("($type({b}) = 'number' and {a} {sign} {b})"),
        (Kind::Text, _) => format!("($type({b}) = 'string' and {a} {sign} {b})"),
        (Kind::Any, Kind::Any) => format!(
            "($type({a}) = $type({b}) and $type({a}) in ['number', 'string'] and {a} {sign} {b})"
        ),
        _ => "false".to_owned(),
    };
    let scalars = |operand: &Operand| -> bool {
        matches!(operand, Operand::Literal(Value::Array(items))
            if items.iter().all(|item| !item.is_array() && !item.is_object()))
    };
    Ok(match comparison {
        Comparison::Equal => format!("({equal})"),
        Comparison::NotEqual => format!("$not({equal})"),
        Comparison::Less => ordered("<"),
        Comparison::LessOrEqual => ordered("<="),
        Comparison::Greater => ordered(">"),
        Comparison::GreaterOrEqual => ordered(">="),
        Comparison::In if scalars(right) => format!("({a} in {b})"),
        Comparison::NotIn if scalars(right) => format!("$not({a} in {b})"),
        Comparison::Contains if matches!(right, Operand::Literal(Value::String(_))) => format!(
            "($type({a}) = 'array' ? {b} in {a} : $type({a}) = 'string' ? $contains({a}, {b}) : false)"
        ),
        Comparison::Size if r.kind == Kind::Number => format!(
            "($type({a}) = 'array' ? $count({a}) = {b} : $type({a}) = 'string' ? $length({a}) = {b} : false)"
        ),
        Comparison::Empty if r.kind == Kind::Boolean => format!(
            "($type({a}) = 'array' ? ($count({a}) = 0) = {b} : $type({a}) = 'string' ? ($length({a}) = 0) = {b} : false)"
        ),
        _ => return Err(unsupported("such a comparison in a filter", at)),
    })
}
