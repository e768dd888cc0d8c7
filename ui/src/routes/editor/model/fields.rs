//! Every field of every state type, in the order in which data flows through a state.
//!
//! The form is drawn from this table; a field that isn't in it is shown as "other fields" and edited as JSON.

use serde_json::{Map, Value};

/// How a state's expressions are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// `QueryLanguage: JSONPath`, the default.
    #[default]
    JsonPath,
    /// `QueryLanguage: JSONata`.
    Jsonata,
}

impl Language {
    /// The state's own language, else the machine's, else JSONPath.
    pub fn of(state: Option<&Value>, machine: &Value) -> Self {
        let named = |value: &Value| {
            value
                .get("QueryLanguage")
                .and_then(Value::as_str)
                .map(|name| {
                    if name == "JSONata" {
                        Self::Jsonata
                    } else {
                        Self::JsonPath
                    }
                })
        };
        state
            .and_then(named)
            .or_else(|| named(machine))
            .unwrap_or_default()
    }
}

/// A part of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    /// What comes in.
    Input,
    /// What is done.
    Work,
    /// What goes out, and where to.
    Output,
    /// What happens when it fails.
    Errors,
    /// The rest.
    Advanced,
}

impl Section {
    /// All sections, in order.
    pub const ALL: [Self; 5] = [
        Self::Input,
        Self::Work,
        Self::Output,
        Self::Errors,
        Self::Advanced,
    ];

    /// The section's heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Input => "Input",
            Self::Work => "Work",
            Self::Output => "Output",
            Self::Errors => "Errors",
            Self::Advanced => "Advanced",
        }
    }
}

/// How a field is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Several lines of text.
    Prose,
    /// A JSONPath or a context path, or `null` for "nothing".
    Path,
    /// A reference path that says where the result goes, or `null` to drop it.
    ReferencePath,
    /// JSON in which some values are expressions.
    Template,
    /// A whole number; in JSONata also an expression.
    Number,
    /// A percentage from 0 to 100; in JSONata also an expression.
    Percentage,
    /// One of a few words.
    OneOf(&'static [&'static str]),
    /// Another state of the same level.
    Target,
    /// A Task's resource.
    Resource,
    /// A point in time, RFC 3339; in JSONata also an expression.
    Timestamp,
    /// The list of retriers.
    Retriers,
    /// The list of catchers.
    Catchers,
    /// The list of rules.
    Rules,
    /// The branches of a Parallel.
    Branches,
    /// The processor of a Map.
    Processor,
    /// Where a Map's items come from.
    ItemReader,
    /// How a Map groups its items.
    ItemBatcher,
    /// Where a Map's results go.
    ResultWriter,
    /// The state ends its level.
    End,
}

/// One field of one or more state types.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldSpec {
    /// The name in the language.
    pub name: &'static str,
    /// The name in the form.
    pub label: &'static str,
    /// How it is edited.
    pub kind: FieldKind,
    /// Where in the form.
    pub section: Section,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// The state types that have it.
    types: &'static [&'static str],
    /// The language it belongs to; none for both.
    language: Option<Language>,
    /// Shown even when it is absent; the others are offered under "Add field".
    pub always: bool,
}

const ALL: &[&str] = &[
    "Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map",
];
const NOT_FAIL: &[&str] = &[
    "Task", "Pass", "Choice", "Wait", "Succeed", "Parallel", "Map",
];
const MOVES_ON: &[&str] = &["Task", "Pass", "Wait", "Parallel", "Map"];
const ASSIGNS: &[&str] = &["Task", "Pass", "Choice", "Wait", "Parallel", "Map"];
const WORKS: &[&str] = &["Task", "Parallel", "Map"];
const HAS_RESULT: &[&str] = &["Task", "Pass", "Parallel", "Map"];
const PARAMETERS: &[&str] = &["Task", "Pass", "Parallel"];
const ARGUMENTS: &[&str] = &["Task", "Parallel"];
const TASK: &[&str] = &["Task"];
const CHOICE: &[&str] = &["Choice"];
const WAIT: &[&str] = &["Wait"];
const FAIL: &[&str] = &["Fail"];
const PASS: &[&str] = &["Pass"];
const PARALLEL: &[&str] = &["Parallel"];
const MAP: &[&str] = &["Map"];

