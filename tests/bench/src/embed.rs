//! Chunks embedded a second, on all cores.

use crate::{Failure, figure::Figures};
use awm_embed_local::Embed;
use awm_ports::Embedder;
use std::{
    path::PathBuf,
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
    let mut rate = Figures::default();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let mut done = 0;
        while began.elapsed() < ROUND {
            done += embedder.embed(&texts).await?.len();
        }
        rate.push(done as f64 / began.elapsed().as_secs_f64());
    }
    rate.report(&format!("chunks of {tokens} tokens"), "/s");
    Ok(())
}
