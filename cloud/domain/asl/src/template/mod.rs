//! Payload templates: `Parameters` with `"key.$": "$.path"`, and `Arguments` with `{% … %}` in them.

mod path;
mod query;

pub use path::{PathTemplate, PathTemplateError, Reference};
pub use query::{QueryTemplate, QueryTemplateError};

/// Levels that a template may have.
const MAX_LEVELS: u32 = 200;

/// Why a template can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateSyntaxError {
    /// What is wrong, and with what.
    pub message: String,
    /// The keys and indexes that lead to it.
    pub at: Vec<String>,
}

fn check_level(at: &[String]) -> Result<(), TemplateSyntaxError> {
    if at.len() as u32 > MAX_LEVELS {
        return Err(TemplateSyntaxError {
            message: format!("more than {MAX_LEVELS} levels"),
            at: at.to_vec(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{PathTemplate, QueryTemplate};
    use crate::jsonata::{Bindings, Session};
    use crate::path::Scope;
    use crate::random::Seeded;
    use serde_json::{Value, json};

    #[test]
    fn paths_fill_a_template() {
        let (input, context) = (json!({ "a": [1], "b": "x" }), json!({ "c": 2 }));
        let scope = Scope {
            input: &input,
            context: &context,
            variables: &(),
        };
        let fill = |template: Value| {
            PathTemplate::parse(&template)
                .unwrap()
                .evaluate(&scope, &mut Seeded::new(1))
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            fill(
                json!({ "x.$": "$.a", "y": [{ "z.$": "$$.c" }, "$.a"], "f.$": "States.Format('{}', $.b)" })
            ),
            Ok(json!({ "x": [1], "y": [{ "z": 2 }, "$.a"], "f": "x" }))
        );
        assert_eq!(
            fill(json!({ "x.$": "$.none" })),
            Err("The JSONPath '$.none' specified for the field 'x.$' could not be found in the input '{\"a\":[1],\"b\":\"x\"}'".to_owned())
        );
        assert!(PathTemplate::parse(&json!({ "x.$": 1 })).is_err());
        assert!(PathTemplate::parse(&json!({ "x.$": "none" })).is_err());
    }

    #[test]
    fn expressions_fill_a_template() {
        let input = json!({ "n": 2 });
        let states: [(&'static str, &Value); 1] = [("input", &input)];
        let bindings = Bindings {
            states: &states,
            variables: &(),
            now: 0,
        };
        let mut session = Session::new(bindings, &mut Seeded::new(1));
        let mut fill = |template: Value| {
            QueryTemplate::parse(&template)
                .unwrap()
                .evaluate("Output", &mut session)
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            fill(json!({ "a": ["{% $states.input.n * 2 %}", "text"], "$.b": null })),
            Ok(json!({ "a": [4, "text"], "$.b": null }))
        );
        assert_eq!(
            fill(json!({ "a": { "b": "{% $none %}" } })),
            Err("The JSONata expression '$none' specified for the field 'Output/a/b' returned nothing (undefined).".to_owned())
        );
    }
}
