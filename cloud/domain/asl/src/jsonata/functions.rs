//! The functions that AWS adds to JSONata, and those that must not ask the machine for time or randomness.

use super::causes::MEMORY;
use super::growth;
use super::options;
use crate::intrinsic::digest;
use crate::random::{JavaRandom, Randomness as _, Seeded};
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError};
use jsonata_core::value::JValue;
use std::cell::RefCell;
use std::rc::Rc;

pub(super) type Answer = Result<JValue, EvaluatorError>;
type Function = Box<dyn Fn(&[JValue]) -> Answer>;

/// Items that a range may have: what AWS was measured to take.
const MAX_RANGE: f64 = 360_145.0;

pub(super) fn register(evaluator: &mut Evaluator, now: i64, seed: u64) {
    let random = Rc::new(RefCell::new(Seeded::new(seed)));
    let same = Rc::clone(&random);
    let overrides: [(&str, Function); 5] = [
        ("eval", Box::new(|_| Err(no_function()))),
        ("pad", Box::new(growth::pad)),
        ("millis", Box::new(move |_| Ok(JValue::from_i64(now)))),
        ("now", Box::new(move |arguments| now_text(now, arguments))),
        (
            "random",
            Box::new(move |arguments| random_number(arguments, &same)),
        ),
    ];
    for (name, function) in overrides {
        // Refused only for functions of the compiled path, which none of these is.
        let _ = evaluator.register_fn_override(name, function);
    }
    let added: [(&str, Function); 7] = [
        ("partition", Box::new(partition)),
        ("range", Box::new(range)),
        ("hash", Box::new(hash)),
        ("uuid", Box::new(move |arguments| uuid(arguments, &random))),
        ("parse", Box::new(parse)),
        (growth::WITHIN, Box::new(growth::within())),
        (growth::JOIN, Box::new(growth::join)),
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
    let mut all = vec![JValue::from_i64(now)];
    all.extend_from_slice(arguments);
    ask("fromMillis", &all)
}

/// What JSONata's own function gives, of at most three arguments.
pub(super) fn ask(function: &str, arguments: &[JValue]) -> Answer {
    let names = ["a", "b", "c"];
    let mut context = Context::new();
    let mut source = String::new();
    for (name, argument) in names.iter().zip(arguments) {
        context.bind((*name).to_owned(), argument.clone());
        source.push_str(if source.is_empty() { "$" } else { ", $" });
        source.push_str(name);
    }
    let tree = jsonata_core::parser::parse(&format!("${function}({source})"))
        .map_err(|error| EvaluatorError::EvaluationError(error.to_string()))?;
    Evaluator::with_options(context, options()).evaluate(&tree, &JValue::Undefined)
}

/// An argument; none if it is left out or undefined.
fn argument(arguments: &[JValue], index: usize) -> Option<&JValue> {
    arguments.get(index).filter(|value| !value.is_undefined())
}

/// Refuses more arguments than a function takes.
fn at_most(arguments: &[JValue], most: usize, function: &str) -> Result<(), EvaluatorError> {
    match arguments.len() > most {
        true => Err(wrong(most + 1, function)),
        false => Ok(()),
    }
}

/// A whole number, rounded towards zero.
fn whole(arguments: &[JValue], index: usize, function: &str) -> Result<f64, EvaluatorError> {
    argument(arguments, index)
        .and_then(JValue::as_f64)
        .map(f64::trunc)
        .ok_or_else(|| wrong(index + 1, function))
}

pub(super) fn failed(message: &str) -> EvaluatorError {
    EvaluatorError::EvaluationError(message.to_owned())
}

fn partition(arguments: &[JValue]) -> Answer {
    at_most(arguments, 2, "partition")?;
    let items = match argument(arguments, 0) {
        None => return Ok(JValue::Undefined),
        Some(JValue::Array(items)) => items.to_vec(),
        Some(_) => {
            return Err(failed(
                "T0412: Argument 1 of function \"partition\" must be an array of undefined",
            ));
        }
    };
    if items.is_empty() {
        return Ok(JValue::Undefined);
    }
    if argument(arguments, 1).is_none() {
        return Ok(JValue::array(vec![JValue::array(items)]));
    }
    let size = whole(arguments, 1, "partition")?;
    if size < 0.0 {
        return Err(failed("D3137: Second argument must be zero or greater"));
    }
    if size == 0.0 {
        return Ok(JValue::Undefined);
    }
    let chunks = items.chunks(size as usize);
    Ok(JValue::array(
        chunks.map(|chunk| JValue::array(chunk.to_vec())).collect(),
    ))
}

fn range(arguments: &[JValue]) -> Answer {
    at_most(arguments, 3, "range")?;
    let (first, last) = (whole(arguments, 0, "range")?, whole(arguments, 1, "range")?);
    if argument(arguments, 2).is_none() {
        return Ok(JValue::Undefined);
    }
    let step = whole(arguments, 2, "range")?;
    if step == 0.0 || (step > 0.0 && first > last) || (step < 0.0 && first < last) {
        return Ok(JValue::Undefined);
    }
    if first == last {
        return Ok(JValue::from_f64(first));
    }
    let count = ((last - first) / step).floor() + 1.0;
    if count > MAX_RANGE {
        return Err(failed(MEMORY));
    }
    // The count is bounded, so nothing is lost.
    let items = (0..count as u64).map(|index| JValue::from_f64(first + step * index as f64));
    Ok(JValue::array(items.collect()))
}

fn hash(arguments: &[JValue]) -> Answer {
    at_most(arguments, 2, "hash")?;
    let Some(JValue::String(text)) = argument(arguments, 0) else {
        return Err(wrong(1, "hash"));
    };
    let algorithm = match argument(arguments, 1) {
        None => return Ok(JValue::Undefined),
        Some(algorithm) => algorithm.as_str().ok_or_else(|| wrong(2, "hash"))?,
    };
    match digest(text, algorithm) {
        Some(digest) => Ok(JValue::string(digest)),
        None => Err(failed(&format!(
            "D3137: Hash algorithm '{algorithm}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"
        ))),
    }
}

fn parse(arguments: &[JValue]) -> Answer {
    at_most(arguments, 1, "parse")?;
    match argument(arguments, 0) {
        None => Ok(JValue::Undefined),
        Some(JValue::String(text)) => {
            JValue::from_json_str(text).map_err(|_| failed("D3137: Invalid JSON"))
        }
        Some(_) => Err(wrong(1, "parse")),
    }
}

fn uuid(arguments: &[JValue], random: &RefCell<Seeded>) -> Answer {
    at_most(arguments, 0, "uuid")?;
    Ok(JValue::string(random.borrow_mut().uuid()))
}

/// A number from 0 up to 1; with a seed the one that Java draws, as on AWS.
fn random_number(arguments: &[JValue], random: &RefCell<Seeded>) -> Answer {
    at_most(arguments, 1, "random")?;
    if argument(arguments, 0).is_none() {
        return Ok(JValue::from_f64(random.borrow_mut().unit()));
    }
    let seed = whole(arguments, 0, "random")?;
    Ok(JValue::from_f64(JavaRandom::new(seed as i64).unit()))
}
