//! Recorded diagnostics of definitions.

use crate::data::text;
use awm_asl::check::variable_references;
use awm_asl::{Format, Machine, MachineType, Severity, validate};
use serde_json::{Value, json};

fn found(case: &Value) -> Vec<awm_asl::Diagnostic> {
    let kind = match text(case, "type") {
        "EXPRESS" => MachineType::Express,
        _ => MachineType::Standard,
    };
    let definition = case.get("definition").unwrap_or(&Value::Null);
    let definition = match definition {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    validate(&definition, Format::Json, kind)
        .into_iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .collect()
}

/// What is wrong with the diagnostics of ValidateStateMachineDefinition, if anything.
pub fn validated_difference(case: &Value) -> Option<String> {
    let expected = case.pointer("/expected/diagnostics")?;
    let actual: Value = found(case)
        .into_iter()
        .map(|diagnostic| {
            let mut told = json!({
                "code": diagnostic.code.to_string(),
                "message": diagnostic.message,
                "severity": "ERROR",
            });
            if let (false, Some(told)) = (diagnostic.unlocated, told.as_object_mut()) {
                let location = match diagnostic.pointer.as_str() {
                    "" => "/".to_owned(),
                    pointer => pointer.to_owned(),
                };
                told.insert("location".to_owned(), location.into());
            }
            told
        })
        .collect();
    (*expected != actual).then(|| format!("recorded {expected}, but got {actual}"))
}

/// What is wrong with why CreateStateMachine refused a definition, if anything.
pub fn refused_difference(case: &Value) -> Option<String> {
    let message = case.pointer("/expected/message").and_then(Value::as_str)?;
    let found = found(case);
    let told: Vec<String> = found
        .iter()
        .map(|diagnostic| {
            format!(
                "{}: {} at {}",
                diagnostic.code, diagnostic.message, diagnostic.pointer
            )
        })
        .collect();
    let recorded = message.replace("  ", " ");
    let same = told.iter().any(|told| {
        let told = told.replace("  ", " ");
        recorded.contains(&told) || recorded.contains(&told.replace("arn:aws:", "arn:<partition>:"))
    });
    (!same).then(|| format!("recorded `{message}`, but got {told:?}"))
}

/// What is wrong with the variables that states read, if anything.
pub fn references_difference(case: &Value) -> Option<String> {
    let expected = case.pointer("/expected/variableReferences")?;
    let definition = case.get("definition").unwrap_or(&Value::Null);
    let (machine, _) = Machine::from_value(definition);
    let actual = machine.map(|machine| json!(variable_references(&machine)));
    let sorted = |value: &Value| -> Value {
        let mut value = value.clone();
        for names in value
            .as_object_mut()
            .into_iter()
            .flat_map(|map| map.values_mut())
        {
            if let Some(names) = names.as_array_mut() {
                names.sort_by_key(ToString::to_string);
            }
        }
        value
    };
    let actual = actual.unwrap_or(Value::Null);
    (sorted(expected) != sorted(&actual)).then(|| format!("recorded {expected}, but got {actual}"))
}
