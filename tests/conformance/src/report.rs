//! Counts by category, and the floors that they must not fall below.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How many cases of each category there are, and how many agree.
#[derive(Debug, Default)]
pub struct Report {
    counts: BTreeMap<String, (u64, u64)>,
    misses: Vec<String>,
    nondeterministic: Vec<String>,
}

impl Report {
    /// Counts a case; `difference` tells what is wrong with it.
    pub fn count(&mut self, category: &str, case: &str, difference: Option<String>) {
        let (cases, agreeing) = self.counts.entry(category.to_owned()).or_default();
        *cases += 1;
        match difference {
            None => *agreeing += 1,
            Some(difference) => self
                .misses
                .push(format!("{category} | {case} | {difference}")),
        }
    }

    /// Notes a case that AWS itself answers otherwise each time.
    pub fn tell_nondeterministic(&mut self, case: &str, reason: &str) {
        self.nondeterministic.push(format!("{case}: {reason}"));
    }

    /// Cases that AWS itself answers otherwise each time, with the reason.
    pub fn nondeterministic(&self) -> &[String] {
        &self.nondeterministic
    }

    /// The table, a line for each category and one for all.
    pub fn table(&self) -> String {
        let mut table = format!("{:<34} | {:>5} | {:>5}\n", "category", "cases", "agree");
        let (mut all, mut agreeing) = (0, 0);
        for (category, (cases, agree)) in &self.counts {
            // Writing to a string can't fail.
            let _ = writeln!(table, "{category:<34} | {cases:>5} | {agree:>5}");
            all += cases;
            agreeing += agree;
        }
        let _ = writeln!(table, "{:<34} | {all:>5} | {agreeing:>5}", "all");
        table
    }

    /// What is wrong, a line for each case.
    pub fn misses(&self) -> &[String] {
        &self.misses
    }

    /// Categories that agree in fewer cases than they did.
    pub fn below(&self, floors: &BTreeMap<String, u64>) -> Vec<String> {
        floors
            .iter()
            .filter_map(|(category, floor)| {
                let agree = self.counts.get(category).map_or(0, |(_, agree)| *agree);
                (agree < *floor).then(|| format!("{category}: {agree} agree, {floor} did"))
            })
            .collect()
    }

    /// The counts reached, as the floors' file has them.
    pub fn floors(&self) -> BTreeMap<String, u64> {
        self.counts
            .iter()
            .map(|(category, (_, agree))| (category.clone(), *agree))
            .collect()
    }
}
