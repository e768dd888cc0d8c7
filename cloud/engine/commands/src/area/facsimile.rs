//! Pages of documents as pictures.

use crate::{Host, failure::Failure};
use awm_api::facsimile::{DocumentPage, Mark, PageFacsimile};
use base64::{Engine, engine::general_purpose::STANDARD};

pub(crate) async fn document_page<H: Host>(
    host: &H,
    request: DocumentPage,
) -> Result<PageFacsimile, Failure> {
    let image = host
        .ports()
        .ingest
        .page_image(&request.id, request.page, request.range, request.width)
        .await?;
    Ok(PageFacsimile {
        page: request.page,
        pages: image.pages,
        png: STANDARD.encode(image.png),
        width: image.width,
        height: image.height,
        marks: image
            .marks
            .into_iter()
            .map(|mark| Mark {
                x: mark.x,
                y: mark.y,
                width: mark.width,
                height: mark.height,
            })
            .collect(),
    })
}
