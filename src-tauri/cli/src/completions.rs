//! `awm completions`.

use crate::{args::Arguments, exit::Ended, output::Output};
use awm_api::UserError;
use clap::CommandFactory;
use clap_complete::Shell;

pub(crate) fn completions(output: &Output, shell: Shell) -> Result<Ended, UserError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "awm", &mut script);
    output.part(&String::from_utf8_lossy(&script));
    Ok(Ended::Well)
}
