//! The command line.

mod connections;
mod knowledge;

pub(crate) use connections::*;
pub(crate) use knowledge::*;

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// AI Workflow Manager on the command line.
///
/// Exit codes: 0 done, 1 failed (a run, a test, a definition with errors, files that differ, anything unexpected), 2 wrong usage or
/// request, 3 not found, 4 in use by another instance, 5 the store is newer, damaged or out of room, 6 a component is missing.
///
/// Colours are for terminals, and not if NO_COLOR is set.
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
    /// Compare the folders that were taken in with what is in them now
    Sync(Sync),
    /// Search the knowledge base by keywords and meaning
    Search(Search),
    /// Give a document tags in place of those that it has, or list tags
    Tag(Tag),
    /// Measure the search by questions: nDCG@10, recall@100, MRR@10 with confidence intervals; thresholds decide the exit code
    Eval(Eval),
    /// Take a website or a feed into the knowledge base, or look what would be taken
    Crawl(Crawl),
    /// What was crawled: list, sync again, log, delete
    Crawls {
        #[command(subcommand)]
        command: Crawls,
    },
    /// Run a workflow: a definition's file, or a workflow of the workspace by its id or name
    Run(Run),
    /// Run a workflow state by state: hold, look, change, go back; `help` inside lists the commands
    Debug(Debug),
    /// Run the tests of workflows: files NAME.test.yaml or .json
    Test(Test),
    /// Test one state by itself, as TestState does
    TestState(TestState),
    /// Replay a recorded execution, with all that came from outside as it was recorded; or fork it
    Replay(Replay),
    /// Check definitions: all problems with line and column; mend some of them
    Validate(Validate),
    /// Lay definitions out anew; order, unknown fields and YAML's comments stay
    Fmt(Fmt),
    /// Draw a definition as SVG or PNG
    Graph(Graph),
    /// Tell what differs between two definitions by meaning; exit code 1 if anything does
    Diff(Diff),
    /// Turn JSONPath into JSONata, with everything else as it was; states that can't be sure to do the same stay
    Convert(Convert),
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
    /// Connections to other people's APIs
    Connections {
        #[command(subcommand)]
        command: ConnectionCommand,
    },
    /// Keys, passwords and tokens: they are written, and never shown
    Secrets {
        #[command(subcommand)]
        command: SecretCommand,
    },
    /// The settings of the workspace
    Settings {
        #[command(subcommand)]
        command: SettingsCommand,
    },
    /// Serve the screens to a browser on this machine
    Serve(Serve),
    /// What is running, and with what
    Info,
    /// Write a shell's completions to standard output
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What to do with settings.
#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Tell all of them, in JSON
    Show,
    /// Change one
    Set {
        /// The setting's name, such as allow_local_addresses
        name: String,
        /// Its value: JSON, or a text as it stands
        value: String,
    },
}

const COMPLETIONS: &str = "Examples:
  awm completions bash > ~/.local/share/bash-completion/completions/awm
  awm completions zsh > \"${fpath[1]}/_awm\"";

const RUN: &str = "Examples:
  awm run order.asl.json --input '{\"id\": 7}'
  awm run order.asl.json --input @order.json --mock 'Charge={\"paid\": true}' --fail 'Ship=States.Timeout'
  awm run order.asl.json --mocks order.mocks.yaml#declined
  awm run order.asl.json --mocks MockConfigFile.json#HappyPath

Exit code 0 if the run succeeded, 1 if not.";

#[derive(Args, Debug)]
#[command(after_help = RUN)]
pub(crate) struct Run {
    /// A file, or a workflow's id or name
    pub(crate) workflow: String,
    /// The input: JSON, @FILE, or - for standard input [default: the workflow's sample, or {}]
    #[arg(long, value_name = "JSON")]
    pub(crate) input: Option<String>,
    #[command(flatten)]
    pub(crate) stand_ins: StandIns,
    /// Let a file's mocks stand in: NAME.mocks.yaml, or MockConfigFile.json of Step Functions Local with one of its test cases
    /// [default: NAME.mocks.yaml or .json beside the workflow]
    #[arg(long, value_name = "FILE[#SET]")]
    pub(crate) mocks: Option<String>,
    /// Leave the mocks beside the workflow out
    #[arg(long, conflicts_with = "mocks")]
    pub(crate) no_mocks: bool,
    /// With --json: a line per event instead of one document at the end
    #[arg(long)]
    pub(crate) events: bool,
}

