//! PPTX: slides as pages, with titles, text, tables and notes.

use super::{
    archive::Archive,
    heading,
    relations::Relations,
    table::tables,
    xml::{Visit, attribute, walk},
};
use crate::wire::{Block, Refusal, Text};
use quick_xml::events::BytesStart;

/// The text of an opened presentation, slides in their order.
pub(crate) fn read(archive: &mut Archive<'_>) -> Result<Text, Refusal> {
    const PRESENTATION: &str = "ppt/presentation.xml";
    let relations = Relations::of(archive, PRESENTATION)?;
    let mut order = Order::default();
    if let Some(xml) = archive.entry(PRESENTATION)? {
        walk(&xml, archive.reading(), &mut order)?;
    }
    let mut blocks = Vec::new();
    let mut count = 0;
    for part in order.ids.iter().filter_map(|id| relations.target(id)) {
        archive.reading().page()?;
        count += 1;
        let Some(xml) = archive.entry(&part)? else {
            continue;
        };
        let mut slide = Slide::new(count);
        walk(&xml, archive.reading(), &mut slide)?;
        let title = slide.title.take().unwrap_or(format!("Slide {count}"));
        blocks.push(heading(1, &title, Some(count)));
        blocks.append(&mut slide.blocks);
        if let Some(notes) = Relations::of(archive, &part)?.of_kind("notesSlide")
            && let Some(xml) = archive.entry(&notes)?
        {
            let mut notes = Slide::new(count);
            walk(&xml, archive.reading(), &mut notes)?;
            blocks.append(&mut notes.blocks);
        }
    }
    let title = archive.core_title()?;
    Ok(Text {
        media_type: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            .into(),
        title: title.or_else(|| {
            let first = blocks.first().filter(|_| count > 0)?;
            Some(first.markdown.trim_start_matches('#').trim().to_owned())
        }),
        pages: Some(count),
        blocks,
        ..Text::default()
    })
}

/// The ids of the slides as the presentation shows them.
#[derive(Default)]
struct Order {
    ids: Vec<String>,
}

impl Visit for Order {
    fn open(&mut self, tag: &BytesStart<'_>, _empty: bool) -> Result<(), Refusal> {
        if tag.local_name().as_ref() == b"sldId" {
            // `id` is there twice: the number of the slide, and with a prefix the relation.
            let relation = tag
                .attributes()
                .with_checks(false)
                .flatten()
                .find(|attribute| {
                    let key = attribute.key;
                    key.prefix().is_some() && key.local_name().as_ref() == b"id"
                })
                .and_then(|attribute| Some(attribute.unescape_value().ok()?.into_owned()));
            self.ids.extend(relation);
        }
        Ok(())
    }

    fn close(&mut self, _name: &[u8]) -> Result<(), Refusal> {
        Ok(())
    }

    fn text(&mut self, _text: &str) {}
}

/// A slide or a page of notes.
struct Slide {
    page: u32,
    title: Option<String>,
    blocks: Vec<Block>,
    /// What the open shape stands for, such as `title` or `sldNum`.
    role: String,
    lines: Vec<String>,
    line: String,
    in_text: bool,
    rows: Vec<Vec<String>>,
    cells: Vec<String>,
}

impl Slide {
    fn new(page: u32) -> Self {
        Self {
            page,
            title: None,
            blocks: Vec::new(),
            role: String::new(),
            lines: Vec::new(),
            line: String::new(),
            in_text: false,
            rows: Vec::new(),
            cells: Vec::new(),
        }
    }

    fn end_shape(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        let role = std::mem::take(&mut self.role);
        match role.as_str() {
            // Numbers, dates and footers are on every slide.
            "sldNum" | "dt" | "ftr" | "hdr" | "sldImg" => {}
            "title" | "ctrTitle" if self.title.is_none() && !lines.is_empty() => {
                self.title = Some(lines.join(" "));
            }
            _ => {
                let markdown = match lines.as_slice() {
                    [] => return,
                    [line] => line.clone(),
                    lines => lines
                        .iter()
                        .map(|line| format!("- {line}"))
                        .collect::<Vec<_>>()
                        .join("\n"),
                };
                self.blocks.push(Block {
                    markdown,
                    heading: None,
                    page: Some(self.page),
                });
            }
        }
    }
}

impl Visit for Slide {
    fn open(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), Refusal> {
        match tag.local_name().as_ref() {
            b"sp" if !empty => {
                self.role.clear();
                self.lines.clear();
            }
            b"ph" => self.role = attribute(tag, b"type").unwrap_or("body".into()),
            b"t" => self.in_text = !empty,
            b"br" | b"tab" => self.line.push(' '),
            b"tbl" if !empty => {
                self.rows.clear();
            }
            b"tr" => self.cells.clear(),
            b"tc" if !empty => self.lines.clear(),
            b"tc" => self.cells.push(String::new()),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8]) -> Result<(), Refusal> {
        match name {
            b"t" => self.in_text = false,
            b"p" => {
                let line = std::mem::take(&mut self.line);
                let line = line.trim();
                if !line.is_empty() {
                    self.lines.push(line.to_owned());
                }
            }
            b"sp" => self.end_shape(),
            b"tc" => self.cells.push(std::mem::take(&mut self.lines).join(" ")),
            b"tr" => {
                let cells = std::mem::take(&mut self.cells);
                if cells.iter().any(|cell| !cell.is_empty()) {
                    self.rows.push(cells);
                }
            }
            b"tbl" => {
                let rows = std::mem::take(&mut self.rows);
                self.blocks.extend(tables(&rows, Some(self.page)));
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.in_text {
            self.line.push_str(text);
        }
    }
}
