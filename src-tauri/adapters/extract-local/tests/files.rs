//! Folders and kept originals.
#![cfg(test)]

use awm_api::Code;
use awm_extract_local::LocalFiles;
use awm_ports::Files;
use std::fs;

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
    let listed = files.list(docs.to_str().unwrap()).await.unwrap();
    let names: Vec<_> = listed.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["docs/b.md", "docs/sub/deep/a ü.md"]);
    let one = files.list(&listed[0].path).await.unwrap();
    assert_eq!((one.len(), one[0].name.as_str()), (1, "b.md"));

    let facts = files.facts(&listed[0].path).await.unwrap();
    assert_eq!(
        (facts.bytes, facts.hash),
        (1, blake3::hash(b"b").to_hex().to_string())
    );
    assert!(facts.modified_at.unwrap() > 1_600_000_000_000);
    for missing in [
        files.list("/nowhere/x").await.map(drop),
        files.facts("/nowhere/x").await.map(drop),
    ] {
        assert_eq!(missing.unwrap_err().code, Code::FileVanished);
    }
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
