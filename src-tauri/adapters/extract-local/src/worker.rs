//! The child's side: reads one file after another until its input ends.

use crate::{
    Limits, read,
    wire::{From, Refusal, Request, Response, Text, read_frame, write_frame},
};
use awm_api::Code;
use std::{
    fs::File,
    io::{ErrorKind, Read, stdin, stdout},
    path::Path,
    process::ExitCode,
};

/// Bytes of a request's JSON.
const REQUEST: u64 = 1 << 20;
/// A deeply nested page is walked by recursion.
const STACK: usize = 64 << 20;

/// Serves requests on the standard input until it ends. A program that extracts calls this, and nothing before it, when it is
/// started as a worker.
pub fn worker_main() -> ExitCode {
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(serve);
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn serve() -> std::io::Result<()> {
    let (mut input, mut output) = (stdin().lock(), stdout().lock());
    let mut capped = false;
    while let Some(frame) = read_frame(&mut input, REQUEST)? {
        let request: Request = serde_json::from_slice(&frame)?;
        if !capped {
            cap_memory(&request.limits);
            capped = true;
        }
        let bytes = match &request.from {
            From::Path(path) => read_file(path, &request),
            From::Frame => read_frame(&mut input, request.limits.file_bytes)?
                .ok_or_else(|| Refusal::new(Code::FileVanished, "the bytes did not come")),
        };
        let response =
            match bytes.and_then(|bytes| checked(read::read(&bytes, &request)?, &request)) {
                Ok(text) => Response::Read(text),
                Err(refusal) => Response::Refused(refusal),
            };
        write_frame(&mut output, &serde_json::to_vec(&response)?)?;
    }
    Ok(())
}

/// A file that asks for more memory than this ends the child, not the machine.
fn cap_memory(limits: &Limits) {
    #[cfg(unix)]
    {
        let cap = rustix::process::Rlimit {
            current: Some(limits.memory_bytes),
            maximum: Some(limits.memory_bytes),
        };
        // Some systems know no such cap; the other caps hold there.
        let _ = rustix::process::setrlimit(rustix::process::Resource::As, cap);
    }
    #[cfg(not(unix))]
    let _ = limits;
}

fn read_file(path: &Path, request: &Request) -> Result<Vec<u8>, Refusal> {
    let name = &request.name;
    let refused = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => {
            Refusal::new(Code::FileVanished, format!("`{name}` is no longer there"))
        }
        _ => Refusal::new(
            Code::FileUnreadable,
            format!("`{name}` can't be read: {error}"),
        ),
    };
    let file = File::open(path).map_err(refused)?;
    let facts = file.metadata().map_err(refused)?;
    if !facts.is_file() {
        return Err(Refusal::new(
            Code::FileUnsupported,
            format!("`{name}` is no file"),
        ));
    }
    let most = request.limits.file_bytes;
    let mut bytes = Vec::new();
    // It may grow while it is read.
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(refused)?;
    if bytes.len() as u64 > most {
        return Err(Refusal::new(
            Code::FileTooLarge,
            format!("`{name}` has more than {} MB", most >> 20),
        ));
    }
    Ok(bytes)
}

fn checked(text: Text, request: &Request) -> Result<Text, Refusal> {
    let bytes: usize = text.blocks.iter().map(|block| block.markdown.len()).sum();
    if bytes > request.limits.text_bytes {
        return Err(Refusal::new(
            Code::FileTooLarge,
            format!(
                "`{}` holds more than {} MB of text",
                request.name,
                request.limits.text_bytes >> 20
            ),
        ));
    }
    Ok(text)
}
