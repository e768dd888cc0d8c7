//! Which data a field's expressions can reach, told from a visit of its state.

use super::{complete::Reach, fields::Language, run::VisitRecord};

impl Reach {
    /// What the expressions of `field` see in this visit: each field of a JSONPath state has its own `$`.
    pub fn of(visit: &VisitRecord, field: &str, language: Language) -> Self {
        let data = &visit.data;
        let after_input = || data.after_input_path.as_ref().or(data.input.as_ref());
        let result = || data.after_result_selector.as_ref().or(data.result.as_ref());
        let input = match (language, field) {
            (Language::Jsonata, _) | (_, "InputPath") => data.input.as_ref(),
            (_, "ResultSelector") => data.result.as_ref(),
            (_, "OutputPath") => data
                .after_result_path
                .as_ref()
                .or_else(result)
                .or_else(after_input),
            (_, "Assign") => result().or_else(after_input),
            _ => after_input(),
        };
        Self {
            input: input.map(|input| (**input).clone()),
            result: data.result.as_deref().cloned(),
            context: None,
            variables: data.variables.clone(),
        }
    }
}
