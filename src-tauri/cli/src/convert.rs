//! `awm convert`.

use crate::{args::Convert, exit::Ended, input, output::Output};
use awm_api::{Code, UserError};
use awm_asl::convert::{Converted, Options, convert as turn};
use awm_asl::source::apply;
use awm_asl::{Definition, Format, Machine, StateRef};
use serde_json::json;

pub(crate) fn convert(output: &Output, given: &Convert) -> Result<Ended, UserError> {
    let name = given.file.display().to_string();
    let document = awm_commands::read_text(&name, input::text(&given.file)?)?;
    let format = match document.text.trim_start().starts_with(['{', '[']) {
        true => Format::Json,
        false => Format::Yaml,
    };
    let definition = Definition::read(document.text.as_str(), format);
    let options = Options {
        states: states(definition.machine.as_ref(), &given.state)?,
        plain: given.plain,
    };
    let converted = turn(&definition, &options).map_err(|error| {
        UserError::new(Code::DefinitionInvalid, format!("`{name}`: {error}"))
            .help(format!("`awm validate {name}` shows what is wrong"))
    })?;
    let text = apply(&document.text, &converted.edits);
    tell(output, &converted);
    match &given.output {
        Some(file) => std::fs::write(file, &text).map_err(|error| {
            UserError::new(
                Code::BadRequest,
                format!("`{}` can't be written: {error}", file.display()),
            )
            .help("choose another file")
        })?,
        None if !output.is_json() => output.part(&text),
        None => {}
    }
    if output.is_json() {
        output.json(&json!({
            "definition": text,
            "converted": converted.states,
            "refused": converted.refused,
            "remarks": converted.remarks,
        }));
    }
    Ok(match converted.refused.is_empty() {
        true => Ended::Well,
        false => Ended::Failed,
    })
}

fn tell(output: &Output, converted: &Converted) {
    for refusal in &converted.refused {
        output.note(&format!(
            "{} stays in JSONPath: {} [{}] at {}",
            refusal.state, refusal.reason, refusal.code, refusal.pointer
        ));
    }
    for remark in &converted.remarks {
        output.note(&format!(
            "{}: {} [{}] at {}",
            remark.state, remark.reason, remark.code, remark.pointer
        ));
    }
    output.note(&format!(
        "{} states converted, {} left as they were",
        converted.states.len(),
        converted.refused.len()
    ));
}

/// The states that are named, by name or by path.
fn states(machine: Option<&Machine>, named: &[String]) -> Result<Vec<StateRef>, UserError> {
    let all = machine.map(Machine::all_states).unwrap_or_default();
    named
        .iter()
        .map(|wanted| {
            all.iter()
                .find(|state| state.pointer == *wanted || state.name == *wanted)
                .map(|state| state.pointer.clone())
                .ok_or_else(|| {
                    UserError::new(Code::NotFound, format!("there is no state `{wanted}`"))
                        .help("give a state's name, or its path such as `/States/Ask`")
                })
        })
        .collect()
}
