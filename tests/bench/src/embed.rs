//! Chunks embedded a second, on all cores.

use crate::{Failure, figure::Figures, peers::PYTHON};
use awm_embed_local::Embed;
use awm_ports::Embedder;
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(4);

/// Embeds passages of about 200 tokens, the size that the pipeline makes.
pub(crate) async fn measure() -> Result<(), Failure> {
    let components = std::env::var_os("AWM_COMPONENTS")
        .map(PathBuf::from)
        .ok_or("AWM_COMPONENTS names no folder")?;
    let embedder = Embed::open(&components)?;
    let sentence = "The valve on the return line has to be checked every six months, and the report goes to the plant manager. ";
    let texts: Vec<String> = (0..16)
        .map(|number| format!("{number}. {}", sentence.repeat(8)))
        .collect();
    let tokens = texts
        .iter()
        .map(|text| embedder.tokens(text))
        .sum::<usize>()
        / texts.len();
    // The first texts load the model.
    embedder.embed(&texts).await?;
    let peer = std::env::var_os("AWM_PEERS").map(PathBuf::from);
    let work = tempfile::tempdir()?;
    let file = work.path().join("texts.json");
    std::fs::write(&file, serde_json::to_vec(&texts)?)?;
    let (mut rate, mut python) = (Figures::default(), Figures::default());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let mut done = 0;
        while began.elapsed() < ROUND {
            done += embedder.embed(&texts).await?.len();
        }
        rate.push(done as f64 / began.elapsed().as_secs_f64());
        if let Some(peer) = &peer {
            let own = embedder.embed(&texts).await?;
            let first = own.first().ok_or("no vector")?;
            python.push(in_python(peer, &components, &file, first)?);
        }
    }
    rate.report(&format!("chunks of {tokens} tokens"), "/s");
    if peer.is_some() {
        python.report("the same in Python's ONNX Runtime", "/s");
        let ratio = rate.spread().1 / python.spread().1;
        println!("  {:48} {ratio:>12.2}", "ratio of the middles");
    }
    Ok(())
}

/// Chunks a second of Python's ONNX Runtime with the same file; an error if its vectors are others.
fn in_python(peer: &Path, components: &Path, texts: &Path, first: &[f32]) -> Result<f64, Failure> {
    let output = Command::new(peer.join(PYTHON))
        .arg(peer.join("embed.py"))
        .arg(components.join("minilm/model-int8.onnx"))
        .arg(components.join("minilm/tokenizer.json"))
        .arg(texts)
        .arg(ROUND.as_millis().to_string())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let told: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let numbers = told.get("first").and_then(|first| first.as_array());
    let same: f64 = numbers
        .into_iter()
        .flatten()
        .zip(first)
        .map(|(a, b)| a.as_f64().unwrap_or(0.0) * f64::from(*b))
        .sum();
    if same < 0.99 {
        return Err(format!("the peer's vector has a cosine of {same:.3} with ours").into());
    }
    told.get("perSecond")
        .and_then(serde_json::Value::as_f64)
        .ok_or_else(|| "the peer told no figure".into())
}
