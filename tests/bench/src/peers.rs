//! The interpreter beside other engines, in one run: a five-state JSONPath machine, executions a second.
//!
//! `AWM_PEERS` names the folder that `cargo xtask bench` installs the peers into.

use crate::{figure::Figures, interpreter};
use awm_e2e::Failure;
use awm_interpreter::Program;
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(4);

/// Runs the same machine on the same input in turn, and compares outputs as well.
pub(crate) fn measure() -> Result<(), Failure> {
    let folder = PathBuf::from(
        std::env::var_os("AWM_PEERS").ok_or("the peers are installed by `cargo xtask bench`")?,
    );
    let definition = interpreter::json_path();
    let work = tempfile::tempdir()?;
    let file = work.path().join("machine.asl.json");
    std::fs::write(&file, serde_json::to_vec(&definition)?)?;
    let program = Program::from_definition(&definition)
        .map_err(|errors| format!("the machine does not compile: {errors:?}"))?;
    let program = Arc::new(program);

    let (mut own, mut node, mut moto) =
        (Figures::default(), Figures::default(), Figures::default());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let mut ended = 0_u64;
        while began.elapsed() < ROUND {
            interpreter::execute(&program)?;
            ended += 1;
        }
        own.push(ended as f64 / began.elapsed().as_secs_f64());
        let als = Command::new("node");
        node.push(peer(als, &folder.join("als.cjs"), &file)?);
        let python = Command::new(folder.join(PYTHON));
        moto.push(peer(python, &folder.join("moto_run.py"), &file)?);
    }
    own.report("this interpreter", "/s");
    node.report("aws-local-stepfunctions 3.0.0", "/s");
    moto.report("Moto 5.2.5", "/s");
    let ratio = |peer: &Figures| own.spread().1 / peer.spread().1;
    println!(
        "  {:48} {:>12.0} times aws-local-stepfunctions, {:.0} times Moto",
        "ratio of the middles",
        ratio(&node),
        ratio(&moto)
    );
    Ok(())
}

const PYTHON: &str = if cfg!(windows) {
    "venv/Scripts/python.exe"
} else {
    "venv/bin/python"
};

/// Executions a second of a peer; an error if its output is another one.
fn peer(mut program: Command, script: &Path, machine: &Path) -> Result<f64, Failure> {
    let output = program
        .arg(script)
        .arg(machine)
        .arg(interpreter::input().to_string())
        .arg(ROUND.as_millis().to_string())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let told: Value = serde_json::from_slice(&output.stdout)?;
    let expected = serde_json::json!({ "id": 1001, "total": 260 });
    if told.get("output") != Some(&expected) {
        return Err(format!("a peer gave {told}").into());
    }
    told.get("perSecond")
        .and_then(Value::as_f64)
        .ok_or_else(|| "a peer told no figure".into())
}
