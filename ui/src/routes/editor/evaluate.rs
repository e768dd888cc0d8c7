//! What an expression gives, over the data of the last run.

use super::model::{complete::Reach, fields::Language};
use awm_asl::{
    jsonata::{Bindings, Expression, Session, expression_of},
    path::{Scope, Variables},
    random::Seeded,
    template::Reference,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Data beyond this many characters is not evaluated at every key press.
const LARGE: usize = 200_000;

/// The value of an expression as it is written in a field, or why there is none.
///
/// # Errors
/// A sentence for the person who wrote the expression.
pub fn evaluate(text: &str, language: Language, reach: &Reach, now: i64) -> Result<Value, String> {
    let null = Value::Null;
    let input = reach.input.as_ref().unwrap_or(&null);
    let variables: BTreeMap<String, Value> = reach
        .variables
        .as_ref()
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    match language {
        Language::JsonPath => {
            let context = reach.context.as_ref().unwrap_or(&null);
            let scope = Scope {
                input,
                context,
                variables: &variables as &dyn Variables,
            };
            let reference = Reference::parse(text)?;
            reference
                .evaluate("", &scope, &mut Seeded::new(0))
                .map_err(|error| match error {
                    awm_asl::template::PathTemplateError::NotFound { path, .. } => {
                        format!("`{path}` found nothing in the last run's data")
                    }
                    other => other.to_string(),
                })
        }
        Language::Jsonata => {
            let source = expression_of(text.trim())
                .ok_or_else(|| "an expression stands in {% and %}".to_owned())?;
            // In a browser nothing can cut a function short that calls itself for ever.
            if source.contains("function")
                || source.contains('λ')
                || input.to_string().len() > LARGE
            {
                return Err("not worked out while you type".to_owned());
            }
            let expression = Expression::parse(source).map_err(|error| error.to_string())?;
            let mut states = vec![("input", input)];
            states.extend(reach.result.as_ref().map(|result| ("result", result)));
            states.extend(reach.context.as_ref().map(|context| ("context", context)));
            let bindings = Bindings {
                states: &states,
                variables: &variables,
                now,
            };
            let value = Session::new(bindings, &mut Seeded::new(0))
                .evaluate(&expression)
                .map_err(|error| error.to_string())?;
            value.ok_or_else(|| {
                "nothing: the expression found no value in the last run's data".to_owned()
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(text: &str, language: Language, expected: Result<Value, &str>) {
        let reach = Reach {
            input: Some(json!({"a": [1, 2], "name": "Ada"})),
            result: Some(json!({"n": 3})),
            context: None,
            variables: Some(json!({"v": {"x": 5}})),
        };
        assert_eq!(
            evaluate(text, language, &reach, 0),
            expected.map_err(str::to_owned),
            "{text}"
        );
    }

    #[test]
    fn expressions_see_what_the_state_saw() {
        check("$.a[1]", Language::JsonPath, Ok(json!(2)));
        check("$v.x", Language::JsonPath, Ok(json!(5)));
        check(
            "States.Format('Hi {}', $.name)",
            Language::JsonPath,
            Ok(json!("Hi Ada")),
        );
        check(
            "$.b",
            Language::JsonPath,
            Err("`$.b` found nothing in the last run's data"),
        );
        check(
            "{% $sum($states.input.a) + $states.result.n %}",
            Language::Jsonata,
            Ok(json!(6)),
        );
        check("{% $v.x %}", Language::Jsonata, Ok(json!(5)));
        check(
            "{% $states.input.zz %}",
            Language::Jsonata,
            Err("nothing: the expression found no value in the last run's data"),
        );
        check(
            "{% ($f := function($x) { $f($x) }; $f(1)) %}",
            Language::Jsonata,
            Err("not worked out while you type"),
        );
    }
}
