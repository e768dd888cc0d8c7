//! A page as a picture, and where on it a quotation stands.

use super::{pdf::open, reading::Reading};
use crate::wire::{Ask, Mark, Picture, Refusal};
use awm_api::Code;
use base64::{Engine, engine::general_purpose::STANDARD};
use pdfium_render::prelude::{PdfBitmapFormat, PdfPage, PdfPageTextChar, PdfRenderConfig};

/// Pixels of a picture's height, at most.
const HEIGHT: i32 = 4_000;
/// Letters of a piece of the quotation that is looked for by itself, at least.
const PIECE: usize = 3;

/// Draws a page as wide as asked, and marks the quotation where the page's text has it.
pub(crate) fn image(bytes: &[u8], reading: &Reading<'_>, ask: &Ask) -> Result<Picture, Refusal> {
    let head = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    if !head.windows(5).any(|window| window == b"%PDF-") {
        return Err(reading.refuse(Code::FileUnsupported, "has no pages that can be shown"));
    }
    let document = open(bytes, reading)?;
    let pages = document.pages();
    let missing = || reading.refuse(Code::NotFound, &format!("has no page {}", ask.page));
    let index = i32::try_from(ask.page)
        .map_err(|_| missing())?
        .checked_sub(1);
    let page = index
        .filter(|index| *index >= 0)
        .and_then(|index| pages.get(index).ok())
        .ok_or_else(missing)?;
    let width = i32::try_from(ask.width.clamp(100, 2_400)).unwrap_or(1_000);
    let config = PdfRenderConfig::new()
        .set_target_width(width)
        .set_maximum_height(HEIGHT)
        .set_format(PdfBitmapFormat::BGRx)
        .render_annotations(true);
    let bitmap = page
        .render_with_config(&config)
        .map_err(|_| reading.damaged())?;
    let (width, height) = (bitmap.width(), bitmap.height());
    let rgba = bitmap.as_rgba_bytes();
    let png = encoded(&rgba, width, height).ok_or_else(|| reading.damaged())?;
    Ok(Picture {
        png: STANDARD.encode(png),
        width: u32::try_from(width).unwrap_or_default(),
        height: u32::try_from(height).unwrap_or_default(),
        pages: u32::try_from(pages.len()).unwrap_or_default(),
        marks: marks(&page, &config, width, height, &ask.quote),
    })
}

fn encoded(rgba: &[u8], width: i32, height: i32) -> Option<Vec<u8>> {
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    let rgb: Vec<u8> = rgba
        .chunks_exact(4)
        .flat_map(|pixel| pixel.iter().take(3).copied())
        .collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&rgb).ok()?;
    writer.finish().ok()?;
    Some(out)
}

/// Rectangles of the quotation, one for each line of it, as shares of the page's width and height from its upper left corner.
fn marks(
    page: &PdfPage<'_>,
    config: &PdfRenderConfig,
    width: i32,
    height: i32,
    quote: &str,
) -> Vec<Mark> {
    let Ok(text) = page.text() else {
        return Vec::new();
    };
    let all = text.chars();
    let letters: Vec<PdfPageTextChar<'_>> = all.iter().collect();
    let mut shown = String::new();
    let mut of: Vec<usize> = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        if let Some(c) = letter.unicode_char() {
            let before = shown.len();
            plain(&mut shown, c);
            of.extend(std::iter::repeat_n(at, shown.len() - before));
        }
    }
    let mut marks: Vec<Mark> = Vec::new();
    for range in places(&shown, quote) {
        let mut last = None;
        let found = of.get(range).unwrap_or_default();
        for at in found {
            if last == Some(at) {
                continue;
            }
            last = Some(at);
            let mark = letters
                .get(*at)
                .and_then(|letter| mark(page, config, letter, width, height));
            match (mark, marks.last_mut()) {
                (Some(mark), Some(open)) if open.is_beside(&mark) => open.take_in(&mark),
                (Some(mark), _) => marks.push(mark),
                (None, _) => {}
            }
        }
    }
    marks
}

fn mark(
    page: &PdfPage<'_>,
    config: &PdfRenderConfig,
    letter: &PdfPageTextChar<'_>,
    width: i32,
    height: i32,
) -> Option<Mark> {
    let bounds = letter.loose_bounds().ok()?;
    let (x0, y0) = page
        .points_to_pixels(bounds.left(), bounds.top(), config)
        .ok()?;
    let (x1, y1) = page
        .points_to_pixels(bounds.right(), bounds.bottom(), config)
        .ok()?;
    // A turned page swaps the corners.
    let share = |from: i32, to: i32, of: i32| {
        let of = of.max(1) as f32;
        (from.min(to) as f32 / of, (to - from).abs() as f32 / of)
    };
    let ((x, width), (y, height)) = (share(x0, x1, width), share(y0, y1, height));
    Some(Mark {
        x,
        y,
        width,
        height,
    })
}

/// Letters without what differs between a page and the text made of it: white space, hyphens, ligatures.
fn plain(text: &mut String, c: char) {
    match c {
        'ﬀ' => text.push_str("ff"),
        'ﬁ' => text.push_str("fi"),
        'ﬂ' => text.push_str("fl"),
        'ﬃ' => text.push_str("ffi"),
        'ﬄ' => text.push_str("ffl"),
        '-' | '\u{fffe}' | '\u{ad}' => {}
        c if c.is_whitespace() || c.is_control() => {}
        c => text.push(c),
    }
}

/// Byte ranges of `shown` where the quotation stands: as a whole, or line by line and cell by cell.
fn places(shown: &str, quote: &str) -> Vec<std::ops::Range<usize>> {
    let bare = |piece: &str| {
        let piece = piece.trim().trim_start_matches(['#', '•', '*', '>']);
        let mut out = String::new();
        for c in piece.replace("\\|", "|").chars() {
            plain(&mut out, c);
        }
        out
    };
    let whole = bare(quote);
    if whole.len() >= PIECE
        && let Some(at) = shown.find(&whole)
    {
        return std::iter::once(at..at + whole.len()).collect();
    }
    let mut found = Vec::new();
    let mut from = 0;
    for piece in quote.split(['\n', '|']).map(bare) {
        if piece.len() < PIECE || piece.chars().all(|c| c == ':') {
            continue;
        }
        // Pieces follow each other; one that doesn't is looked for from the page's top.
        let later = shown.get(from..).and_then(|rest| rest.find(&piece));
        let at = later.map(|at| at + from).or_else(|| shown.find(&piece));
        if let Some(at) = at {
            from = at + piece.len();
            found.push(at..from);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, quote: &str, expected: &[&str]) {
        let mut shown = String::new();
        page.chars().for_each(|c| plain(&mut shown, c));
        let found: Vec<&str> = places(&shown, quote)
            .into_iter()
            .filter_map(|range| shown.get(range))
            .collect();
        assert_eq!(found, expected, "{quote}");
    }

    #[test]
    fn finds_quotations_or_nothing() {
        let page = "Returns policy\r\nGoods may be re\u{fffe}\r\nturned with ﬁve days.\nItem Price\nTent 349";
        check(
            page,
            "Goods may be returned with five days.",
            &["Goodsmaybereturnedwithfivedays."],
        );
        check(page, "## Returns policy", &["Returnspolicy"]);
        check(
            page,
            "| Item | Price |\n| --- | --- |\n| Tent | 349 |",
            &["Item", "Price", "Tent", "349"],
        );
        check(page, "Words that are not there", &[]);
        check(page, "", &[]);
        check("", "Goods", &[]);
    }
}
