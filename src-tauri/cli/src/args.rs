//! The command line.

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

const COMPLETIONS: &str = "Examples:
  awm completions bash > ~/.local/share/bash-completion/completions/awm
  awm completions zsh > \"${fpath[1]}/_awm\"";

const INGEST: &str = "Examples:
  awm ingest handbook/ report.pdf --source Handbook
  awm ingest documents.jsonl

A .jsonl file whose lines are {\"id\": …, \"text\": …, \"title\": …} (the title may be left out) is a set of documents: each line becomes
a document that bears the id as its name, in place of an older one of that id. Broken lines are told by number and don't stop
the rest. - reads such a set from standard input.

Files that fail are told with their reasons and stop no other: exit code 0, or 1 with --strict. Exit code 5 if the disk is full.";

#[derive(Args, Debug)]
#[command(after_help = INGEST)]
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
    /// Keep the folders among them in step while the application or `awm serve` runs
    #[arg(long)]
    pub(crate) watch: bool,
    /// Exit code 1 if a file of the source failed
    #[arg(long)]
    pub(crate) strict: bool,
}

const SYNC: &str = "Examples:
  awm sync
  awm sync --source Handbook --watch true

What is new or changed is taken in, what moved keeps its document, what is gone goes out. A folder that is not there, or that is
empty and was not, changes nothing: exit code 1, and --force if it was meant. Exit code 5 if the disk is full.";

#[derive(Args, Debug)]
#[command(after_help = SYNC)]
pub(crate) struct Sync {
    /// Only the folders of this source; may be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Vec<String>,
    /// Take documents out even if all files of a folder are gone
    #[arg(long)]
    pub(crate) force: bool,
    /// Turn the watching of these folders on or off
    #[arg(long, value_name = "BOOL")]
    pub(crate) watch: Option<bool>,
    /// Only put changes in the queue; the next start goes on with it
    #[arg(long)]
    pub(crate) no_wait: bool,
}

const EVAL: &str = "Examples:
  awm eval questions.jsonl
  awm eval questions.jsonl --threshold ndcg_at_10=0.5 --threshold recall_at_100=0.9 --json
  awm eval questions.jsonl --mode keyword --details results.jsonl

A line is {\"id\": …, \"question\": …, \"relevant\": [document ids]}; a document's id is its name as `awm ingest` shows it. Documents are
ranked by their best passage. Exit code 1 if a threshold is missed.";

#[derive(Args, Debug)]
#[command(after_help = EVAL)]
pub(crate) struct Eval {
    /// The questions, a line of JSON each, or - for standard input
    pub(crate) questions: PathBuf,
    /// Only in this source; may be given more than once
    #[arg(long, visible_alias = "sources", value_name = "NAME")]
    pub(crate) source: Vec<String>,
    /// Which rankings take part
    #[arg(long, value_enum, default_value_t = EvalMode::Hybrid)]
    pub(crate) mode: EvalMode,
    /// Fail if a figure is smaller; may be given more than once
    #[arg(long, value_name = "METRIC=VALUE")]
    pub(crate) threshold: Vec<String>,
    /// Write each question's result as a line of JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) details: Option<PathBuf>,
    /// Questions asked at the same time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) jobs: Option<u32>,
}

/// Which rankings take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum EvalMode {
    /// Keywords and meaning, as every search
    Hybrid,
    /// Keywords only
    Keyword,
    /// Meaning only
    Vector,
}

#[derive(Args, Debug)]
pub(crate) struct Tag {
    /// The document, by its path below the folder or by its id; without one the tags in use are listed
    pub(crate) document: Option<String>,
    /// Its tags from now on; without any, those that it has are listed
    pub(crate) tags: Vec<String>,
    /// Take all of its tags away
    #[arg(long, conflicts_with = "tags", requires = "document")]
    pub(crate) none: bool,
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
    /// Only documents with this tag; given more than once, with all of them
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// Only documents changed on this day or later (YYYY-MM-DD, UTC)
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) from: Option<i64>,
    /// Only documents changed before this day (YYYY-MM-DD, UTC)
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) to: Option<i64>,
    /// Only documents whose path begins so, or that fits a pattern with * and ?
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,
    /// Only passages in English (en), in languages that don't part words (cjk), or in others (other)
    #[arg(long, value_name = "CLASS", value_parser = ["en", "other", "cjk"])]
    pub(crate) language: Vec<String>,
    /// Compare with every vector instead of a shortlist: slow, for checking the index
    #[arg(long)]
    pub(crate) exact: bool,
    /// Tell the rank and score of each hit by keywords and by meaning
    #[arg(long)]
    pub(crate) why: bool,
}

/// Milliseconds since the epoch at which a day begins.
fn day(text: &str) -> Result<i64, String> {
    let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| format!("`{text}` is no day such as 2026-11-30"))?;
    Ok(day
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
        .timestamp_millis())
}

const CRAWL: &str = "Examples:
  awm crawl https://docs.example.com/ --depth 2 --dry-run
  awm crawl https://docs.example.com/guide/ --prefix /guide/ --pages 200 --source Guide --every 24
  awm crawl https://blog.example.com/feed.xml --feed --full-pages
  awm crawl --spec @tickets.json

robots.txt, noindex and nofollow are kept to, one connection to a host at a time. The same command again syncs: only what changed is
fetched and embedded. Addresses of this machine and its network need the switch in the settings.

