//! Where the bars of a run lie on the time axis.

use super::run::{Outcome, RunModel};
use awm_api::Timestamp;

/// One visit's bar. Places are shares of the axis, from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The visit.
    pub visit: u64,
    /// The state as a JSON Pointer.
    pub state: String,
    /// The state's name, with iterations and branches around it.
    pub label: String,
    /// How deep it is nested.
    pub depth: usize,
    /// Where it begins.
    pub start: f64,
    /// Where it ends; the axis' end while it goes on.
    pub end: f64,
    /// Where its further attempts begin.
    pub retries: Vec<f64>,
    /// How it ended.
    pub outcome: Outcome,
    /// Milliseconds; none while it goes on.
    pub duration: Option<i64>,
}

/// A mark on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The share of the axis.
    pub at: f64,
    /// The time since the run's start.
    pub label: String,
}

/// When the run began and how far the axis goes, in milliseconds; at least one.
pub fn extent(model: &RunModel, now: Timestamp) -> (Timestamp, i64) {
    let start = model
        .events
        .first()
        .map(|event| event.at)
        .or_else(|| model.summary.as_ref().map(|summary| summary.started_at))
        .unwrap_or(now);
    let end = if model.is_running() {
        now
    } else {
        let last = model.events.last().map_or(start, |event| event.at);
        model
            .summary
            .as_ref()
            .and_then(|summary| summary.ended_at)
            .unwrap_or(last)
            .max(last)
    };
    (start, (end - start).max(1))
}

/// The bars in the order of entry; `now` ends those that go on.
pub fn bars(model: &RunModel, now: Timestamp) -> Vec<Bar> {
    let (start, length) = extent(model, now);
    let share = |at: Timestamp| ((at - start) as f64 / length as f64).clamp(0.0, 1.0);
    model
        .visits
        .iter()
        .map(|visit| Bar {
            visit: visit.id,
            state: visit.state.clone(),
            label: if visit.within.is_empty() {
                visit.name.clone()
            } else {
                let within: Vec<String> = visit.within.iter().map(u32::to_string).collect();
                format!("{} [{}]", visit.name, within.join("."))
            },
            depth: visit.within.len(),
            start: share(visit.entered_at),
            end: visit.ended_at.map_or(1.0, share),
            retries: visit.retries.iter().map(|at| share(*at)).collect(),
            outcome: visit.outcome,
            duration: visit.duration(),
        })
        .collect()
}

/// The marks of an axis of `length` milliseconds: round steps, at most `most` of them.
pub fn ticks(length: i64, most: u32) -> Vec<Tick> {
    let most = i64::from(most.max(1));
    let mut step = 1;
    // 1, 2, 5, 10, 20, 50 … up to a minute, then whole minutes and hours.
    let mut ladder = (0..5)
        .flat_map(|power| [1, 2, 5].map(|factor| factor * 10_i64.pow(power)))
        .filter(|step| *step < 60_000)
        .chain([
            60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000,
            86_400_000,
        ]);
    while length / step > most {
        step = ladder.next().unwrap_or_else(|| step.saturating_mul(2));
    }
    (0..=length / step)
        .map(|n| Tick {
            at: (n * step) as f64 / length.max(1) as f64,
            label: duration(n * step),
        })
        .collect()
}

/// The last event at or before a share of the axis: what "now" means while scrubbing.
pub fn event_at(model: &RunModel, share: f64, now: Timestamp) -> Option<u64> {
    let (start, length) = extent(model, now);
    let at = start + (share.clamp(0.0, 1.0) * length as f64).round() as i64;
    model
        .events
        .iter()
        .take_while(|event| event.at <= at)
        .last()
        .map(|event| event.id)
}

/// A length of time as it is read: `0 ms`, `340 ms`, `1.2 s`, `2 min 5 s`, `3 h 10 min`.
pub fn duration(ms: i64) -> String {
    match ms {
        ..1000 => format!("{ms} ms"),
        1000..10_000 => {
            let tenths = ms / 100;
            match tenths % 10 {
                0 => format!("{} s", tenths / 10),
                tenth => format!("{}.{tenth} s", tenths / 10),
            }
        }
        10_000..60_000 => format!("{} s", ms / 1000),
        60_000..3_600_000 => match ms / 1000 % 60 {
            0 => format!("{} min", ms / 60_000),
            s => format!("{} min {s} s", ms / 60_000),
        },
        _ => match ms / 60_000 % 60 {
            0 => format!("{} h", ms / 3_600_000),
            min => format!("{} h {min} min", ms / 3_600_000),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use awm_api::runs::{RunEvent, RunUpdate, Visit};
    use serde_json::Value;

    fn model(events: &[(i64, &str, Option<u64>)]) -> RunModel {
        let mut model = RunModel::default();
        for (n, (at, kind, visit)) in events.iter().enumerate() {
            model.apply(RunUpdate::Event {
                event: RunEvent {
                    id: n as u64 + 1,
                    previous: n as u64,
                    at: *at,
                    kind: (*kind).to_owned(),
                    details: Value::Null,
                    visit: visit.map(|id| Visit {
                        id,
                        state: format!("/States/{id}"),
                        name: id.to_string(),
                        within: Vec::new(),
                        data: None,
                    }),
                },
            });
        }
        model
    }

    #[test]
    fn bars_and_retries_lie_where_they_happened() {
        let model = model(&[
            (1000, "ExecutionStarted", None),
            (1000, "TaskStateEntered", Some(2)),
            (1000, "TaskScheduled", Some(2)),
            (1100, "TaskFailed", Some(2)),
            (1200, "TaskScheduled", Some(2)),
            (1300, "TaskStateExited", Some(2)),
            (1400, "ExecutionSucceeded", None),
        ]);
        let bars = bars(&model, 9_999);
        assert_eq!(
            (bars[0].start, bars[0].end, bars[0].retries.as_slice()),
            (0.0, 0.75, &[0.5][..])
        );
        assert_eq!(event_at(&model, 0.5, 9_999), Some(5));
        assert_eq!(event_at(&model, 0.0, 9_999), Some(3));
    }

    #[test]
    fn ticks_are_round() {
        let labels = |length, most| {
            ticks(length, most)
                .into_iter()
                .map(|tick| tick.label)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(labels(1, 5), "0 ms 1 ms");
        assert_eq!(labels(430, 5), "0 ms 100 ms 200 ms 300 ms 400 ms");
        assert_eq!(labels(7_000, 8), "0 ms 1 s 2 s 3 s 4 s 5 s 6 s 7 s");
        assert_eq!(labels(400_000, 4), "0 ms 2 min 4 min 6 min");
        assert!(ticks(i64::MAX / 4, 6).len() <= 8);
    }

    #[test]
    fn durations_read_well() {
        let read: Vec<_> = [0, 340, 1_200, 2_000, 12_345, 125_000, 11_400_000]
            .map(duration)
            .into();
        assert_eq!(
            read,
            [
                "0 ms",
                "340 ms",
                "1.2 s",
                "2 s",
                "12 s",
                "2 min 5 s",
                "3 h 10 min"
            ]
        );
    }
}
