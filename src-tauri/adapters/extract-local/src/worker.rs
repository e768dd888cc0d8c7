//! The child's side: reads one file after another until its input ends.

use crate::{
    Limits,
    read::{
        self,
        reading::{Reading, Spent},
    },
    wire::{From, Refusal, Request, Response, Text, read_frame, write_frame},
};
use awm_api::Code;
use std::{
    fs::File,
    io::{ErrorKind, Read, stdin, stdout},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    process::ExitCode,
};

/// Bytes of a request's JSON.
const REQUEST: u64 = 1 << 20;
/// Notes of one reading that are passed on.
const NOTES: usize = 20;
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
            cap(&request.limits);
            capped = true;
        }
        cap_time(&request.limits);
        let bytes = match &request.from {
            From::Path(path) => read_file(path, &request),
            From::Frame => read_frame(&mut input, request.limits.file_bytes)?
                .ok_or_else(|| Refusal::new(Code::FileVanished, "the bytes did not come")),
        };
        // Whatever a reader left half done when it panicked is not used again: the process ends after this answer.
        let answer = catch_unwind(AssertUnwindSafe(|| answer(&bytes?, &request)));
        let broken = answer.is_err();
        let response = answer
            .unwrap_or_else(|_| {
                Err(Refusal::new(
                    Code::ReaderCrashed,
                    format!("the reader broke down on `{}`", request.name),
                ))
            })
            .unwrap_or_else(Response::Refused);
        write_frame(&mut output, &serde_json::to_vec(&response)?)?;
        if broken {
            return Err(std::io::Error::other("a reader broke down"));
        }
    }
    Ok(())
}

fn answer(bytes: &[u8], request: &Request) -> Result<Response, Refusal> {
    let spent = Spent::default();
    let reading = Reading::new(
        &request.name,
        &request.limits,
        request.pdfium.as_deref(),
        &spent,
    );
    match &request.page {
        Some(ask) => read::image(bytes, &reading, ask).map(Response::Drawn),
        None => checked(read::read(bytes, &reading)?, &reading).map(Response::Read),
    }
}

/// A file that asks for more memory than this ends the child, not the machine. A reader writes no file and leaves no image of
/// itself behind.
fn cap(limits: &Limits) {
    #[cfg(unix)]
    {
        use rustix::process::Resource;
        for (resource, most) in [
            (Resource::As, limits.memory_bytes),
            (Resource::Core, 0),
            (Resource::Fsize, 0),
        ] {
            set(resource, most, Some(most));
        }
        // Whoever waits for a screen or an answer goes first.
        let _ = rustix::process::nice(10);
    }
    #[cfg(not(unix))]
    let _ = limits;
}

/// Processor time is counted over the life of the process, so each file gets its share on top of what was used.
fn cap_time(limits: &Limits) {
    #[cfg(unix)]
    {
        let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        let used = u64::try_from(used.tv_sec).unwrap_or_default();
        let most = used.saturating_add(1).saturating_add(limits.cpu_s);
        set(rustix::process::Resource::Cpu, most, None);
    }
    #[cfg(not(unix))]
    let _ = limits;
}

#[cfg(unix)]
fn set(resource: rustix::process::Resource, current: u64, maximum: Option<u64>) {
    // Some systems know no such cap, and a lower one may be set from outside; the other caps hold there.
    let _ = rustix::process::setrlimit(
        resource,
        rustix::process::Rlimit {
            current: Some(current),
            maximum,
        },
    );
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

/// What came out in the end may be more than what went in: the heads of tables are repeated.
fn checked(mut text: Text, reading: &Reading<'_>) -> Result<Text, Refusal> {
    let bytes: usize = text.blocks.iter().map(|block| block.markdown.len()).sum();
    if bytes > reading.limits.text_bytes {
        reading.text(usize::MAX)?;
    }
    let notes = text.notes.len();
    if notes > NOTES {
        text.notes.truncate(NOTES);
        text.notes
            .push(format!("and {} more of the like", notes - NOTES));
    }
    Ok(text)
}
