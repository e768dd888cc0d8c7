//! Colours of the token file, and how well they can be told apart.
//!
//! OKLCH to linear sRGB after Björn Ottosson, "A perceptual color space for image processing" (2020); contrast after
//! WCAG 2.2, "relative luminance" and "contrast ratio".

use std::collections::BTreeMap;

/// Tokens of one theme by name without the dashes.
pub type Tokens = BTreeMap<String, Oklch>;

/// A colour as the token file writes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oklch {
    /// Lightness, 0 to 1.
    pub lightness: f64,
    /// Chroma, from 0.
    pub chroma: f64,
    /// Hue, degrees.
    pub hue: f64,
}

/// The light and the dark theme of the token file's text. The dark one holds what the light one does, with its own values on top.
pub fn themes(css: &str) -> (Tokens, Tokens) {
    let dark_at = css.find("[data-theme=\"dark\"]").unwrap_or(css.len());
    let (light_css, dark_css) = css.split_at(dark_at);
    let light = tokens(light_css);
    let mut dark = light.clone();
    dark.extend(tokens(dark_css));
    (light, dark)
}

fn tokens(css: &str) -> Tokens {
    css.split([';', '{', '}'])
        .filter_map(|declaration| {
            let (name, value) = declaration.split_once(':')?;
            let name = name.trim().strip_prefix("--")?;
            Some((name.to_owned(), oklch(value.trim())?))
        })
        .collect()
}

fn oklch(value: &str) -> Option<Oklch> {
    let inside = value.strip_prefix("oklch(")?.strip_suffix(')')?;
    let parts: Vec<f64> = inside
        .split_whitespace()
        .map(|part| {
            match part
                .strip_prefix("var(--accent-hue,")
                .or(part.strip_prefix("var(--accent-hue"))
            {
                // The hue may be set at run time; lightness and chroma carry the contrast.
                Some(rest) => rest.trim_end_matches(')').trim().parse().unwrap_or(277.0),
                None => part.parse().unwrap_or(f64::NAN),
            }
        })
        .collect();
    match parts.as_slice() {
        [lightness, chroma, hue] => Some(Oklch {
            lightness: *lightness,
            chroma: *chroma,
            hue: *hue,
        }),
        _ => None,
    }
}

/// The contrast ratio of two colours, 1 to 21.
pub fn contrast(one: Oklch, other: Oklch) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: Oklch) -> f64 {
    let (sin, cos) = colour.hue.to_radians().sin_cos();
    let (a, b) = (colour.chroma * cos, colour.chroma * sin);
    let l = (colour.lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (colour.lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (colour.lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    let red = 4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s;
    let green = -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s;
    let blue = -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s;
    0.2126 * red.clamp(0.0, 1.0) + 0.7152 * green.clamp(0.0, 1.0) + 0.0722 * blue.clamp(0.0, 1.0)
}
