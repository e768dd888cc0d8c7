//! What was done, as differences small enough to keep thousands of.

use crate::{Document, Point, StateRef};
use awm_api::runs::Mock;
use serde_json::Value;
use std::collections::BTreeMap;

/// Undo and redo.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// The key under which the next change may join the last.
    open: Option<String>,
}

/// A difference between two documents, in both directions.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    said: String,
    text: Vec<TextChange>,
    positions: Vec<Entry<Point>>,
    mocks: Vec<Entry<Mock>>,
    collapsed: Option<(Vec<StateRef>, Vec<StateRef>)>,
    sample: Option<(Option<Value>, Option<Value>)>,
}

/// Bytes `start..` that were `before` and are `after`.
#[derive(Clone, Debug)]
struct TextChange {
    start: usize,
    before: String,
    after: String,
}

type Entry<V> = (StateRef, Option<V>, Option<V>);

/// More steps than anyone takes back; older ones go.
const MOST: usize = 1_000;

impl History {
    pub(crate) fn push(&mut self, step: Step, key: Option<String>) {
        self.undone.clear();
        let joins = key.is_some() && self.open == key;
        self.open = key;
        match self.done.last_mut() {
            Some(last) if joins => last.join(step),
            _ => self.done.push(step),
        }
        if self.done.len() > MOST {
            self.done.remove(0);
        }
    }

    pub(crate) fn undo(&mut self, document: &mut Document) -> Option<String> {
        self.open = None;
        let step = self.done.pop()?;
        step.turn(document, true);
        let said = step.said.clone();
        self.undone.push(step);
        Some(said)
    }

    pub(crate) fn redo(&mut self, document: &mut Document) -> Option<String> {
        self.open = None;
        let step = self.undone.pop()?;
        step.turn(document, false);
        let said = step.said.clone();
        self.done.push(step);
        Some(said)
    }

    pub(crate) fn seal(&mut self) {
        self.open = None;
    }

    pub(crate) fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    pub(crate) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }
}

impl Step {
    pub(crate) fn between(before: &Document, after: &Document, said: String) -> Self {
        let differ =
            |a: &Vec<StateRef>, b: &Vec<StateRef>| (a != b).then(|| (a.clone(), b.clone()));
        Self {
            said,
            text: TextChange::between(&before.text, &after.text)
                .into_iter()
                .collect(),
            positions: entries(&before.positions, &after.positions),
            mocks: entries(&before.mocks, &after.mocks),
            collapsed: differ(&before.collapsed, &after.collapsed),
            sample: (before.sample_input != after.sample_input)
                .then(|| (before.sample_input.clone(), after.sample_input.clone())),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
            && self.positions.is_empty()
            && self.mocks.is_empty()
            && self.collapsed.is_none()
            && self.sample.is_none()
    }

    fn turn(&self, document: &mut Document, back: bool) {
        if back {
            self.text
                .iter()
                .rev()
                .for_each(|text| text.turn(&mut document.text, back));
        } else {
            self.text
                .iter()
                .for_each(|text| text.turn(&mut document.text, back));
        }
        turn_entries(&self.positions, &mut document.positions, back);
        turn_entries(&self.mocks, &mut document.mocks, back);
        if let Some((before, after)) = &self.collapsed {
            document.collapsed = if back { before.clone() } else { after.clone() };
        }
        if let Some((before, after)) = &self.sample {
            document.sample_input = if back { before.clone() } else { after.clone() };
        }
    }

    /// Makes this step also what `later` does, which comes directly after it.
    fn join(&mut self, later: Self) {
        self.said = later.said;
        for text in later.text {
            match self.text.last().and_then(|last| last.joined(&text)) {
                Some(whole) => {
                    self.text.pop();
                    self.text.push(whole);
                }
                None => self.text.push(text),
            }
        }
        self.positions = joined(std::mem::take(&mut self.positions), later.positions);
        self.mocks = joined(std::mem::take(&mut self.mocks), later.mocks);
        self.collapsed = match (self.collapsed.take(), later.collapsed) {
            (Some((before, _)), Some((_, after))) => Some((before, after)),
            (first, second) => first.or(second),
        };
        self.sample = match (self.sample.take(), later.sample) {
            (Some((before, _)), Some((_, after))) => Some((before, after)),
            (first, second) => first.or(second),
        };
    }
}

impl TextChange {
    fn between(before: &str, after: &str) -> Option<Self> {
        if before == after {
            return None;
        }
        let same = before
            .char_indices()
            .zip(after.chars())
            .find(|((_, a), b)| a != b);
        let start = same.map_or(before.len().min(after.len()), |((index, _), _)| index);
        let (left, right) = (before.get(start..)?, after.get(start..)?);
        let tail: usize = left
            .chars()
            .rev()
            .zip(right.chars().rev())
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum();
        Some(Self {
            start,
            before: left.get(..left.len() - tail)?.to_owned(),
            after: right.get(..right.len() - tail)?.to_owned(),
        })
    }

