//! Each kind of the mixed files: the right state, and every fact found where it stands.
#![cfg(test)]

use awm_extract_local::{Extract, Limits, pdfium_in};
use awm_mixed_files::{Expected, Fact, Kind, MixedFile, State, files};
use awm_ports::{ExtractError, Extracted, Extractor};
use std::path::PathBuf;

/// Files of the tree: each kind at least once, the usual ones several times.
const FILES: u64 = 160;

fn extractor() -> (Extract, bool) {
    let extract = Extract::new(
        env!("CARGO_BIN_EXE_awm-extract-worker").into(),
        Vec::new(),
        Limits::default(),
    );
    match std::env::var_os("AWM_COMPONENTS").map(PathBuf::from) {
        Some(components) => (extract.with_pdfium(pdfium_in(&components)), true),
        None => (extract, false),
    }
}

#[tokio::test]
async fn every_kind_becomes_what_is_expected() {
    let (extract, has_pdfium) = extractor();
    let mut wrong = Vec::new();
    for made in files(3, FILES) {
        let MixedFile { expected, bytes } = made.unwrap();
        if expected.path.ends_with(".pdf") && !has_pdfium && expected.kind != Kind::Empty {
            continue;
        }
        let answer = extract.extract_bytes(&expected.path, bytes).await;
        if let Some(what) = differs(&expected, &answer) {
            wrong.push(format!("{:?} {}: {what}", expected.kind, expected.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn differs(expected: &Expected, answer: &Result<Extracted, ExtractError>) -> Option<String> {
    let state = match answer {
        Ok(read) if read.blocks.is_empty() => State::NoText,
        Ok(_) => State::Indexed,
        Err(error) => State::Failed {
            code: error.code.to_string(),
        },
    };
    if state != expected.state {
        return Some(format!("{state:?}, not {:?} ({answer:?})", expected.state));
    }
    let read = answer.as_ref().ok()?;
    if read.scanned_pages != expected.scanned_pages {
        return Some(format!(
            "{} scanned pages, not {}",
            read.scanned_pages, expected.scanned_pages
        ));
    }
    if expected.pages.is_some() && read.pages != expected.pages {
        return Some(format!("{:?} pages, not {:?}", read.pages, expected.pages));
    }
    expected.facts.iter().find_map(|fact| missing(fact, read))
}

fn missing(fact: &Fact, read: &Extracted) -> Option<String> {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut headings: Vec<(u8, String)> = Vec::new();
    for block in &read.blocks {
        if let Some(level) = block.heading {
            headings.retain(|(above, _)| *above < level);
            let words = block.markdown.trim_start_matches('#').trim();
            headings.push((level, words.to_owned()));
        }
        if !flat(&block.markdown).contains(&flat(&fact.text)) {
            continue;
        }
        let path: Vec<&str> = headings.iter().map(|(_, words)| words.as_str()).collect();
        if !fact.headings.is_empty() && path != fact.headings {
            return Some(format!(
                "`{}` stands below {path:?}, not {:?}",
                fact.text, fact.headings
            ));
        }
        if fact.page.is_some() && block.page != fact.page {
            return Some(format!(
                "`{}` on {:?}, not {:?}",
                fact.text, block.page, fact.page
            ));
        }
        let row = flat(&format!("| {} |", fact.row.join(" | ")));
        if !fact.row.is_empty() && !block.markdown.lines().any(|line| flat(line) == row) {
            return Some(format!("no row `{row}` in\n{}", block.markdown));
        }
        return None;
    }
    Some(format!(
        "`{}` is not found in\n{:?}",
        fact.text, read.blocks
    ))
}
