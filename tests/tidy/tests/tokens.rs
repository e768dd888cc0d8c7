//! Design tokens: they can be read on each other, and nothing goes around them.

use awm_tidy::{
    colour::{Tokens, contrast, themes},
    source,
};
use std::path::Path;

const TOKENS: &str = "ui/style/tokens.css";

/// Text on a ground, at least 4.5:1 (WCAG 2.2, 1.4.3).
const TEXT: &[(&str, &[&str])] = &[
    ("ink", &["bg", "surface", "sunken", "fill"]),
    ("ink-muted", &["bg", "surface", "sunken", "fill"]),
    ("ink-faint", &["bg", "surface", "sunken", "fill"]),
    ("accent-ink", &["bg", "surface", "sunken", "fill"]),
    ("on-accent", &["accent", "accent-hover"]),
    ("ok", &["surface", "ok-soft"]),
    ("warn", &["surface", "warn-soft"]),
    ("crit", &["surface", "crit-soft"]),
    ("info", &["surface", "info-soft"]),
];

/// Outlines and rings on a ground, at least 3:1 (WCAG 2.2, 1.4.11).
const OUTLINES: &[(&str, &[&str])] = &[
    ("control", &["bg", "surface"]),
    ("accent", &["bg", "surface"]),
];

#[test]
fn colours_can_be_told_apart() {
    let (light, dark) = themes(&source::text(Path::new(TOKENS)));
    assert!(
        light.len() >= 20,
        "the light theme has its tokens, found {}",
        light.len()
    );
    assert_ne!(light, dark, "the dark theme has values of its own");
    for (theme, tokens) in [("light", &light), ("dark", &dark)] {
        assert_eq!(
            weak_pairs(tokens),
            Vec::<String>::new(),
            "in the {theme} theme"
        );
    }
}

#[test]
fn a_weak_pair_is_told() {
    let (mut light, _) = themes(&source::text(Path::new(TOKENS)));
    let surface = light["surface"];
    light.insert("ink".into(), surface);
    assert!(
        weak_pairs(&light)
            .iter()
            .any(|pair| pair.starts_with("ink on surface: 1.0"))
    );
}

#[test]
fn nothing_goes_around_the_tokens() {
    let mut found = Vec::new();
    for path in source::files("ui", &[".rs", ".css", ".html"]) {
        if path != Path::new(TOKENS) {
            let text = source::text(&path);
            found.extend(
                raw_colours(&text)
                    .into_iter()
                    .map(|raw| format!("{}: {raw}", path.display())),
            );
        }
    }
    assert_eq!(
        found,
        Vec::<String>::new(),
        "colours are tokens of {TOKENS}"
    );
}

#[test]
fn a_raw_colour_is_told() {
    let check =
        |text: &str, expected: &[&str]| assert_eq!(raw_colours(text), expected, "in {text}");
    check("class=\"bg-surface text-ink-muted border-line\"", &[]);
    check("class=\"bg-blue-500 text-ink\"", &["bg-blue-500"]);
    check("color: #ff00aa;", &["#ff00aa"]);
    check("fill=\"rgb(1 2 3)\"", &["rgb("]);
    check("stroke: oklch(.5 .1 20)", &["oklch("]);
    check("class=\"bg-[#fff]\"", &["#fff"]);
    check("issue #123 and &#39; stay", &[]);
}

fn weak_pairs(tokens: &Tokens) -> Vec<String> {
    let mut weak = Vec::new();
    for (pairs, least) in [(TEXT, 4.5), (OUTLINES, 3.0)] {
        for (front, grounds) in pairs {
            for ground in *grounds {
                match (tokens.get(*front), tokens.get(*ground)) {
                    (Some(a), Some(b)) => {
                        let ratio = contrast(*a, *b);
                        if ratio.is_nan() || ratio < least {
                            weak.push(format!("{front} on {ground}: {ratio:.2}, wanted {least}"));
                        }
                    }
                    _ => weak.push(format!("{front} or {ground} is no token")),
                }
            }
        }
    }
    weak
}

/// Colours written out, and classes of Tailwind's stock palette.
fn raw_colours(text: &str) -> Vec<String> {
    const STOCK: &[&str] = &[
        "slate", "gray", "zinc", "neutral", "stone", "red", "orange", "amber", "yellow", "lime",
        "green", "emerald", "teal", "cyan", "sky", "blue", "indigo", "violet", "purple", "fuchsia",
        "pink", "rose",
    ];
    let mut found = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || "\"'`;,(){}<>=[]:".contains(c)) {
        if let Some(digits) = word.strip_prefix('#') {
            // Four and five digits are issue numbers more often than colours; three digits count with a letter only.
            let hex = digits.chars().all(|c| c.is_ascii_hexdigit());
            let letters = digits.chars().any(|c| c.is_ascii_alphabetic());
            if hex && (matches!(digits.len(), 6 | 8) || digits.len() == 3 && letters) {
                found.push(word.to_owned());
            }
        }
        let mut parts = word.rsplitn(3, '-');
        if let (Some(shade), Some(hue), Some(_)) = (parts.next(), parts.next(), parts.next())
            && STOCK.contains(&hue)
            && shade.parse::<u16>().is_ok()
        {
            found.push(word.to_owned());
        }
    }
    for function in ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab("] {
        let mut before = String::new();
        for (place, part) in text.split(function).enumerate() {
            if place > 0 && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                found.push(function.to_owned());
            }
            before = part.to_owned();
        }
    }
    found
}