const PATH: Option<Language> = Some(Language::JsonPath);
const NATA: Option<Language> = Some(Language::Jsonata);

macro_rules! table {
    ($($section:ident { $($always:literal $name:literal $label:literal $kind:expr, $types:ident, $language:expr, $help:literal;)* })*) => {
        /// All fields.
        pub const FIELDS: &[FieldSpec] = &[$($(FieldSpec {
            name: $name, label: $label, kind: $kind, section: Section::$section, help: $help,
            types: $types, language: $language, always: $always,
        },)*)*];
    };
}

use FieldKind as K;
table! {
    Input {
        false "InputPath" "Input path" K::Path, NOT_FAIL, PATH, "The part of the input that the state works on; null for an empty object";
        false "ItemReader" "Item reader" K::ItemReader, MAP, None, "Reads the items from a file instead of the input";
        true "ItemsPath" "Items path" K::Path, MAP, PATH, "Where in the input the list of items is";
        true "Items" "Items" K::Template, MAP, NATA, "The list of items, or an expression that gives it";
        false "ItemSelector" "Item selector" K::Template, MAP, None, "What each iteration gets as its input";
        false "ItemBatcher" "Item batcher" K::ItemBatcher, MAP, None, "Groups items, so that one iteration works on several";
        true "Parameters" "Parameters" K::Template, PARAMETERS, PATH, "What the work gets; keys that end in .$ are paths";
        true "Arguments" "Arguments" K::Template, ARGUMENTS, NATA, "What the work gets; strings in {% %} are expressions";
    }
    Work {
        true "Resource" "Resource" K::Resource, TASK, None, "What does the work: a platform task or an ARN";
        true "Choices" "Rules" K::Rules, CHOICE, None, "Tried from top to bottom; the first that holds wins";
        true "Default" "Otherwise" K::Target, CHOICE, None, "Where to go when no rule holds";
        true "Seconds" "Seconds" K::Number, WAIT, None, "How long to wait";
        true "Timestamp" "Until" K::Timestamp, WAIT, None, "When to go on";
        true "SecondsPath" "Seconds path" K::Path, WAIT, PATH, "Where in the input the number of seconds is";
        true "TimestampPath" "Timestamp path" K::Path, WAIT, PATH, "Where in the input the time is";
        true "Error" "Error" K::Text, FAIL, None, "The error's name, for a Catch to match";
        false "ErrorPath" "Error path" K::Path, FAIL, PATH, "Where the error's name is, or an intrinsic function";
        true "Cause" "Cause" K::Prose, FAIL, None, "What happened, for a person";
        false "CausePath" "Cause path" K::Path, FAIL, PATH, "Where the cause is, or an intrinsic function";
        true "Branches" "Branches" K::Branches, PARALLEL, None, "Run at the same time, each on a copy of the input";
        true "ItemProcessor" "Item processor" K::Processor, MAP, None, "What is done for each item, and how";
        false "Iterator" "Iterator" K::Processor, MAP, None, "The older name of ItemProcessor";
        true "MaxConcurrency" "Max concurrency" K::Number, MAP, None, "Iterations at the same time; 0 for no bound";
        false "MaxConcurrencyPath" "Max concurrency path" K::Path, MAP, PATH, "Where in the input the bound is";
        true "Result" "Result" K::Template, PASS, PATH, "A fixed result, in place of the input";
        false "TimeoutSeconds" "Timeout" K::Number, TASK, None, "Seconds until States.Timeout";
        false "TimeoutSecondsPath" "Timeout path" K::Path, TASK, PATH, "Where in the input the timeout is";
        false "HeartbeatSeconds" "Heartbeat" K::Number, TASK, None, "Seconds without a sign of life until States.HeartbeatTimeout";
        false "HeartbeatSecondsPath" "Heartbeat path" K::Path, TASK, PATH, "Where in the input the heartbeat is";
        false "Credentials" "Credentials" K::Template, TASK, None, "The role that the task takes on";
    }
    Output {
        false "ResultWriter" "Result writer" K::ResultWriter, MAP, None, "Writes the results to a bucket instead of the output";
        false "ResultSelector" "Result selector" K::Template, WORKS, PATH, "What to keep of the result";
        true "ResultPath" "Result path" K::ReferencePath, HAS_RESULT, PATH, "Where in the input the result goes; null drops it";
        false "OutputPath" "Output path" K::Path, NOT_FAIL, PATH, "The part that goes on to the next state";
        true "Output" "Output" K::Template, NOT_FAIL, NATA, "What goes on to the next state";
        false "Assign" "Variables" K::Template, ASSIGNS, None, "Variables for the states that follow";
        true "Next" "Next" K::Target, MOVES_ON, None, "The state that follows";
        true "End" "End" K::End, MOVES_ON, None, "This state ends its level";
    }
    Errors {
        true "Retry" "Retry" K::Retriers, WORKS, None, "Tries again when one of these errors comes up";
        true "Catch" "Catch" K::Catchers, WORKS, None, "Goes elsewhere when retries don't help";
        false "ToleratedFailurePercentage" "Tolerated failures, %" K::Percentage, MAP, None, "Share of iterations that may fail";
        false "ToleratedFailurePercentagePath" "Tolerated failures path, %" K::Path, MAP, PATH, "Where in the input that share is";
        false "ToleratedFailureCount" "Tolerated failures" K::Number, MAP, None, "Number of iterations that may fail";
        false "ToleratedFailureCountPath" "Tolerated failures path" K::Path, MAP, PATH, "Where in the input that number is";
    }
    Advanced {
        true "Comment" "Comment" K::Prose, ALL, None, "For whoever reads the workflow";
        true "QueryLanguage" "Query language" K::OneOf(&["JSONPath", "JSONata"]), ALL, None, "How this state's expressions are written";
        false "Label" "Label" K::Text, MAP, None, "Names the map run of a distributed Map, up to 40 characters";
    }
}

