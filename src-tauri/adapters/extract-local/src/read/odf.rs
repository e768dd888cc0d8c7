//! OpenDocument: texts, spreadsheets and presentations have one content with one set of elements.

use super::{
    archive::Archive,
    first_title, heading, locked,
    sheet::Rows,
    table::tables,
    xml::{Visit, attribute, number, walk},
};
use crate::wire::{Block, Refusal, Text};
use quick_xml::events::BytesStart;

/// Columns of a row that are kept.
const COLUMNS: usize = 1_000;

/// The text of an opened document whose `mimetype` ends so: `text`, `spreadsheet` or `presentation`.
pub(crate) fn read(archive: &mut Archive<'_>, media_type: &str) -> Result<Text, Refusal> {
    if let Some(manifest) = archive.entry("META-INF/manifest.xml")?
        && manifest
            .windows(15)
            .any(|window| window == b"encryption-data")
    {
        return Err(locked(&archive.reading().name));
    }
    let Some(content) = archive.entry("content.xml")? else {
        return Err(archive.reading().damaged());
    };
    let title = match archive.entry("meta.xml")? {
        Some(meta) => super::docx::core_title(&meta),
        None => None,
    };
    let limit = archive.reading().limits.rows;
    let mut content_of = Content::new(limit);
    walk(&content, archive.reading(), &mut content_of)?;
    let pages = content_of.page;
    for _ in 0..pages.unwrap_or(0) {
        archive.reading().page()?;
    }
    Ok(Text {
        media_type: media_type.to_owned(),
        title: title.or_else(|| first_title(&content_of.blocks)),
        pages,
        notes: content_of.notes,
        blocks: content_of.blocks,
        ..Text::default()
    })
}

struct Content {
    blocks: Vec<Block>,
    notes: Vec<String>,
    /// The open paragraphs; a text box within a paragraph has its own.
    paragraphs: Vec<Paragraph>,
    /// Depth of lists.
    lists: usize,
    /// Within a spreadsheet a table is a sheet.
    is_sheet: bool,
    page: Option<u32>,
    /// Whether the open frame is the slide's title.
    in_title: bool,
    has_title: bool,
    tables: Vec<Table>,
    /// Within what is no text: annotations, tracked deletions.
    skipped: usize,
    limit: usize,
}

#[derive(Default)]
struct Paragraph {
    level: Option<u8>,
    text: String,
}

struct Table {
    name: String,
    rows: Rows,
    row: Vec<String>,
    cell: String,
    /// How often the open row and cell are there.
    rows_repeated: usize,
    cells_repeated: usize,
    /// Cells without text that count only if one with text follows.
    blank: usize,
}

