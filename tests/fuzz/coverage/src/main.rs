//! A target of `awm-fuzz`, which `AWM_FUZZ_TARGET` names, under libFuzzer. `AWM_FUZZ_WORDS` names the file that its words are written to,
//! for `-dict`.
#![no_main]

use awm_fuzz::{TARGETS, Target};
use std::panic::catch_unwind;
use std::sync::{Mutex, OnceLock, PoisonError};

static TARGET: OnceLock<Target> = OnceLock::new();

/// What the last panic said: engines catch panics of others' code, so that not each one is a find.
static SAID: Mutex<String> = Mutex::new(String::new());

libfuzzer_sys::fuzz_target!(init: prepare(), |bytes: &[u8]| {
    let Some(target) = TARGET.get() else { return };
    if catch_unwind(|| (target.run)(bytes)).is_err() {
        let said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
        eprintln!("{}: this does harm: {:?}\n{said}", target.name, String::from_utf8_lossy(bytes));
        std::process::abort();
    }
});

fn prepare() {
    let name = std::env::var("AWM_FUZZ_TARGET").unwrap_or_default();
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!("AWM_FUZZ_TARGET has to be one of {}", names.join(", "));
        std::process::exit(2);
    };
    if let Some(file) = std::env::var_os("AWM_FUZZ_WORDS") {
        let words: String = target.words.iter().map(|word| entry(word)).collect();
        if let Err(error) = std::fs::write(&file, words) {
            eprintln!("{}: {error}", file.display());
            std::process::exit(2);
        }
    }
    std::panic::set_hook(Box::new(|panic| {
        *SAID.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
    }));
    let _ = TARGET.set(*target);
}

/// A line of a dictionary.
fn entry(word: &str) -> String {
    let bytes: String = word.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
    format!("\"{bytes}\"\n")
}