/// The fields that a state of a type can have in a language, in the form's order.
pub fn fields_of(state_type: &str, language: Language) -> impl Iterator<Item = &'static FieldSpec> {
    let state_type = state_type.to_owned();
    FIELDS.iter().filter(move |field| {
        field.types.contains(&state_type.as_str())
            && field.language.is_none_or(|wanted| wanted == language)
    })
}

/// Whether a field is offered next to those that the state already has: some exclude each other.
pub fn fits(field: &FieldSpec, state: &Map<String, Value>) -> bool {
    let has = |name: &str| state.contains_key(name);
    if has(field.name) {
        return true;
    }
    match field.name {
        "Iterator" => false,
        "ItemProcessor" => !has("Iterator"),
        name => {
            let other = name
                .strip_suffix("Path")
                .map(str::to_owned)
                .unwrap_or_else(|| format!("{name}Path"));
            !has(&other)
        }
    }
}

/// The fields of a state that the table doesn't give to its type and language.
pub fn other_fields<'a>(
    state: &'a Map<String, Value>,
    state_type: &str,
    language: Language,
) -> Vec<&'a str> {
    state
        .keys()
        .map(String::as_str)
        .filter(|name| {
            *name != "Type" && !fields_of(state_type, language).any(|field| field.name == *name)
        })
        .collect()
}

