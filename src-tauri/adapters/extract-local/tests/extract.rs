//! Files of every kind through a real child process.
#![cfg(test)]

use awm_api::Code;
use awm_extract_local::{Extract, Limits, pdfium_in};
use awm_ports::{ExtractRequest, Extracted, Extractor};
use expect_test::{Expect, expect};
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures")
}

fn components() -> Option<PathBuf> {
    std::env::var_os("AWM_COMPONENTS").map(PathBuf::from)
}

fn extractor(limits: Limits) -> Extract {
    let extract = Extract::new(
        env!("CARGO_BIN_EXE_awm-extract-worker").into(),
        Vec::new(),
        limits,
    );
    match components() {
        Some(components) => extract.with_pdfium(pdfium_in(&components)),
        None => extract,
    }
}

async fn read(extract: &Extract, path: &str) -> Result<Extracted, Code> {
    let request = ExtractRequest {
        path: fixtures().join(path),
        name: path.to_owned(),
    };
    extract.extract(request).await.map_err(|error| {
        assert!(
            error.message.contains('`') || error.code == Code::ComponentMissing,
            "{}",
            error.message
        );
        error.code
    })
}

fn told(read: &Extracted) -> String {
    let lines: Vec<String> = read
        .blocks
        .iter()
        .map(|b| {
            format!(
                "{}{}",
                b.page.map_or(String::new(), |page| format!("{page} ")),
                b.markdown
            )
        })
        .collect();
    lines.join("\n~\n")
}

async fn check(path: &str, title: Option<&str>, expected: Expect) {
    let read = read(&extractor(Limits::default()), path).await.unwrap();
    assert_eq!(read.title.as_deref(), title);
    expected.assert_eq(&told(&read));
}

#[tokio::test]
async fn keeps_to_the_contract() {
    awm_contract::extractor(&extractor(Limits::default()), "/nowhere/gone.md")
        .await
        .unwrap();
}