impl Content {
    fn new(limit: usize) -> Self {
        Self {
            blocks: Vec::new(),
            notes: Vec::new(),
            paragraphs: Vec::new(),
            lists: 0,
            is_sheet: false,
            page: None,
            in_title: false,
            has_title: false,
            tables: Vec::new(),
            skipped: 0,
            limit,
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else {
            return;
        };
        let text = paragraph.text.trim();
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
        if self.in_title && !self.has_title {
            self.has_title = true;
            self.blocks.push(heading(1, text, self.page));
            return;
        }
        let line = text.replace('\n', " ");
        match paragraph.level {
            Some(level) => self.blocks.push(heading(level, &line, self.page)),
            None if self.lists > 0 => {
                let item = format!("{}- {line}", "  ".repeat((self.lists - 1).min(8)));
                self.push_item(item);
            }
            None => self.push(text.to_owned()),
        }
    }

    fn push(&mut self, markdown: String) {
        self.blocks.push(Block {
            markdown,
            heading: None,
            page: self.page,
        });
    }

    /// Items of one list are one block.
    fn push_item(&mut self, item: String) {
        let page = self.page;
        match self.blocks.last_mut() {
            Some(last)
                if last.heading.is_none()
                    && last.page == page
                    && last.markdown.trim_start().starts_with("- ") =>
            {
                last.markdown.push('\n');
                last.markdown.push_str(&item);
            }
            _ => self.push(item),
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.tables.pop() else {
            return;
        };
        if let Some(outer) = self.tables.last_mut() {
            for cell in table.rows.rows.iter().flatten().filter(|c| !c.is_empty()) {
                outer.cell.push_str("; ");
                outer.cell.push_str(cell);
            }
            return;
        }
        self.notes.extend(table.rows.note(&table.name));
        if self.is_sheet && !table.rows.rows.is_empty() {
            self.blocks.push(heading(1, &table.name, None));
        }
        self.blocks.extend(tables(&table.rows.rows, self.page));
    }
}

impl Visit for Content {
    fn open(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), Refusal> {
        let name = tag.local_name();
        let name = name.as_ref();
        if self.skipped > 0 || matches!(name, b"annotation" | b"tracked-changes" | b"forms") {
            self.skipped += usize::from(!empty);
            return Ok(());
        }
        match name {
            b"spreadsheet" => self.is_sheet = true,
            b"h" | b"p" if !empty => {
                let level: Option<u8> =
                    (name == b"h").then(|| number(tag, b"outline-level").unwrap_or(1));
                self.paragraphs.push(Paragraph {
                    level,
                    text: String::new(),
                });
            }
            b"list" if !empty => self.lists += 1,
            b"page" if !empty => {
                self.page = Some(self.page.unwrap_or(0).saturating_add(1));
                self.has_title = false;
            }
            b"frame" if !empty => {
                self.in_title = attribute(tag, b"class").as_deref() == Some("title");
            }
            b"s" => {
                let spaces: usize = number(tag, b"c").unwrap_or(1);
                if let Some(open) = self.paragraphs.last_mut() {
                    open.text.push_str(&" ".repeat(spaces.min(80)));
                }
            }
            b"tab" | b"line-break" => {
                if let Some(open) = self.paragraphs.last_mut() {
                    open.text.push(if name == b"tab" { '\t' } else { '\n' });
                }
            }
            b"table" if !empty => self.tables.push(Table {
                name: attribute(tag, b"name").unwrap_or_default(),
                rows: Rows::new(self.limit),
                row: Vec::new(),
                cell: String::new(),
                rows_repeated: 1,
                cells_repeated: 1,
                blank: 0,
            }),
            b"table-row" => {
                if let Some(table) = self.tables.last_mut() {
                    table.row.clear();
                    table.blank = 0;
                    table.rows_repeated = number(tag, b"number-rows-repeated").unwrap_or(1);
                }
            }
            b"table-cell" | b"covered-table-cell" => {
                if let Some(table) = self.tables.last_mut() {
                    table.cell.clear();
                    table.cells_repeated = number(tag, b"number-columns-repeated").unwrap_or(1);
                    if empty {
                        table.end_cell();
                    }
                }
            }
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
            b"h" | b"p" => self.end_paragraph(),
            b"list" => self.lists = self.lists.saturating_sub(1),
            b"frame" => self.in_title = false,
            b"table-cell" | b"covered-table-cell" => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_cell();
                }
            }
            b"table-row" => {
                if let Some(table) = self.tables.last_mut() {
                    let row = std::mem::take(&mut table.row);
                    table.rows.push(row, table.rows_repeated);
                }
            }
            b"table" => self.end_table(),
            b"page" => self.in_title = false,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.skipped == 0
            && let Some(open) = self.paragraphs.last_mut()
        {
            // Line ends of the file are white space.
            open.text.push_str(&text.replace(['\n', '\r'], " "));
        }
    }
}

impl Table {
    fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        let cell = cell.trim();
        let room = COLUMNS.saturating_sub(self.row.len());
        if cell.is_empty() {
            self.blank = self.blank.saturating_add(self.cells_repeated).min(COLUMNS);
            return;
        }
        let blank = std::mem::take(&mut self.blank).min(room);
        self.row.extend(std::iter::repeat_n(String::new(), blank));
        let repeated = self
            .cells_repeated
            .min(COLUMNS.saturating_sub(self.row.len()));
        self.row
            .extend(std::iter::repeat_n(cell.to_owned(), repeated));
    }
}
