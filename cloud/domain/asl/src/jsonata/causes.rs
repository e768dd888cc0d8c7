//! JSONata's own words for an error, where the crate says it otherwise: AWS runs jsonata-js and tells its messages.

/// What a limit of time, depth or memory is told as. These have no code.
const LIMITS: [(&str, &str); 5] = [
    ("D1011", STACK),
    ("U1001", STACK),
    (
        "D1012",
        "Expression evaluation timeout: Check for infinite loop",
    ),
    ("D2014", MEMORY),
    ("D2015", MEMORY),
];

const STACK: &str = "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";

/// A sequence or text that is too large.
pub(super) const MEMORY: &str =
    "Expression evaluation memory limit exceeded: Check for excessive memory usage";

/// Messages that say nothing of values.
const FIXED: [(&str, &str); 24] = [
    ("D1004", "Regular expression matches zero length string"),
    ("T1006", "Attempted to invoke a non-function"),
    ("T1008", "Attempted to partially apply a non-function"),
    (
        "T2003",
        "The left side of the range operator (..) must evaluate to an integer",
    ),
    (
        "T2004",
        "The right side of the range operator (..) must evaluate to an integer",
    ),
    (
        "T2006",
        "The right side of the function application operator ~> must be a function",
    ),
    (
        "T2008",
        "The expressions within an order-by clause must evaluate to numeric or string values",
    ),
    (
        "D3001",
        "Attempting to invoke string function on Infinity or NaN",
    ),
    (
        "D3010",
        "Second argument of replace function cannot be an empty string",
    ),
    (
        "D3011",
        "Fourth argument of replace function must evaluate to a positive number",
    ),
    (
        "D3012",
        "Attempted to replace a matched string with a non-string value",
    ),
    (
        "D3020",
        "Third argument of split function must evaluate to a positive number",
    ),
    (
        "D3040",
        "Third argument of match function must evaluate to a positive number",
    ),
    (
        "D3050",
        "The second argument of reduce function must be a function with at least two arguments",
    ),
    (
        "D3070",
        "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function",
    ),
    (
        "D3080",
        "The picture string must only contain a maximum of two sub-pictures",
    ),
    (
        "D3081",
        "The sub-picture must not contain more than one instance of the \"decimal-separator\" character",
    ),
    (
        "D3082",
        "The sub-picture must not contain more than one instance of the \"percent\" character",
    ),
    (
        "D3083",
        "The sub-picture must not contain more than one instance of the \"per-mille\" character",
    ),
    (
        "D3086",
        "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character",
    ),
    (
        "D3135",
        "No matching closing bracket ']' in date/time picture string",
    ),
    (
        "D3136",
        "The date/time picture string is missing specifiers required to parse the timestamp",
    ),
    (
        "D3138",
        "The $single() function expected exactly 1 matching result.  Instead it matched more.",
    ),
    (
        "D3139",
        "The $single() function expected exactly 1 matching result.  Instead it matched 0.",
    ),
];

/// The message of an error in the expression `source`, code first if it has one.
pub(super) fn worded(message: &str, source: &str) -> String {
    let (code, told) = message.split_once(": ").unwrap_or((message, ""));
    let among = |table: &[(&str, &'static str)]| {
        let found = table.iter().find(|(known, _)| *known == code);
        found.map(|(_, words)| *words)
    };
    if let Some(words) = among(&LIMITS) {
        return words.to_owned();
    }
    if let Some(words) = among(&FIXED) {
        return format!("{code}: {words}");
    }
    reworded(code, told, source)
        .map_or_else(|| message.to_owned(), |words| format!("{code}: {words}"))
}

/// Messages that name a value, an operator or a function.
fn reworded(code: &str, told: &str, source: &str) -> Option<String> {
    let between = |before: &str, after: &str| -> Option<&str> {
        let (_, rest) = told.split_once(before)?;
        rest.split_once(after).map(|(found, _)| found)
    };
    match code {
        "T2001" | "T2002" => {
            let side = if code == "T2001" { "left" } else { "right" };
            let operator = between("side of the ", " operator")?.trim_matches('"');
            Some(format!(
                "The {side} side of the \"{operator}\" operator must evaluate to a number"
            ))
        }
        "D3030" => {
            let value = between("Cannot convert '", "' to number")?;
            let value = serde_json::Value::from(value);
            Some(format!("Unable to cast value to a number: {value}"))
        }
        "D3100" => {
            let (_, radix) = told.split_once("got ")?;
            Some(format!(
                "The radix of the formatBase function must be between 2 and 36.  It was given {radix}"
            ))
        }
        "T0410" if told.starts_with("Argument ") && told.contains(" must be ") => {
            let index = between("Argument ", " must be ")?;
            let function = only_function(source)?;
            Some(format!(
                "Argument {index} of function \"{function}\" does not match function signature"
            ))
        }
        "T0412" if !told.contains(" of function ") => {
            let index = between("Argument ", " must be ")?;
            let (_, of) = told.split_once("an array of ")?;
            let function = only_function(source)?;
            Some(format!(
                "Argument {index} of function \"{function}\" must be an array of \"{}s\"",
                of.to_ascii_lowercase()
            ))
        }
        _ => None,
    }
}

/// The function that an expression calls, if it calls only one: the crate's message does not name it.
fn only_function(source: &str) -> Option<&str> {
    let mut names = source.split('$').skip(1).filter_map(|rest| {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        (!name.is_empty() && rest.trim_start().starts_with('(')).then_some(name)
    });
    let name = names.next()?;
    names.all(|other| other == name).then_some(name)
}
