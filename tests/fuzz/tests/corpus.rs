//! The corpus of each target, and some thousands of mangled pieces of it.

use awm_fuzz::{Mangler, TARGETS};
use std::path::Path;

#[test]
fn nothing_does_harm() {
    for target in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(target.name);
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        assert!(!files.is_empty(), "`{}` has no corpus", target.name);
        let corpus: Vec<Vec<u8>> = files
            .iter()
            .map(|file| std::fs::read(file).unwrap())
            .collect();
        for (file, input) in files.iter().zip(&corpus) {
            let harmless = std::panic::catch_unwind(|| (target.run)(input)).is_ok();
            assert!(harmless, "{} does harm", file.display());
        }
        let mut mangler = Mangler::new(42, corpus, target.words);
        for _ in 0..target.rounds {
            let input = mangler.next_input();
            let harmless = std::panic::catch_unwind(|| (target.run)(&input)).is_ok();
            assert!(
                harmless,
                "{}: this does harm: {:?}\n{input:?}",
                target.name,
                String::from_utf8_lossy(&input)
            );
        }
    }
}
