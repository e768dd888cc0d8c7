//! Bytes to text, whatever they are written in.

use crate::kind::utf16;
use chardetng::EncodingDetector;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The text: by its mark, as UTF-8 if it is valid, as UTF-16 if every other byte is zero, else by the likeliest old encoding.
pub(crate) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && utf16(bytes).is_none()
    {
        return text.to_owned();
    }
    let encoding = match utf16(bytes) {
        Some(true) => UTF_16LE,
        Some(false) => UTF_16BE,
        None => guess(bytes),
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    // A long text whose few damaged bytes make it invalid is still UTF-8.
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.chars().filter(|c| *c == '\u{fffd}').count();
    let foreign = lossy.chars().filter(|c| !c.is_ascii()).count();
    if foreign > 20 && broken * 20 < foreign {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new();
    detector.feed(bytes, true);
    detector.guess(None, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_any_encoding() {
        let text = "Größe: 5 €, naïve café – déjà vu";
        let japanese = "日本語のテキストです。返品は三十日以内に受け付けます。";
        let russian = "Возврат товара возможен в течение тридцати дней.";
        let wide = |text: &str| {
            text.encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<u8>>()
        };
        let plain = "Plain words only, and some more";
        for (bytes, expected) in [
            (text.as_bytes().to_vec(), text),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), text),
            ([b"\xff\xfe".to_vec(), wide(text)].concat(), text),
            (wide(plain), plain),
            (
                plain.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                plain,
            ),
            (encoding_rs::WINDOWS_1252.encode(text).0.into_owned(), text),
            (
                encoding_rs::SHIFT_JIS.encode(japanese).0.into_owned(),
                japanese,
            ),
            (
                encoding_rs::EUC_JP.encode(japanese).0.into_owned(),
                japanese,
            ),
            (
                encoding_rs::WINDOWS_1251.encode(russian).0.into_owned(),
                russian,
            ),
            (Vec::new(), ""),
        ] {
            assert_eq!(decode(&bytes), expected);
        }
    }
}