/// What stands in for tasks, told on the command line.
#[derive(Args, Debug)]
pub(crate) struct StandIns {
    /// Let a task return a value; STATE is a name or a path such as /States/Ask
    #[arg(long, value_name = "STATE=JSON")]
    pub(crate) mock: Vec<String>,
    /// Let a task fail with an error
    #[arg(long, value_name = "STATE=ERROR[:CAUSE]")]
    pub(crate) fail: Vec<String>,
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
    #[command(flatten)]
    pub(crate) stand_ins: StandIns,
    /// Let Wait and Retry take their time; otherwise they take none
    #[arg(long)]
    pub(crate) real_time: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Replay {
    /// The definition that was run, in JSON or YAML
    pub(crate) definition: PathBuf,
    /// What `aws stepfunctions get-execution-history` answered, or - for standard input
    pub(crate) history: PathBuf,
    /// What the execution was called, for the context object
    #[arg(long, value_name = "ARN")]
    pub(crate) arn: Option<String>,
    /// Leave the history at this event's state, and go on from there
    #[arg(long, value_name = "EVENT")]
    pub(crate) fork: Option<u64>,
    /// With --fork: the state's input, JSON or @FILE
    #[arg(long, value_name = "JSON", requires = "fork")]
    pub(crate) input: Option<String>,
    /// With --fork: a variable that the state sees
    #[arg(long, value_name = "NAME=JSON", requires = "fork")]
    pub(crate) set: Vec<String>,
    /// With --fork: the definition that goes on
    #[arg(long = "with", value_name = "FILE", requires = "fork")]
    pub(crate) changed: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) stand_ins: StandIns,
    /// The items that a Map state's `ItemReader` read: a JSON array or @FILE
    #[arg(long, value_name = "STATE=JSON")]
    pub(crate) items: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Validate {
    /// The definitions' files, or - for standard input
    #[arg(required_unless_present = "explain")]
    pub(crate) files: Vec<PathBuf>,
    /// Mend first what can be mended without changing what the workflow does; standard input goes to standard output
    #[arg(long, conflicts_with = "json")]
    pub(crate) fix: bool,
    /// Print the page about a code, such as NO_DEFAULT
    #[arg(long, value_name = "CODE", conflicts_with_all = ["files", "fix"])]
    pub(crate) explain: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = TEST)]
pub(crate) struct Test {
    /// Test files, workflows, or folders with all below them [default: the current folder]
    pub(crate) paths: Vec<PathBuf>,
    /// Only cases with this text in their names; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) filter: Vec<String>,
    /// Also write a report that build servers read
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Tell which states, choices, retriers and catchers were not exercised
    #[arg(long)]
    pub(crate) coverage: bool,
    /// Run again whenever a file changes
    #[arg(long, conflicts_with_all = ["record", "json"])]
    pub(crate) watch: bool,
    /// Write a run of the workspace as a case, with what its tasks gave as mocks
    #[arg(long, value_name = "RUN_ID", conflicts_with_all = ["paths", "filter", "junit", "coverage"])]
    pub(crate) record: Option<String>,
    /// With --record: the test file that the case is added to; standard output if none
    #[arg(long, short, value_name = "FILE", requires = "record")]
    pub(crate) output: Option<PathBuf>,
    /// With --record: the case's name [default: the workflow's name and the run's id]
    #[arg(long, value_name = "NAME", requires = "record")]
    pub(crate) name: Option<String>,
}

const TEST: &str = "Examples:
  awm test
  awm test order.test.yaml --filter declined --coverage
  awm test workflows/ --junit report.xml
  awm test --record 01jd… -o order.test.yaml --name 'a declined card'

A test fails with exit code 1, and so does a file that can't be read or that exercises less than its `coverage` demands.
No workspace is opened, except to record a run.";

