//! DOCX: paragraphs, headings, lists and tables in reading order.

use super::{
    archive::Archive,
    docx_styles::{Styles, outline},
    first_title, heading,
    table::tables,
    xml::{Visit, attribute, character, walk},
};
use crate::wire::{Block, Refusal, Text};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

/// The text of an opened document.
pub(crate) fn read(archive: &mut Archive<'_>) -> Result<Text, Refusal> {
    let styles = archive
        .entry("word/styles.xml")?
        .map(|xml| Styles::read(&xml))
        .unwrap_or_default();
    let title = archive.core_title()?;
    let Some(document) = archive.entry("word/document.xml")? else {
        return Err(archive.reading().damaged());
    };
    let mut found = Walk::new(&styles);
    walk(&document, archive.reading(), &mut found)?;
    let blocks = found.blocks;
    Ok(Text {
        media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            .into(),
        title: title.or_else(|| first_title(&blocks)),
        blocks,
        ..Text::default()
    })
}

/// The title among the document's properties.
pub(crate) fn core_title(xml: &[u8]) -> Option<String> {
    let mut reader = Reader::from_reader(xml);
    let (mut inside, mut title) = (false, String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => inside = tag.local_name().as_ref() == b"title",
            Ok(Event::End(_)) => inside = false,
            Ok(Event::Text(text)) if inside => title.push_str(&text.decode().unwrap_or_default()),
            Ok(Event::GeneralRef(entity)) if inside => title.extend(character(&entity)),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    let title = title.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

struct Walk<'a> {
    styles: &'a Styles,
    blocks: Vec<Block>,
    paragraph: String,
    level: Option<u8>,
    /// The depth of a list's item.
    item: Option<usize>,
    in_text: bool,
    /// Within what is there twice: the stand-in of a drawing.
    skipped: usize,
    /// Open tables; text goes to the innermost cell, and from an inner table to the outer cell.
    tables: Vec<Table>,
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    row: Vec<String>,
    cell: String,
}

impl<'a> Walk<'a> {
    fn new(styles: &'a Styles) -> Self {
        Self {
            styles,
            blocks: Vec::new(),
            paragraph: String::new(),
            level: None,
            item: None,
            in_text: false,
            skipped: 0,
            tables: Vec::new(),
        }
    }

    fn end_paragraph(&mut self) {
        let text = std::mem::take(&mut self.paragraph);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if let Some(table) = self.tables.last_mut() {
            if !table.cell.is_empty() {
                table.cell.push(' ');
            }
            table.cell.push_str(text);
            return;
        }
        let line = text.replace('\n', " ");
        match (self.level, self.item) {
            (Some(level), _) => self.blocks.push(heading(level, &line, None)),
            (None, Some(depth)) => {
                let item = format!("{}- {line}", "  ".repeat(depth.min(8)));
                self.push_item(item);
            }
            (None, None) => self.blocks.push(Block {
                markdown: text.to_owned(),
                heading: None,
                page: None,
            }),
        }
    }

    /// Items of one list are one block.
    fn push_item(&mut self, item: String) {
        match self.blocks.last_mut() {
            Some(last)
                if last.heading.is_none() && last.markdown.trim_start().starts_with("- ") =>
            {
                last.markdown.push('\n');
                last.markdown.push_str(&item);
            }
            _ => self.blocks.push(Block {
                markdown: item,
                heading: None,
                page: None,
            }),
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else {
            return;
        };
        if let Some(outer) = self.tables.last_mut() {
            for cell in table.rows.iter().flatten().filter(|cell| !cell.is_empty()) {
                outer.cell.push_str("; ");
                outer.cell.push_str(cell);
            }
            return;
        }
        let rows: Vec<Vec<String>> = table
            .rows
            .into_iter()
            .filter(|row| row.iter().any(|cell| !cell.is_empty()))
            .collect();
        self.blocks.extend(tables(&rows, None));
    }
}

impl Visit for Walk<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), Refusal> {
        let name = tag.local_name();
        let name = name.as_ref();
        if self.skipped > 0 || name == b"Fallback" {
            self.skipped += usize::from(!empty);
            return Ok(());
        }
        match name {
            b"p" if !empty => {
                self.paragraph.clear();
                self.level = None;
                self.item = None;
            }
            b"pStyle" => {
                if let Some(id) = attribute(tag, b"val") {
                    self.level = self.level.or_else(|| self.styles.level(&id));
                }
            }
            b"outlineLvl" => self.level = outline(tag).or(self.level),
            b"ilvl" => {
                let depth = attribute(tag, b"val").and_then(|depth| depth.parse().ok());
                self.item = depth.or(self.item);
            }
            b"numPr" => self.item = self.item.or(Some(0)),
            b"t" => self.in_text = !empty,
            b"tab" => self.paragraph.push('\t'),
            b"br" | b"cr" => self.paragraph.push('\n'),
            b"noBreakHyphen" => self.paragraph.push('-'),
            b"tbl" if !empty => self.tables.push(Table::default()),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8]) -> Result<(), Refusal> {
        if self.skipped > 0 {
            self.skipped -= 1;
            return Ok(());
        }
        match name {
            b"t" => self.in_text = false,
            b"p" => self.end_paragraph(),
            b"tc" => {
                if let Some(table) = self.tables.last_mut() {
                    let cell = std::mem::take(&mut table.cell);
                    table.row.push(cell.trim().to_owned());
                }
            }
            b"tr" => {
                if let Some(table) = self.tables.last_mut() {
                    let row = std::mem::take(&mut table.row);
                    table.rows.push(row);
                }
            }
            b"tbl" => self.end_table(),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.skipped == 0 {
            self.paragraph.push_str(text);
        }
    }
}
