//! Paths that can lead to many places: wildcards, slices, filters, `..`, and the functions at a path's end.

use super::Reason;
use super::expression::{Expr, Helper, Kind, Writer, string};
use super::filter;
use super::path::{definite, is_single, unsupported};
use crate::path::{Function, Step};

/// The list of all that steps lead to; what they don't lead to is no error.
pub(super) fn many(
    root: &str,
    steps: &[Step],
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    let single = steps.iter().take_while(|step| is_single(step)).count();
    let (first, rest) = steps.split_at_checked(single).unwrap_or((steps, &[]));
    let start = match first {
        [] => Expr::new(root, Kind::Any),
        steps => {
            // Here lists on the way are no error but no place either, whatever is asked elsewhere.
            definite(root, steps, Kind::Any, true)
        }
    };
    let mut rest = rest;
    // What one place holds: its items, without a list of places before.
    let mut nodes = match rest.split_first() {
        Some((step @ (Step::Wildcard | Step::Slice(..) | Step::Filter(_)), after)) => {
            rest = after;
            let value = writer.name("value");
            let below = below(&value, step, writer, at)?;
            format!("({value} := {}; {below})", start.text)
        }
        _ if first.is_empty() => writer.call(Helper::Box, &start.text),
        _ => {
            let boxed = writer.call(Helper::Box, &start.text);
            format!("($exists({}) ? {boxed} : [])", start.text)
        }
    };
    for step in rest {
        let (list, value) = (writer.name("list"), writer.name("value"));
        let below = below(&value, step, writer, at)?;
        nodes = format!(
            "$reduce({nodes}, function({list}, {value}) {{ $append({list}, {below}) }}, [])"
        );
    }
    Ok(Expr::new(nodes, Kind::List))
}

/// The list of what a step leads to from a value.
fn below(value: &str, step: &Step, writer: &mut Writer<'_>, at: &str) -> Result<String, Reason> {
    let [item, list, key, index] = ["item", "list", "key", "index"].map(|name| writer.name(name));
    Ok(match step {
        Step::Names(names) => {
            let [name] = names.as_slice() else {
                return Err(unsupported("several names", at));
            };
            let found = format!("$lookup({value}, {})", string(name));
            let boxed = writer.call(Helper::Box, &found);
            format!("($type({value}) = 'object' and $exists({found}) ? {boxed} : [])")
        }
        Step::Indexes(indexes) => {
            let lists: Vec<String> = indexes
                .iter()
                .map(|index| {
                    let found = format!("{value}[{index}]");
                    let boxed = writer.call(Helper::Box, &found);
                    format!("($type({value}) = 'array' and $exists({found}) ? {boxed} : [])")
                })
                .collect();
            lists
                .into_iter()
                .reduce(|all, list| format!("$append({all}, {list})"))
                .unwrap_or_else(|| "[]".to_owned())
        }
        Step::Wildcard => {
            let boxed = writer.call(Helper::Box, &format!("$lookup({value}, {key})"));
            format!(
                "($type({value}) = 'array' ? {value} : $type({value}) = 'object' ? $reduce([$keys({value})], function({list}, {key}) {{ $append({list}, {boxed}) }}, []) : [])"
            )
        }
        Step::Slice(from, to) => {
            let from = from.filter(|from| *from != 0).map(|from| match from {
                from if from < 0 => format!("{index} >= $count({value}) - {}", from.unsigned_abs()),
                from => format!("{index} >= {from}"),
            });
            let to = to.map(|to| match to {
                to if to < 0 => format!("{index} < $count({value}) - {}", to.unsigned_abs()),
                to => format!("{index} < {to}"),
            });
            let conditions: Vec<String> = from.into_iter().chain(to).collect();
            if conditions.is_empty() {
                return Ok(format!("($type({value}) = 'array' ? {value} : [])"));
            }
            let boxed = writer.call(Helper::Box, &item);
            format!(
                "($type({value}) = 'array' ? $reduce({value}, function({list}, {item}, {index}) {{ {} ? $append({list}, {boxed}) : {list} }}, []) : [])",
                conditions.join(" and ")
            )
        }
        Step::Descend => writer.call(Helper::All, value),
        Step::Filter(filter) => {
            let holds = filter::condition(filter, &item, writer, at)?;
            let boxed = writer.call(Helper::Box, &item);
            let whole = filter::condition(filter, value, writer, at)?;
            format!(
                "($type({value}) = 'array' ? $reduce({value}, function({list}, {item}) {{ {holds} ? $append({list}, {boxed}) : {list} }}, []) : $type({value}) = 'object' and {whole} ? [{value}] : [])"
            )
        }
    })
}

/// A function at the end of a path.
pub(super) fn apply(
    function: Function,
    found: Expr,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<Expr, Reason> {
    let value = writer.name("value");
    let item = writer.name("item");
    let numbers = format!("$filter({value}, function({item}) {{ $type({item}) = 'number' }})");
    let (body, kind) = match function {
        Function::Length => (
            format!(
                "$type({value}) = 'array' ? $count({value}) : $type({value}) = 'object' ? $count($keys({value})) : $type({value}) = 'string' ? $length({value})"
            ),
            Kind::Number,
        ),
        Function::Min => (
            format!("$type({value}) = 'array' ? $min({numbers})"),
            Kind::Number,
        ),
        Function::Max => (
            format!("$type({value}) = 'array' ? $max({numbers})"),
            Kind::Number,
        ),
        Function::Sum => (
            format!("$type({value}) = 'array' ? $sum({numbers})"),
            Kind::Number,
        ),
        Function::Average => (
            format!("$type({value}) = 'array' ? $average({numbers})"),
            Kind::Number,
        ),
        Function::Keys => (
            format!("$type({value}) = 'object' ? [$keys({value})]"),
            Kind::List,
        ),
        Function::First => (format!("$type({value}) = 'array' ? {value}[0]"), Kind::Any),
        Function::Last => (format!("$type({value}) = 'array' ? {value}[-1]"), Kind::Any),
        Function::Deviation | Function::Concat => {
            return Err(Reason::new(
                "PATH_FUNCTION",
                at,
                "JSONata has no function that does the same as this path's",
            ));
        }
    };
    Ok(Expr::failing(
        format!("({value} := {}; {body})", found.text),
        kind,
    ))
}
