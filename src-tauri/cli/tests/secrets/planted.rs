//! The secrets that are planted, and the search for them in every form.

use std::{fs, path::Path};

/// What is planted, each with a place of its own.
pub(crate) const PLANTED: [(&str, &str); 7] = [
    ("header key", "Kq7/vXw2+ZpL9sTn4RbY"),
    ("query key", "Hd3&gUe8=JmC5oFa6WiV"),
    ("password", "Pz1 yNk0:BtS7cQx3MhE"),
    ("token", "Tf9.rGj5~OuA2dLw8KvI"),
    ("client secret", "Cs4+eXm6/YnP1bRz7UgD"),
    ("access token", "Ax8-qWh2_VoJ3tFk9SiN"),
    ("model key", "Mk5.zTc7-LpG4yBv1ReX"),
];

pub(crate) fn planted(name: &str) -> &'static str {
    PLANTED.iter().find(|(known, _)| *known == name).unwrap().1
}

/// Every way in which a value is looked for.
pub(crate) fn forms(value: &str) -> Vec<Vec<u8>> {
    let half = value.len() / 2;
    let (first, second) = value.split_at(half);
    let reversed = |text: &str| text.chars().rev().collect::<String>();
    let percent = |upper: bool| -> String {
        let byte = |b: u8| match b {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
            b if upper => format!("%{b:02X}"),
            b => format!("%{b:02x}"),
        };
        value.bytes().map(byte).collect()
    };
    let mut forms = vec![
        value.to_owned(),
        first.to_owned(),
        second.to_owned(),
        reversed(value),
        reversed(first),
        reversed(second),
        format!("{second}{first}"),
        percent(true),
        percent(false),
        percent(true).replace("%20", "+"),
        value.bytes().map(|b| format!("{b:02x}")).collect(),
    ];
    for before in ["", "x", "xx"] {
        let written = base64(format!("{before}{value}").as_bytes());
        // Without the ends, which neighbours have a part in.
        let inner = written.get(4..written.len() - 4).unwrap();
        forms.push(inner.to_owned());
        forms.push(inner.replace('+', "-").replace('/', "_"));
    }
    forms.into_iter().map(String::into_bytes).collect()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let n = group.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            text.push(char::from(LETTERS[(n >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

pub(crate) fn found(bytes: &[u8]) -> Vec<&'static str> {
    PLANTED
        .iter()
        .filter(|(_, value)| {
            forms(value)
                .iter()
                .any(|form| bytes.windows(form.len()).any(|w| w == form))
        })
        .map(|(name, _)| *name)
        .collect()
}

/// Files below a folder that hold something planted.
pub(crate) fn search(folder: &Path, hits: &mut Vec<String>, files: &mut usize) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, hits, files);
            continue;
        }
        *files += 1;
        let mut bytes = fs::read(&path).unwrap_or_default();
        bytes.extend_from_slice(path.to_string_lossy().as_bytes());
        for name in found(&bytes) {
            hits.push(format!("{name} in {}", path.display()));
        }
    }
}
