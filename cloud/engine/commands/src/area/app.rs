//! The application itself.

use crate::{Host, failure::Failure};
use awm_api::app::{AppDiagnostics, AppFacts, AppInfo, DiagnosticsText};
use std::fmt::Write;

pub(crate) async fn app_info<H: Host>(host: &H, _: AppInfo) -> Result<AppFacts, Failure> {
    Ok(host.facts())
}

pub(crate) async fn app_diagnostics<H: Host>(
    host: &H,
    _: AppDiagnostics,
) -> Result<DiagnosticsText, Failure> {
    let (tenant, ports) = (host.tenant(), host.ports());
    let facts = host.facts();
    let counts = ports.library.counts(tenant).await?;
    let workflows = ports.workflows.list(tenant).await?.len();
    let unfinished = ports.runs.unfinished(tenant).await?.len();

    let mut text = String::new();
    // Writing to a string can't fail.
    let _ = writeln!(text, "## AI Workflow Manager {}\n", facts.version);
    let _ = writeln!(text, "- host: {} on {}", facts.host, std::env::consts::OS);
    let _ = writeln!(text, "- workspace: `{}`", facts.home);
    let _ = writeln!(
        text,
        "- workflows: {workflows}, runs going on: {unfinished}"
    );
    let _ = writeln!(
        text,
        "- documents: {} of {} done, {} failed; passages by keyword {}, by meaning {}",
        counts.done, counts.total, counts.failed, counts.keyword_passages, counts.vector_passages
    );
    for part in &facts.components {
        let state = match (&part.version, &part.missing) {
            (_, Some(missing)) => format!("missing: {missing}"),
            (Some(version), None) => version.clone(),
            (None, None) => "there".to_owned(),
        };
        let _ = writeln!(text, "- {} ({}): {state}", part.name, part.purpose);
    }
    let log = host.log_tail();
    if !log.is_empty() {
        let _ = writeln!(text, "\n```text\n{}\n```", log.trim_end());
    }
    Ok(DiagnosticsText { text })
}
