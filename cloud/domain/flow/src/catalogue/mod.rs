//! What can be put on the canvas: the eight types of state, and the platform's tasks.

mod states;
mod tasks;

use serde_json::Value;

/// Something that can be put on the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// Its id, such as `retrieve`; stable.
    pub id: &'static str,
    /// Its title, also the name of a new state.
    pub title: &'static str,
    /// Where it stands in the palette, and the colour of its tile.
    pub family: Family,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// The name of its icon (Lucide's names).
    pub icon: &'static str,
    /// Words that find it, beside its title.
    pub keywords: &'static [&'static str],
    /// The state's `Type`.
    pub kind: &'static str,
    /// The Task's `Resource`; empty for other types.
    pub resource: &'static str,
    /// The Task's arguments; empty if they have no fixed form.
    pub fields: &'static [Field],
}

/// A group of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// The flow itself.
    Logic,
    /// Searching what is known.
    Knowledge,
    /// Asking a model.
    Model,
    /// What was said before.
    Memory,
    /// Other services.
    Api,
    /// Turning files into passages.
    Documents,
}

/// An argument of a platform task, as a form shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the request.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// How it is edited.
    pub kind: FieldKind,
    /// Whether the task refuses a request without it.
    pub required: bool,
    /// What it is for, in a sentence.
    pub help: &'static str,
}

/// How a field is edited. Each also takes an expression in place of a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// A whole number.
    Number,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Names of knowledge sources.
    Sources,
    /// Names and values.
    Pairs,
    /// Any JSON.
    Json,
}

/// Everything, in the order of the palette.
pub fn items() -> impl Iterator<Item = &'static Item> {
    states::STATES.iter().chain(tasks::TASKS)
}

/// The item with this id.
pub fn item(id: &str) -> Option<&'static Item> {
    items().find(|item| item.id == id)
}

/// How a state is drawn whose type is missing or unknown.
pub fn unknown() -> &'static Item {
    &states::UNKNOWN
}

/// Items that a search finds: each word must begin a word of the title, the keywords or the family's title.
pub fn search(query: &str) -> Vec<&'static Item> {
    let query = query.to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let found = items().filter(|item| {
        let title = item.title.to_lowercase();
        let family = item.family.title().to_lowercase();
        let known = || {
            title
                .split(' ')
                .chain(item.keywords.iter().copied())
                .chain(std::iter::once(family.as_str()))
        };
        words
            .iter()
            .all(|word| known().any(|known| known.starts_with(word)))
    });
    found.collect()
}

/// The item that a state is drawn as.
pub fn item_of(state: &Value) -> &'static Item {
    let kind = state
        .get("Type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if kind == "Task" {
        return tasks::of_resource(
            state
                .get("Resource")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        );
    }
    states::STATES
        .iter()
        .find(|item| item.kind == kind)
        .unwrap_or_else(unknown)
}

impl Item {
    /// A new state, without a way out: the editor adds `Next` or `End`. `jsonata` is whether the state is to be
    /// written in JSONata; otherwise it is JSONPath. `inner_name` names the states inside a frame.
    pub fn definition(&self, jsonata: bool, mut inner_name: impl FnMut(&str) -> String) -> Value {
        match self.kind {
            "Task" => tasks::definition(self, jsonata),
            _ => states::definition(self, jsonata, &mut inner_name),
        }
    }
}

impl Family {
    /// All, in the order of the palette.
    pub const ALL: [Self; 6] = [
        Self::Logic,
        Self::Knowledge,
        Self::Model,
        Self::Memory,
        Self::Api,
        Self::Documents,
    ];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Logic => "Logic",
            Self::Knowledge => "Knowledge",
            Self::Model => "Model",
            Self::Memory => "Memory",
            Self::Api => "API",
            Self::Documents => "Documents",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use std::collections::HashSet;

    #[test]
    fn items_are_found_by_the_words_people_use() {
        let found = |query| {
            search(query)
                .iter()
                .map(|item| item.id)
                .collect::<Vec<_>>()
                .join(" ")
        };
        expect!["retrieve"].assert_eq(&found("rag"));
        expect!["choice"].assert_eq(&found("if"));
        expect!["call_api fetch_page lambda aws_sdk"].assert_eq(&found("api"));
        assert_eq!(search("").len(), items().count());
        assert!(search("nothing like it").is_empty());
    }

    #[test]
    fn new_states_are_drawn_as_the_item_they_came_from() {
        let mut ids = HashSet::new();
        for item in items() {
            assert!(ids.insert(item.id), "{} twice", item.id);
            for jsonata in [false, true] {
                let state = item.definition(jsonata, str::to_owned);
                assert_eq!(item_of(&state).id, item.id);
                assert!(state.get("Parameters").is_none() || !jsonata, "{}", item.id);
                assert!(state.get("Arguments").is_none() || jsonata, "{}", item.id);
            }
            for field in item.fields.iter().filter(|field| field.required) {
                let state = item.definition(true, str::to_owned);
                assert!(
                    state["Arguments"].get(field.name).is_some(),
                    "{}.{}",
                    item.id,
                    field.name
                );
            }
        }
    }
}
