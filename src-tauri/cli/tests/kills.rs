//! Two thousand mixed files, and a process that is killed ten times while it takes them in: afterwards the ledger accounts for
//! every file as it does without kills, and nothing is doubled.
//!
//! Vectors are made at the end and of one source with a few files: making 10,000 would take longer than the whole test may.
#![cfg(test)]
#![cfg(all(test, unix))]

use awm_mixed_files::{Expected, State};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

const FILES: u64 = 2_000;
const KILLS: u32 = 10;

/// A workspace and the mixed files beside it.
struct World {
    folder: tempfile::TempDir,
    expected: Vec<Expected>,
}

impl World {
    fn new(files: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let expected = awm_mixed_files::write(folder.path(), 4, files).unwrap();
        Self { folder, expected }
    }

    fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    fn command(&self, home: &str, components: &Path, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_awm"));
        command
            .arg("--home")
            .arg(self.folder.path().join(home))
            .arg("--components")
            .arg(components)
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn store(&self, home: &str) -> rusqlite::Connection {
        let found = std::fs::read_dir(self.folder.path().join(home))
            .unwrap()
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|ending| ending == "db"));
        rusqlite::Connection::open(found.unwrap()).unwrap()
    }
}

/// Where the native parts are, without the model: what can't be read without them is as it is in both runs.
fn components(world: &World) -> PathBuf {
    let folder = world.folder.path().join("components");
    std::fs::create_dir_all(&folder).unwrap();
    if let Some(all) = std::env::var_os("AWM_COMPONENTS") {
        for entry in std::fs::read_dir(all).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().contains("pdfium") {
                std::os::unix::fs::symlink(entry.path(), folder.join(entry.file_name())).unwrap();
            }
        }
    }
    folder
}

/// What the ledger says of a file, without ids and times.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Row {
    state: String,
    code: Option<String>,
    hash: String,
    passages: i64,
    repeats: bool,
}

/// What stands in a store, in numbers and by file.
#[derive(Debug, PartialEq, Eq)]
struct Standing {
    rows: BTreeMap<String, Row>,
    passages: i64,
    texts: i64,
    words: i64,
}

