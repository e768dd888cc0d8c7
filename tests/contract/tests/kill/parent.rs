//! Starts the process, kills it, and looks at what it left.

use crate::FOLDER;
use awm_api::runs::{RunEvent, RunStatus};
use awm_ports::Runs;
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often what was seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) kills: usize,
    pub(crate) acknowledged: usize,
    /// Kills that left a run unfinished.
    pub(crate) cut_off: usize,
    pub(crate) redriven: usize,
    pub(crate) finished: usize,
    pub(crate) tasks: usize,
}

impl Told {
    pub(crate) fn add(&mut self, other: &Self) {
        self.kills += other.kills;
        self.acknowledged += other.acknowledged;
        self.cut_off += other.cut_off;
        self.redriven += other.redriven;
        self.finished += other.finished;
        self.tasks += other.tasks;
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} kills: {} events acknowledged and all there; {} runs cut off, {} redrives, {} runs finished; {} tasks recorded as done, none done again",
            self.kills, self.acknowledged, self.cut_off, self.redriven, self.finished, self.tasks
        )
    }
}

/// What was seen of a store.
#[derive(Default)]
struct Seen {
    /// The last event of each run that was acknowledged.
    acknowledged: BTreeMap<String, u64>,
    /// How often each task had been done when it was recorded as done.
    done: HashMap<String, usize>,
    told: Told,
}

/// Kills processes on one store.
pub(crate) fn kill_again_and_again(lane: usize, kills: usize) -> Told {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut seen = Seen::default();
    // The same moments in every run; what the process does at them differs.
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64 ^ (lane as u64 + 1);
    for kill in 0..kills {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let output = run_and_kill(folder.path(), Duration::from_micros(4_000 + dice % 90_000));
        let touched = seen.hear(&output);
        runtime.block_on(seen.look(folder.path(), &touched, kill));
        seen.told.kills += 1;
    }
    seen.told
}

fn run_and_kill(folder: &Path, after: Duration) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut output = String::new();
        stdout.read_to_string(&mut output).unwrap();
        output
    });
    // What is waited for is the moment of the kill; nothing depends on how far the process comes by then.
    std::thread::park_timeout(after);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(!status.success(), "the process ended by itself");
    assert_eq!(status.code(), None, "the process ended by itself: {status}");
    reader.join().unwrap()
}

impl Seen {
    /// Takes in what the process said; answers with the runs that it named.
    fn hear(&mut self, output: &str) -> BTreeSet<String> {
        let mut touched = BTreeSet::new();
        for line in output.lines() {
            let (run, id) = line.split_once(' ').unwrap();
            let id: u64 = id.parse().unwrap();
            let last = self.acknowledged.entry(run.to_owned()).or_default();
            *last = id.max(*last);
            touched.insert(run.to_owned());
            self.told.acknowledged += 1;
        }
        touched
    }

    async fn look(&mut self, folder: &Path, touched: &BTreeSet<String>, kill: usize) {
        let tenant = TenantId::local();
        let store = Store::open(folder.join("store.db")).unwrap();
        let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for line in log.lines() {
            *counts.entry(line).or_default() += 1;
        }
        for (task, count) in &self.done {
            let now = counts.get(task.as_str()).copied().unwrap_or_default();
            assert_eq!(
                now, *count,
                "kill {kill}: `{task}` was recorded as done and done again"
            );
        }
        let unfinished = store.unfinished(&tenant).await.unwrap();
        self.told.cut_off += unfinished.len();
        let unfinished = unfinished.into_iter().map(|run| run.id);
        let runs: BTreeSet<String> = touched.iter().cloned().chain(unfinished).collect();
        for run in runs {
            let summary = store.summary(&tenant, &run).await.unwrap();
            let events = store.events(&tenant, &run, 0, u32::MAX).await.unwrap();
            let acknowledged = self.acknowledged.get(&run).copied().unwrap_or_default();
            assert!(
                events.len() as u64 >= acknowledged,
                "kill {kill}: event {acknowledged} of {run} was acknowledged, {} are there",
                events.len()
            );
            assert_eq!(summary.events, events.len() as u64, "kill {kill}: {run}");
            for (event, id) in events.iter().zip(1..) {
                assert_eq!(event.id, id, "kill {kill}: a gap in {run}");
                assert!(event.previous < id, "kill {kill}: {run} is not chained");
            }
            self.record(&run, &events, &counts);
            if summary.status == RunStatus::Succeeded {
                self.told.finished += 1;
                let (.., output) = store.get(&tenant, &run).await.unwrap();
                assert_eq!(output.unwrap()["did"], "Last", "kill {kill}: {run}");
            }
        }
    }

    fn record(&mut self, run: &str, events: &[RunEvent], counts: &HashMap<&str, usize>) {
        for event in events {
            match event.kind.as_str() {
                "ExecutionRedriven" => self.told.redriven += 1,
                "LambdaFunctionSucceeded" => {
                    let visit = event.visit.as_ref().unwrap();
                    let index = match (visit.name.as_str(), visit.within.first()) {
                        ("A" | "B", Some(index)) => index.to_string(),
                        _ => "\"-\"".to_owned(),
                    };
                    let task = format!("{run} {} {index}", visit.name);
                    let count = counts.get(task.as_str()).copied().unwrap_or_default();
                    assert!(count > 0, "`{task}` is recorded as done, but was not done");
                    if self.done.insert(task, count).is_none() {
                        self.told.tasks += 1;
                    }
                }
                _ => {}
            }
        }
    }
}
