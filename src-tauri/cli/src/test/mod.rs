//! `awm test`.

mod files;
mod record;
mod report;
mod watch;

pub(crate) use record::record;

use crate::{args::Test, exit::Ended, fmt, mock_file, output::Output};
use awm_api::UserError;
use awm_suite::{MockFile, Suite, read_text};
use awm_testing::{SuiteReport, Unreadable, Workflow, junit, run_suite};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What a test file told, or what is wrong with it.
pub(crate) struct Told {
    pub(crate) file: PathBuf,
    pub(crate) answer: Result<SuiteReport, Vec<String>>,
}

impl Told {
    fn passed(&self) -> bool {
        self.answer.as_ref().is_ok_and(SuiteReport::passed)
    }
}

pub(crate) fn test(output: &Output, given: &Test) -> Result<Ended, UserError> {
    if given.watch {
        return watch::watch(output, given);
    }
    once(output, given)
}

/// Runs everything once.
pub(crate) fn once(output: &Output, given: &Test) -> Result<Ended, UserError> {
    let files = files::find(output, &given.paths)?;
    let began = Instant::now();
    let told: Vec<Told> = files
        .into_iter()
        .map(|file| Told {
            answer: run(&file, given),
            file,
        })
        .collect();
    let seconds = began.elapsed().as_secs_f64();
    if let Some(path) = &given.junit {
        fmt::write(path, &xml(&told))?;
    }
    report::tell(output, given, &told, seconds);
    Ok(match told.iter().all(Told::passed) {
        true => Ended::Well,
        false => Ended::Failed,
    })
}

fn run(file: &Path, given: &Test) -> Result<SuiteReport, Vec<String>> {
    let (workflow, suite, mocks) = read(file)?;
    let wanted = |name: &str| {
        given.filter.is_empty() || given.filter.iter().any(|filter| name.contains(filter))
    };
    let began = Instant::now();
    Ok(run_suite(&workflow, &suite, &mocks, wanted, || {
        began.elapsed().as_secs_f64()
    }))
}

/// A test file with its workflow and the mocks beside it.
fn read(file: &Path) -> Result<(Workflow, Suite, MockFile), Vec<String>> {
    let told = |error: UserError| match error.path.is_empty() {
        true => vec![error.message],
        false => error.path,
    };
    let text = crate::input::text(file).map_err(told)?;
    let suite = read_text(&text, Suite::read).map_err(|problems| {
        let lines = problems.iter();
        lines
            .map(|problem| format!("{}:{problem}", file.display()))
            .collect::<Vec<_>>()
    })?;
    let folder = file.parent().unwrap_or(Path::new(""));
    let stem = files::stem(file).unwrap_or_default();
    let path = match &suite.workflow {
        Some(name) => folder.join(name),
        None => mock_file::workflow_of(folder, &stem).ok_or_else(|| {
            vec![format!(
                "{}: there is no workflow `{stem}.asl.json` beside it; name one by `workflow`",
                file.display()
            )]
        })?,
    };
    let name = mock_file::stem(&path).unwrap_or_else(|| stem.clone());
    let text = crate::input::text(&path).map_err(told)?;
    let workflow = Workflow::read(name, &text).map_err(|Unreadable(errors)| {
        let lines = errors.iter();
        lines
            .map(|error| format!("{}:{error}", path.display()))
            .collect::<Vec<_>>()
    })?;
    let beside = match &suite.mock_file {
        Some(name) => Some(folder.join(name)),
        None => mock_file::beside(folder, &stem, "mocks").into_iter().next(),
    };
    let mocks = match beside {
        Some(path) => mock_file::read(&path).map_err(told)?,
        None => MockFile::default(),
    };
    Ok((workflow, suite, mocks))
}

fn xml(told: &[Told]) -> String {
    let reports: Vec<(String, SuiteReport)> = told
        .iter()
        .map(|told| {
            let name = told.file.display().to_string();
            match &told.answer {
                Ok(report) => (name, report.clone()),
                Err(problems) => (name, SuiteReport::unreadable(problems)),
            }
        })
        .collect();
    junit(&reports)
}
