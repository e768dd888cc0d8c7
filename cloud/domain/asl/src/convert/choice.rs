//! Rules of Choice states to conditions.

use super::Reason;
use super::expression::{Kind, Writer, literal};
use super::path::{self, Base};
use crate::check::is_timestamp;
use crate::path::Path;
use crate::syntax::{Condition, Operand, Relation, Test, TestedType};

/// RFC 3339 with a capital `T`, as the language writes times.
const TIMESTAMP: &str = r"/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$/";

/// A condition that is always true or false, or an error where the rule fails.
pub(super) fn condition(
    condition: &Condition,
    base: &Base,
    writer: &mut Writer<'_>,
    at: &str,
) -> Result<String, Reason> {
    write(condition, base, writer, &Vec::new(), at)
}

/// `there` are the paths that are known to name something.
fn write(
    condition: &Condition,
    base: &Base,
    writer: &mut Writer<'_>,
    there: &[String],
    at: &str,
) -> Result<String, Reason> {
    match condition {
        Condition::And(parts) => join(parts, " and ", true, base, writer, there, at),
        Condition::Or(parts) => join(parts, " or ", false, base, writer, there, at),
        Condition::Not(inner) => Ok(format!("$not({})", write(inner, base, writer, there, at)?)),
        Condition::Test { variable, test } => {
            let path = parse(variable, at)?;
            match test {
                Test::Is {
                    what: TestedType::Present,
                    expected,
                } => {
                    let exists = path::exists(&path, base, writer, at)?.text;
                    Ok(match expected {
                        true => exists,
                        false => format!("$not({exists})"),
                    })
                }
                test => {
                    let known = there.contains(variable);
                    compare(
                        test,
                        &Side::new(&path, known, base, writer, at)?,
                        base,
                        writer,
                        there,
                        at,
                    )
                }
            }
        }
        Condition::Literal(value) => Ok(value.to_string()),
        Condition::Expression(_) | Condition::Unknown => {
            Err(Reason::new("INVALID_STATE", at, "a rule has no condition"))
        }
    }
}

fn join(
    parts: &[Condition],
    word: &str,
    all: bool,
    base: &Base,
    writer: &mut Writer<'_>,
    there: &[String],
    at: &str,
) -> Result<String, Reason> {
    let mut there = there.to_vec();
    let mut written = Vec::with_capacity(parts.len());
    for part in parts {
        written.push(write(part, base, writer, &there, at)?);
        // What comes after a test for presence is asked only if there is something.
        if let Condition::Test {
            variable,
            test:
                Test::Is {
                    what: TestedType::Present,
                    expected,
                },
        } = part
            && *expected == all
        {
            there.push(variable.clone());
        }
    }
    Ok(match written.as_slice() {
        [one] => one.clone(),
        written => format!("({})", written.join(word)),
    })
}

/// One side of a comparison: as it is read first, with an error if it is missing, and as it is read again.
struct Side {
    first: String,
    again: String,
    kind: Kind,
}

impl Side {
    fn new(
        path: &Path,
        known: bool,
        base: &Base,
        writer: &mut Writer<'_>,
        at: &str,
    ) -> Result<Self, Reason> {
        let found = path::path(path, base, writer, at)?;
        Ok(Self {
            first: match known {
                true => found.text.clone(),
                false => writer.need(&found),
            },
            again: found.text,
            kind: found.kind,
        })
    }
}