#[derive(Args, Debug)]
#[command(after_help = TEST_STATE)]
pub(crate) struct TestState {
    /// The definition's file, or - for standard input: a machine, or a state alone
    pub(crate) file: PathBuf,
    /// The state [default: the machine's first]
    #[arg(long, value_name = "NAME")]
    pub(crate) state: Option<String>,
    /// The state's input: JSON, @FILE, or - for standard input
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub(crate) input: String,
    /// Variables by name, as a JSON object or @FILE
    #[arg(long, value_name = "JSON")]
    pub(crate) variables: Option<String>,
    /// The context object, as JSON or @FILE
    #[arg(long, value_name = "JSON")]
    pub(crate) context: Option<String>,
    /// What the state's work gives, as JSON or @FILE
    #[arg(long, value_name = "JSON")]
    pub(crate) mock: Option<String>,
    /// How the state's work fails
    #[arg(long, value_name = "ERROR[:CAUSE]", conflicts_with = "mock")]
    pub(crate) fail: Option<String>,
    /// How a mock is held to the service's model
    #[arg(long, value_enum, default_value_t = MockMode::Strict)]
    pub(crate) mode: MockMode,
    /// Retries that were made before
    #[arg(long, value_name = "N")]
    pub(crate) retries: Option<u32>,
    /// How much is told of the state's data
    #[arg(long, value_enum, default_value_t = Level::Info)]
    pub(crate) level: Level,
}

const TEST_STATE: &str = "Examples:
  awm test-state order.asl.json --state Charge --input '{\"id\": 7}' --mock '{\"paid\": true}' --level debug
  awm test-state order.asl.json --state Charge --fail 'Card.Declined: no funds' --json

The answer is that of AWS's TestState. Exit code 0 if the state succeeded or its error was caught, 1 if not.";

/// AWS's `inspectionLevel`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Level {
    Info,
    Debug,
    Trace,
}

/// AWS's `fieldValidationMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum MockMode {
    Strict,
    Present,
    None,
}

#[derive(Args, Debug)]
#[command(after_help = FMT)]
pub(crate) struct Fmt {
    /// The definitions' files, or - for standard input
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Change nothing; exit code 1 and the names of files that would change
    #[arg(long)]
    pub(crate) check: bool,
    /// Write the other format to standard output; the file stays as it is
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with = "check")]
    pub(crate) to: Option<TextFormat>,
}

const FMT: &str = "Examples:
  awm fmt order.asl.yaml
  awm fmt --check workflows/*.asl.json
  awm fmt --to yaml order.asl.json > order.asl.yaml

YAML's anchors are written out, and its comments don't go over into JSON.";

/// How a definition is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum TextFormat {
    Json,
    Yaml,
}

#[derive(Args, Debug)]
#[command(after_help = GRAPH)]
pub(crate) struct Graph {
    /// The definition's file, or - for standard input
    pub(crate) file: PathBuf,
    /// A file that ends in .svg or .png [default: SVG on standard output]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The colours
    #[arg(long, value_enum, default_value_t = GraphTheme::Light)]
    pub(crate) theme: GraphTheme,
    /// Pixels of a PNG for each of the drawing
    #[arg(long, default_value_t = 2.0, value_name = "N")]
    pub(crate) scale: f32,
}

const GRAPH: &str = "Examples:
  awm graph order.asl.json -o order.svg
  awm graph order.asl.json -o order.png --theme dark";

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum GraphTheme {
    Light,
    Dark,
}

#[derive(Args, Debug)]
#[command(after_help = DIFF)]
pub(crate) struct Diff {
    /// The definition before, or - for standard input
    pub(crate) before: PathBuf,
    /// The definition after
    pub(crate) after: PathBuf,
}

const DIFF: &str = "Examples:
  awm diff order.asl.json order.asl.yaml
  git show HEAD:order.asl.json | awm diff - order.asl.json

Formatting, the order of fields and of states, and JSON or YAML are no difference; a renamed state is one.";

#[derive(Args, Debug)]
pub(crate) struct Convert {
    /// The definition's file, or - for standard input
    pub(crate) file: PathBuf,
    /// Only this state: a name, or a path such as /States/Ask; may be given more than once
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Vec<String>,
    /// Write short expressions, as one would by hand; what fails in JSONPath because a list is in the way goes on then
    #[arg(long)]
    pub(crate) plain: bool,
    /// The file; standard output if none
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
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
    /// Ask this model of the settings, by its title; up to three are asked side by side [default: the first]
    #[arg(long = "model", value_name = "TITLE")]
    pub(crate) models: Vec<String>,
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
    /// Take a recorded execution in as a run: its definition, and what `get-execution-history` answered
    Import {
        /// The definition that was run
        definition: PathBuf,
        /// The history
        history: PathBuf,
    },
    /// Go on with one that failed, was stopped, timed out or was cut off, where it was not done
    Redrive(Redrive),
}

#[derive(Args, Debug)]
pub(crate) struct Redrive {
    /// The run's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) stand_ins: StandIns,
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
