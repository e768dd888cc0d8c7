//! Files that items are read from.

use awm_interpreter::{Failure, Item, ItemParser, ReadItems};

pub(crate) const WORDS: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "\\",
    "\\\"",
    "\n",
    "\r\n",
    "\"\"",
    "null",
    "true",
    "1e5",
    "-",
    "\"a\":",
    "{\"a\":[1]}",
    "\u{1f}\u{8b}",
    "é",
    "|",
    ";",
    "\t",
    " ",
];

const KINDS: [(&str, Option<&str>); 5] = [
    ("CSV", None),
    ("JSON", None),
    ("JSON", Some("/a")),
    ("JSON", Some("/a/0/b~1c")),
    ("JSONL", None),
];

fn parse(request: &ReadItems, bytes: &[u8], piece: usize) -> Result<Vec<Item>, Failure> {
    let mut parser = ItemParser::new(request)?;
    let mut items = Vec::new();
    for piece in bytes.chunks(piece) {
        parser.push(piece)?;
        items.extend(parser.take());
    }
    parser.finish()?;
    items.extend(parser.take());
    Ok(items)
}

/// The first byte chooses the kind of file and the size of pieces.
pub(crate) fn items(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let Some((kind, pointer)) = KINDS.get(usize::from(*first) % KINDS.len()) else {
        return;
    };
    let request = ReadItems {
        input_type: Some((*kind).to_owned()),
        items_pointer: pointer.map(str::to_owned),
        csv_delimiter: b',',
        ..ReadItems::default()
    };
    let whole = parse(&request, bytes, bytes.len().max(1));
    // The first piece tells whether a file is packed: the longest mark, Zstandard's, has four bytes.
    let pieces = parse(&request, bytes, usize::from(*first >> 3).max(4));
    match (&whole, &pieces) {
        (Ok(whole), Ok(pieces)) => assert_eq!(whole, pieces, "pieces give other items"),
        (Err(_), Err(_)) => {}
        _ => panic_apart(&whole, &pieces),
    }
    if let (Ok(whole), "JSON", None) = (&whole, *kind, *pointer)
        && let Ok(serde_json::Value::Array(expected)) = serde_json::from_slice(bytes)
    {
        let values: Vec<_> = whole.iter().map(|item| item.value.clone()).collect();
        assert_eq!(values, expected, "the array has other elements");
    }
}

fn panic_apart(whole: &Result<Vec<Item>, Failure>, pieces: &Result<Vec<Item>, Failure>) {
    assert!(
        whole.is_ok() == pieces.is_ok(),
        "whole it gives {whole:?}, in pieces {pieces:?}"
    );
}
