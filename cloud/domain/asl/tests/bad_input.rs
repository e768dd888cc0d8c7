//! Input that is made to hurt ends soon, in bounded memory, with words.
#![cfg(test)]

use awm_asl::intrinsic::Intrinsic;
use awm_asl::jsonata::{Bindings, Expression, Session};
use awm_asl::path::{Path, Scope, Variables};
use awm_asl::random::Seeded;
use awm_asl::{Definition, Format, MachineType, validate};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What anything here may take: far more than it does, far less than forever.
const SOON: Duration = Duration::from_secs(20);
/// Bytes that the process may have had when all is done.
const MOST: u64 = 512 * 1024 * 1024;

struct Nothing;

impl Variables for Nothing {
    fn variable(&self, _: &str) -> Option<&Value> {
        None
    }
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

fn soon<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    println!("{:>8.1?} {what}", began.elapsed());
    assert!(began.elapsed() < SOON, "{what} took {:?}", began.elapsed());
    result
}

fn bounded() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    if let Some(kilobytes) = peak {
        println!("peak: {} MiB", kilobytes / 1024);
        assert!(kilobytes * 1024 < MOST, "{kilobytes} KiB");
    }
}

/// The beginning of a long text.
fn start(text: &str) -> String {
    text.chars().take(60).collect()
}

fn query(source: &str, input: &Value) -> Result<Option<Value>, String> {
    let expression = Expression::parse(source).map_err(|error| error.to_string())?;
    let bindings = Bindings {
        states: &[("input", input)],
        variables: &Nothing,
        now: 0,
    };
    Session::new(bindings, &mut Seeded::new(1))
        .evaluate(&expression)
        .map_err(|error| error.to_string())
}

#[test]
fn definitions() {
    let deep = 100_000;
    let string = "x".repeat(10_000_000);
    let texts = [
        "[".repeat(deep),
        "{\"a\":".repeat(deep),
        format!("{}{}", "[".repeat(deep), "]".repeat(deep)),
        format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep)),
        format!("{{\"Comment\":\"{string}\"}}"),
        format!("\"{string}"),
        "{\"StartAt\":1e999,\"TimeoutSeconds\":-1e400}".to_owned(),
        format!("{{\"TimeoutSeconds\":{}}}", "9".repeat(100_000)),
        "{\"Comment\":\"\\ud800\",\"StartAt\":\"\\udfff\\ud800x\"}".to_owned(),
        "{\"\\ud800\":1}".to_owned(),
        "\u{feff}{}".to_owned(),
        "{\"a\":".to_owned() + &"\"\\u".repeat(50_000),
        ",".repeat(100_000),
        "}".repeat(100_000),
        "\"\n".repeat(50_000),
        "/*".repeat(50_000),
        "\0".repeat(10_000),
        "- ".repeat(deep),
        "? ".repeat(10_000),
        "a: &a [*a, *a]\n".to_owned(),
        "a: &a [1,1]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n".to_owned(),
        "!!".repeat(10_000),
        "|\n".repeat(10_000),
        "{a: ".repeat(deep),
    ];
    for text in &texts {
        for format in [Format::Json, Format::Yaml] {
            soon(&format!("{format:?} {:?}", start(text)), || {
                let definition = Definition::read(text, format);
                assert_eq!(definition.source.text().len(), text.len());
                validate(text, format, MachineType::Standard)
            });
        }
    }
    bounded();
}

