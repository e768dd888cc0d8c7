//! Archives, with caps on what they unpack to.

use super::{
    Part, append, docx, epub, foreign, locked, odf, pptx,
    reading::Reading,
    spreadsheet,
    xml::{declares_entities, entities},
};
use crate::wire::{Refusal, Text};
use awm_api::Code;
use std::io::{Cursor, Read};
use zip::{ZipArchive, result::ZipError};

/// An opened archive.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    reading: &'a Reading<'a>,
}

/// The text of an archive: a document of a known kind, else of the documents in it.
pub(crate) fn read(bytes: &[u8], reading: &Reading<'_>) -> Result<Text, Refusal> {
    let mut archive = Archive::open(bytes, reading)?;
    if archive.has("word/document.xml") {
        return docx::read(&mut archive);
    }
    if archive.has("ppt/presentation.xml") {
        return pptx::read(&mut archive);
    }
    if archive.has("xl/workbook.xml") {
        return spreadsheet::xlsx(&mut archive, bytes);
    }
    if archive.has("EncryptionInfo") {
        return Err(locked(&reading.name));
    }
    if archive.has("xl/workbook.bin") {
        return Err(foreign(&reading.name, "a binary spreadsheet"));
    }
    let kind = archive.entry("mimetype")?.unwrap_or_default();
    let kind = String::from_utf8_lossy(&kind).trim().to_owned();
    if kind == "application/epub+zip" || archive.has("META-INF/container.xml") {
        return epub::read(&mut archive);
    }
    if kind.starts_with("application/vnd.oasis.opendocument.") {
        return odf::read(&mut archive, &kind);
    }
    archive.documents()
}

impl<'a> Archive<'a> {
    /// Opens it and looks at what its entries claim; what they really hold is capped when they are read.
    fn open(bytes: &'a [u8], reading: &'a Reading<'a>) -> Result<Self, Refusal> {
        let limits = reading.limits;
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| reading.damaged())?;
        if zip.len() > limits.entries {
            return Err(reading.refuse(
                Code::TooManyParts,
                &format!("holds more than {} files", limits.entries),
            ));
        }
        let (mut packed, mut claimed) = (0_u64, 0_u64);
        for at in 0..zip.len() {
            let entry = zip.by_index_raw(at).map_err(|_| reading.damaged())?;
            packed = packed.saturating_add(entry.compressed_size());
            claimed = claimed.saturating_add(entry.size());
        }
        let swollen = claimed > 16 << 20 && claimed / limits.ratio.max(1) > packed;
        // Entries that overlap pack more than the archive has bytes.
        if claimed > reading.inflatable() || swollen || packed > bytes.len() as u64 {
            return Err(bomb(reading));
        }
        Ok(Self { zip, reading })
    }

    pub(crate) fn reading(&self) -> &'a Reading<'a> {
        self.reading
    }

    pub(crate) fn has(&self, entry: &str) -> bool {
        self.zip.index_for_name(entry).is_some()
    }

    /// The bytes of an entry, if it is there.
    pub(crate) fn entry(&mut self, entry: &str) -> Result<Option<Vec<u8>>, Refusal> {
        match self.zip.index_for_name(entry) {
            Some(at) => Ok(Some(self.bytes(at)?)),
            None => Ok(None),
        }
    }

    fn bytes(&mut self, at: usize) -> Result<Vec<u8>, Refusal> {
        let reading = self.reading;
        let found = opened(&mut self.zip, at, reading)?;
        let most = most(found.compressed_size(), reading);
        let mut bytes = Vec::new();
        found
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| reading.damaged())?;
        if bytes.len() as u64 > most {
            return Err(bomb(reading));
        }
        reading.inflated(bytes.len() as u64);
        Ok(bytes)
    }

    /// Unpacks everything into nothing, for readers that unpack by themselves: what it claims may be less than what it holds.
    pub(crate) fn measure(&mut self) -> Result<(), Refusal> {
        let reading = self.reading;
        let mut left = reading.inflatable();
        for at in 0..self.zip.len() {
            let mut found = opened(&mut self.zip, at, reading)?;
            let most = most(found.compressed_size(), reading).min(left);
            let mut head = Vec::new();
            let counted = (&mut found)
                .take(4_096)
                .read_to_end(&mut head)
                .and_then(|_| std::io::copy(&mut found.take(most + 1), &mut std::io::sink()))
                .map_err(|_| reading.damaged())?;
            if declares_entities(&head) {
                return Err(entities(reading));
            }
            let size = counted + head.len() as u64;
            if size > most {
                return Err(bomb(reading));
            }
            left -= size;
        }
        Ok(())
    }

    /// The title among the document's properties.
    pub(crate) fn core_title(&mut self) -> Result<Option<String>, Refusal> {
        let properties = self.entry("docProps/core.xml")?;
        Ok(properties.and_then(|xml| docx::core_title(&xml)))
    }

    /// The documents of an archive that is none itself, each below a heading of its name.
    fn documents(&mut self) -> Result<Text, Refusal> {
        let mut names: Vec<(String, usize)> = (0..self.zip.len())
            .filter_map(|at| Some((self.zip.name_for_index(at)?.to_owned(), at)))
            .filter(|(name, _)| !is_passed_over(name))
            .collect();
        names.sort();
        let mut text = Text {
            media_type: "application/zip".into(),
            ..Text::default()
        };
        for (name, at) in names {
            let bytes = self.bytes(at)?;
            let part = Part {
                name: &name,
                bytes: &bytes,
                below: 0,
            };
            append(&mut text, part, self.reading)?;
        }
        Ok(text)
    }
}

fn opened<'z, 'b>(
    zip: &'z mut ZipArchive<Cursor<&'b [u8]>>,
    at: usize,
    reading: &Reading<'_>,
) -> Result<zip::read::ZipFile<'z, Cursor<&'b [u8]>>, Refusal> {
    zip.by_index(at).map_err(|error| match error {
        ZipError::UnsupportedArchive(what) if what == ZipError::PASSWORD_REQUIRED => {
            locked(&reading.name)
        }
        _ => reading.damaged(),
    })
}

/// Bytes that an entry may unpack to.
fn most(packed: u64, reading: &Reading<'_>) -> u64 {
    let by_ratio = packed
        .max(1)
        .saturating_mul(reading.limits.ratio)
        .max(1 << 20);
    reading.inflatable().min(by_ratio)
}

/// Folders, hidden files, and what systems leave behind.
fn is_passed_over(name: &str) -> bool {
    name.ends_with('/')
        || name.starts_with("__MACOSX/")
        || name.split('/').any(|part| part.starts_with('.'))
}

fn bomb(reading: &Reading<'_>) -> Refusal {
    reading.refuse(Code::FileBomb, "unpacks to far more than a document holds")
}
