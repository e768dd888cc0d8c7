//! Archives, with caps on what they unpack to.

use super::{damaged, docx, foreign, locked};
use crate::{
    Limits,
    wire::{Refusal, Request, Text},
};
use awm_api::Code;
use std::io::{Cursor, Read};
use zip::{ZipArchive, result::ZipError};

/// An opened archive.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    limits: &'a Limits,
    name: &'a str,
}

/// The text of an archive of a known kind.
pub(crate) fn read(bytes: &[u8], request: &Request) -> Result<Text, Refusal> {
    let mut archive = Archive::open(bytes, request)?;
    if archive.has("word/document.xml") {
        return docx::read(&mut archive);
    }
    Err(if archive.has("EncryptionInfo") {
        locked(&request.name)
    } else if archive.has("xl/workbook.xml") {
        foreign(&request.name, "a spreadsheet")
    } else if archive.has("ppt/presentation.xml") {
        foreign(&request.name, "a presentation")
    } else {
        foreign(&request.name, "an archive")
    })
}

impl<'a> Archive<'a> {
    /// Opens it and looks at what its entries claim; what they really hold is capped when they are read.
    fn open(bytes: &'a [u8], request: &'a Request) -> Result<Self, Refusal> {
        let (limits, name) = (&request.limits, request.name.as_str());
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged(name))?;
        if zip.len() > limits.entries {
            return Err(bomb(name));
        }
        let (mut packed, mut claimed) = (0_u64, 0_u64);
        for at in 0..zip.len() {
            let entry = zip.by_index_raw(at).map_err(|_| damaged(name))?;
            packed = packed.saturating_add(entry.compressed_size());
            claimed = claimed.saturating_add(entry.size());
        }
        let swollen = claimed > 16 << 20 && claimed / limits.ratio.max(1) > packed;
        // Entries that overlap pack more than the archive has bytes.
        if claimed > limits.inflated_bytes || swollen || packed > bytes.len() as u64 {
            return Err(bomb(name));
        }
        Ok(Self { zip, limits, name })
    }

    pub(crate) fn name(&self) -> &str {
        self.name
    }

    pub(crate) fn has(&self, entry: &str) -> bool {
        self.zip.index_for_name(entry).is_some()
    }

    /// The bytes of an entry, if it is there.
    pub(crate) fn entry(&mut self, entry: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let name = self.name;
        let found = match self.zip.by_name(entry) {
            Ok(found) => found,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(what)) if what == ZipError::PASSWORD_REQUIRED => {
                return Err(locked(name));
            }
            Err(_) => return Err(damaged(name)),
        };
        let packed = found.compressed_size().max(1);
        let by_ratio = packed.saturating_mul(self.limits.ratio).max(1 << 20);
        let most = self.limits.inflated_bytes.min(by_ratio);
        let mut bytes = Vec::new();
        found
            .take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| damaged(name))?;
        if bytes.len() as u64 > most {
            return Err(bomb(name));
        }
        Ok(Some(bytes))
    }
}

fn bomb(name: &str) -> Refusal {
    Refusal::new(
        Code::FileBomb,
        format!("`{name}` unpacks to far more than a document holds"),
    )
}
