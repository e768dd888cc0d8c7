//! Which part of a package leads to which.

use super::{
    archive::Archive,
    xml::{Visit, attribute, walk},
};
use crate::wire::Refusal;
use quick_xml::events::BytesStart;
use std::collections::HashMap;

/// The relations of one part: target by id, and kind by id.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    folder: String,
    targets: HashMap<String, (String, String)>,
}

impl Relations {
    /// Of `part`, such as `ppt/presentation.xml`; none when it has none.
    pub(crate) fn of(archive: &mut Archive<'_>, part: &str) -> Result<Self, Refusal> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let mut relations = Self {
            folder: folder.to_owned(),
            targets: HashMap::new(),
        };
        let list = match folder {
            "" => format!("_rels/{name}.rels"),
            _ => format!("{folder}/_rels/{name}.rels"),
        };
        if let Some(xml) = archive.entry(&list)? {
            walk(&xml, archive.reading(), &mut relations)?;
        }
        Ok(relations)
    }

    /// The part that an id leads to.
    pub(crate) fn target(&self, id: &str) -> Option<String> {
        let (target, _) = self.targets.get(id)?;
        Some(resolve(&self.folder, target))
    }

    /// The first part of a kind, such as `notesSlide`.
    pub(crate) fn of_kind(&self, kind: &str) -> Option<String> {
        let mut found: Vec<&String> = self
            .targets
            .values()
            .filter(|(_, is)| is.rsplit('/').next() == Some(kind))
            .map(|(target, _)| target)
            .collect();
        found.sort();
        Some(resolve(&self.folder, found.first()?))
    }
}

impl Visit for Relations {
    fn open(&mut self, tag: &BytesStart<'_>, _empty: bool) -> Result<(), Refusal> {
        if tag.local_name().as_ref() == b"Relationship"
            && let (Some(id), Some(target)) = (attribute(tag, b"Id"), attribute(tag, b"Target"))
        {
            let kind = attribute(tag, b"Type").unwrap_or_default();
            self.targets.insert(id, (target, kind));
        }
        Ok(())
    }

    fn close(&mut self, _name: &[u8]) -> Result<(), Refusal> {
        Ok(())
    }

    fn text(&mut self, _text: &str) {}
}

/// A path seen from a folder of the package; it never leaves the package.
pub(crate) fn resolve(folder: &str, target: &str) -> String {
    let target = target.split(['#', '?']).next().unwrap_or_default();
    let from = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_within_the_package() {
        for (folder, target, expected) in [
            ("ppt", "slides/slide1.xml", "ppt/slides/slide1.xml"),
            ("ppt/slides", "../notes/n.xml", "ppt/notes/n.xml"),
            ("ppt", "/ppt/slides/a.xml", "ppt/slides/a.xml"),
            ("", "../../etc/passwd", "etc/passwd"),
            ("a", "b.xhtml#part", "a/b.xhtml"),
        ] {
            assert_eq!(resolve(folder, target), expected);
        }
    }
}
