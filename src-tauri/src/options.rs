//! What was asked for on the command line: a workspace folder, and files to open.

use std::{ffi::OsString, path::PathBuf};

/// The words of the command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// The workspace folder, in place of the system's.
    pub(crate) home: Option<PathBuf>,
    /// Definitions to open.
    pub(crate) files: Vec<PathBuf>,
}

/// Reads the words, or tells what is wrong with them.
pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Options, String> {
    let mut options = Options::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--home") => {
                let folder = words.next().ok_or("--home wants a folder")?;
                options.home = Some(folder.into());
            }
            Some(flag) if flag.starts_with("--") => {
                return Err(format!(
                    "`{flag}` is not an option; use: [--home FOLDER] [FILE.asl.json …]"
                ));
            }
            _ => options.files.push(word.into()),
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str], expected: Result<Options, &str>) {
        let got = parse(words.iter().map(OsString::from));
        assert_eq!(got, expected.map_err(str::to_owned), "for {words:?}");
    }

    #[test]
    fn reads_home_and_files() {
        check(&[], Ok(Options::default()));
        check(
            &["a.asl.json", "--home", "/h", "b.asl.yaml"],
            Ok(Options {
                home: Some("/h".into()),
                files: vec!["a.asl.json".into(), "b.asl.yaml".into()],
            }),
        );
        check(&["--home"], Err("--home wants a folder"));
        check(
            &["--hme"],
            Err("`--hme` is not an option; use: [--home FOLDER] [FILE.asl.json …]"),
        );
    }
}