    fn turn(&self, text: &mut String, back: bool) {
        let (old, new) = if back {
            (&self.after, &self.before)
        } else {
            (&self.before, &self.after)
        };
        let range = self.start..self.start + old.len();
        if text.get(range.clone()) == Some(old) {
            text.replace_range(range, new);
        }
    }

    /// One change for two, if the second touches what the first put in: over the hull of both.
    fn joined(&self, second: &Self) -> Option<Self> {
        let (first_end, second_end) = (
            self.start + self.after.len(),
            second.start + second.before.len(),
        );
        if second.start > first_end || self.start > second_end {
            return None;
        }
        // What each touches before and behind the other.
        let head_of_second = self.start.saturating_sub(second.start);
        let tail_of_second = second_end.saturating_sub(first_end);
        let head_of_first = second.start.saturating_sub(self.start);
        let tail_of_first = first_end.saturating_sub(second_end);
        let tail = |text: &str, length: usize| {
            text.get(text.len().checked_sub(length)?..)
                .map(str::to_owned)
        };
        let before = format!(
            "{}{}{}",
            second.before.get(..head_of_second)?,
            self.before,
            tail(&second.before, tail_of_second)?
        );
        let after = format!(
            "{}{}{}",
            self.after.get(..head_of_first)?,
            second.after,
            tail(&self.after, tail_of_first)?
        );
        Some(Self {
            start: self.start.min(second.start),
            before,
            after,
        })
    }
}

fn entries<V: Clone + PartialEq>(
    before: &BTreeMap<StateRef, V>,
    after: &BTreeMap<StateRef, V>,
) -> Vec<Entry<V>> {
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    let gone = gone.map(|(key, value)| (key.clone(), Some(value.clone()), None));
    let new = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(value));
    let new = new.map(|(key, value)| (key.clone(), before.get(key).cloned(), Some(value.clone())));
    gone.chain(new).collect()
}

fn turn_entries<V: Clone>(entries: &[Entry<V>], map: &mut BTreeMap<StateRef, V>, back: bool) {
    for (key, before, after) in entries {
        match if back { before } else { after } {
            Some(value) => map.insert(key.clone(), value.clone()),
            None => map.remove(key),
        };
    }
}

fn joined<V: Clone>(first: Vec<Entry<V>>, second: Vec<Entry<V>>) -> Vec<Entry<V>> {
    let mut all: BTreeMap<StateRef, (Option<V>, Option<V>)> = first
        .into_iter()
        .map(|(key, before, after)| (key, (before, after)))
        .collect();
    for (key, before, after) in second {
        match all.get_mut(&key) {
            Some(entry) => entry.1 = after,
            None => {
                all.insert(key, (before, after));
            }
        }
    }
    all.into_iter()
        .map(|(key, (before, after))| (key, before, after))
        .collect()
}
