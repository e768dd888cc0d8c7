//! What any [`Extractor`] keeps to.

use awm_api::Code;
use awm_ports::{ExtractError, ExtractRequest, Extractor, PageRequest};

/// Runs the suite. `missing` is a path at which nothing lies.
pub async fn extractor(extractor: &dyn Extractor, missing: &str) -> Result<(), ExtractError> {
    let text = "# Returns\n\nWithin **30** days.\n\n## Refunds\n\nFive days.\n";
    let read = extractor
        .extract_bytes("returns.md", text.as_bytes().to_vec())
        .await?;
    let told: Vec<_> = read
        .blocks
        .iter()
        .map(|b| (b.heading, b.markdown.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(1), "# Returns"),
            (None, "Within **30** days."),
            (Some(2), "## Refunds"),
            (None, "Five days.")
        ]
    );
    assert_eq!(read.media_type, "text/markdown");
    let empty = extractor.extract_bytes("empty.md", Vec::new()).await?;
    assert!(
        empty.blocks.is_empty(),
        "an empty file has no text, which is no error"
    );

    let request = ExtractRequest {
        path: missing.into(),
        name: "gone.md".into(),
    };
    let answer = extractor.extract(request).await;
    let told = answer.as_ref().map_err(|error| error.code);
    assert_eq!(told.err(), Some(Code::FileVanished), "{answer:?}");
    let page = PageRequest {
        path: missing.into(),
        name: "gone.md".into(),
        page: 1,
        width: 400,
        quote: String::new(),
    };
    let refused = extractor.page_image(page).await.map(drop);
    let code = refused.map_err(|error| error.code).err();
    assert!(
        matches!(code, Some(Code::FileVanished | Code::FileUnsupported)),
        "a page of what is not there or has no pages: {code:?}"
    );
    Ok(())
}
