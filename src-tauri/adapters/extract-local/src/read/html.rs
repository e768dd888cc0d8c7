//! Web pages.

use super::{first_title, heading, reading::Reading};
use crate::wire::{Block, Refusal, Text};
use awm_api::Code;
use awm_knowledge::markdown_blocks;
use dom_smoothie::Readability;
use htmd::HtmlToMarkdown;

/// What is on every page of a site rather than of this one, and what isn't text.
const SKIPPED: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "video",
    "audio", "img", "picture", "nav", "header", "footer", "aside", "form", "button", "select",
    "input", "head", "dialog",
];

/// What isn't text, on a page that is no site's: a chapter, a message.
const NOT_TEXT: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "video",
    "audio", "img", "picture", "nav", "button", "select", "input", "head",
];

/// All text of a page.
pub(crate) fn whole(page: &str, reading: &Reading<'_>) -> Result<Text, Refusal> {
    check_depth(page, reading)?;
    let text = markdown(page, NOT_TEXT);
    reading.text(text.len())?;
    let blocks: Vec<Block> = markdown_blocks(&text)
        .into_iter()
        .map(Block::from)
        .collect();
    Ok(Text {
        media_type: "text/html".into(),
        title: first_title(&blocks),
        blocks,
        ..Text::default()
    })
}

/// A page is walked by recursion: elements that lie far too deep are refused before that.
fn check_depth(page: &str, reading: &Reading<'_>) -> Result<(), Refusal> {
    // These are closed by whoever opens them; `p` and `li` often are not.
    const CLOSED: &[&str] = &[
        "div",
        "span",
        "table",
        "ul",
        "ol",
        "dl",
        "blockquote",
        "section",
        "article",
        "b",
        "i",
        "em",
        "strong",
        "font",
        "a",
        "center",
        "small",
        "big",
        "sub",
        "sup",
        "details",
    ];
    let most = reading.limits.elements_deep.saturating_mul(4);
    let mut depth = 0_usize;
    for piece in page.split('<').skip(1) {
        let (closes, rest) = match piece.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, piece),
        };
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default();
        if !CLOSED.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            continue;
        }
        if closes {
            depth = depth.saturating_sub(1);
        } else {
            depth += 1;
        }
        if depth > most {
            return Err(reading.refuse(
                Code::NestedTooDeep,
                &format!("has elements that lie more than {most} deep"),
            ));
        }
    }
    Ok(())
}

/// The page's text: the article, if there is one that holds most of the page, else all of it.
pub(crate) fn read(page: &str, reading: &Reading<'_>) -> Result<Text, Refusal> {
    check_depth(page, reading)?;
    let whole = markdown(page, SKIPPED);
    let article = Readability::new(page, None, None)
        .ok()
        .and_then(|mut readability| readability.parse().ok());
    let title = article
        .as_ref()
        .map(|article| article.title.trim().to_owned());
    let main = article
        .map(|article| markdown(&article.content, SKIPPED))
        .unwrap_or_default();
    // A page that is no article (a table of prices, a list of answers) would lose most of its text.
    let text = if main.len() * 2 > whole.len() {
        main
    } else {
        whole
    };
    let mut blocks: Vec<Block> = markdown_blocks(&text)
        .into_iter()
        .map(Block::from)
        .collect();
    let title = title.filter(|title| !title.is_empty());
    // An article comes without its own title.
    if let Some(title) = &title
        && !blocks.is_empty()
        && blocks.iter().all(|block| block.heading != Some(1))
    {
        blocks.insert(0, heading(1, title, None));
    }
    Ok(Text {
        media_type: "text/html".into(),
        title: title.or_else(|| first_title(&blocks)),
        blocks,
        ..Text::default()
    })
}

fn markdown(page: &str, skipped: &[&str]) -> String {
    let converter = HtmlToMarkdown::builder()
        .skip_tags(skipped.to_vec())
        .build();
    converter.convert(page).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, read::reading::Spent};
    use expect_test::expect;

    fn read(page: &str) -> Text {
        let (limits, spent) = (Limits::default(), Spent::default());
        super::read(page, &Reading::new("page", &limits, None, &spent)).unwrap()
    }

    #[test]
    fn keeps_headings_lists_and_tables() {
        let text = read(
            "<html><head><title>Returns</title><style>p{}</style></head><body><nav>Home</nav><h1>Returns</h1>\
             <p>Within <b>30</b> days &amp; free.</p><ul><li>Bags</li><li>Cards</li></ul><script>alert(1)</script>\
             <h2>Prices</h2><table><tr><th>Item</th><th>EUR</th></tr><tr><td>Bag</td><td>5</td></tr></table></body></html>",
        );
        let told: Vec<String> = text
            .blocks
            .iter()
            .map(|b| format!("{:?} {}", b.heading, b.markdown))
            .collect();
        expect![[r#"
            Some(1) # Returns
            None Within **30** days & free.
            None *   Bags
            *   Cards
            Some(2) ## Prices
            None | Item | EUR |
            | ---- | --- |
            | Bag  | 5   |"#]]
        .assert_eq(&told.join("\n"));
        assert_eq!(text.title.as_deref(), Some("Returns"));
    }

    #[test]
    fn survives_anything() {
        for page in [
            "",
            "<",
            "<p",
            "plain",
            "<<<>>>",
            "<table><tr>",
            "\u{0}<html>",
        ] {
            read(page);
        }
    }
}
