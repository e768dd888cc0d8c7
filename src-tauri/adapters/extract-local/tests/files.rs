//! Folders and kept originals.
#![cfg(test)]

use awm_api::Code;
use awm_extract_local::LocalFiles;
use awm_ports::{Files, ListedFile, WalkStep};
use futures::StreamExt;
use std::{fs, path::Path};

/// What a walk finds, by name, and the folders that it can't list.
async fn found(files: &LocalFiles, path: &Path) -> (Vec<ListedFile>, Vec<String>) {
    let mut walk = files.walk(path.to_str().unwrap()).await.unwrap();
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    while let Some(step) = walk.steps.next().await {
        match step {
            WalkStep::Files(part) => found.extend(part),
            WalkStep::Unreadable(path) => unreadable.push(path),
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    (found, unreadable)
}

#[tokio::test]
async fn lists_and_reads_folders() {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    fs::create_dir_all(docs.join("sub/deep")).unwrap();
    for (name, text) in [
        ("b.md", "b"),
        ("sub/deep/a ü.md", "a"),
        (".hidden", "x"),
        ("~$lock.docx", "x"),
    ] {
        fs::write(docs.join(name), text).unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), docs.join("loop")).unwrap();
    let files = LocalFiles::new(folder.path().join("blobs"));
    let (listed, unreadable) = found(&files, &docs).await;
    assert!(unreadable.is_empty());
    let names: Vec<_> = listed.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["docs/b.md", "docs/sub/deep/a ü.md"]);
    let (one, _) = found(&files, Path::new(&listed[0].path)).await;
    assert_eq!((one.len(), one[0].name.as_str()), (1, "b.md"));
    assert_eq!(
        (one[0].bytes, one[0].modified_at),
        (1, listed[0].modified_at)
    );

    let facts = files.facts(&listed[0].path).await.unwrap();
    assert_eq!(
        (facts.bytes, facts.hash),
        (1, blake3::hash(b"b").to_hex().to_string())
    );
    assert!(facts.modified_at.unwrap() > 1_600_000_000_000);
    for missing in [
        files.walk("/nowhere/x").await.map(drop),
        files.facts("/nowhere/x").await.map(drop),
    ] {
        assert_eq!(missing.unwrap_err().code, Code::FileVanished);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn no_link_leads_out_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let outside = folder.path().join("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("secret.md"), "secret").unwrap();
    let docs = folder.path().join("docs");
    fs::create_dir_all(docs.join("sub")).unwrap();
    fs::write(docs.join("sub/plain.md"), "plain").unwrap();
    let files = LocalFiles::new(folder.path().join("blobs"));
    let (listed, _) = found(&files, &docs).await;
    let plain = listed[0].path.clone();
    // The control: as it was listed, it is read.
    assert_eq!(files.facts(&plain).await.unwrap().bytes, 5);

    std::os::unix::fs::symlink(&outside, docs.join("link")).unwrap();
    std::os::unix::fs::symlink(outside.join("secret.md"), docs.join("link.md")).unwrap();
    let names: Vec<_> = found(&files, &docs)
        .await
        .0
        .into_iter()
        .map(|f| f.name)
        .collect();
    assert_eq!(names, ["docs/sub/plain.md"]);

    // Between the listing and the reading, the file and then its folder become links.
    fs::remove_file(&plain).unwrap();
    std::os::unix::fs::symlink(outside.join("secret.md"), &plain).unwrap();
    assert_eq!(
        files.facts(&plain).await.unwrap_err().code,
        Code::FileIsLink
    );
    fs::remove_dir_all(docs.join("sub")).unwrap();
    fs::rename(outside.join("secret.md"), outside.join("plain.md")).unwrap();
    std::os::unix::fs::symlink(&outside, docs.join("sub")).unwrap();
    assert_eq!(
        files.facts(&plain).await.unwrap_err().code,
        Code::FileIsLink
    );
}

#[tokio::test]
async fn tells_of_changes() {
    let folder = tempfile::tempdir().unwrap();
    let docs = fs::canonicalize(folder.path()).unwrap().join("docs");
    fs::create_dir_all(&docs).unwrap();
    let files = LocalFiles::new(folder.path().join("blobs"));
    let watched = docs.display().to_string();
    let mut changes = files.changes(vec![watched.clone()]);
    fs::write(docs.join("new.md"), "new").unwrap();
    assert_eq!(changes.next().await, Some(watched));
}

#[tokio::test]
async fn keeps_originals_by_their_hash() {
    let folder = tempfile::tempdir().unwrap();
    let files = LocalFiles::new(folder.path().join("blobs"));
    let hash = blake3::hash(b"bytes").to_hex().to_string();
    for _ in 0..2 {
        let path = files.keep(&hash, b"bytes".to_vec()).await.unwrap();
        assert_eq!(fs::read(files.locate(&path)).unwrap(), b"bytes");
    }
    let outside = files.locate("blob:../../etc/passwd");
    assert!(
        outside.starts_with(folder.path().join("blobs")),
        "{}",
        outside.display()
    );
    assert_eq!(files.locate("/a/b"), std::path::Path::new("/a/b"));
}
