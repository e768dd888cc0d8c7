//! Taking the definition out: as a file, or on the clipboard.

use super::session::Session;
use awm_flow::Format;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Saves the text as it stands as `name.asl.json` or `name.asl.yaml`.
pub fn download(session: Session, name: &str) {
    let (text, ending) = session.editor.with_untracked(|editor| {
        let document = editor.document();
        (
            document.text.clone(),
            if document.format == Format::Yaml {
                "asl.yaml"
            } else {
                "asl.json"
            },
        )
    });
    let file = format!("{}.{ending}", file_name(name));
    if offer(&text, &file).is_none() {
        session.say_failed(
            "The browser didn't take the file",
            "Copy the definition instead",
        );
    }
}

/// Puts the text on the clipboard.
pub fn copy(session: Session) {
    let text = session
        .editor
        .with_untracked(|editor| editor.document().text.clone());
    // Only the browser's refusal can be told, and there is nothing to do about it.
    let _ = window().navigator().clipboard().write_text(&text);
    session.say("Copied the definition");
}

/// Lets the browser save a text as a file; none if it doesn't take it.
pub(in crate::routes) fn offer(text: &str, file: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&text.into());
    let blob = web_sys::Blob::new_with_str_sequence(&parts).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(file);
    link.click();
    web_sys::Url::revoke_object_url(&url).ok()
}

/// A name that every system takes for a file.
fn file_name(name: &str) -> String {
    let safe: String = name
        .trim()
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let safe = safe.trim_matches('.').trim();
    if safe.is_empty() {
        "workflow".to_owned()
    } else {
        safe.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn files_get_names_that_every_system_takes() {
        let check = |name, expected: &str| assert_eq!(super::file_name(name), expected);
        check("Support bot", "Support bot");
        check("a/b:c", "a-b-c");
        check("..", "workflow");
        check("Größe 日本", "Größe 日本");
    }
}
