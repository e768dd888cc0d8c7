//! Which data a field's expressions can reach, told from a visit of its state.

use super::{complete::Reach, fields::Language, run::VisitRecord};

impl Reach {
    /// What the expressions of `field` see in this visit: each field of a JSONPath state has its own `$`.
    pub fn of(visit: &VisitRecord, field: &str, language: Language) -> Self {
        let data = &visit.data;
        let after_input = || data.after_input_path.clone().or_else(|| data.input.clone());
        let result = || {
            data.after_result_selector
                .clone()
                .or_else(|| data.result.clone())
        };
        let input = match (language, field) {
            (Language::Jsonata, _) | (_, "InputPath") => data.input.clone(),
            (_, "ResultSelector") => data.result.clone(),
            (_, "OutputPath") => data
                .after_result_path
                .clone()
                .or_else(result)
                .or_else(after_input),
            (_, "Assign") => result().or_else(after_input),
            _ => after_input(),
        };
        Self {
            input,
            result: data.result.clone(),
            context: None,
            variables: data.variables.clone(),
        }
    }
}
