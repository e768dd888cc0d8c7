//! The command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// AI Workflow Manager on the command line.
///
/// Exit codes: 0 done, 1 failed (a run, a definition with errors, anything unexpected), 2 wrong usage or request, 3 not found,
/// 4 in use by another instance, 5 the store is newer, damaged or out of room, 6 a component is missing.
#[derive(Debug, Parser)]
#[command(name = "awm", version, propagate_version = true)]
pub(crate) struct Arguments {
    /// The workspace folder [default: $AWM_HOME, or the system's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// The folder of the native parts [default: $AWM_COMPONENTS, or beside the program, or the cache]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) components: Option<PathBuf>,
    /// Answer in JSON: one document, or a line per item where there is a stream; errors as {"error": …}
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say nothing beside the result
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take documents into the knowledge base: files, or folders with all below them
    Ingest(Ingest),
    /// Search the knowledge base by keywords and meaning
    Search(Search),
    /// Run a workflow: a definition's file, or a workflow of the workspace by its id or name
    Run(Run),
    /// Run a workflow state by state: hold, look, change, go back; `help` inside lists the commands
    Debug(Debug),
    /// Check a definition: all problems with line and column
    Validate(Validate),
    /// Talk to a workflow; without a message, line by line
    Chat(Chat),
    /// The workflows of the workspace
    Workflows {
        #[command(subcommand)]
        command: Workflows,
    },
    /// The runs of the workspace
    Runs {
        #[command(subcommand)]
        command: Runs,
    },
    /// Serve the screens to a browser on this machine
    Serve(Serve),
    /// What is running, and with what
    Info,
}

#[derive(Args, Debug)]
pub(crate) struct Ingest {
    /// Files and folders
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The source that they belong to; made if it isn't there
    #[arg(long, default_value = "Documents", value_name = "NAME")]
    pub(crate) source: String,
    /// Only put them in the queue; the next start goes on with it
    #[arg(long)]
    pub(crate) no_wait: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Search {
    /// The question or words
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    /// Only in this source; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Vec<String>,
    /// Passages wanted
    #[arg(long, default_value_t = 8, value_name = "N")]
    pub(crate) top: u32,
}

#[derive(Args, Debug)]
pub(crate) struct Run {
    /// A file, or a workflow's id or name
    pub(crate) workflow: String,
    /// The input: JSON, @FILE, or - for standard input [default: the workflow's sample, or {}]
    #[arg(long, value_name = "JSON")]
    pub(crate) input: Option<String>,
    /// Let a task return a value; STATE is a name or a path such as /States/Ask
    #[arg(long, value_name = "STATE=JSON")]
    pub(crate) mock: Vec<String>,
    /// Let a task fail with an error
    #[arg(long, value_name = "STATE=ERROR[:CAUSE]")]
    pub(crate) fail: Vec<String>,
    /// With --json: a line per event instead of one document at the end
    #[arg(long)]
    pub(crate) events: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Debug {
    /// A file, or a workflow's id or name
    pub(crate) workflow: String,
    /// The input: JSON or @FILE [default: the workflow's sample, or {}]
    #[arg(long, value_name = "JSON")]
    pub(crate) input: Option<String>,
    /// Hold there: STATE, "STATE result", "STATE exit", "A -> B", "error NAME", each with " if CONDITION"
    #[arg(long = "break", short, value_name = "PLACE")]
    pub(crate) breakpoints: Vec<String>,
    /// Begin at this state, which gets the input
    #[arg(long, value_name = "STATE")]
    pub(crate) from: Option<String>,
    /// Let a task return a value; STATE is a name or a path such as /States/Ask
    #[arg(long, value_name = "STATE=JSON")]
    pub(crate) mock: Vec<String>,
    /// Let a task fail with an error
    #[arg(long, value_name = "STATE=ERROR[:CAUSE]")]
    pub(crate) fail: Vec<String>,
    /// Let Wait and Retry take their time; otherwise they take none
    #[arg(long)]
    pub(crate) real_time: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Validate {
    /// The definition's file, or - for standard input
    pub(crate) file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct Chat {
    /// The question
    pub(crate) message: Vec<String>,
    /// The workflow that answers, by id or name, or a template's id [default: the newest chat workflow]
    #[arg(long, value_name = "WORKFLOW")]
    pub(crate) workflow: Option<String>,
    /// Go on with a conversation by its id
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Workflows {
    /// List them, newest edit first
    List,
    /// Import definitions in JSON or YAML
    Import {
        /// Files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write a definition as its author left it
    Export {
        /// A workflow's id or name
        workflow: String,
        /// The file; standard output if none
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make a workflow from a template; without an id, list the templates
    Template {
        /// The template's id
        id: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Runs {
    /// List them, newest first
    List {
        /// Rows, at most
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: u32,
        /// Only with this text in the workflow's name, the run's id or its error
        #[arg(long, default_value = "", value_name = "TEXT")]
        text: String,
    },
    /// Show one with its events
    Show {
        /// The run's id
        id: String,
    },
    /// Go on with one that failed, was stopped, timed out or was cut off, where it was not done
    Redrive(Redrive),
}

#[derive(Args, Debug)]
pub(crate) struct Redrive {
    /// The run's id
    pub(crate) id: String,
    /// Let a task return a value; STATE is a name or a path such as /States/Ask
    #[arg(long, value_name = "STATE=JSON")]
    pub(crate) mock: Vec<String>,
    /// Let a task fail with an error
    #[arg(long, value_name = "STATE=ERROR[:CAUSE]")]
    pub(crate) fail: Vec<String>,
    /// With --json: a line per event instead of one document at the end
    #[arg(long)]
    pub(crate) events: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// The port; 0 for any free one
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    pub(crate) port: u16,
    /// The folder of the built screens [default: $AWM_UI, or `ui` beside the program]
    #[arg(long, value_name = "DIR")]
    pub(crate) ui: Option<PathBuf>,
    /// Open a browser
    #[arg(long)]
    pub(crate) open: bool,
}
