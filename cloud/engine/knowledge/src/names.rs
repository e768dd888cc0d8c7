//! Names and paths as texts.

/// A name is only shown, never opened; still it is kept to plain relative parts.
pub(crate) fn clean_name(name: &str) -> String {
    let parts: Vec<String> = name
        .split(['/', '\\'])
        .map(|part| {
            part.chars()
                .filter(|c| !c.is_control())
                .collect::<String>()
                .trim()
                .to_owned()
        })
        .filter(|part| !part.is_empty() && part != "." && part != "..")
        .collect();
    if parts.is_empty() {
        "document".into()
    } else {
        parts.join("/")
    }
}

/// How the paths of all that is below a folder begin.
pub(crate) fn below(folder: &str) -> String {
    let separator = if folder.contains('\\') && !folder.contains('/') {
        '\\'
    } else {
        '/'
    };
    match folder.ends_with(separator) {
        true => folder.to_owned(),
        false => format!("{folder}{separator}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_relative() {
        for (name, clean) in [
            ("..\\up/note.md", "up/note.md"),
            ("/etc/passwd", "etc/passwd"),
            ("a\u{0}b", "ab"),
            (" / ", "document"),
        ] {
            assert_eq!(clean_name(name), clean);
        }
        for (folder, all) in [
            ("/a", "/a/"),
            ("/", "/"),
            ("C:\\a", "C:\\a\\"),
            ("C:\\", "C:\\"),
        ] {
            assert_eq!(below(folder), all);
        }
    }
}
