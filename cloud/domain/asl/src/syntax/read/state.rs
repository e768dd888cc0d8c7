//! Reading states.

use super::Reader;
use super::closest::closest;
use super::object::{Object, Range};
use crate::syntax::fields::{FIELDS, is_supported, supported};
use crate::syntax::{Fail, Machine, Pass, QueryLanguage, State, StateKind, StateType, Task, Wait};
use serde_json::{Map as JsonMap, Value};

const BRANCH: &[&str] = &["Comment", "QueryLanguage", "StartAt", "States"];

impl Reader {
    pub(super) fn state(
        &mut self,
        name: &str,
        object: &Object<'_>,
        default_language: QueryLanguage,
    ) -> State {
        let language = match self.query_language(object) {
            Some(language) => {
                self.check_language(object, language);
                language
            }
            None => default_language,
        };
        let kind = self.state_type(object);
        let extra = self.unsupported_fields(object, kind, language);
        self.transition_fields(object, kind);
        let parameters = object.get("Parameters").cloned();
        State {
            name: name.to_owned(),
            pointer: object.pointer.clone(),
            comment: self.string(object, "Comment"),
            query_language: language,
            input_path: self.path_field(object, "InputPath"),
            output_path: self.path_field(object, "OutputPath"),
            result_path: self.path_field(object, "ResultPath"),
            parameters: (kind != Some(StateType::Map))
                .then_some(parameters)
                .flatten(),
            result_selector: object.get("ResultSelector").cloned(),
            arguments: object.get("Arguments").cloned(),
            output: object.get("Output").cloned(),
            assign: self.object_template(object, "Assign"),
            next: self.string(object, "Next"),
            end: self.boolean(object, "End").unwrap_or(false),
            retry: self.retriers(object),
            catch: self.catchers(object, language),
            kind: self.kind(object, kind, language),
            extra,
        }
    }

    fn state_type(&mut self, object: &Object<'_>) -> Option<StateType> {
        self.require(object, &["Type"]);
        let name = self.string(object, "Type")?;
        let kind = StateType::from_name(&name);
        if kind.is_none() {
            let names: Vec<&str> = StateType::ALL.iter().map(|kind| kind.as_str()).collect();
            self.schema(
                object.at("Type"),
                format!(
                    "The field 'Type' should have one of these values: [{}]",
                    names.join(", ")
                ),
            );
        }
        kind
    }

    fn unsupported_fields(
        &mut self,
        object: &Object<'_>,
        kind: Option<StateType>,
        language: QueryLanguage,
    ) -> JsonMap<String, Value> {
        let mut extra = JsonMap::new();
        for (name, value) in object.entries() {
            let known = FIELDS.iter().any(|field| field.name == name);
            if let Some(kind) = kind
                && !is_supported(name, kind, language)
            {
                self.unsupported(object, name, hint(name, kind, language));
            }
            if !known {
                extra.insert(name.clone(), value.clone());
            }
        }
        extra
    }

    fn transition_fields(&mut self, object: &Object<'_>, kind: Option<StateType>) {
        use StateType::{Choice, Fail, Succeed};
        if matches!(kind, None | Some(Choice | Succeed | Fail)) {
            return;
        }
        let ends = object
            .get("End")
            .is_some_and(|end| end != &Value::Bool(false));
        match (object.has("Next"), ends) {
            (true, true) => self.exclusive(object, &["Next", "End"]),
            (false, false) => self.schema(
                object.pointer.clone(),
                "These fields are required: [Next] or [End]",
            ),
            _ => {}
        }
    }

    fn kind(
        &mut self,
        object: &Object<'_>,
        kind: Option<StateType>,
        language: QueryLanguage,
    ) -> StateKind {
        match kind {
            Some(StateType::Task) => StateKind::Task(Box::new(self.task(object, language))),
            Some(StateType::Pass) => StateKind::Pass(Pass {
                result: object.get("Result").cloned(),
            }),
            Some(StateType::Choice) => StateKind::Choice(self.choice(object, language)),
            Some(StateType::Wait) => StateKind::Wait(self.wait(object, language)),
            Some(StateType::Succeed) => StateKind::Succeed,
            Some(StateType::Fail) => StateKind::Fail(Fail {
                error: self.text(object, "Error", language),
                cause: self.text(object, "Cause", language),
            }),
            Some(StateType::Parallel) => StateKind::Parallel(self.branches(object)),
            Some(StateType::Map) => StateKind::Map(Box::new(self.map(object, language))),
            None => StateKind::Unknown(
                object
                    .get("Type")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            ),
        }
    }

    fn task(&mut self, object: &Object<'_>, language: QueryLanguage) -> Task {
        self.require(object, &["Resource"]);
        if let Some(credentials) = self.object(object, "Credentials")
            && !credentials.has("RoleArn")
            && !credentials.has("RoleArn.$")
        {
            self.schema(
                credentials.pointer.clone(),
                "The field 'RoleArn' is required but was missing",
            );
        }
        Task {
            resource: self.string(object, "Resource").unwrap_or_default(),
            timeout: self.quantity(object, "TimeoutSeconds", language, Range::Seconds),
            heartbeat: self.quantity(object, "HeartbeatSeconds", language, Range::Seconds),
            credentials: object.get("Credentials").cloned(),
        }
    }

    fn wait(&mut self, object: &Object<'_>, language: QueryLanguage) -> Wait {
        let names = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
        let present = names.iter().filter(|name| object.has(name)).count();
        if present == 0 {
            let allowed = match language {
                QueryLanguage::JsonPath => names.join(", "),
                QueryLanguage::Jsonata => "Seconds, Timestamp".to_owned(),
            };
            self.schema(
                object.pointer.clone(),
                format!("One of these fields is required: [{allowed}]"),
            );
            return Wait::Unknown;
        }
        self.exclusive(object, &names);
        if object.has("Seconds") || object.has("SecondsPath") {
            // The pair has been reported already.
            let reported = self.diagnostics.len();
            let seconds = self.quantity(object, "Seconds", language, Range::Integer(0));
            if present > 1 {
                self.diagnostics.truncate(reported);
            }
            seconds.map_or(Wait::Unknown, Wait::Seconds)
        } else {
            let reported = self.diagnostics.len();
            let timestamp = self.text(object, "Timestamp", language);
            if present > 1 {
                self.diagnostics.truncate(reported);
            }
            timestamp.map_or(Wait::Unknown, Wait::Timestamp)
        }
    }

    fn branches(&mut self, object: &Object<'_>) -> Vec<Machine> {
        self.require(object, &["Branches"]);
        self.objects(object, "Branches")
            .iter()
            .map(|branch| self.nested(branch, BRANCH))
            .collect()
    }
}

/// What was probably meant by a field that such a state does not have.
fn hint(name: &str, kind: StateType, language: QueryLanguage) -> Option<String> {
    let other = match language {
        QueryLanguage::JsonPath => QueryLanguage::Jsonata,
        QueryLanguage::Jsonata => QueryLanguage::JsonPath,
    };
    if is_supported(name, kind, other) {
        return Some(format!(
            "`{name}` belongs to {}, but this state is written in {}",
            other.as_str(),
            language.as_str()
        ));
    }
    if FIELDS.iter().any(|field| field.name == name) {
        return Some(format!("{} states have no `{name}`", kind.as_str()));
    }
    closest(name, supported(kind, language)).map(|meant| format!("did you mean `{meant}`?"))
}
