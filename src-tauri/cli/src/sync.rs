//! `awm sync`: folders against what was taken in from them.

use crate::{
    args::Sync,
    exit::Ended,
    output::{Output, Tone},
    taking_in,
};
use awm_api::{
    Code, UserError,
    folders::{Folder, FolderList, FolderSync, FolderWatch},
    knowledge::{IngestWatch, SourceList},
};
use awm_host::DesktopHost;
use serde_json::json;

pub(crate) async fn sync(
    host: &DesktopHost,
    output: &Output,
    given: Sync,
) -> Result<Ended, UserError> {
    let sources = host.ask(SourceList {}).await?;
    let wanted = |folder: &Folder| {
        given.source.is_empty()
            || sources.iter().any(|source| {
                source.id == folder.source_id
                    && (given.source.contains(&source.name) || given.source.contains(&source.id))
            })
    };
    for name in &given.source {
        if !sources
            .iter()
            .any(|source| source.name == *name || source.id == *name)
        {
            return Err(
                UserError::new(Code::NotFound, format!("there is no source `{name}`"))
                    .help("`awm ingest FOLDER --source NAME` makes one"),
            );
        }
    }
    let mut folders = host.ask(FolderList {}).await?;
    folders.retain(wanted);
    let mut updates = host.follow(IngestWatch {}).await?;
    let mut end = Ended::Well;
    let mut answers = Vec::new();
    for folder in folders {
        let mut synced = host
            .ask(FolderSync {
                id: folder.id.clone(),
                force: given.force,
            })
            .await?;
        if let Some(watch) = given.watch {
            synced = host
                .ask(FolderWatch {
                    id: folder.id,
                    watch,
                })
                .await?;
        }
        if let Some(trouble) = &synced.trouble {
            end = Ended::Failed;
            output.note(&format!("{} [{}]", trouble.message, trouble.code));
            output.note(&format!("help: {}", trouble.help));
        }
        answers.push(synced);
    }
    if !given.no_wait {
        taking_in::settled(host, output, &mut updates).await?;
    }
    if output.is_json() {
        output.json(&json!({ "folders": answers }));
        return Ok(end);
    }
    if answers.is_empty() {
        output.note("no folder was taken in yet");
    }
    for folder in &answers {
        let last = &folder.last;
        output.text(&output.tone(Tone::Strong, &folder.path));
        output.text(&format!(
            "  {} added, {} changed, {} moved, {} removed, {} unchanged{}",
            last.added,
            last.changed,
            last.moved,
            last.removed,
            last.unchanged,
            if folder.watch { "; watched" } else { "" }
        ));
    }
    Ok(end)
}
