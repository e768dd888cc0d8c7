//! E-mail: single messages and boxes of them, with what is attached.

use super::{Part, append, first_title, heading, html, paragraphs, reading::Reading};
use crate::wire::{Block, Refusal, Text};
use mailparse::{DispositionType, MailHeaderMap, ParsedMail, parse_mail};

/// A message.
pub(crate) fn eml(bytes: &[u8], reading: &Reading<'_>) -> Result<Text, Refusal> {
    let mut text = message(bytes, reading)?;
    text.media_type = "message/rfc822".into();
    text.title = first_title(&text.blocks);
    Ok(text)
}

/// Messages one after another, each begun by a line `From …`.
pub(crate) fn mbox(bytes: &[u8], reading: &Reading<'_>) -> Result<Text, Refusal> {
    let mut text = Text {
        media_type: "application/mbox".into(),
        ..Text::default()
    };
    for (at, one) in split(bytes).into_iter().enumerate() {
        if at >= reading.limits.messages {
            text.notes.push(format!(
                "the box has more than {} messages; the others were left out",
                reading.limits.messages
            ));
            break;
        }
        // A message that can't be read leaves the others.
        match message(&unquoted(one), reading) {
            Ok(found) => {
                text.notes.extend(found.notes);
                text.blocks.extend(found.blocks);
            }
            Err(refusal) if super::reading::is_cap(refusal.code) => return Err(refusal),
            Err(_) => text.notes.push(format!("message {} can't be read", at + 1)),
        }
    }
    Ok(text)
}

/// Whether text begins as a message does: lines of fields, some of which every message has.
pub(crate) fn is_message(head: &str) -> bool {
    const KNOWN: &[&str] = &[
        "from",
        "to",
        "subject",
        "date",
        "received",
        "return-path",
        "message-id",
        "mime-version",
        "delivered-to",
        "content-type",
        "reply-to",
        "x-mailer",
    ];
    let mut known = 0;
    for line in head.lines() {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            break;
        };
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_graphic()) {
            break;
        }
        known += usize::from(KNOWN.contains(&name.to_ascii_lowercase().as_str()));
    }
    known >= 3
}

/// Whether text begins as a box does.
pub(crate) fn is_box(head: &str) -> bool {
    head.strip_prefix("From ")
        .and_then(|rest| rest.split_once('\n'))
        .is_some_and(|(_, rest)| is_message(rest))
}

fn message(bytes: &[u8], reading: &Reading<'_>) -> Result<Text, Refusal> {
    let mail = parse_mail(bytes).map_err(|_| reading.damaged())?;
    let field = |name: &str| {
        let value = mail.headers.get_first_value(name)?;
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        (!value.is_empty()).then_some(value)
    };
    let subject = field("Subject");
    let mut text = Text::default();
    let facts: Vec<String> = ["From", "To", "Cc", "Date"]
        .iter()
        .filter_map(|name| Some(format!("{name}: {}", field(name)?)))
        .collect();
    if !facts.is_empty() {
        text.blocks.push(Block {
            markdown: facts.join("\n"),
            heading: None,
            page: None,
        });
    }
    take(&mail, reading, &mut text, 0)?;
    if subject.is_some() || !text.blocks.is_empty() {
        let subject = subject.unwrap_or("Message without a subject".into());
        text.blocks.insert(0, heading(1, &subject, None));
    }
    Ok(text)
}

/// The text of a part, and of those within it.
fn take(
    part: &ParsedMail<'_>,
    reading: &Reading<'_>,
    text: &mut Text,
    depth: usize,
) -> Result<(), Refusal> {
    if depth > reading.limits.elements_deep.min(100) {
        return Err(reading.refuse(
            awm_api::Code::NestedTooDeep,
            "has parts that lie too deep within each other",
        ));
    }
    let kind = part.ctype.mimetype.as_str();
    if kind == "multipart/alternative" {
        // The same thing in several kinds: plain text if it says anything, else the last, which is the richest.
        let plain = part.subparts.iter().find(|one| {
            one.ctype.mimetype == "text/plain"
                && one.get_body().is_ok_and(|body| !body.trim().is_empty())
        });
        return match plain.or(part.subparts.last()) {
            Some(chosen) => take(chosen, reading, text, depth + 1),
            None => Ok(()),
        };
    }
    if !part.subparts.is_empty() {
        for one in &part.subparts {
            take(one, reading, text, depth + 1)?;
        }
        return Ok(());
    }
    let disposition = part.get_content_disposition();
    let name = disposition
        .params
        .get("filename")
        .or(part.ctype.params.get("name"));
    let attached = disposition.disposition == DispositionType::Attachment;
    match (kind, name) {
        ("text/plain" | "text/html", _) if !attached => {
            let body = part.get_body().map_err(|_| reading.damaged())?;
            if kind == "text/html" {
                text.blocks.extend(html::whole(&body, reading)?.blocks);
            } else {
                reading.text(body.len())?;
                text.blocks.extend(paragraphs(&body));
            }
            Ok(())
        }
        // Logos and the like.
        (kind, _) if kind.starts_with("image/") => Ok(()),
        (_, name) => {
            let fallback = match kind {
                "message/rfc822" => "message.eml",
                _ => "attachment",
            };
            let name = name.map_or(fallback, String::as_str);
            let bytes = part.get_body_raw().map_err(|_| reading.damaged())?;
            append(
                text,
                Part {
                    name,
                    bytes: &bytes,
                    below: 1,
                },
                reading,
            )
        }
    }
}

fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut starts = Vec::new();
    let mut blank = true;
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if blank && line.starts_with(b"From ") {
            starts.push((at, at + line.len()));
        }
        blank = line == b"\n" || line == b"\r\n";
        at += line.len();
    }
    let ends = starts.iter().skip(1).map(|(line, _)| *line).chain([at]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|((_, begin), end)| bytes.get(*begin..end))
        .collect()
}

/// A line `From …` within a message is written with `>` before it.
fn unquoted(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let stripped = line.iter().position(|byte| *byte != b'>').unwrap_or(0);
        let quoted = stripped > 0
            && line
                .get(stripped..)
                .is_some_and(|rest| rest.starts_with(b"From "));
        out.extend(line.get(usize::from(quoted)..).unwrap_or_default());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_messages_from_text() {
        let mail = "Received: by x\r\n (y)\r\nFrom: a\r\nSubject: b\r\nDate: c\r\n\r\nHi";
        assert!(is_message(mail));
        assert!(!is_message("Note: from here\nTo: there\nplain words"));
        assert!(is_box(&format!("From a@b Mon\n{mail}")));
        assert!(!is_box("From here on: nothing\nmore"));
    }

    #[test]
    fn splits_boxes_at_their_lines() {
        let text =
            b"From a\nSubject: 1\n\nOne\n>From me\n\nFrom b\nSubject: 2\n\nTwo\nFrom no blank\n";
        let found: Vec<String> = split(text)
            .into_iter()
            .map(|one| String::from_utf8(unquoted(one)).unwrap())
            .collect();
        assert_eq!(
            found,
            [
                "Subject: 1\n\nOne\nFrom me\n\n",
                "Subject: 2\n\nTwo\nFrom no blank\n"
            ]
        );
    }
}
