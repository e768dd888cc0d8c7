//! A disk that is full in the middle of an ingest: it says so, keeps what is stored, and goes on when there is room.
#![cfg(test)]
#![cfg(all(test, target_os = "linux"))]

use std::{
    path::Path,
    process::{Command, Output},
};

/// Documents of which a few hundred fill the small disk.
fn documents(folder: &Path) -> usize {
    std::fs::create_dir_all(folder).unwrap();
    let sentence =
        "The valve on the return line is checked every six months by the plant's own staff. ";
    for number in 0..240 {
        let text = format!(
            "# Report {number}\n\n{}\n\nWord{number}.\n",
            sentence.repeat(200)
        );
        std::fs::write(folder.join(format!("{number}.md")), text).unwrap();
    }
    240
}

/// Runs a script of the shell with `$AWM` as the program on the workspace `$DISK/home`.
fn shell(script: &str, disk: &Path, files: &Path, own_mounts: bool) -> Output {
    let mut command = match own_mounts {
        true => {
            let mut command = Command::new("unshare");
            // A mount that nobody else sees, and that is gone with the script.
            command.args(["--user", "--map-root-user", "--mount", "bash", "-c", script]);
            command
        }
        false => {
            let mut command = Command::new("bash");
            command.args(["-c", script]);
            command
        }
    };
    command
        .env("AWM", env!("CARGO_BIN_EXE_awm"))
        .env("DISK", disk)
        .env("FILES", files)
        .output()
        .unwrap()
}

/// One start of the program; its exit code and answer follow on lines of their own.
const START: &str = r#"
start() {
    "$AWM" --json --home "$DISK/home" --components /no-components ingest "$FILES" --source Reports
    echo "exit $?"
}
"#;

#[test]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (disk, files) = (folder.path().join("disk"), folder.path().join("files"));
    std::fs::create_dir_all(&disk).unwrap();
    let many = documents(&files);
    let mounts = shell(
        "mount -t tmpfs -o size=1m none \"$DISK\"",
        &disk,
        &files,
        true,
    );
    let output = if mounts.status.success() {
        let script = format!(
            "{START} mount -t tmpfs -o size=3m none \"$DISK\" && start && df --output=avail -k \"$DISK\" | tail -1 >&2; \
             mount -o remount,size=400m none \"$DISK\" && start"
        );
        shell(&script, &disk, &files, true)
    } else {
        // Without a disk of its own: no file of the first start may grow beyond 2 MB, which SQLite suffers as a failing write.
        let script = format!(
            "{START} (trap '' XFSZ; ulimit -f 2048; timeout 60 bash -c '{START} start'); start"
        );
        shell(&script, &disk, &files, false)
    };
    let said = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    let [first, first_exit, second, second_exit] = lines.as_slice() else {
        panic!("{said}\n{}", String::from_utf8_lossy(&output.stderr));
    };
    let parse = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    assert_ne!(*first_exit, "exit 0", "{first}");
    if mounts.status.success() {
        assert_eq!(parse(first)["error"]["code"], "AWM-2003", "{first}");
        assert_eq!(*first_exit, "exit 5");
    }
    assert_eq!(*second_exit, "exit 0", "{second}");
    let told = parse(second);
    assert_eq!(told["states"]["embedding"], many, "{told}");
    assert_eq!(told["failed"].as_array().unwrap().len(), 0, "{told}");
}
