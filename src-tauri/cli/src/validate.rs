//! `awm validate`.

use crate::{
    args::Validate,
    exit::Ended,
    input,
    output::{Output, Tone},
};
use awm_api::UserError;
use serde_json::json;

pub(crate) fn validate(output: &Output, given: &Validate) -> Result<Ended, UserError> {
    let name = given.file.display().to_string();
    let text = input::text(&given.file)?;
    let checked = awm_commands::check(&awm_commands::read_text(&name, text)?);
    let valid = checked.errors.is_empty();
    if output.is_json() {
        output.json(&json!({
            "valid": valid,
            "states": checked.states,
            "errors": checked.errors,
            "warnings": checked.warnings,
        }));
    } else {
        for problem in checked.errors.iter().chain(&checked.warnings) {
            output.text(&format!("{name}:{problem}"));
        }
        let (errors, warnings) = (checked.errors.len(), checked.warnings.len());
        let verdict = match valid {
            true => output.tone(Tone::Good, "valid"),
            false => output.tone(Tone::Bad, "not valid"),
        };
        output.text(&format!(
            "{verdict}: {} states, {errors} errors, {warnings} warnings",
            checked.states
        ));
    }
    Ok(if valid { Ended::Well } else { Ended::Failed })
}
