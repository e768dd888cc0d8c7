//! `awm tag`.

use crate::{args::Tag, exit::Ended, output::Output};
use awm_api::{
    Code, PageRequest, UserError,
    knowledge::{DocumentList, DocumentTag, TagList},
};
use awm_host::DesktopHost;

pub(crate) async fn tag(
    host: &DesktopHost,
    output: &Output,
    given: Tag,
) -> Result<Ended, UserError> {
    let Some(document) = &given.document else {
        let tags = host.ask(TagList { document_id: None }).await?;
        if output.is_json() {
            output.json(&tags);
        } else {
            for tag in &tags {
                output.text(&format!("{}\t{}", tag.tag, tag.documents));
            }
        }
        return Ok(Ended::Well);
    };
    let id = document_id(host, document).await?;
    let tags = match given.tags.is_empty() && !given.none {
        true => {
            let tags = host
                .ask(TagList {
                    document_id: Some(id),
                })
                .await?;
            tags.into_iter().map(|count| count.tag).collect()
        }
        false => {
            host.ask(DocumentTag {
                id,
                tags: given.tags,
            })
            .await?
        }
    };
    output.line(&tags.join("\n"), &tags);
    Ok(Ended::Well)
}

/// The id of the one document of that id or name.
async fn document_id(host: &DesktopHost, wanted: &str) -> Result<String, UserError> {
    let found = host
        .ask(DocumentList {
            text: wanted.to_owned(),
            page: PageRequest {
                limit: 1000,
                ..PageRequest::default()
            },
            ..DocumentList::default()
        })
        .await?;
    let mut ids = found
        .items
        .into_iter()
        .filter(|document| document.name == wanted || document.id == wanted)
        .map(|document| document.id);
    match (ids.next(), ids.next()) {
        (Some(id), None) => Ok(id),
        // It may be an id, which is not looked through.
        (None, _) => Ok(wanted.to_owned()),
        (Some(_), Some(_)) => Err(UserError::new(
            Code::BadRequest,
            format!("several documents are called `{wanted}`"),
        )
        .help("Give the document's id instead.")),
    }
}
