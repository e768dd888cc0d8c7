//! A page of a document as it looks.

use crate::{Ingest, PipelineError};
use awm_ports::{PageImage, PageRequest};

/// Pixels of a picture's width when nothing is asked for.
const WIDTH: u32 = 1_000;

impl Ingest {
    /// Draws a page of a document and marks a range of its text (first character and one past the last, in Unicode scalar
    /// values) on it. The document is read where it lies now: one that is gone or was changed since shows that.
    pub async fn page_image(
        &self,
        id: &str,
        page: u32,
        range: Option<(u32, u32)>,
        width: Option<u32>,
    ) -> Result<PageImage, PipelineError> {
        let library = &self.parts.library;
        let path = library.location(&self.tenant, id).await?;
        let (name, quote) = match range {
            Some((start, end)) => {
                let found = library.document_text(&self.tenant, id).await?;
                let length = end.saturating_sub(start) as usize;
                let quote = found.text.chars().skip(start as usize).take(length);
                (found.document.name, quote.collect())
            }
            None => (
                library.document(&self.tenant, id).await?.name,
                String::new(),
            ),
        };
        let request = PageRequest {
            path: self.parts.files.locate(&path),
            name,
            page,
            width: width.unwrap_or(WIDTH),
            quote,
        };
        Ok(self.parts.extractor.page_image(request).await?)
    }
}
