//! Passages of documents: bounded, exact, under their headings.
#![cfg(test)]

use awm_knowledge::{Block, Chunk, ChunkOptions, approximate_tokens, chunk};
use expect_test::{Expect, expect};

fn blocks(markdown: &str) -> Vec<Block> {
    markdown
        .split("\n\n")
        .map(|block| {
            let level = block.chars().take_while(|c| *c == '#').count();
            Block {
                markdown: block.to_owned(),
                heading: (level > 0).then_some(level as u8),
                page: None,
            }
        })
        .collect()
}

fn cut(blocks: &[Block], options: &ChunkOptions) -> (String, Vec<Chunk>) {
    let (text, chunks) = chunk(blocks, &approximate_tokens, options);
    let characters: Vec<char> = text.chars().collect();
    let mut last = 0;
    for chunk in &chunks {
        let exact: String = characters[chunk.start as usize..chunk.end as usize]
            .iter()
            .collect();
        assert_eq!(exact, chunk.text);
        assert!(chunk.start >= last, "in order, without overlap");
        assert!(!chunk.text.trim().is_empty());
        assert!(
            approximate_tokens(&chunk.text) <= options.max.max(16),
            "{}",
            chunk.text
        );
        last = chunk.end;
    }
    (text, chunks)
}

fn check(markdown: &str, expected: Expect) {
    let options = ChunkOptions {
        target: 12,
        max: 20,
        small: 4,
    };
    let (_, chunks) = cut(&blocks(markdown), &options);
    let told: Vec<String> = chunks
        .iter()
        .map(|c| {
            format!(
                "{}-{} [{}] {:?}",
                c.start,
                c.end,
                c.headings.join(" > "),
                c.text
            )
        })
        .collect();
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn cuts_at_headings_and_merges_small_neighbours() {
    check("", expect![""]);
    check("  \n\n \n\n", expect![""]);
    check(
        "# A\n\none two three\n\nfour five\n\n## B\n\nsix\n\n# C",
        expect![[r##"
            5-29 [A] "one two three\n\nfour five"
            37-40 [A > B] "six"
            42-45 [] "# C""##]],
    );
}

#[test]
fn splits_long_prose_between_sentences() {
    check(
        "The first sentence is about six. The second is a little longer than that. Third.",
        expect![[r#"
            0-32 [] "The first sentence is about six."
            33-80 [] "The second is a little longer than that. Third.""#]],
    );
}

#[test]
fn never_tears_a_table_within_a_row() {
    check(
        "| Item | Days |\n| --- | --- |\n| Laptop bag | 30 |\n| Gift card | none |",
        expect![[r#"
            0-29 [] "| Item | Days |\n| --- | --- |"
            30-70 [Item, Days] "| Laptop bag | 30 |\n| Gift card | none |""#]],
    );
}

#[test]
fn counts_characters_not_bytes() {
    let blocks = [
        Block {
            markdown: "# Überblick 👍".into(),
            heading: Some(1),
            page: Some(1),
        },
        Block {
            markdown: "Größe\u{0} zählt.\r\nJa. ".into(),
            heading: None,
            page: Some(2),
        },
    ];
    let (text, chunks) = cut(&blocks, &ChunkOptions::default());
    assert_eq!(text, "# Überblick 👍\n\nGröße zählt.\nJa.");
    assert_eq!(
        (chunks[0].start, chunks[0].end, chunks[0].page),
        (15, 31, Some(2))
    );
}

#[test]
fn bounds_passages_of_any_text() {
    let options = ChunkOptions::default();
    let endless = "x".repeat(50_000);
    let words = "word ".repeat(20_000);
    let rows = "| cell | cell |\n".repeat(2_000);
    let chinese = "退货政策说明。".repeat(3_000);
    for text in [endless, words, rows, chinese] {
        let (whole, chunks) = cut(
            &[Block {
                markdown: text,
                heading: None,
                page: None,
            }],
            &options,
        );
        assert!(chunks.len() > 10);
        let letters = |s: &str| s.chars().filter(|c| !c.is_whitespace()).count();
        let kept: usize = chunks.iter().map(|c| letters(&c.text)).sum();
        assert_eq!(kept, letters(&whole), "nothing is lost");
    }
}

/// Whatever blocks a document is made of: passages are exact parts of its text, in order, bounded, on a page that it has.
#[test]
fn passages_are_exact_parts_of_any_text() {
    const PARTS: &[&str] = &[
        "# Heading",
        "### Deep 👍 heading",
        "A sentence. Another one, with «quotes»!",
        "退货政策说明。三十天内。",
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
        "```sh\necho 'x'\n\nls -la\n```",
        "- one\n- two\n  - three",
        "ภาษาไทยไม่เว้นวรรค",
        "e\u{301}\u{200d}🧑‍🚀\u{0}\r\n tail  ",
        "",
        "   ",
        "word word word word word word word word word",
        "\tindented\n\tcode",
        "كم عدد أيام الإجازة؟",
        "|broken|table",
        "https://example.com/a/very/long/path?with=query&and=more#fragment",
    ];
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for round in 0..300 {
        let made: Vec<Block> = (0..next(12))
            .map(|at| {
                let markdown = PARTS[next(PARTS.len())].repeat(1 + next(4) * next(4));
                let level = markdown.chars().take_while(|c| *c == '#').count() as u8;
                Block {
                    heading: (level > 0).then_some(level),
                    markdown,
                    page: (round % 2 == 0).then_some(at as u32 / 3 + 1),
                }
            })
            .collect();
        let options = ChunkOptions {
            target: 8 + next(40),
            max: 60,
            small: next(6),
        };
        let (_, chunks) = cut(&made, &options);
        let pages: Vec<Option<u32>> = made.iter().map(|block| block.page).collect();
        assert!(chunks.iter().all(|chunk| pages.contains(&chunk.page)));
    }
}