Exit code 0 if the sync was done, 1 if its start couldn't be had.";

#[derive(Args, Debug)]
#[command(after_help = CRAWL)]
pub(crate) struct Crawl {
    /// Where to begin
    #[arg(required_unless_present = "spec")]
    pub(crate) url: Option<String>,
    /// Links from the start, 0 for the start alone
    #[arg(long, default_value_t = 3, value_name = "N")]
    pub(crate) depth: u32,
    /// Pages taken, at most
    #[arg(long, default_value_t = 500, value_name = "N")]
    pub(crate) pages: u32,
    /// Milliseconds between two requests to a host; robots.txt may ask for more
    #[arg(long, default_value_t = 1000, value_name = "MS")]
    pub(crate) delay: u32,
    /// A host that may be visited, such as docs.example.com or *.example.com; may be given more than once [default: the start's]
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Vec<String>,
    /// Only paths that begin so
    #[arg(long, value_name = "PATH")]
    pub(crate) prefix: Option<String>,
    /// Only addresses that match this regular expression; may be given more than once
    #[arg(long, value_name = "REGEX")]
    pub(crate) include: Vec<String>,
    /// No addresses that match this regular expression; may be given more than once
    #[arg(long, value_name = "REGEX")]
    pub(crate) exclude: Vec<String>,
    /// Don't look for sitemaps
    #[arg(long)]
    pub(crate) no_sitemaps: bool,
    /// The address is a feed: RSS, Atom or JSON Feed
    #[arg(long)]
    pub(crate) feed: bool,
    /// With --feed: fetch each entry's page in place of what the feed holds
    #[arg(long, requires = "feed")]
    pub(crate) full_pages: bool,
    /// What to take, as JSON or @FILE, - for standard input: sites, feeds, lists of APIs, buckets
    #[arg(long, value_name = "JSON", conflicts_with_all = ["url", "feed"])]
    pub(crate) spec: Option<String>,
    /// What it is called [default: the host]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The source that the documents go to; made if it isn't there [default: by the name]
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Sync again every so many hours while the application runs
    #[arg(long, value_name = "HOURS")]
    pub(crate) every: Option<u32>,
    /// Take nothing: tell what would be taken, and why the rest would not
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// With --dry-run: pages to tell as taken
    #[arg(long, default_value_t = 20, value_name = "N", requires = "dry_run")]
    pub(crate) limit: u32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Crawls {
    /// All crawls, with what came of the last sync
    List,
    /// Sync one now, or go on with a paused one
    Sync {
        /// Its id or name
        crawl: String,
    },
    /// What came of each address in the last sync
    Log {
        /// Its id or name
        crawl: String,
        /// Addresses, at most
        #[arg(long, default_value_t = 200, value_name = "N")]
        limit: u32,
    },
    /// Delete one with its documents
    Delete {
        /// Its id or name
        crawl: String,
        /// Leave its documents in the knowledge base
        #[arg(long)]
        keep_documents: bool,
    },
}

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

/// What to do with connections.
#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionCommand {
    /// List them
    List,
    /// Show one: its operations, and whether its secret is there
    Show {
        /// Its id or name
        connection: String,
    },
    /// Make one from an OpenAPI 3 document, JSON or YAML
    Import {
        /// The document; `-` is standard input
        file: PathBuf,
        /// The connection's name [default: the document's title]
        #[arg(long)]
        name: Option<String>,
        /// Where the API is [default: the document's first server]
        #[arg(long, value_name = "URL")]
        base_url: Option<String>,
        /// Replace the operations of this connection instead
        #[arg(long, value_name = "CONNECTION")]
        into: Option<String>,
    },
    /// Send a call and tell all about it, with secrets as dots; exit code 1 if it fails or the status is 400 or more
    Test(CallArguments),
    /// Delete one and its secrets
    Delete {
        /// Its id or name
        connection: String,
    },
}

/// A call to send.
#[derive(Debug, Args)]
pub(crate) struct CallArguments {
    /// The connection's id or name
    pub(crate) connection: String,
    /// The operation
    pub(crate) operation: Option<String>,
    /// A parameter of the operation; may be repeated
    #[arg(long, short, value_name = "NAME=VALUE")]
    pub(crate) parameter: Vec<String>,
    /// A further field of the query; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) query: Vec<String>,
    /// A header; may be repeated. Secrets belong to `awm secrets`
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) header: Vec<String>,
    /// The method, in place of the operation's
    #[arg(long)]
    pub(crate) method: Option<String>,
    /// The path below the base address, in place of the operation's
    #[arg(long)]
    pub(crate) path: Option<String>,
    /// The body: JSON, `@FILE`, or `-`
    #[arg(long, value_name = "JSON")]
    pub(crate) body: Option<String>,
}

/// What to do with secrets.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Keep a value: it is typed unseen, or comes from standard input, and never as an argument
    Set {
        /// The secret's name, such as connections/ID/key
        #[arg(required_unless_present = "connection")]
        name: Option<String>,
        /// The connection whose secret it is, by its id or name
        #[arg(long, conflicts_with = "name")]
        connection: Option<String>,
    },
    /// List their names, and say what keeps them
    List,
    /// Forget one
    Delete {
        /// The secret's name
        name: String,
    },
}
