//! The list of mutations fits the code.

use awm_attacks::{mutations, root};
use std::fs;

#[test]
fn each_mutation_names_a_text_that_is_there_once() {
    let lists = mutations(&root()).expect("the lists can be read");
    assert!(!lists.is_empty());
    for (part, list) in lists {
        assert!(!list.is_empty(), "{part} lists nothing");
        for mutation in list {
            let text = fs::read_to_string(root().join(&mutation.file))
                .unwrap_or_else(|error| panic!("{part}: {}: {error}", mutation.file));
            assert_eq!(
                text.matches(&mutation.from).count(),
                1,
                "{part}: `{}` in {}",
                mutation.from,
                mutation.file
            );
            assert_ne!(mutation.from, mutation.to, "{part}: {}", mutation.guard);
            assert!(mutation.test.iter().any(|word| word == "-p"), "{part}");
        }
    }
}
