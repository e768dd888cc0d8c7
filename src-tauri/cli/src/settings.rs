//! `awm settings`.

use crate::{args::SettingsCommand, exit::Ended, output::Output};
use awm_api::{
    Code, UserError,
    settings::{Settings, SettingsGet, SettingsSave},
};
use awm_host::DesktopHost;
use serde_json::Value;

pub(crate) async fn settings(
    host: &DesktopHost,
    output: &Output,
    command: SettingsCommand,
) -> Result<Ended, UserError> {
    let settings = host.ask(SettingsGet {}).await?;
    match command {
        SettingsCommand::Show => output.json(&settings),
        SettingsCommand::Set { name, value } => {
            let settings = changed(&settings, &name, &value)?;
            let kept = host.ask(SettingsSave { settings }).await?;
            output.line(&format!("kept {name}"), &kept);
        }
    }
    Ok(Ended::Well)
}

/// The settings with one of them replaced. The value is JSON, or else a text as it stands.
fn changed(settings: &Settings, name: &str, value: &str) -> Result<Settings, UserError> {
    let mut all = serde_json::to_value(settings).map_err(|error| bad(error.to_string()))?;
    let Some(place) = all.get_mut(name) else {
        return Err(bad(format!("there is no setting `{name}`")));
    };
    *place = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    serde_json::from_value(all)
        .map_err(|error| bad(format!("`{value}` is no value of `{name}`: {error}")))
}

fn bad(message: String) -> UserError {
    UserError::new(Code::BadRequest, message)
        .help("`awm settings show` tells all with their values")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_one_setting() {
        let before = Settings::default();
        let after = changed(&before, "allow_local_addresses", "true").unwrap();
        assert!(after.allow_local_addresses);
        assert_eq!(after.tenant_name, before.tenant_name);
        let named = changed(&before, "tenant_name", "Harbour Outfitters").unwrap();
        assert_eq!(named.tenant_name, "Harbour Outfitters");
        for (name, value) in [("colour", "red"), ("memory_minutes", "long")] {
            assert_eq!(
                changed(&before, name, value).unwrap_err().code,
                Code::BadRequest
            );
        }
    }
}