fn compare(
    test: &Test,
    left: &Side,
    base: &Base,
    writer: &mut Writer<'_>,
    there: &[String],
    at: &str,
) -> Result<String, Reason> {
    let Side { first, again, kind } = left;
    match test {
        Test::Is { what, expected } => {
            let is = match what {
                TestedType::Timestamp => {
                    format!("($type({first}) = 'string' and $contains({again}, {TIMESTAMP}))")
                }
                what => format!("$type({first}) = '{}'", type_name(*what)),
            };
            Ok(match expected {
                true => is,
                false => format!("$not({is})"),
            })
        }
        Test::Matches(pattern) => Ok(format!(
            "($type({first}) = 'string' and $contains({again}, {}))",
            expression_of(pattern)
        )),
        Test::Compare {
            of,
            relation,
            operand: Operand::Literal(value),
        } => {
            let fits = match of {
                TestedType::Boolean => value.is_boolean(),
                TestedType::Numeric => value.is_number(),
                TestedType::String => value.is_string(),
                TestedType::Timestamp => value.as_str().is_some_and(is_timestamp),
                TestedType::Null | TestedType::Present => false,
            };
            if !fits {
                return Err(Reason::new(
                    "INVALID_STATE",
                    at,
                    format!("`{}` does not compare with `{value}`", test.operator()),
                ));
            }
            let right = literal(value, at)?;
            let sign = sign(*relation);
            Ok(match (of, relation) {
                (TestedType::Timestamp, _) => format!(
                    "($type({first}) = 'string' and $contains({again}, {TIMESTAMP}) and $toMillis({again}) {sign} $toMillis({right}))"
                ),
                (_, Relation::Equals) => format!("({first} = {right})"),
                _ if *kind == kind_of(*of) => format!("({first} {sign} {right})"),
                _ => format!(
                    "($type({first}) = '{}' and {again} {sign} {right})",
                    type_name(*of)
                ),
            })
        }
        Test::Compare {
            of,
            relation,
            operand: Operand::Path(operand),
        } => {
            let path = parse(operand, at)?;
            let right = Side::new(&path, there.contains(operand), base, writer, at)?;
            let (sign, other, second) = (sign(*relation), &right.again, &right.first);
            // Both are asked for first, since one that is missing is an error whatever the other is.
            let alike = format!(
                "$type({first}) = $type({second}) and $type({again}) = '{}'",
                type_name(*of)
            );
            Ok(match of {
                TestedType::Timestamp => format!(
                    "({alike} and $contains({again}, {TIMESTAMP}) and $contains({other}, {TIMESTAMP}) and $toMillis({again}) {sign} $toMillis({other}))"
                ),
                _ => format!("({alike} and {again} {sign} {other})"),
            })
        }
    }
}

fn parse(text: &str, at: &str) -> Result<Path, Reason> {
    Path::parse(text).map_err(|error| Reason::new("INVALID_STATE", at, error.to_string()))
}

fn sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Equals => "=",
        Relation::LessThan => "<",
        Relation::GreaterThan => ">",
        Relation::LessThanEquals => "<=",
        Relation::GreaterThanEquals => ">=",
    }
}

fn type_name(of: TestedType) -> &'static str {
    match of {
        TestedType::Null => "null",
        TestedType::Boolean => "boolean",
        TestedType::Numeric => "number",
        TestedType::String | TestedType::Timestamp | TestedType::Present => "string",
    }
}

fn kind_of(of: TestedType) -> Kind {
    match of {
        TestedType::Numeric => Kind::Number,
        TestedType::String => Kind::Text,
        TestedType::Boolean => Kind::Boolean,
        _ => Kind::Any,
    }
}

/// A pattern as a regular expression, where `*` is any text and `\` escapes.
fn expression_of(pattern: &str) -> String {
    let mut written = String::from("/^");
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' => written.push_str(r"[\s\S]*"),
            '\\' => written.extend(chars.next().map(escaped)),
            c => written.push_str(&escaped(c)),
        }
    }
    written.push_str("$/");
    written
}

fn escaped(c: char) -> String {
    match c {
        // A slash ends the expression, and a backslash would hide what follows it.
        '/' | '\\' => format!("\\x{:02x}", c as u32),
        c if c.is_ascii_punctuation()
            && !matches!(
                c,
                '_' | '-'
                    | ','
                    | ':'
                    | ';'
                    | '@'
                    | '#'
                    | '%'
                    | '&'
                    | '='
                    | '!'
                    | '<'
                    | '>'
                    | '~'
                    | '"'
                    | '\''
                    | '`'
            ) =>
        {
            format!("\\{c}")
        }
        c if c.is_control() => format!("\\x{:02x}", c as u32),
        c => c.to_string(),
    }
}
