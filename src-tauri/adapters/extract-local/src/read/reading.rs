//! What the readers of one file share: its name, the caps, and how much of them is spent.

use super::damaged;
use crate::{Limits, wire::Refusal};
use awm_api::Code;
use std::{cell::Cell, path::Path};

/// A file being read, or a part of it that is a file itself.
#[derive(Debug)]
pub(crate) struct Reading<'a> {
    /// What messages call it.
    pub(crate) name: String,
    /// The file that was asked for, when this is a part of it.
    whole: Option<String>,
    pub(crate) limits: &'a Limits,
    pub(crate) pdfium: Option<&'a Path>,
    depth: u32,
    spent: &'a Spent,
}

/// What a file and all within it have used.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    inflated: Cell<u64>,
    parts: Cell<usize>,
    pages: Cell<u32>,
    text: Cell<usize>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(
        name: &str,
        limits: &'a Limits,
        pdfium: Option<&'a Path>,
        spent: &'a Spent,
    ) -> Self {
        Self {
            name: name.to_owned(),
            whole: None,
            limits,
            pdfium,
            depth: 0,
            spent,
        }
    }

    /// A file within this one; refused when there are too many, or they lie too deep.
    pub(crate) fn within(&self, name: &str) -> Result<Reading<'a>, Refusal> {
        let parts = self.spent.parts.get() + 1;
        self.spent.parts.set(parts);
        if parts > self.limits.parts {
            return Err(self.refuse(
                Code::TooManyParts,
                &format!("holds more than {} files", self.limits.parts),
            ));
        }
        if self.depth >= self.limits.depth {
            return Err(self.refuse(
                Code::NestedTooDeep,
                &format!(
                    "holds files within files, more than {} deep",
                    self.limits.depth
                ),
            ));
        }
        Ok(Reading {
            name: name.to_owned(),
            whole: Some(self.whole.as_ref().unwrap_or(&self.name).clone()),
            limits: self.limits,
            pdfium: self.pdfium,
            depth: self.depth + 1,
            spent: self.spent,
        })
    }

    /// Bytes that may still be unpacked.
    pub(crate) fn inflatable(&self) -> u64 {
        self.limits
            .inflated_bytes
            .saturating_sub(self.spent.inflated.get())
    }

    /// Notes bytes that were unpacked.
    pub(crate) fn inflated(&self, bytes: u64) {
        self.spent
            .inflated
            .set(self.spent.inflated.get().saturating_add(bytes));
    }

    /// Notes a page, slide or sheet.
    pub(crate) fn page(&self) -> Result<(), Refusal> {
        let pages = self.spent.pages.get().saturating_add(1);
        self.spent.pages.set(pages);
        if pages > self.limits.pages {
            return Err(self.refuse(
                Code::TooManyPages,
                &format!("has more than {} pages", self.limits.pages),
            ));
        }
        Ok(())
    }

    /// Notes bytes of text that came out, so that a reader stops before memory does.
    pub(crate) fn text(&self, bytes: usize) -> Result<(), Refusal> {
        let text = self.spent.text.get().saturating_add(bytes);
        self.spent.text.set(text);
        if text > self.limits.text_bytes {
            return Err(self.refuse(
                Code::TextTooLong,
                &format!(
                    "holds more than {} of text",
                    size(self.limits.text_bytes as u64)
                ),
            ));
        }
        Ok(())
    }

    pub(crate) fn refuse(&self, code: Code, what: &str) -> Refusal {
        let message = match &self.whole {
            Some(whole) => format!("`{}` in `{whole}` {what}", self.name),
            None => format!("`{}` {what}", self.name),
        };
        Refusal::new(code, message)
    }

    pub(crate) fn damaged(&self) -> Refusal {
        damaged(&self.name)
    }
}

/// Whether a part that was refused so takes the whole file with it: caps are for all of it, a damaged part is its own trouble.
pub(crate) fn is_cap(code: Code) -> bool {
    matches!(
        code,
        Code::FileBomb
            | Code::FileTooLarge
            | Code::TextTooLong
            | Code::TooManyPages
            | Code::TooManyParts
            | Code::NestedTooDeep
            | Code::EntitiesForbidden
    )
}

fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 {
        format!("{} MB", bytes >> 20)
    } else {
        format!("{bytes} bytes")
    }
}
