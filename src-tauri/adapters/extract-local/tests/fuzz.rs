//! Spoiled files of every kind: cut off, bits turned, pieces moved; archives also within their entries. A reader refuses or reads,
//! it never breaks down and never hangs. `AWM_FUZZ_ROUNDS` runs it longer.
#![cfg(test)]

use awm_api::Code;
use awm_extract_local::{Extract, Limits, pdfium_in};
use awm_mixed_files::{Kind, file};
use awm_ports::Extractor;
use std::{
    io::{Cursor, Read, Write},
    path::PathBuf,
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

#[tokio::test]
async fn spoiled_files_break_no_reader() {
    let rounds: u64 = std::env::var("AWM_FUZZ_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(8);
    let limits = Limits {
        wall_ms: 30_000,
        cpu_s: 20,
        ..Limits::default()
    };
    let extract = Extract::new(
        env!("CARGO_BIN_EXE_awm-extract-worker").into(),
        Vec::new(),
        limits,
    );
    let extract = match std::env::var_os("AWM_COMPONENTS").map(PathBuf::from) {
        Some(components) => extract.with_pdfium(pdfium_in(&components)),
        None => extract,
    };
    let mut broken = Vec::new();
    for place in 0..Kind::ALL.len() as u64 {
        let made = file(11, place).unwrap();
        if made.expected.kind == Kind::Bomb {
            continue;
        }
        let name = made.expected.path;
        for round in 0..rounds {
            let mut chance = Chance(0x9e37_79b9 + place * 1_000 + round);
            let bytes = match round % 2 {
                0 => spoiled(&made.bytes, &mut chance),
                _ => spoiled_inside(&made.bytes, &mut chance),
            };
            let Err(error) = extract.extract_bytes(&name, bytes.clone()).await else {
                continue;
            };
            // The library that reads PDFs is somebody else's, and its breaking down is what the process is for.
            let own = !name.ends_with(".pdf") || error.code == Code::ExtractionTimeout;
            if own && is_breakdown(error.code) {
                broken.push(format!("{name}, round {round}: {}", error.message));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn is_breakdown(code: Code) -> bool {
    matches!(
        code,
        Code::ReaderCrashed
            | Code::ExtractionTimeout
            | Code::ExtractionCpu
            | Code::ExtractionMemory
            | Code::Internal
    )
}

fn spoiled(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=chance.below(6) {
        let at = chance.below(out.len());
        match chance.below(5) {
            0 => out.truncate(at),
            1 => {
                if let Some(byte) = out.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
            2 => {
                let end = (at + chance.below(200)).min(out.len());
                out.drain(at..end);
            }
            3 => {
                let end = (at + chance.below(200)).min(out.len());
                let piece = out[at..end].to_vec();
                let into = chance.below(out.len());
                out.splice(into..into, piece);
            }
            _ => {
                let odd: &[&[u8]] = &[
                    b"\xff\xff\xff\xff",
                    b"\0\0",
                    b"<",
                    b"99999999999",
                    b"-1",
                    b"\\u-5 ",
                    b"&#x110000;",
                    b"]]>",
                    b"\xf0\x9f\x92",
                ];
                out.splice(at..at, odd[chance.below(odd.len())].iter().copied());
            }
        }
    }
    out
}

/// Spoils one entry of an archive and packs it anew; a file that is none is spoiled as it is.
fn spoiled_inside(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return spoiled(bytes, chance);
    };
    let victim = chance.below(archive.len());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let Ok(mut entry) = archive.by_index(at) else {
            return spoiled(bytes, chance);
        };
        let name = entry.name().to_owned();
        let mut content = Vec::new();
        if entry.read_to_end(&mut content).is_err() {
            return spoiled(bytes, chance);
        }
        if at == victim {
            content = spoiled(&content, chance);
        }
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
