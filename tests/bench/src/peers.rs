//! The interpreter beside other engines, in one run: a five-state JSONPath machine, executions a second.
//!
//! `AWM_PEERS` names the folder that `cargo xtask bench` installs the peers into. Every engine gets the input as a value in memory and
//! gives the output as one. Each is measured on one core, and as many of it on all cores as there are: threads here, processes there.

use crate::{
    Failure,
    figure::Figures,
    interpreter::{self, Round},
};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
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
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let engines = [Engine::Lean, Engine::Own, Engine::Node, Engine::Moto];
    let mut figures = Vec::new();
    for cores in [1, cores] {
        println!("  on {cores} of the cores");
        let mut all = engines.map(|engine| (engine, Figures::default(), Figures::default()));
        for _ in 0..ROUNDS {
            for (engine, wall, cpu) in &mut all {
                let round = match engine {
                    Engine::Lean => interpreter::on_cores(&definition, false, cores, ROUND)?,
                    Engine::Own => interpreter::on_cores(&definition, true, cores, ROUND)?,
                    Engine::Node => peer(
                        || Command::new("node"),
                        &folder.join("als.cjs"),
                        &file,
                        cores,
                    )?,
                    Engine::Moto => peer(
                        || Command::new(folder.join(PYTHON)),
                        &folder.join("moto_run.py"),
                        &file,
                        cores,
                    )?,
                };
                wall.push(round.per_second);
                cpu.push(round.per_cpu_second);
            }
        }
        for (engine, wall, cpu) in &all {
            wall.report(engine.name(), "/s");
            cpu.report(engine.name(), "/CPU s");
        }
        figures.push(all);
    }
    for (all, cores) in figures.iter().zip([1, cores]) {
        let [lean, own, node, moto] = all;
        for (engine, wall, cpu) in [lean, own] {
            let times = |peer: &Figures, figures: &Figures| figures.spread().1 / peer.spread().1;
            println!(
                "  {} is {:.0} times aws-local-stepfunctions and {:.0} times Moto by the clock, {:.0} and {:.0} by CPU time, on {cores}",
                engine.name(),
                times(&node.1, wall),
                times(&moto.1, wall),
                times(&node.2, cpu),
                times(&moto.2, cpu),
            );
        }
    }
    Ok(())
}

/// What is measured.
#[derive(Clone, Copy, Debug)]
enum Engine {
    Lean,
    Own,
    Node,
    Moto,
}

impl Engine {
    fn name(self) -> &'static str {
        match self {
            Engine::Lean => "this interpreter, no history kept",
            Engine::Own => "this interpreter, its history told",
            Engine::Node => "aws-local-stepfunctions 3.0.0, keeps none",
            Engine::Moto => "Moto 5.2.5",
        }
    }
}

/// Python of the environment that the peers are installed in.
pub(crate) const PYTHON: &str = if cfg!(windows) {
    "venv/Scripts/python.exe"
} else {
    "venv/bin/python"
};

/// Executions a second of so many processes of a peer at once; an error if an output is another one.
fn peer(
    program: impl Fn() -> Command,
    script: &Path,
    machine: &Path,
    processes: usize,
) -> Result<Round, Failure> {
    let started: Vec<_> = (0..processes)
        .map(|_| {
            program()
                .arg(script)
                .arg(machine)
                .arg(interpreter::input().to_string())
                .arg(ROUND.as_millis().to_string())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
        })
        .collect::<Result<_, _>>()?;
    let mut sum = Round {
        per_second: 0.0,
        per_cpu_second: 0.0,
    };
    for process in started {
        let output = process.wait_with_output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let told: Value = serde_json::from_slice(&output.stdout)?;
        let expected = serde_json::json!({ "id": 1001, "total": 260 });
        if told.get("output") != Some(&expected) {
            return Err(format!("a peer gave {told}").into());
        }
        let figure = |name: &str| {
            told.get(name)
                .and_then(Value::as_f64)
                .ok_or_else(|| format!("a peer told no `{name}`"))
        };
        sum.per_second += figure("perSecond")?;
        sum.per_cpu_second += figure("perCpuSecond")? / processes as f64;
    }
    Ok(sum)
}