fn standing(store: &rusqlite::Connection) -> Standing {
    let count = |sql: &str| {
        store
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let mut statement = store
        .prepare(
            "SELECT name, state, failure, hash, \
             (SELECT count(*) FROM passages p WHERE p.document_id = coalesce(d.duplicate_of, d.id)), duplicate_of IS NOT NULL, \
             passages, (SELECT count(*) FROM passages p WHERE p.document_id = d.id) FROM documents d",
        )
        .unwrap();
    let mut rows = BTreeMap::new();
    let mut found = statement.query([]).unwrap();
    while let Some(row) = found.next().unwrap() {
        let name: String = row.get(0).unwrap();
        let failure: Option<String> = row.get(2).unwrap();
        let counted: (i64, i64) = (row.get(6).unwrap(), row.get(7).unwrap());
        assert_eq!(counted.0, counted.1, "{name}: passages that nobody counted");
        let failure: Option<Value> = failure.map(|json| serde_json::from_str(&json).unwrap());
        let row = Row {
            state: row.get(1).unwrap(),
            code: failure.and_then(|failure| Some(failure["code"].as_str()?.to_owned())),
            hash: row.get(3).unwrap(),
            passages: row.get(4).unwrap(),
            repeats: row.get(5).unwrap(),
        };
        assert_eq!(
            rows.insert(name.clone(), row),
            None,
            "{name} is there twice"
        );
    }
    Standing {
        passages: count("SELECT count(*) FROM passages"),
        texts: count("SELECT count(*) FROM texts"),
        words: count(
            "SELECT (SELECT count(*) FROM words_en) + (SELECT count(*) FROM words_other) + (SELECT count(*) FROM words_cjk)",
        ),
        rows,
    }
}

impl Standing {
    /// Which of several files with the same bytes holds them depends on which was read first; that one does, does not.
    fn without_chance(mut self) -> Self {
        let mut holders: BTreeMap<String, usize> = BTreeMap::new();
        for row in self.rows.values_mut() {
            if row.state != "failed" {
                *holders.entry(row.hash.clone()).or_default() += usize::from(!row.repeats);
                row.repeats = false;
                if row.state == "duplicate" {
                    row.state = match row.passages {
                        0 => "no_text".into(),
                        _ => "embedding".into(),
                    };
                }
            }
        }
        for (hash, holders) in holders {
            assert_eq!(holders, 1, "the bytes {hash} are held {holders} times");
        }
        self
    }
}

#[test]
fn two_thousand_files_and_ten_kills() {
    let world = World::new(FILES);
    let components = components(&world);
    let files = world.files();
    let ingest = ["ingest", files.to_str().unwrap(), "--source", "Mixed"];

    let began = Instant::now();
    let whole = world
        .command("whole", &components, &ingest)
        .status()
        .unwrap();
    let took = began.elapsed();
    assert!(whole.success(), "{whole}");
    let expected = standing(&world.store("whole")).without_chance();
    assert_eq!(expected.rows.len(), world.expected.len());

    // The same moments in every run, spread over the time that it takes; what the process does at them differs.
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    let mut killed = 0;
    for _ in 0..KILLS {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let share = took / (KILLS + 4);
        let after = share / 4 + share.mul_f64((dice % 1_000) as f64 / 1_000.0);
        let mut child = world
            .command("killed", &components, &ingest)
            .spawn()
            .unwrap();
        // What is waited for is the moment of the kill; nothing depends on how far the process comes by then.
        std::thread::park_timeout(after.max(Duration::from_millis(20)));
        if child.try_wait().unwrap().is_none() {
            killed += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(killed >= KILLS - 2, "{killed} kills hit a process at work");
    let rest = world
        .command("killed", &components, &ingest)
        .status()
        .unwrap();
    assert!(rest.success(), "{rest}");

    let store = world.store("killed");
    let sound: String = store
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    let found = standing(&store).without_chance();
    for (name, row) in &expected.rows {
        assert_eq!(found.rows.get(name), Some(row), "{name}");
    }
    assert_eq!(
        (found.rows.len(), found.passages, found.texts, found.words),
        (
            expected.rows.len(),
            expected.passages,
            expected.texts,
            expected.words
        ),
        "nothing is doubled and nothing is lost"
    );
    // No finished step is repeated: a file is begun again only when a kill took it out of somebody's hands.
    let again: i64 = store
        .query_row(
            "SELECT sum(attempts - 1) FROM documents WHERE state <> 'failed'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let in_hand =
        i64::from(killed) * std::thread::available_parallelism().map_or(1, |n| n.get() as i64);
    assert!(
        again <= in_hand,
        "{again} files were begun again after {killed} kills"
    );
    as_expected(&world, &found);
}

/// Each file as its maker says; what a missing native part keeps from being read is left out.
fn as_expected(world: &World, found: &Standing) {
    for file in &world.expected {
        let row = &found.rows[&format!("files/{}", file.path)];
        if row.code.as_deref() == Some("AWM-1009") {
            continue;
        }
        match &file.state {
            State::Indexed => assert_eq!(row.state, "embedding", "{}: {row:?}", file.path),
            State::NoText => assert_eq!(row.passages, 0, "{}: {row:?}", file.path),
            State::Failed { .. } => assert_eq!(row.state, "failed", "{}: {row:?}", file.path),
        }
    }
}

/// With the model, if it is installed: vectors after kills are as many as passages, each once.
#[test]
fn vectors_survive_kills() {
    let Some(components) = std::env::var_os("AWM_COMPONENTS").map(PathBuf::from) else {
        return;
    };
    let world = World::new(24);
    let files = world.files();
    let ingest = ["ingest", files.to_str().unwrap(), "--source", "Mixed"];
    for after in [300, 700, 1_100, 400, 900] {
        let mut child = world.command("home", &components, &ingest).spawn().unwrap();
        std::thread::park_timeout(Duration::from_millis(after));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let Output { status, .. } = world
        .command("home", &components, &ingest)
        .output()
        .unwrap();
    assert!(status.success(), "{status}");
    let store = world.store("home");
    let count = |sql: &str| {
        store
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let models = count("SELECT count(*) FROM models");
    if models == 0 {
        // The folder holds no model.
        return;
    }
    let passages = count("SELECT count(*) FROM passages");
    assert!(passages > 10, "{passages} passages");
    assert_eq!(count("SELECT count(*) FROM vectors"), passages);
    assert_eq!(count("SELECT sum(embedded) FROM documents"), passages);
    assert_eq!(
        count(
            "SELECT count(*) FROM documents WHERE state IN ('queued', 'extracting', 'embedding')"
        ),
        0
    );
}
