//! What was acknowledged is there after the process was killed.
#![cfg(test)]

use awm_ports::{Library, ModelId, NewDocument, NewPassage};
use awm_sqlite::Store;
use awm_tenancy::TenantId;
use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const STORE: &str = "AWM_KILL_TEST_STORE";

/// The child: stores documents one by one and tells each that was acknowledged, until it is killed. Without the variable, as in a
/// usual run, there is nothing to do.
#[tokio::test]
async fn child() {
    let Some(path) = std::env::var_os(STORE) else {
        return;
    };
    let store = Store::open(PathBuf::from(path)).unwrap();
    let tenant = TenantId::local();
    let model = ModelId {
        name: "m".into(),
        sha256: "0".into(),
        dimensions: 2,
    };
    store
        .create_source(&tenant, "s", "Source", 1)
        .await
        .unwrap();
    for number in 0.. {
        let id = format!("d{number}");
        let document = NewDocument {
            id: id.clone(),
            source_id: "s".into(),
            name: id.clone(),
            path: format!("/{id}"),
            bytes: 1,
            hash: id.clone(),
            modified_at: None,
            at: number,
        };
        store.enqueue(&tenant, document).await.unwrap();
        let text = format!("words of document {number}");
        let passage = NewPassage {
            headings: Vec::new(),
            page: None,
            start: 0,
            end: text.len() as u32,
            text: text.clone(),
            language: "en".into(),
        };
        store
            .put_text(
                &tenant,
                &id,
                "text/plain",
                None,
                &text,
                vec![passage],
                number,
            )
            .await
            .unwrap();
        store
            .put_vectors(
                &tenant,
                &model,
                vec![(format!("{id}-0"), vec![1.0, 0.0])],
                number,
            )
            .await
            .unwrap();
        let mut output = std::io::stdout();
        writeln!(output, "stored {id}").unwrap();
        output.flush().unwrap();
    }
}

async fn count_after_kill(path: &Path, wanted: usize) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(STORE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told: Vec<String> = lines
        .map_while(Result::ok)
        .filter_map(|line| line.split("stored ").nth(1).map(str::to_owned))
        .take(wanted)
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(told.len(), wanted);

    let store = Store::open(path).unwrap();
    let tenant = TenantId::local();
    for id in &told {
        let found = store.document_text(&tenant, id).await.unwrap();
        assert_eq!(found.passages.len(), 1, "{id}");
        assert_eq!(found.document.embedded, 1, "{id}");
        assert!(
            found.text.ends_with(id.trim_start_matches('d')),
            "{}",
            found.text
        );
    }
    let sound: String = store
        .read(
            |connection| Ok(connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?),
        )
        .await
        .unwrap();
    assert_eq!(sound, "ok");
}

#[tokio::test]
async fn a_kill_takes_nothing_back() {
    let folder = tempfile::tempdir().unwrap();
    for (round, wanted) in [1, 7, 40].into_iter().enumerate() {
        count_after_kill(&folder.path().join(format!("{round}.db")), wanted).await;
    }
}