#[test]
fn paths_and_calls() {
    let mut nested = json!(1);
    for _ in 0..90 {
        nested = json!({ "a": [nested] });
    }
    let wide: Value = (0..1_000)
        .map(|n| json!({ "n": n, "l": [1, 2, 3] }))
        .collect();
    let texts = [
        format!("${}", ".a".repeat(100_000)),
        format!("${}", "..a".repeat(1_000)),
        format!("${}", "..*".repeat(40)),
        format!("${}", "[*]".repeat(1_000)),
        format!("${}", "[?(@.a)]".repeat(1_000)),
        format!("$[?({}@.a{})]", "(".repeat(50_000), ")".repeat(50_000)),
        format!("$[?({}@.a)]", "!".repeat(50_000)),
        format!("$[?(@.a {})]", "&& @.a ".repeat(20_000)),
        "$[?(@.a =~ /(a+)+$/)]".to_owned(),
        "$[99999999999999999999]".to_owned(),
        "$[-9223372036854775808:9223372036854775807:1]".to_owned(),
        "$[0:1:0]".to_owned(),
        "$[::-1]".to_owned(),
        format!("$['{}']", "x".repeat(1_000_000)),
        "$.\u{0}".to_owned(),
        "$[".repeat(50_000),
    ];
    for text in &texts {
        soon(&start(text), || {
            if let Ok(path) = Path::parse(text) {
                for input in [&nested, &wide] {
                    let scope = Scope {
                        input,
                        context: &Value::Null,
                        variables: &Nothing,
                    };
                    let _ = path.evaluate(&scope);
                }
            }
        });
    }
    let long = "x".repeat(10_000_000);
    let input = json!({ "long": long, "wide": wide, "big": 1e308, "deep": nested, "text": "[".repeat(100_000), "surrogate": "\"\\ud800\"" });
    let calls = [
        format!(
            "{}$.long{}",
            "States.Format('{}',".repeat(20_000),
            ")".repeat(20_000)
        ),
        format!("{}1{}", "States.Array(".repeat(50_000), ")".repeat(50_000)),
        format!("States.Array({})", vec!["$.long"; 20].join(",")),
        "States.StringToJson($.text)".to_owned(),
        "States.StringToJson($.surrogate)".to_owned(),
        "States.StringToJson('1e999')".to_owned(),
        format!("States.StringToJson('{}')", "9".repeat(100_000)),
        "States.ArrayRange(1, 9007199254740991, 1)".to_owned(),
        "States.ArrayRange(1, 10, 0)".to_owned(),
        "States.ArrayRange(-9223372036854775808, 9223372036854775807, 1)".to_owned(),
        "States.ArrayPartition($.wide, 0)".to_owned(),
        "States.ArrayPartition($.wide, -1)".to_owned(),
        "States.ArrayGetItem($.wide, -1)".to_owned(),
        "States.ArrayGetItem($.wide, 99999999999999999999)".to_owned(),
        "States.MathAdd(9223372036854775807, 9223372036854775807)".to_owned(),
        "States.MathAdd($.big, $.big)".to_owned(),
        "States.MathRandom(9, 1)".to_owned(),
        "States.MathRandom(-9223372036854775808, 9223372036854775807)".to_owned(),
        "States.Hash($.long, 'SHA-512')".to_owned(),
        "States.Base64Encode($.long)".to_owned(),
        "States.Base64Decode('gICA')".to_owned(),
        "States.StringSplit($.long, 'x')".to_owned(),
        "States.StringSplit($.long, '')".to_owned(),
        "States.ArrayUnique($.wide)".to_owned(),
        "States.JsonMerge($.deep, $.deep, true)".to_owned(),
        "States.Format($.long, $.long)".to_owned(),
        "States.Format('{}')".to_owned(),
        "States.Format('\\')".to_owned(),
    ];
    for text in &calls {
        soon(&start(text), || {
            if let Ok(call) = Intrinsic::parse(text) {
                let scope = Scope {
                    input: &input,
                    context: &Value::Null,
                    variables: &Nothing,
                };
                let _ = call.evaluate(&scope, &mut Seeded::new(1));
            }
        });
    }
    bounded();
}

