//! Pages as pictures, with the quotation marked.
#![cfg(test)]

use awm_api::Code;
use awm_extract_local::{Extract, Limits, pdfium_in};
use awm_ports::{ExtractError, Extractor, PageImage, PageRequest};
use std::path::{Path, PathBuf};

async fn page(name: &str, page: u32, quote: &str) -> Option<Result<PageImage, ExtractError>> {
    let components = PathBuf::from(std::env::var_os("AWM_COMPONENTS")?);
    let extract = Extract::new(
        env!("CARGO_BIN_EXE_awm-extract-worker").into(),
        Vec::new(),
        Limits::default(),
    )
    .with_pdfium(pdfium_in(&components));
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures");
    let request = PageRequest {
        path: fixtures.join(name),
        name: name.to_owned(),
        page,
        width: 600,
        quote: quote.to_owned(),
    };
    Some(extract.page_image(request).await)
}

#[tokio::test]
async fn marks_a_quotation_on_its_page() {
    let quote = "We refund the price to your means of payment within 5 working days after the parcel reached our warehouse in Ghent.";
    let Some(image) = page("documents/returns-policy.pdf", 2, quote).await else {
        return;
    };
    let image = image.unwrap();
    assert!(image.png.starts_with(b"\x89PNG\r\n\x1a\n"));
    assert_eq!((image.width, image.pages), (600, 3));
    assert!((840..860).contains(&image.height), "{}", image.height);
    // The sentence runs over two lines.
    assert_eq!(image.marks.len(), 2, "{:?}", image.marks);
    let (first, second) = (image.marks[0], image.marks[1]);
    assert!(
        first.x > 0.09 && first.x < 0.12 && first.width > 0.6,
        "{first:?}"
    );
    assert!(
        second.y > first.y && second.y < first.y + 0.03,
        "{second:?}"
    );
    for mark in image.marks {
        assert!(mark.x + mark.width <= 1.0 && mark.y + mark.height <= 1.0 && mark.height > 0.005);
    }

    // The same words are not on another page, so nothing is marked there.
    let other = page("documents/returns-policy.pdf", 1, quote)
        .await
        .unwrap();
    assert_eq!(other.unwrap().marks, []);
}

#[tokio::test]
async fn refuses_what_has_no_such_page() {
    for (name, number, code) in [
        ("documents/returns-policy.pdf", 4, Code::NotFound),
        ("documents/returns-policy.pdf", 0, Code::NotFound),
        ("documents/shipping.html", 1, Code::FileUnsupported),
        ("documents/gone.pdf", 1, Code::FileVanished),
        ("broken/encrypted.pdf", 1, Code::FileEncrypted),
    ] {
        let Some(answer) = page(name, number, "").await else {
            return;
        };
        assert_eq!(answer.unwrap_err().code, code, "{name} {number}");
    }
}
