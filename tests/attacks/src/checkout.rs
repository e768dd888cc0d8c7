//! A copy of the checkout in which guards can be taken out: the real one is never touched, however the run ends.

use crate::Mutation;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The copy, and where it is built.
#[derive(Debug)]
pub struct Checkout {
    folder: PathBuf,
    target: PathBuf,
}

/// What a test did under a mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It failed, as it has to.
    Noticed,
    /// It passed: nobody would see the guard go.
    Unnoticed,
    /// The mutation doesn't compile, so it says nothing.
    NotBuilt,
    /// The test fails even with the guard in place, or tests nothing.
    NoControl,
}

impl Checkout {
    /// Copies what git would commit of `root` into `place`. Files that are the same stay as they are, so that a second run builds
    /// little.
    pub fn of(root: &Path, place: &Path) -> Result<Self, String> {
        let folder = place.join("checkout");
        let listed = Command::new("git")
            .args([
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(root)
            .output()
            .map_err(|error| format!("git: {error}"))?;
        let names = String::from_utf8_lossy(&listed.stdout).into_owned();
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            let (from, to) = (root.join(name), folder.join(name));
            // A file that was deleted and not committed yet is listed all the same.
            let Ok(bytes) = fs::read(&from) else { continue };
            write_if_changed(&to, &bytes).map_err(|error| format!("{}: {error}", to.display()))?;
        }
        Ok(Self {
            folder,
            target: place.join("target"),
        })
    }

    /// Whether the test passes with all guards in place, and tests something.
    pub fn control(&self, test: &[String]) -> Result<bool, String> {
        let output = self.cargo(test, false)?;
        Ok(output.status.success() && tests_run(&output) > 0)
    }

    /// Takes the guard out, runs its test, and puts the guard back.
    pub fn run(&self, mutation: &Mutation) -> Result<Outcome, String> {
        let path = self.folder.join(&mutation.file);
        let told = |error: std::io::Error| format!("{}: {error}", path.display());
        let whole = fs::read_to_string(&path).map_err(told)?;
        if whole.matches(&mutation.from).count() != 1 {
            return Err(format!(
                "{}: the text of `{}` has to occur once",
                mutation.file, mutation.guard
            ));
        }
        fs::write(&path, whole.replace(&mutation.from, &mutation.to)).map_err(told)?;
        let outcome = self.judge(&mutation.test);
        fs::write(&path, whole).map_err(told)?;
        outcome
    }

    fn judge(&self, test: &[String]) -> Result<Outcome, String> {
        if !self.cargo(test, true)?.status.success() {
            return Ok(Outcome::NotBuilt);
        }
        let output = self.cargo(test, false)?;
        Ok(match output.status.success() {
            true => Outcome::Unnoticed,
            false => Outcome::Noticed,
        })
    }

    fn cargo(&self, test: &[String], build_only: bool) -> Result<Output, String> {
        let mut command = Command::new("cargo");
        command.arg("test");
        if build_only {
            command.arg("--no-run");
        }
        command
            .args(test)
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            // Nobody debugs what is built here, and it is built anew for each guard.
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .output()
            .map_err(|error| format!("cargo: {error}"))
    }
}

/// How many tests passed, over all their binaries.
fn tests_run(output: &Output) -> u64 {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.strip_prefix("test result: ok. "))
        .filter_map(|rest| rest.split(' ').next()?.parse::<u64>().ok())
        .sum()
}

fn write_if_changed(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if fs::read(path).is_ok_and(|before| before == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}
