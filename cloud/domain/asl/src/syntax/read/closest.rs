//! The name that was probably meant.

/// Longer names are not compared; no field of the language is.
const MAX_LENGTH: usize = 40;

/// The candidate that differs from a name in letter case or in up to two letters.
pub(super) fn closest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    if name.len() > MAX_LENGTH {
        return None;
    }
    let name = name.to_lowercase();
    candidates
        .map(|candidate| (distance(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 2 && distance * 3 <= candidate.len())
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters have to be put in, taken out or changed.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.chars().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        let mut next = vec![left];
        for (other, above) in to.iter().zip(row.iter().skip(1)) {
            let changed = diagonal + usize::from(letter != *other);
            left = changed.min(above + 1).min(left + 1);
            next.push(left);
            diagonal = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_slips_are_understood() {
        let fields = ["Next", "End", "ResultPath", "Result", "Comment"];
        for (name, meant) in [
            ("next", Some("Next")),
            ("Coment", Some("Comment")),
            ("ResultPaht", Some("ResultPath")),
            ("Results", Some("Result")),
            ("Ende", Some("End")),
            ("Foo", None),
            ("é", None),
            ("", None),
        ] {
            assert_eq!(closest(name, fields.into_iter()), meant, "{name}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
