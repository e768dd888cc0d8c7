//! What tests exercised of a workflow, and what they did not.

use awm_asl::{Machine, StateKind};
use awm_suite::Minimum;
use serde::Serialize;
use std::collections::BTreeSet;

/// What was exercised, part by part.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Coverage {
    /// States that were entered.
    pub states: Part,
    /// Rules of Choice states that were followed, `Default` included.
    pub choices: Part,
    /// Retriers by which a state was tried again.
    pub retriers: Part,
    /// Catchers that caught an error.
    pub catchers: Part,
}

/// How much of a sort of thing was exercised.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Part {
    /// How many there are.
    pub total: usize,
    /// How many of them were exercised.
    pub exercised: usize,
    /// Those that were not.
    pub missed: Vec<Place>,
}

/// Something that was not exercised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its JSON Pointer in the definition.
    pub pointer: String,
    /// In words, such as `Charge` or `Decide, rule 2 to Refuse`.
    pub label: String,
}

/// A part of which less was exercised than is demanded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shortfall {
    /// `states`, `choices`, `retriers`, `catchers`.
    pub part: &'static str,
    /// The percentage that is demanded.
    pub minimum: f64,
    /// The percentage that was exercised.
    pub percent: f64,
}

impl Part {
    fn add(
        &mut self,
        pointer: String,
        exercised: &BTreeSet<String>,
        label: impl FnOnce() -> String,
    ) {
        self.total += 1;
        if exercised.contains(&pointer) {
            self.exercised += 1;
        } else {
            self.missed.push(Place {
                pointer,
                label: label(),
            });
        }
    }

    /// The percentage that was exercised: all of nothing is 100.
    pub fn percent(&self) -> f64 {
        match self.total {
            0 => 100.0,
            total => self.exercised as f64 * 100.0 / total as f64,
        }
    }
}

impl Coverage {
    /// What of a machine was exercised, of the JSON Pointers that runs tell.
    pub fn of(machine: &Machine, exercised: &BTreeSet<String>) -> Self {
        let mut found = Self::default();
        for state in machine.all_states() {
            let (at, name) = (&state.pointer, &state.name);
            found.states.add(at.clone(), exercised, || name.clone());
            if let StateKind::Choice(choice) = &state.kind {
                for (index, rule) in choice.rules.iter().enumerate() {
                    let label = || format!("{name}, rule {} to {}", index + 1, rule.next);
                    found
                        .choices
                        .add(format!("{at}/Choices/{index}"), exercised, label);
                }
                if let Some(default) = &choice.default {
                    let label = || format!("{name}, default to {default}");
                    found.choices.add(format!("{at}/Default"), exercised, label);
                }
            }
            for (index, retrier) in state.retry.iter().enumerate() {
                let label = || format!("{name}, retrier of {}", retrier.error_equals.join(", "));
                found
                    .retriers
                    .add(format!("{at}/Retry/{index}"), exercised, label);
            }
            for (index, catcher) in state.catch.iter().enumerate() {
                let errors = catcher.error_equals.join(", ");
                let label = || format!("{name}, catcher of {errors} to {}", catcher.next);
                found
                    .catchers
                    .add(format!("{at}/Catch/{index}"), exercised, label);
            }
        }
        found
    }

    /// The parts by name.
    pub fn parts(&self) -> [(&'static str, &Part); 4] {
        [
            ("states", &self.states),
            ("choices", &self.choices),
            ("retriers", &self.retriers),
            ("catchers", &self.catchers),
        ]
    }

    /// Where less was exercised than is demanded.
    pub fn shortfalls(&self, minimum: &Minimum) -> Vec<Shortfall> {
        let demanded = [
            minimum.states,
            minimum.choices,
            minimum.retriers,
            minimum.catchers,
        ];
        let parts = self.parts().into_iter().zip(demanded);
        parts
            .filter_map(|((part, found), minimum)| {
                let (minimum, percent) = (minimum?, found.percent());
                (percent < minimum).then_some(Shortfall {
                    part,
                    minimum,
                    percent,
                })
            })
            .collect()
    }
}

impl std::fmt::Display for Shortfall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            part,
            minimum,
            percent,
        } = self;
        write!(
            f,
            "{percent:.0} % of the {part} were exercised, {minimum} % are demanded"
        )
    }
}