/// Why a field isn't among the known ones: it belongs to the other language or to other types, or is unknown.
pub fn why_other(name: &str, language: Language) -> &'static str {
    match FIELDS.iter().find(|field| field.name == name) {
        Some(field) if field.language.is_some_and(|own| own != language) => match language {
            Language::JsonPath => "a JSONata field in a JSONPath state",
            Language::Jsonata => "a JSONPath field in a JSONata state",
        },
        Some(_) => "not a field of this type of state",
        None => "not a field of the language",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use serde_json::json;

    fn check(state_type: &str, language: Language, expected: Expect) {
        let mut lines = String::new();
        for section in Section::ALL {
            let names: Vec<_> = fields_of(state_type, language)
                .filter(|field| field.section == section)
                .map(|field| field.name)
                .collect();
            if !names.is_empty() {
                lines.push_str(&format!("{}: {}\n", section.title(), names.join(" ")));
            }
        }
        expected.assert_eq(&lines);
    }

    #[test]
    fn a_task_shows_its_fields_in_the_order_of_the_data() {
        check(
            "Task",
            Language::JsonPath,
            expect![[r#"
            Input: InputPath Parameters
            Work: Resource TimeoutSeconds TimeoutSecondsPath HeartbeatSeconds HeartbeatSecondsPath Credentials
            Output: ResultSelector ResultPath OutputPath Assign Next End
            Errors: Retry Catch
            Advanced: Comment QueryLanguage
        "#]],
        );
        check(
            "Task",
            Language::Jsonata,
            expect![[r#"
            Input: Arguments
            Work: Resource TimeoutSeconds HeartbeatSeconds Credentials
            Output: Output Assign Next End
            Errors: Retry Catch
            Advanced: Comment QueryLanguage
        "#]],
        );
    }

    #[test]
    fn the_states_that_end_have_no_next() {
        check(
            "Succeed",
            Language::Jsonata,
            expect![[r#"
            Output: Output
            Advanced: Comment QueryLanguage
        "#]],
        );
        check(
            "Fail",
            Language::JsonPath,
            expect![[r#"
            Work: Error ErrorPath Cause CausePath
            Advanced: Comment QueryLanguage
        "#]],
        );
    }

    #[test]
    fn a_map_has_everything_that_a_map_has() {
        check(
            "Map",
            Language::JsonPath,
            expect![[r#"
            Input: InputPath ItemReader ItemsPath ItemSelector ItemBatcher
            Work: ItemProcessor Iterator MaxConcurrency MaxConcurrencyPath
            Output: ResultWriter ResultSelector ResultPath OutputPath Assign Next End
            Errors: Retry Catch ToleratedFailurePercentage ToleratedFailurePercentagePath ToleratedFailureCount ToleratedFailureCountPath
            Advanced: Comment QueryLanguage Label
        "#]],
        );
    }

    #[test]
    fn what_the_table_does_not_know_is_kept_as_other() {
        let state = json!({"Type": "Pass", "Output": 1, "X-Owner": "me", "Retry": []});
        let state = state.as_object().unwrap();
        let other = other_fields(state, "Pass", Language::JsonPath);
        let why: Vec<_> = other
            .iter()
            .map(|name| (*name, why_other(name, Language::JsonPath)))
            .collect();
        assert_eq!(
            why,
            [
                ("Output", "a JSONata field in a JSONPath state"),
                ("X-Owner", "not a field of the language"),
                ("Retry", "not a field of this type of state"),
            ]
        );
    }

    #[test]
    fn a_path_twin_is_not_offered_beside_the_plain_field() {
        let state = json!({"Type": "Wait", "Seconds": 3});
        let names: Vec<_> = fields_of("Wait", Language::JsonPath)
            .filter(|field| {
                field.section == Section::Work && fits(field, state.as_object().unwrap())
            })
            .map(|field| field.name)
            .collect();
        assert_eq!(names, ["Seconds", "Timestamp", "TimestampPath"]);
    }

    #[test]
    fn a_state_takes_the_machines_language_unless_it_has_its_own() {
        let machine = json!({"QueryLanguage": "JSONata"});
        assert_eq!(Language::of(Some(&json!({})), &machine), Language::Jsonata);
        assert_eq!(
            Language::of(Some(&json!({"QueryLanguage": "JSONPath"})), &machine),
            Language::JsonPath
        );
        assert_eq!(Language::of(None, &json!({})), Language::JsonPath);
    }
}