#[test]
fn expressions() {
    let a = "a".repeat(40);
    // As large as a state's data may be.
    let input =
        json!({ "a": format!("{a}!"), "long": "x".repeat(262_000), "text": "[".repeat(100_000) });
    let sources = [
        // Recursion, as a tail and not.
        "($f := function($n) { $f($n + 1) }; $f(1))".to_owned(),
        "($f := function($n) { 1 + $f($n + 1) }; $f(1))".to_owned(),
        "($f := function($n) { $f($n) + $f($n) }; $f(1))".to_owned(),
        "($y := function($f) { $f($f) }; $y($y))".to_owned(),
        "($f := function($n) { $n = 0 ? 0 : $map([1..100], function($v) { $f($n - 1) }) }; $f(10))"
            .to_owned(),
        // Expressions for backtracking.
        "$match($states.input.a, /(a+)+$/)".to_owned(),
        "$replace($states.input.a, /(a|aa)+$/, 'b')".to_owned(),
        "$contains($states.input.a, /^(([a-z])+.)+[A-Z]([a-z])+$/)".to_owned(),
        "$split($states.input.a, /(a*)*b/)".to_owned(),
        "$match($states.input.long, /(x+x+)+y/)".to_owned(),
        "$replace($states.input.long, /x/, 'yyyyyyyyyy')".to_owned(),
        "$contains('a', /(a{1000}){1000}/)".to_owned(),
        // Growth.
        "$reduce([1..40], function($s, $n) { $s & $s }, 'xxxxxxxxxx')".to_owned(),
        "$reduce([1..40], function($s, $n) { $append($s, $s) }, [1,2,3])".to_owned(),
        "$pad('x', 1000000000)".to_owned(),
        "$pad('x', -1e300)".to_owned(),
        "$count([1..100000000])".to_owned(),
        "$count([1..1e300])".to_owned(),
        "[1..100000].([1..100000])".to_owned(),
        "$join([1..300000].$states.input.a)".to_owned(),
        "$split($states.input.long, '')".to_owned(),
        "$string($states.input)".to_owned(),
        "$base64encode($states.input.long)".to_owned(),
        "$range(1, 1e15, 1)".to_owned(),
        "$partition([1..100000], 1)".to_owned(),
        "$map([1..100000], function($v) { [1..100000] })".to_owned(),
        "$sort([1..100000], function($l, $r) { $random() > 0.5 })".to_owned(),
        "$distinct([1..30000])".to_owned(),
        "[1..3000].{'a': $}{`a`: $}".to_owned(),
        "$formatNumber(1e300, '0.0')".to_owned(),
        "$formatBase(1e300, 2)".to_owned(),
        "$power(10, 1e9)".to_owned(),
        "$toMillis('99999999999-01-01T00:00:00Z')".to_owned(),
        "$fromMillis(1e300)".to_owned(),
        "$fromMillis(0, '[Y0000000000000000000000000001]')".to_owned(),
        // Numbers and texts.
        "1e400".to_owned(),
        "-1e400 * 0".to_owned(),
        "9999999999999999999999999".to_owned(),
        "$number('1e400')".to_owned(),
        "$parse('1e400')".to_owned(),
        "$parse($states.input.text)".to_owned(),
        "'\\ud800'".to_owned(),
        "$length('\\ud800x')".to_owned(),
        "$substring('😀😀', 1, 1)".to_owned(),
        "$encodeUrlComponent('\\ud800')".to_owned(),
        "$decodeUrl('%ff%')".to_owned(),
        "$base64decode('%%%')".to_owned(),
        "$substring('abc', -1e300, 1e300)".to_owned(),
        "[1,2,3][1e300]".to_owned(),
        "[1,2,3][-1e300]".to_owned(),
        // Syntax.
        "(".repeat(100_000),
        "-".repeat(100_000) + "1",
        "1".to_owned() + &"+1".repeat(50_000),
        "a".to_owned() + &".a".repeat(50_000),
        "a".to_owned() + &"[0]".repeat(50_000),
        "$f".to_owned() + &"()".repeat(20_000),
        "1 ".to_owned() + &"~> $string ".repeat(20_000),
        "true".to_owned() + &" ? true".repeat(20_000),
        "true".to_owned() + &" and true".repeat(50_000),
        "\"".repeat(99_999),
        "/*".repeat(50_000),
        "/".repeat(50_000),
        "`".repeat(49_999),
        "function($a)".repeat(10_000),
        "$x := ".repeat(20_000) + "1",
        "a|".repeat(50_000),
        "^(".repeat(20_000),
        "%.".repeat(20_000),
        "**.".repeat(20_000),
        "{\"a\":".repeat(20_000),
        "\u{0}\u{ffff}".to_owned(),
    ];
    for source in &sources {
        let result = soon(&start(source), || query(source, &input));
        if let Err(message) = result {
            assert!(!message.is_empty(), "{source}");
        }
    }
    bounded();
}
