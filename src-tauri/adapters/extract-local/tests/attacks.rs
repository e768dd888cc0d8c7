//! Files made to hurt: each is refused by its cap, with a harmless one of the same kind beside it, and the next file is read.
#![cfg(test)]

use awm_api::Code;
use awm_extract_local::{Extract, Limits, pdfium_in};
use awm_ports::Extractor;
use std::{
    io::{Cursor, Write},
    path::PathBuf,
    time::Instant,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn with(limits: Limits) -> Extract {
    let extract = Extract::new(
        env!("CARGO_BIN_EXE_awm-extract-worker").into(),
        Vec::new(),
        limits,
    );
    match std::env::var_os("AWM_COMPONENTS").map(PathBuf::from) {
        Some(components) => extract.with_pdfium(pdfium_in(&components)),
        None => extract,
    }
}

/// The attack is refused with its code, the control beside it is read, before and after.
async fn check(extract: &Extract, name: &str, attack: Vec<u8>, code: Code, control: Vec<u8>) {
    let read = extract.extract_bytes(name, control.clone()).await;
    assert!(
        read.as_ref().is_ok_and(|read| !read.blocks.is_empty()),
        "{name}: {read:?}"
    );
    let began = Instant::now();
    let error = extract.extract_bytes(name, attack).await.unwrap_err();
    assert_eq!(error.code, code, "{name}: {}", error.message);
    assert!(error.message.contains(name), "{}", error.message);
    assert!(
        began.elapsed().as_secs() < 100,
        "{name}: {:?}",
        began.elapsed()
    );
    let again = extract.extract_bytes(name, control).await;
    assert_eq!(again.unwrap(), read.unwrap(), "{name}: after the attack");
}

fn pack(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn document(body: &str) -> Vec<u8> {
    let xml = format!("<w:document><w:body>{body}</w:body></w:document>");
    pack(&[("word/document.xml", xml.into_bytes())])
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn small() -> Limits {
    Limits {
        inflated_bytes: 8 << 20,
        ratio: 100,
        entries: 50,
        parts: 10,
        depth: 3,
        pages: 20,
        text_bytes: 1 << 20,
        ..Limits::default()
    }
}

#[tokio::test]
async fn archives_that_swell() {
    let extract = with(small());
    let control = document(&paragraph("Harmless words"));
    let blank = format!("<w:document>{}", " ".repeat(6 << 20));
    let ratio = pack(&[("word/document.xml", blank.clone().into_bytes())]);
    check(
        &extract,
        "ratio.docx",
        ratio,
        Code::FileBomb,
        control.clone(),
    )
    .await;
    let total = pack(&[
        ("word/document.xml", paragraph("x").into_bytes()),
        ("word/media/a.bin", vec![0; 9 << 20]),
    ]);
    check(
        &extract,
        "total.docx",
        total,
        Code::FileBomb,
        control.clone(),
    )
    .await;

    // Says that it unpacks to little.
    let mut lies = pack(&[("word/document.xml", blank.into_bytes())]);
    let size = (6_u32 << 20) + 12;
    let claims: Vec<usize> = (0..lies.len() - 4)
        .filter(|at| lies[*at..at + 4] == size.to_le_bytes())
        .collect();
    for at in claims {
        lies[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let error = extract.extract_bytes("lies.docx", lies).await.unwrap_err();
    assert!(
        matches!(error.code, Code::FileBomb | Code::FileCorrupt),
        "{error:?}"
    );

    // Two entries that share their bytes.
    let mut shared = pack(&[("a.md", vec![b'a'; 40_000]), ("b.md", vec![b'b'; 40_000])]);
    let central = |bytes: &[u8], nth: usize| {
        (0..bytes.len() - 4)
            .filter(|at| bytes[*at..].starts_with(b"PK\x01\x02"))
            .nth(nth)
            .unwrap()
    };
    let (first, second) = (central(&shared, 0), central(&shared, 1));
    for field in [20, 42] {
        let copied: Vec<u8> = shared[first + field..first + field + 4].to_vec();
        shared[second + field..second + field + 4].copy_from_slice(&copied);
    }
    let swollen = 2 * shared.len() as u32;
    for at in [first, second] {
        shared[at + 20..at + 24].copy_from_slice(&swollen.to_le_bytes());
    }
    let plain = pack(&[("a.md", b"# Words".to_vec())]);
    check(&extract, "shared.zip", shared, Code::FileBomb, plain).await;
}

/// Entries are counted before any of them is a document of its own, so that those nobody reads count as well.
#[tokio::test]
async fn documents_of_many_entries() {
    let names: Vec<String> = (0..60).map(|at| format!("word/media/{at}.png")).collect();
    let body = format!(
        "<w:document><w:body>{}</w:body></w:document>",
        paragraph("Harmless words")
    );
    let with_pictures = |pictures: usize| {
        let mut files = vec![("word/document.xml", body.clone().into_bytes())];
        files.extend(
            names
                .iter()
                .take(pictures)
                .map(|name| (name.as_str(), b"picture".to_vec())),
        );
        pack(&files)
    };
    check(
        &with(small()),
        "pictures.docx",
        with_pictures(60),
        Code::TooManyParts,
        with_pictures(40),
    )
    .await;
}

#[tokio::test]
async fn archives_of_many_or_of_archives() {
    let extract = with(small());
    let plain = pack(&[("a.md", b"# Words".to_vec())]);
    let names: Vec<String> = (0..60).map(|at| format!("{at}.md")).collect();
    let many: Vec<(&str, Vec<u8>)> = names
        .iter()
        .map(|name| (name.as_str(), b"# Words".to_vec()))
        .collect();
    check(
        &extract,
        "entries.zip",
        pack(&many),
        Code::TooManyParts,
        plain.clone(),
    )
    .await;
    check(
        &extract,
        "parts.zip",
        pack(&many[..11]),
        Code::TooManyParts,
        pack(&many[..10]),
    )
    .await;

    let nested = |depth: usize| {
        (0..depth).fold(pack(&[("a.md", b"# Words".to_vec())]), |inner, _| {
            pack(&[("inner.zip", inner)])
        })
    };
    check(
        &extract,
        "deep.zip",
        nested(3),
        Code::NestedTooDeep,
        nested(2),
    )
    .await;

    // A bomb within an archive within an archive.
    let bomb = pack(&[("a.md", vec![b' '; 7 << 20])]);
    let inside = pack(&[("inner.zip", pack(&[("bomb.zip", bomb)]))]);
    let error = extract
        .extract_bytes("inside.zip", inside)
        .await
        .unwrap_err();
    assert_eq!(error.code, Code::FileBomb, "{}", error.message);
}

#[tokio::test]
async fn messages_within_messages() {
    let extract = with(small());
    let mail = |inner: &str| {
        format!(
            "From: a@b\r\nTo: c@d\r\nSubject: Words\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nHello\r\n--x\r\n\
             Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=inner.eml\r\n\r\n{inner}\r\n--x--\r\n"
        )
    };
    let base64 = |text: &str| {
        use base64::{Engine, engine::general_purpose::STANDARD};
        STANDARD.encode(text)
    };
    let plain = "From: a@b\r\nTo: c@d\r\nSubject: Inside\r\n\r\nThe innermost words".to_owned();
    let nested = |depth: usize| (0..depth).fold(plain.clone(), |inner, _| mail(&base64(&inner)));
    check(
        &extract,
        "deep.eml",
        nested(4).into_bytes(),
        Code::NestedTooDeep,
        nested(3).into_bytes(),
    )
    .await;
}

#[tokio::test]
async fn elements_and_entities() {
    let extract = with(small());
    let control = document(&paragraph("Harmless words"));
    let deep = document(&("<w:x>".repeat(5_000) + &"</w:x>".repeat(5_000)));
    check(
        &extract,
        "deep.docx",
        deep,
        Code::NestedTooDeep,
        control.clone(),
    )
    .await;
    let entities = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\
        <w:document><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>";
    let entities = pack(&[("word/document.xml", entities.as_bytes().to_vec())]);
    check(
        &extract,
        "laughs.docx",
        entities,
        Code::EntitiesForbidden,
        control,
    )
    .await;

    let page = |depth: usize| {
        format!(
            "<html><body>{}words{}</body></html>",
            "<div>".repeat(depth),
            "</div>".repeat(depth)
        )
        .into_bytes()
    };
    check(
        &extract,
        "deep.html",
        page(200_000),
        Code::NestedTooDeep,
        page(60),
    )
    .await;
    let rtf = |depth: usize| {
        format!(
            "{{\\rtf1 {}words{}\\par}}",
            "{".repeat(depth),
            "}".repeat(depth)
        )
        .into_bytes()
    };
    check(
        &extract,
        "deep.rtf",
        rtf(100_000),
        Code::NestedTooDeep,
        rtf(20),
    )
    .await;
}

#[tokio::test]
async fn text_without_end() {
    let extract = with(small());
    let long = paragraph(&"word ".repeat(400_000));
    // Stored, so that it is no bomb.
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("word/document.xml", stored).unwrap();
    write!(writer, "<w:document><w:body>{long}</w:body></w:document>").unwrap();
    let long = writer.finish().unwrap().into_inner();
    let control = document(&paragraph("Harmless words"));
    check(&extract, "long.docx", long, Code::TextTooLong, control).await;

    let extract = with(Limits {
        rows: 1_000,
        ..small()
    });
    let rows = "name,days\n".to_owned() + &"tent,30\n".repeat(20_000);
    let read = extract
        .extract_bytes("rows.csv", rows.into_bytes())
        .await
        .unwrap();
    assert_eq!(
        read.notes,
        ["a table has more than 1000 rows; the others were left out"]
    );

    // A row that is said to repeat a million times.
    let sheet = "<office:spreadsheet><table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"1048576\">\
        <table:table-cell table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell></table:table-row>\
        </table:table></office:spreadsheet>";
    let ods = pack(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet".to_vec(),
        ),
        ("content.xml", sheet.as_bytes().to_vec()),
    ]);
    let read = extract.extract_bytes("rows.ods", ods).await.unwrap();
    assert!(!read.blocks.is_empty());
}

#[tokio::test]
async fn a_sheet_with_one_cell_in_its_last_corner() {
    let extract = with(Limits {
        memory_bytes: 600 << 20,
        ..Limits::default()
    });
    let relations = |to: &str, kind: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{to}\"/></Relationships>"
        )
        .into_bytes()
    };
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let book = format!(
        "<workbook {main} xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let sheet = format!(
        "<worksheet {main}><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c></row>\
         <row r=\"1048576\"><c r=\"A1048576\"><v>8</v></c><c r=\"XFD1048576\"><v>9</v></c></row></sheetData></worksheet>"
    );
    let bytes = pack(&[
        ("xl/workbook.xml", book.into_bytes()),
        (
            "xl/_rels/workbook.xml.rels",
            relations("worksheets/sheet1.xml", "worksheet"),
        ),
        ("xl/worksheets/sheet1.xml", sheet.into_bytes()),
        (
            "_rels/.rels",
            relations("xl/workbook.xml", "officeDocument"),
        ),
    ]);
    let read = extract.extract_bytes("corner.xlsx", bytes).await.unwrap();
    let told: Vec<&str> = read.blocks.iter().map(|b| b.markdown.as_str()).collect();
    assert_eq!(told, ["# S", "| 7 |\n| --- |\n| 8 |"]);
}

/// A PDF whose page tree has this many pages.
fn pdf(pages: usize, content: &str) -> Vec<u8> {
    let mut out = String::from("%PDF-1.4\n");
    let kids: Vec<String> = (0..pages).map(|at| format!("{} 0 R", at + 5)).collect();
    out.push_str("1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
    out.push_str(&format!(
        "2 0 obj\n<< /Type /Pages /Count {pages} /Kids [{}] >>\nendobj\n",
        kids.join(" ")
    ));
    out.push_str("3 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n");
    out.push_str(&format!(
        "4 0 obj\n<< /Length {} >>\nstream\n{content}\nendstream\nendobj\n",
        content.len()
    ));
    for at in 0..pages {
        out.push_str(&format!(
            "{} 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>\nendobj\n",
            at + 5
        ));
    }
    out.push_str("trailer\n<< /Root 1 0 R >>\n%%EOF\n");
    out.into_bytes()
}

#[tokio::test]
async fn pdfs_with_too_much_in_them() {
    if std::env::var_os("AWM_COMPONENTS").is_none() {
        return;
    }
    let extract = with(small());
    let words = "BT /F1 12 Tf 60 700 Td (Harmless words) Tj ET";
    check(
        &extract,
        "pages.pdf",
        pdf(21, words),
        Code::TooManyPages,
        pdf(2, words),
    )
    .await;

    // A page tree that has itself as a child is either refused or ends; it never hangs.
    let looped = String::from_utf8(pdf(1, words))
        .unwrap()
        .replace("/Kids [5 0 R]", "/Kids [2 0 R]");
    drop(extract.extract_bytes("loop.pdf", looped.into_bytes()).await);
    assert!(
        extract
            .extract_bytes("after.pdf", pdf(1, words))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn time_and_memory() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let slow = with(Limits {
        cpu_s: 1,
        text_bytes: 1 << 30,
        rows: usize::MAX,
        ..Limits::default()
    });
    // Plain text is cheap; a page of a million elements is not.
    let page = |count: usize| {
        format!(
            "<html><body>{}</body></html>",
            "<p>a <b>c</b></p>".repeat(count)
        )
        .into_bytes()
    };
    check(
        &slow,
        "slow.html",
        page(1_500_000),
        Code::ExtractionCpu,
        page(10),
    )
    .await;

    let tight = with(Limits {
        memory_bytes: 300 << 20,
        ..Limits::default()
    });
    let words = |count: usize| "word ".repeat(count).into_bytes();
    check(
        &tight,
        "large.md",
        words(24 << 20),
        Code::ExtractionMemory,
        words(10),
    )
    .await;

    let hasty = with(Limits {
        wall_ms: 700,
        cpu_s: 1_000,
        ..Limits::default()
    });
    let error = hasty
        .extract_bytes("slow.html", page(1_500_000))
        .await
        .unwrap_err();
    assert_eq!(error.code, Code::ExtractionTimeout, "{}", error.message);
}

/// A reader that is killed from outside costs one file.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_child_that_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("worker");
    // The first child dies of a signal, those after it read.
    let script = format!(
        "#!/bin/sh\nif mkdir {0}/once 2>/dev/null; then kill -SEGV $$; fi\nexec {1}\n",
        folder.path().display(),
        env!("CARGO_BIN_EXE_awm-extract-worker")
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(
        &program,
        <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755),
    )
    .unwrap();
    let extract = Extract::new(program, Vec::new(), Limits::default());
    let error = extract
        .extract_bytes("a.md", b"# A".to_vec())
        .await
        .unwrap_err();
    assert_eq!(error.code, Code::ReaderCrashed, "{}", error.message);
    assert!(extract.extract_bytes("a.md", b"# A".to_vec()).await.is_ok());
}
