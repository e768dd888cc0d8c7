//! Why a child ended.

use awm_api::Code;
use awm_ports::ExtractError;
use std::{
    process::ExitStatus,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    io::AsyncReadExt,
    process::{Child, ChildStderr},
};

/// The first of what a child said before it ended.
pub(crate) type Last = Arc<Mutex<String>>;

/// Bytes that are kept; the rest is read and dropped, so that a talkative library does not stand still.
const WORDS: usize = 4_096;

/// Listens to a child.
pub(crate) fn last_words(stderr: Option<ChildStderr>) -> Last {
    let last = Last::default();
    if let Some(mut stderr) = stderr {
        let kept = last.clone();
        tokio::spawn(async move {
            let mut buffer = [0; 1_024];
            while let Ok(read @ 1..) = stderr.read(&mut buffer).await {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.len() < WORDS {
                    let words = buffer.get(..read).unwrap_or_default();
                    kept.push_str(&String::from_utf8_lossy(words));
                }
            }
        });
    }
    last
}

/// What to tell of a file at which the child ended without an answer.
pub(crate) async fn ended(name: &str, child: &mut Child, last: &Last) -> ExtractError {
    // It has closed its output; one that lives on nonetheless is killed when it is dropped.
    let status = tokio::time::timeout(Duration::from_secs(2), child.wait()).await;
    let status = status.ok().and_then(Result::ok);
    let words = last
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .to_lowercase();
    let (code, message) = if words.contains("memory allocation") || words.contains("out of memory")
    {
        (
            Code::ExtractionMemory,
            format!("reading `{name}` took more memory than one document may have"),
        )
    } else if status.is_some_and(is_out_of_time) {
        (
            Code::ExtractionCpu,
            format!("reading `{name}` took more processor time than one document may have"),
        )
    } else {
        (
            Code::ReaderCrashed,
            format!(
                "the reader broke down on `{name}`: the file is damaged, or needs more memory than allowed"
            ),
        )
    };
    ExtractError { code, message }
}

/// Whether the system ended it for its processor time.
fn is_out_of_time(status: ExitStatus) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
    }
    #[cfg(not(unix))]
    {
        let _ = status;
        false
    }
}
