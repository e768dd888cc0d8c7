//! Prints how many texts of about 200 tokens become vectors in a second:
//! `cargo run --release -p awm-embed-local --example embed_rate -- COMPONENTS [SECONDS]`

#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

use awm_embed_local::Embed;
use awm_ports::Embedder;
use std::{
    path::Path,
    time::{Duration, Instant},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let components = arguments.next().ok_or("which components folder?")?;
    let seconds: u64 = arguments.next().map_or(Ok(10), |text| text.parse())?;
    let embedder = Embed::open(Path::new(&components))?;
    let sentence = "The valve on the return line has to be checked every six months, and the report goes to the plant manager. ";
    let texts: Vec<String> = (0..16)
        .map(|number| format!("{number}. {}", sentence.repeat(8)))
        .collect();
    let tokens: usize = texts
        .iter()
        .map(|text| embedder.tokens(text))
        .sum::<usize>()
        / texts.len();
    embedder.embed(&texts).await?;

    let began = Instant::now();
    let mut done = 0;
    while began.elapsed() < Duration::from_secs(seconds) {
        done += embedder.embed(&texts).await?.len();
    }
    let rate = done as f64 / began.elapsed().as_secs_f64();
    println!(
        "{{\"texts_per_second\": {rate:.1}, \"tokens_per_text\": {tokens}, \"texts\": {done}}}"
    );
    Ok(())
}
