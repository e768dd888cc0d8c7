//! What the members of a group gave, and how many of them may fail.

use crate::Failure;
use crate::size::{MAX_PAYLOAD, spend};
use serde_json::Value;
use std::sync::Arc;

/// What members gave, by their place. Of a distributed Map only as much is kept as a state may give.
#[derive(Clone, Debug, Default)]
pub(super) struct Results {
    list: Vec<Option<Arc<Value>>>,
    /// Bytes that may come yet; none if there is no bound.
    room: Option<usize>,
    pub(super) too_large: bool,
}

impl Results {
    pub(super) fn bounded() -> Self {
        Self {
            room: Some(MAX_PAYLOAD),
            ..Self::default()
        }
    }

    pub(super) fn set(&mut self, index: usize, value: Arc<Value>) {
        if let Some(room) = &mut self.room {
            self.too_large |= !spend(&value, room);
            if self.too_large {
                self.list = Vec::new();
                return;
            }
        }
        if self.list.len() <= index {
            self.list.resize(index + 1, None);
        }
        if let Some(place) = self.list.get_mut(index) {
            *place = Some(value);
        }
    }

    /// What the member at this place gave, if it did and it is kept.
    pub(super) fn get(&self, index: usize) -> Option<&Arc<Value>> {
        self.list.get(index)?.as_ref()
    }

    /// All that is kept, with its place.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, &Arc<Value>)> {
        self.list
            .iter()
            .enumerate()
            .filter_map(|(index, value)| Some((index, value.as_ref()?)))
    }

    pub(super) fn into_value(self) -> Value {
        self.list
            .into_iter()
            .flatten()
            .map(Arc::unwrap_or_clone)
            .collect()
    }
}

/// Failures that are put up with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tolerance {
    pub(super) count: Option<f64>,
    pub(super) percentage: Option<f64>,
}

impl Tolerance {
    pub(super) fn is_set(self) -> bool {
        self.count.is_some() || self.percentage.is_some()
    }

    /// Whether more failed than is put up with. While nobody knows of how many, a percentage is not exceeded.
    pub(super) fn is_exceeded(self, failed: usize, of: Option<usize>) -> bool {
        let failed = failed as f64;
        match (self.count, self.percentage) {
            (None, None) => failed > 0.0,
            (count, percentage) => {
                count.is_some_and(|count| failed > count)
                    || of
                        .zip(percentage)
                        .is_some_and(|(of, percentage)| failed * 100.0 > percentage * of as f64)
            }
        }
    }
}

/// More iterations failed than are put up with.
pub(super) fn threshold_exceeded() -> Failure {
    Failure::work(
        "States.ExceedToleratedFailureThreshold",
        "The specified tolerated failure threshold was exceeded",
    )
}