#[tokio::test]
async fn reads_a_docx() {
    check(
        "documents/employee-handbook.docx",
        Some("Employee handbook"),
        expect![[r#"
            # Employee handbook
            ~
            Welcome to Alder & Finch. This handbook tells how we work together. Ask the people team if something is missing.
            ~
            # Time off
            ~
            ## Vacation
            ~
            Every employee has 27 days of paid vacation a year. Part-time employees have a share of it. Vacation is requested at least two weeks ahead in the planning tool.
            ~
            Up to 5 unused days may be carried into the next year; they expire on 31 March.
            ~
            ## Sick leave
            ~
            Call your team lead before 9:00 on the first day. A doctor’s note is needed from the fourth day of sickness.
            ~
            ## Parental leave
            ~
            Parents have 20 weeks of fully paid leave within the first two years after birth or adoption.
            ~
            # Working hours
            ~
            The working week has 38 hours. Shops open at 10:00; the first shift begins at 9:30.
            ~
            - Overtime is paid at 150 percent or given back as free time.
            - Work on Sundays and holidays is paid at 200 percent.
            ~
            # Expenses
            ~
            Submit receipts within 30 days. These are the most that is paid back without approval:
            ~
            | Expense | Limit | Approved by |
            | --- | --- | --- |
            | Meals when travelling | 45 EUR a day | Team lead |
            | Hotel | 140 EUR a night | Team lead |
            | Training | 1,200 EUR a year | People team |
            ~
            # Remote work
            ~
            Office staff may work from home three days a week. Work from abroad is possible for up to 20 days a year, after the people team agreed.
            ~
            # Staff discount
            ~
            Employees get 35 percent off all own-brand goods and 15 percent off everything else."#]],
    )
    .await;
}

#[tokio::test]
async fn reads_a_page() {
    check(
        "documents/shipping.html",
        Some("Shipping: questions and answers"),
        expect![[r#"
            # Shipping: questions and answers
            ~
            Orders are packed in our warehouse in Ghent, Belgium, on every working day.
            ~
            ## When will my order arrive?
            ~
            Orders placed before 14:00 leave the same day. Standard delivery takes **2 to 4 working days** within the European Union and 5 to 9 elsewhere. Express delivery arrives the next working day.
            ~
            ## What does shipping cost?
            ~
            Shipping is free for orders above 75 EUR within the European Union.
            ~
            | Destination                    | Standard  | Express   |
            | ------------------------------ | --------- | --------- |
            | Belgium                        | 3.90 EUR  | 8.90 EUR  |
            | European Union                 | 5.90 EUR  | 14.90 EUR |
            | United Kingdom and Switzerland | 11.90 EUR | 24.90 EUR |
            | Rest of the world              | 19.90 EUR | 49.90 EUR |
            ~
            ## Can I change the address after ordering?
            ~
            Yes, until the parcel is handed to the carrier. Write to us with your order number.
            ~
            ## Which carriers do you use?
            ~
            *   bpost in Belgium
            *   DHL in all other countries"#]],
    )
    .await;
}

#[tokio::test]
async fn reads_a_table() {
    let read = read(&extractor(Limits::default()), "documents/price-list.csv")
        .await
        .unwrap();
    assert_eq!(read.media_type, "text/csv");
    assert!(
        read.blocks[0]
            .markdown
            .starts_with("| Product | Article | Price EUR |")
    );
    assert!(told(&read).contains("| Ember gas stove | AF-3001 | 64.50 |"));
}

/// Written by xlwt 1.3; nothing that is built here writes such files.
#[tokio::test]
async fn reads_an_old_spreadsheet() {
    check(
        "formats/old-prices.xls",
        None,
        expect![[r#"
            # Prices
            ~
            | Article | Price | From |
            | --- | --- | --- |
            | Tern 2 tent | 349 | 2026-03-01 |
            | Ember stove | 64.5 | 2026-04-15 |"#]],
    )
    .await;
}

#[tokio::test]
async fn reads_a_pdf() {
    if components().is_none() {
        return;
    }
    check(
        "documents/returns-policy.pdf",
        Some("Returns policy"),
        expect![[r#"
            1 # Returns policy
            ~
            1 This policy holds for everything bought from Alder & Finch, in our shops and online. It is valid from 1 March 2026.
            ~
            1 ## How long you have
            ~
            1 You may return unused goods within 30 days of delivery. Members of the Finch Club have 60 days. Goods bought between 15 November and 24 December may be returned until 31 January of the next year.
            ~
            1 ## What can not be returned
            ~
            1 Gift cards, opened food and custom-made items can not be returned. Climbing ropes, harnesses and helmets can not be returned once their seal is broken, for reasons of safety.
            ~
            2 ## How to return goods
            ~
            2 Ask for a return label in your account under Orders, print it and hand the parcel to any post office. Returns are free within the European Union; from elsewhere the sender pays the postage.
            ~
            2 You may also bring the goods to any of our shops, with the receipt or the order number.
            ~
            2 ## Refunds
            ~
            2 We refund the price to your means of payment within 5 working days after the parcel reached our warehouse in Ghent. The original shipping fee is refunded only if the goods were damaged or wrong.
            ~
            3 ## Damaged goods
            ~
            3 Tell us of damage within 48 hours of delivery by mail to care@alderfinch.example, with a photograph. We send a replacement the same day if the item is in stock.
            ~
            3 ## Warranty
            ~
            3 Tents and backpacks carry a warranty of 5 years, stoves of 3 years and everything else of 2 years. The warranty does not cover normal wear."#]],
    )
    .await;
    let extract = extractor(Limits::default());
    let scan = read(&extract, "broken/scanned.pdf").await.unwrap();
    assert_eq!(
        (scan.blocks.len(), scan.pages, scan.media_type.as_str()),
        (0, Some(1), "application/pdf")
    );
    assert_eq!(scan.scanned_pages, 1);
    assert_eq!(scan.notes, ["the page is a scan without text"]);
    assert_eq!(
        read(&extract, "broken/encrypted.pdf").await.unwrap_err(),
        Code::FileEncrypted
    );
    assert_eq!(
        read(&extract, "broken/no-pages.pdf").await.unwrap_err(),
        Code::FileCorrupt
    );
}

#[tokio::test]
async fn refuses_with_a_code_and_goes_on() {
    let extract = extractor(Limits::default());
    for (path, expected) in [
        ("broken/truncated.docx", Code::FileCorrupt),
        ("broken/encrypted.docx", Code::FileEncrypted),
        ("broken/bomb.docx", Code::FileBomb),
        ("broken/picture.txt", Code::FileNotText),
        ("broken/not-there.pdf", Code::FileVanished),
        ("broken", Code::FileUnsupported),
    ] {
        assert_eq!(read(&extract, path).await.unwrap_err(), expected, "{path}");
        assert!(
            read(&extract, "documents/shop-operations.md").await.is_ok(),
            "after {path}"
        );
    }
    for (name, bytes, expected) in [
        ("a.docx", b"plain words".to_vec(), Code::FileCorrupt),
        (
            "a.xyz",
            b"\0\x01\x02\x03binary".to_vec(),
            Code::FileUnsupported,
        ),
        (
            "a.png",
            b"\x89PNG\r\n\x1a\nrest".to_vec(),
            Code::FileUnsupported,
        ),
        (
            "a.md",
            b"words\0\0\0and zeros\x01\x02".to_vec(),
            Code::FileNotText,
        ),
    ] {
        let error = extract.extract_bytes(name, bytes).await.unwrap_err();
        assert_eq!(error.code, expected, "{name}");
    }
}

#[tokio::test]
async fn tells_that_pdfium_is_missing() {
    let extract = Extract::new(
        env!("CARGO_BIN_EXE_awm-extract-worker").into(),
        Vec::new(),
        Limits::default(),
    )
    .with_pdfium("/nowhere/libpdfium.so".into());
    assert_eq!(
        read(&extract, "documents/returns-policy.pdf")
            .await
            .unwrap_err(),
        Code::ComponentMissing
    );
    let nothing = Extract::new("/nowhere/worker".into(), Vec::new(), Limits::default());
    assert_eq!(
        read(&nothing, "documents/shipping.html").await.unwrap_err(),
        Code::ComponentMissing
    );
}

#[tokio::test]
async fn a_child_that_ends_or_hangs_costs_one_file() {
    // `true` ends at once, `sleep` never answers: both stand for a reader gone wrong.
    let ends = Extract::new("/bin/true".into(), Vec::new(), Limits::default());
    let hangs = Extract::new(
        "/bin/sleep".into(),
        vec!["60".into()],
        Limits {
            wall_ms: 50,
            ..Limits::default()
        },
    );
    if cfg!(unix) {
        assert_eq!(
            read(&ends, "documents/shipping.html").await.unwrap_err(),
            Code::ReaderCrashed
        );
        assert_eq!(
            read(&hangs, "documents/shipping.html").await.unwrap_err(),
            Code::ExtractionTimeout
        );
    }
}

#[tokio::test]
async fn keeps_to_the_caps() {
    let small = extractor(Limits {
        file_bytes: 100,
        ..Limits::default()
    });
    assert_eq!(
        read(&small, "documents/shipping.html").await.unwrap_err(),
        Code::FileTooLarge
    );
    let terse = extractor(Limits {
        text_bytes: 100,
        ..Limits::default()
    });
    assert_eq!(
        read(&terse, "documents/shipping.html").await.unwrap_err(),
        Code::TextTooLong
    );
    if cfg!(target_os = "linux") {
        let tight = extractor(Limits {
            memory_bytes: 400 << 20,
            ..Limits::default()
        });
        let words = "word ".repeat(30 << 20).into_bytes();
        let error = tight.extract_bytes("long.md", words).await.unwrap_err();
        assert_eq!(error.code, Code::ExtractionMemory, "{}", error.message);
        assert!(
            tight
                .extract_bytes("short.md", b"# Short".to_vec())
                .await
                .is_ok()
        );
    }
}
