#![doc = include_str!("../README.md")]

mod args;
mod chat;
mod collection;
mod completions;
mod connections;
mod convert;
mod crawl;
mod debug;
mod diff;
mod eval;
mod exit;
mod fmt;
mod graph;
mod info;
mod input;
mod json_lines;
mod knowledge;
mod mock_file;
mod output;
mod replay;
mod run;
mod runs;
mod secrets;
mod serve;
mod settings;
mod sync;
mod tag;
mod taking_in;
mod test;
mod test_state;
mod validate;
mod workflows;

use args::{Arguments, Command};
use awm_api::{Code, UserError};
use awm_host::{DesktopHost, HostKind, HostOptions};
use clap::Parser;
use exit::Ended;
use output::Output;
use std::process::ExitCode;

fn main() -> ExitCode {
    // The extractor runs in a child process of its own, which is this same program.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == "--extract-worker")
    {
        return awm_host::extract_worker();
    }
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json, arguments.quiet);
    let answer = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            UserError::new(
                Code::Internal,
                format!("no runtime could be started: {error}"),
            )
        })
        .and_then(|runtime| {
            let answer = runtime.block_on(work(arguments, &output));
            // Reading a terminal can't be interrupted: such a thread must not hold the end up.
            runtime.shutdown_background();
            answer
        });
    match answer {
        Ok(ended) => ended.into(),
        Err(error) => {
            output.error(&error);
            exit::code(&error)
        }
    }
}

async fn work(arguments: Arguments, output: &Output) -> Result<Ended, UserError> {
    // What needs no workspace also works beside a running application.
    if let Some(answer) = alone(&arguments.command, output) {
        return answer;
    }
    let host = DesktopHost::open(HostOptions {
        home: arguments.home,
        components: arguments.components,
        kind: match arguments.command {
            Command::Serve(_) => HostKind::Browser,
            _ => HostKind::CommandLine,
        },
        ..HostOptions::default()
    })
    .await?;
    let answer = on(&host, output, arguments.command).await;
    host.close().await;
    answer
}

/// The answer of a command that needs no workspace.
fn alone(command: &Command, output: &Output) -> Option<Result<Ended, UserError>> {
    Some(match command {
        Command::Test(given) if given.record.is_none() => test::test(output, given),
        Command::TestState(given) => test_state::test_state(output, given),
        Command::Replay(given) => replay::replay(output, given),
        Command::Validate(given) => validate::validate(output, given),
        Command::Fmt(given) => fmt::fmt(output, given),
        Command::Convert(given) => convert::convert(output, given),
        Command::Graph(given) => graph::graph(output, given),
        Command::Diff(given) => diff::diff(output, given),
        Command::Completions { shell } => completions::completions(output, *shell),
        _ => return None,
    })
}

async fn on(host: &DesktopHost, output: &Output, command: Command) -> Result<Ended, UserError> {
    match command {
        Command::Ingest(given) => knowledge::ingest(host, output, given).await,
        Command::Sync(given) => sync::sync(host, output, given).await,
        Command::Search(given) => knowledge::search(host, output, given).await,
        Command::Tag(given) => tag::tag(host, output, given).await,
        Command::Eval(given) => eval::eval(host, output, given).await,
        Command::Crawl(given) => crawl::crawl(host, output, given).await,
        Command::Crawls { command } => crawl::crawls(host, output, command).await,
        Command::Run(given) => run::run(host, output, given).await,
        Command::Debug(given) => debug::debug(host, output, given).await,
        Command::Test(given) => test::record(host, output, given).await,
        Command::Chat(given) => chat::chat(host, output, given).await,
        Command::Workflows { command } => workflows::workflows(host, output, command).await,
        Command::Runs { command } => runs::runs(host, output, command).await,
        Command::Connections { command } => connections::connections(host, output, command).await,
        Command::Secrets { command } => secrets::secrets(host, output, command).await,
        Command::Settings { command } => settings::settings(host, output, command).await,
        Command::Serve(given) => serve::serve(host, output, given).await,
        Command::Info => info::info(host, output).await,
        // What needs no workspace has been done before one was opened.
        Command::TestState(_)
        | Command::Replay(_)
        | Command::Validate(_)
        | Command::Fmt(_)
        | Command::Convert(_)
        | Command::Graph(_)
        | Command::Diff(_)
        | Command::Completions { .. } => Ok(Ended::Well),
    }
}
