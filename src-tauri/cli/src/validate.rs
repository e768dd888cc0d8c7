//! `awm validate`.

use crate::{
    args::Validate,
    exit::Ended,
    input,
    output::{Output, Tone},
};
use awm_api::UserError;
use awm_asl::Severity;
use serde_json::json;

pub(crate) fn validate(output: &Output, given: &Validate) -> Result<Ended, UserError> {
    let name = given.file.display().to_string();
    let text = input::text(&given.file)?;
    let checked = awm_commands::check(&awm_commands::read_text(&name, text)?);
    let (errors, warnings) = (
        checked.count(Severity::Error),
        checked.count(Severity::Warning),
    );
    let valid = errors == 0;
    if output.is_json() {
        output.json(&json!({
            "valid": valid,
            "states": checked.states(),
            "diagnostics": checked.diagnostics,
        }));
    } else {
        for found in &checked.diagnostics {
            output.text(&format!("{name}:{found}"));
            if let Some(help) = &found.help {
                output.text(&output.tone(Tone::Dim, &format!("    {help}")));
            }
        }
        let verdict = match valid {
            true => output.tone(Tone::Good, "valid"),
            false => output.tone(Tone::Bad, "not valid"),
        };
        output.text(&format!(
            "{verdict}: {} states, {errors} errors, {warnings} warnings",
            checked.states()
        ));
    }
    Ok(if valid { Ended::Well } else { Ended::Failed })
}
