//! Which fields a state may have, by its type and its query language.

use super::{QueryLanguage, StateType};

/// A field of a state.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// The types that have it.
    pub types: Applies,
    /// The languages that have it.
    pub languages: Languages,
}

/// Types of states.
#[derive(Clone, Copy, Debug)]
pub enum Applies {
    /// All eight.
    All,
    /// These.
    Only(&'static [StateType]),
    /// All but these.
    Except(&'static [StateType]),
}

/// Query languages.
#[derive(Clone, Copy, Debug)]
pub enum Languages {
    /// Both.
    Both,
    /// This one.
    Only(QueryLanguage),
}

use Applies::{All, Except, Only};
use Languages::Both;
use StateType::{Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait};

const JSON_PATH: Languages = Languages::Only(QueryLanguage::JsonPath);
const JSONATA: Languages = Languages::Only(QueryLanguage::Jsonata);

/// Every field of every type.
pub const FIELDS: &[Field] = &[
    field("Type", All, Both),
    field("Comment", All, Both),
    field("QueryLanguage", All, Both),
    field("Next", Except(&[Choice, Succeed, Fail]), Both),
    field("End", Except(&[Choice, Succeed, Fail]), Both),
    field("InputPath", Except(&[Fail]), JSON_PATH),
    field("OutputPath", Except(&[Fail]), JSON_PATH),
    field("ResultPath", Only(&[Task, Pass, Parallel, Map]), JSON_PATH),
    field("Parameters", Only(&[Task, Pass, Parallel, Map]), JSON_PATH),
    field("ResultSelector", Only(&[Task, Parallel, Map]), JSON_PATH),
    field("Arguments", Only(&[Task, Parallel]), JSONATA),
    field("Output", Except(&[Fail]), JSONATA),
    field("Assign", Except(&[Succeed, Fail]), Both),
    field("Retry", Only(&[Task, Parallel, Map]), Both),
    field("Catch", Only(&[Task, Parallel, Map]), Both),
    field("Resource", Only(&[Task]), Both),
    field("TimeoutSeconds", Only(&[Task]), Both),
    field("TimeoutSecondsPath", Only(&[Task]), JSON_PATH),
    field("HeartbeatSeconds", Only(&[Task]), Both),
    field("HeartbeatSecondsPath", Only(&[Task]), JSON_PATH),
    field("Credentials", Only(&[Task]), Both),
    field("Result", Only(&[Pass]), JSON_PATH),
    field("Choices", Only(&[Choice]), Both),
    field("Default", Only(&[Choice]), Both),
    field("Seconds", Only(&[Wait]), Both),
    field("SecondsPath", Only(&[Wait]), JSON_PATH),
    field("Timestamp", Only(&[Wait]), Both),
    field("TimestampPath", Only(&[Wait]), JSON_PATH),
    field("Error", Only(&[Fail]), Both),
    field("ErrorPath", Only(&[Fail]), JSON_PATH),
    field("Cause", Only(&[Fail]), Both),
    field("CausePath", Only(&[Fail]), JSON_PATH),
    field("Branches", Only(&[Parallel]), Both),
    field("ItemProcessor", Only(&[Map]), Both),
    field("Iterator", Only(&[Map]), Both),
    field("ItemsPath", Only(&[Map]), JSON_PATH),
    field("Items", Only(&[Map]), JSONATA),
    field("ItemSelector", Only(&[Map]), Both),
    field("ItemReader", Only(&[Map]), Both),
    field("ItemBatcher", Only(&[Map]), Both),
    field("ResultWriter", Only(&[Map]), Both),
    field("MaxConcurrency", Only(&[Map]), Both),
    field("MaxConcurrencyPath", Only(&[Map]), JSON_PATH),
    field("ToleratedFailureCount", Only(&[Map]), Both),
    field("ToleratedFailureCountPath", Only(&[Map]), JSON_PATH),
    field("ToleratedFailurePercentage", Only(&[Map]), Both),
    field("ToleratedFailurePercentagePath", Only(&[Map]), JSON_PATH),
    field("Label", Only(&[Map]), Both),
];

const fn field(name: &'static str, types: Applies, languages: Languages) -> Field {
    Field {
        name,
        types,
        languages,
    }
}

/// The names of the fields that such a state may have.
pub fn supported(kind: StateType, language: QueryLanguage) -> impl Iterator<Item = &'static str> {
    FIELDS
        .iter()
        .filter(move |field| field.types.has(kind) && field.languages.have(language))
        .map(|field| field.name)
}

/// Whether such a state may have a field of that name.
pub fn is_supported(name: &str, kind: StateType, language: QueryLanguage) -> bool {
    supported(kind, language).any(|field| field == name)
}

impl Applies {
    /// Whether that type is among them.
    pub fn has(self, kind: StateType) -> bool {
        match self {
            All => true,
            Only(types) => types.contains(&kind),
            Except(types) => !types.contains(&kind),
        }
    }
}

impl Languages {
    /// Whether that language is among them.
    pub fn have(self, language: QueryLanguage) -> bool {
        match self {
            Both => true,
            Self::Only(only) => only == language,
        }
    }
}
