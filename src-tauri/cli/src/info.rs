//! `awm info`.

use crate::{
    exit::Ended,
    output::{Output, Tone},
};
use awm_api::{UserError, app::AppInfo};
use awm_host::DesktopHost;

pub(crate) async fn info(host: &DesktopHost, output: &Output) -> Result<Ended, UserError> {
    let facts = host.ask(AppInfo {}).await?;
    if output.is_json() {
        output.json(&facts);
        return Ok(Ended::Well);
    }
    output.text(&format!("AI Workflow Manager {}", facts.version));
    output.text(&format!("workspace  {}", facts.home));
    output.text(&format!("logs       {}", facts.logs));
    for part in facts.components {
        let state = match (part.missing, part.version) {
            (Some(missing), _) => output.tone(Tone::Bad, &format!("missing: {missing}")),
            (None, Some(version)) => version,
            (None, None) => "there".to_owned(),
        };
        output.text(&format!("{} ({}): {state}", part.name, part.purpose));
    }
    Ok(Ended::Well)
}
