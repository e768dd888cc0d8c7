//! The language: sources, paths, intrinsic functions, expressions.

use awm_asl::intrinsic::Intrinsic;
use awm_asl::jsonata::{Bindings, Expression, Session};
use awm_asl::path::{Path, Scope, Variables};
use awm_asl::random::Seeded;
use awm_asl::{Definition, Format, MachineType, validate_definition};
use serde_json::{Value, json};

pub(crate) const SOURCE_WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\n",
    "  ",
    "- ",
    "? ",
    "| ",
    "> ",
    "&a ",
    "*a",
    "!!str ",
    "#",
    "---\n",
    "\"StartAt\"",
    "\"States\"",
    "\"Type\"",
    "\"Task\"",
    "\"Map\"",
    "\"Parallel\"",
    "\"Choice\"",
    "\"Next\"",
    "\"End\": true",
    "\"ItemProcessor\"",
    "\"Branches\"",
    "\"Choices\"",
    "\"QueryLanguage\": \"JSONata\"",
    "\"{% $x %}\"",
    "\"$.a\"",
    "null",
    "1e999",
    "-0",
    "\\ud800",
    "\u{feff}",
    "\u{2028}",
    "//",
    "/*",
    "'",
];

pub(crate) const PATH_WORDS: &[&str] = &[
    "$",
    "$$",
    ".",
    "..",
    "*",
    "[*]",
    "[0]",
    "[-1]",
    "[1:2]",
    "[?(@.a)]",
    "[?(@.n > 1 && @.t == 'x')]",
    "['a','b']",
    "@",
    "&&",
    "||",
    "!",
    "==",
    "in",
    "=~",
    "/x/i",
    "length()",
    ".sum()",
    "null",
    "'",
    "\\",
    "(",
    ")",
    "é",
    "$.list",
    "$var",
];

pub(crate) const INTRINSIC_WORDS: &[&str] = &[
    "States.Format(",
    "States.Array(",
    "States.ArrayRange(",
    "States.ArrayPartition(",
    "States.ArrayGetItem(",
    "States.ArrayUnique(",
    "States.ArrayContains(",
    "States.ArrayLength(",
    "States.StringToJson(",
    "States.JsonToString(",
    "States.JsonMerge(",
    "States.Base64Encode(",
    "States.Base64Decode(",
    "States.Hash(",
    "States.MathAdd(",
    "States.MathRandom(",
    "States.StringSplit(",
    "States.UUID(",
    ")",
    ", ",
    "'{}'",
    "'",
    "\\'",
    "\\{",
    "$.list",
    "$.n",
    "$$",
    "9223372036854775807",
    "-1",
    "1e308",
    "null",
    "true",
    "'SHA-256'",
    "é",
];

pub(crate) const JSONATA_WORDS: &[&str] = &[
    "$states.input",
    "$states.input.list",
    "$x",
    "$map(",
    "$filter(",
    "$reduce(",
    "$sort(",
    "function($a, $b) { $a + $b }",
    "λ($v){",
    "}",
    "(",
    ")",
    "[",
    "]",
    "{",
    ":",
    ";",
    ",",
    "..",
    "[1..9]",
    "~>",
    "?",
    "&",
    "+",
    "-",
    "*",
    "%",
    "**",
    "^(",
    "/a+/",
    "$string(",
    "$number(",
    "$substring(",
    "$split(",
    "$replace(",
    "$match(",
    "$join(",
    "$pad(",
    "$merge(",
    "$each(",
    "$lookup(",
    "$fromMillis(",
    "$toMillis(",
    "$formatNumber(",
    "$formatBase(",
    "$parse(",
    "$partition(",
    "$range(",
    "$hash(",
    "$uuid()",
    "$random(1)",
    "'a'",
    "\"b\"",
    "1e308",
    "-1",
    "null",
    "true",
    "and",
    "or",
    "in",
    ":=",
    "$r := ",
    "`x`",
    "@$i",
    "#$i",
    "|a|{}|",
    "$eval(",
    "'[Y]'",
    "'#,##0.00'",
];

struct One(Value);

impl Variables for One {
    fn variable(&self, name: &str) -> Option<&Value> {
        matches!(name, "x" | "var").then_some(&self.0)
    }

    fn names(&self) -> Vec<&str> {
        vec!["x"]
    }
}

fn data() -> Value {
    json!({
        "n": 3, "t": "text é 😀", "f": -1.5, "b": true, "z": null, "list": [1, 2, 2, "a", null, [3], { "n": 1, "t": "x" }],
        "a": { "b": { "c": [{ "n": 1 }, { "n": 2 }] } }, "": { "x y": 1 }, "json": "{\"k\":[1]}", "base64": "w6k=",
    })
}

pub(crate) fn source(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for format in [Format::Json, Format::Yaml] {
        let definition = Definition::read(&*text, format);
        assert_eq!(definition.source.text(), text, "the text is not kept");
        for found in validate_definition(&definition, MachineType::Standard) {
            assert!(!found.message.is_empty(), "a finding without words");
            if let Some(span) = found.span {
                assert!(
                    span.start <= span.end && text.get(span.start..span.end).is_some(),
                    "`{}` is at {span:?} of {} bytes",
                    found.message,
                    text.len()
                );
            }
        }
    }
}

pub(crate) fn path(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(path) = Path::parse(&text) else {
        return;
    };
    assert_eq!(path.text(), text, "the text is not kept");
    let (input, variables) = (data(), One(json!([1, { "a": 2 }])));
    let scope = Scope {
        input: &input,
        context: &input,
        variables: &variables,
    };
    if let Err(error) = path.evaluate(&scope) {
        assert!(!error.message.is_empty(), "an error without words");
    }
    if let Ok(written) = path.write(json!({ "a": 1 }), json!("written")) {
        let scope = Scope {
            input: &written,
            context: &written,
            variables: &variables,
        };
        let found = path.evaluate(&scope).map(|value| value.into_owned());
        assert_eq!(
            found.ok(),
            Some(json!("written")),
            "what was written is not found"
        );
    }
}

pub(crate) fn intrinsic(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(call) = Intrinsic::parse(&text) else {
        return;
    };
    let (input, variables) = (data(), One(json!(5)));
    let scope = Scope {
        input: &input,
        context: &input,
        variables: &variables,
    };
    if let Err(error) = call.evaluate(&scope, &mut Seeded::new(1)) {
        assert!(!error.to_string().is_empty(), "an error without words");
    }
}

pub(crate) fn jsonata(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(400)).unwrap_or_default());
    let Ok(expression) = Expression::parse(&text) else {
        return;
    };
    let (input, variables) = (data(), One(json!([1, 2])));
    let bindings = Bindings {
        states: &[("input", &input)],
        variables: &variables,
        now: 1_700_000_000_000,
    };
    match Session::new(bindings, &mut Seeded::new(1)).evaluate(&expression) {
        Ok(Some(value)) => {
            let text = value.to_string();
            let again: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
            assert_eq!(again.to_string(), text, "the value is no JSON");
        }
        Ok(None) => {}
        // A fault of the crate, such as with a date's picture beyond ASCII, is told as an error too.
        Err(error) => assert!(!error.message.is_empty(), "an error without words"),
    }
}
