//! The functions that AWS adds to JSONata, and those that must not ask the machine for time or randomness.

use super::options;
use crate::intrinsic::digest;
use crate::random::{Randomness as _, Seeded};
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError};
use jsonata_core::value::JValue;
use std::cell::RefCell;
use std::rc::Rc;

type Answer = Result<JValue, EvaluatorError>;
type Function = Box<dyn Fn(&[JValue]) -> Answer>;

/// Items that a range may have.
const MAX_RANGE: f64 = 1_000_000.0;

pub(super) fn register(evaluator: &mut Evaluator, now: i64, seed: u64) {
    let random = Rc::new(RefCell::new(Seeded::new(seed)));
    let same = Rc::clone(&random);
    let overrides: [(&str, Function); 4] = [
        ("eval", Box::new(|_| Err(no_function()))),
        ("millis", Box::new(move |_| Ok(JValue::from_i64(now)))),
        ("now", Box::new(move |arguments| now_text(now, arguments))),
        (
            "random",
            Box::new(
                move |arguments| match arguments.first().and_then(JValue::as_f64) {
                    Some(seed) => Ok(JValue::from_f64(Seeded::new(seed.to_bits()).unit())),
                    None => Ok(JValue::from_f64(same.borrow_mut().unit())),
                },
            ),
        ),
    ];
    for (name, function) in overrides {
        // Refused only for functions of the compiled path, which none of these is.
        let _ = evaluator.register_fn_override(name, function);
    }
    let added: [(&str, Function); 5] = [
        ("partition", Box::new(partition)),
        ("range", Box::new(range)),
        ("hash", Box::new(hash)),
        (
            "uuid",
            Box::new(move |_| Ok(JValue::string(random.borrow_mut().uuid()))),
        ),
        ("parse", Box::new(parse)),
    ];
    for (name, function) in added {
        // Refused only where JSONata has such a function of its own.
        let _ = evaluator.register_fn(name, function);
    }
}

fn no_function() -> EvaluatorError {
    EvaluatorError::EvaluationError("T1006: Attempted to invoke a non-function".to_owned())
}

fn wrong(index: usize, function: &str) -> EvaluatorError {
    EvaluatorError::TypeError(format!(
        "T0410: Argument {index} of function \"{function}\" does not match function signature"
    ))
}

fn now_text(now: i64, arguments: &[JValue]) -> Answer {
    let mut context = Context::new();
    context.bind("now".to_owned(), JValue::from_i64(now));
    let names = ["picture", "zone"];
    for (name, argument) in names.iter().zip(arguments) {
        context.bind((*name).to_owned(), argument.clone());
    }
    let source = match arguments.len() {
        0 => "$fromMillis($now)",
        1 => "$fromMillis($now, $picture)",
        _ => "$fromMillis($now, $picture, $zone)",
    };
    let tree = jsonata_core::parser::parse(source)
        .map_err(|error| EvaluatorError::EvaluationError(error.to_string()))?;
    Evaluator::with_options(context, options()).evaluate(&tree, &JValue::Undefined)
}

fn partition(arguments: &[JValue]) -> Answer {
    let items = match arguments.first() {
        None | Some(JValue::Undefined) => return Ok(JValue::Undefined),
        Some(JValue::Array(items)) => items.to_vec(),
        Some(single) => vec![single.clone()],
    };
    let size = arguments
        .get(1)
        .and_then(JValue::as_f64)
        .map(f64::floor)
        .filter(|size| *size >= 1.0)
        .ok_or_else(|| wrong(2, "partition"))?;
    Ok(JValue::array(
        items
            .chunks(size as usize)
            .map(|chunk| JValue::array(chunk.to_vec()))
            .collect(),
    ))
}

fn range(arguments: &[JValue]) -> Answer {
    let number = |index: usize| {
        arguments
            .get(index)
            .and_then(JValue::as_f64)
            .ok_or_else(|| wrong(index + 1, "range"))
    };
    let (first, last) = (number(0)?, number(1)?);
    let step = if arguments.len() > 2 { number(2)? } else { 1.0 };
    if step == 0.0 || ((last - first) / step) >= MAX_RANGE {
        return Err(wrong(3, "range"));
    }
    let mut items = Vec::new();
    let mut current = first;
    while (step > 0.0 && current <= last) || (step < 0.0 && current >= last) {
        items.push(JValue::from_f64(current));
        current += step;
    }
    Ok(JValue::array(items))
}

fn hash(arguments: &[JValue]) -> Answer {
    let text = match arguments.first() {
        None | Some(JValue::Undefined) => return Ok(JValue::Undefined),
        Some(JValue::String(text)) => text.to_string(),
        Some(other) => other.to_json_string().map_err(|_| wrong(1, "hash"))?,
    };
    let algorithm = arguments.get(1).map_or(Some("SHA-256"), JValue::as_str);
    algorithm
        .and_then(|algorithm| digest(&text, algorithm))
        .map(JValue::string)
        .ok_or_else(|| wrong(2, "hash"))
}

fn parse(arguments: &[JValue]) -> Answer {
    match arguments.first() {
        None | Some(JValue::Undefined) => Ok(JValue::Undefined),
        Some(JValue::String(text)) => JValue::from_json_str(text).map_err(|error| {
            EvaluatorError::EvaluationError(format!("D3120: Syntax error in expression: {error}"))
        }),
        Some(_) => Err(wrong(1, "parse")),
    }
}
