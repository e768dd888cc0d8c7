//! How Step Functions spells the members of an answer.

/// A member as the service's model has it, its first letter capital: what the optimised integrations tell.
pub(crate) fn capitalised(member: &str) -> String {
    let mut letters = member.chars();
    match letters.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + letters.as_str(),
        None => String::new(),
    }
}

/// A member as the Java SDK spells it, which is what `aws-sdk:` resources tell: words are found at changes of case and after
/// numbers, and each begins with its only capital.
pub(crate) fn as_in_java(member: &str) -> String {
    words(member)
        .iter()
        .map(|word| capitalised(&word.to_ascii_lowercase()))
        .collect()
}

fn words(member: &str) -> Vec<String> {
    let letters: Vec<char> = member.chars().collect();
    let at = |index: usize| letters.get(index).copied().unwrap_or(' ');
    let mut words = vec![String::new()];
    for (index, letter) in letters.iter().copied().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = match index {
            0 => ' ',
            index => at(index - 1),
        };
        let (next, capital) = (at(index + 1), letter.is_ascii_uppercase());
        let begins = before.is_ascii_lowercase() && capital && next.is_ascii_alphanumeric()
            || before.is_ascii_uppercase() && capital && next.is_ascii_lowercase()
            || before.is_ascii_digit() && letter.is_ascii_alphabetic();
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words
}
