//! What a person wants to be remembered.

/// What such a request begins with, in lower case.
const REQUESTS: &[&str] = &[
    "please remember that ",
    "please remember: ",
    "remember that ",
    "remember: ",
    "remember, ",
    "keep in mind that ",
    "note that ",
    "don't forget that ",
    "do not forget that ",
    "recuerda que ",
    "ten en cuenta que ",
    "merk dir, dass ",
    "merke dir, dass ",
    "souviens-toi que ",
    "rappelle-toi que ",
    "ricorda che ",
    "lembre-se de que ",
    "请记住，",
    "请记住",
    "记住，",
    "覚えておいて、",
];
/// Characters of a fact.
const LONGEST: usize = 300;
/// Facts taken from one message.
const MOST: usize = 5;

/// The facts that a message asks to be remembered ("Remember that I work in Oslo."), one sentence each. Only what the person says
/// themselves is looked at: neither documents nor answers can put a fact into anybody's memory.
pub fn facts(message: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for sentence in sentences(message) {
        let lower = sentence.to_lowercase();
        let Some(request) = REQUESTS.iter().find(|request| lower.starts_with(**request)) else {
            continue;
        };
        // Lower case may have other lengths: characters are counted, not bytes.
        let fact: String = sentence.chars().skip(request.chars().count()).collect();
        let fact = fact.trim().trim_end_matches(['.', '!', '。', '！']).trim();
        let length = fact.chars().count();
        let mut letters = fact.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        let told: String = first.chain(letters).collect();
        if (3..=LONGEST).contains(&length) && !fact.ends_with(['?', '？']) && !found.contains(&told)
        {
            found.push(told);
        }
    }
    found.truncate(MOST);
    found
}

/// Whether a message may tell something about who writes it: whether a model is worth asking.
pub fn may_hold_facts(message: &str) -> bool {
    const OWN: &[&str] = &[
        "i", "i'm", "i’m", "my", "me", "we", "our", "mine", "yo", "mi", "mis", "soy", "nuestro",
        "nuestra", "ich", "mein", "meine", "wir", "unser", "je", "mon", "ma", "mes", "nous",
        "notre", "io", "mio", "mia", "eu", "meu", "minha",
    ];
    sentences(message).into_iter().any(|sentence| {
        let asks = sentence.ends_with(['?', '？']);
        let lower = sentence.to_lowercase();
        let own = lower
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')))
            .any(|word| OWN.contains(&word));
        !asks && (own || lower.contains('我') || lower.contains('私'))
    })
}

/// Cut at sentence ends and lines; a full stop within a number or a name cuts nothing.
fn sentences(message: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut sentence = String::new();
    let mut letters = message.chars().peekable();
    while let Some(c) = letters.next() {
        if c != '\n' {
            sentence.push(c);
        }
        let stop = matches!(c, '\n' | '。' | '！' | '？')
            || (matches!(c, '.' | '!' | '?')
                && letters.peek().is_none_or(|next| next.is_whitespace()));
        if stop {
            found.push(std::mem::take(&mut sentence));
        }
    }
    found.push(sentence);
    found
        .into_iter()
        .map(|sentence| sentence.trim().to_owned())
        .filter(|sentence| !sentence.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests() {
        for (message, expected) in [
            ("Remember that I work in Oslo.", vec!["I work in Oslo"]),
            (
                "Hi! Please remember that my team has 4.5 posts. What is the leave policy?",
                vec!["My team has 4.5 posts"],
            ),
            ("Recuerda que soy de Lima", vec!["Soy de Lima"]),
            ("请记住，我在奥斯陆工作。", vec!["我在奥斯陆工作"]),
            ("Do you remember that day?", vec![]),
            (
                "What does the handbook say? It says: \"remember that all is well\"",
                vec![],
            ),
            ("Remember that?", vec![]),
            ("remember that a is b\nremember that a is b", vec!["A is b"]),
        ] {
            assert_eq!(facts(message), expected, "{message}");
        }
        assert!(facts(&format!("remember that {}", "x".repeat(400))).is_empty());
    }

    #[test]
    fn own_words() {
        for (message, expected) in [
            ("I moved to Bergen last week.", true),
            ("How much leave do I have?", false),
            ("My manager is Ada. How much leave do I have?", true),
            ("What is the warranty?", false),
            ("Ich arbeite in Wien.", true),
        ] {
            assert_eq!(may_hold_facts(message), expected, "{message}");
        }
    }
}
