//! Map states: their items, limits and iterations.

use super::evaluate::unexpected;
use super::groups::{Group, Iterations, Members};
use super::results::{Results, Tolerance};
use super::supply::Supply;
use super::thread::Thread;
use super::{Execution, Progress};
use crate::program::{Amount, MapNode, Node};
use crate::{Failure, Item};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Execution {
    pub(super) fn begin_map(
        &mut self,
        thread: &mut Thread,
        node: &Node,
        map: &MapNode,
    ) -> Result<Progress, Failure> {
        let input = self.effective_input(thread, node)?;
        if map.reader.is_some() {
            return self.read_items(thread, node, map, &input);
        }
        let items = self.items(thread, map, node.jsonata, &input)?;
        self.limit(thread, map, &input)?;
        if thread.rest.is_none() {
            self.emit(thread, "MapStateStarted", json!({ "length": items.len() }));
        }
        self.tolerance(thread, map, &input)?;
        let run = if map.processor.distributed {
            self.tell_map_run(thread, node, map)
        } else {
            String::new()
        };
        self.start_iterations(thread, map, Supply::of(items), input, run)
    }

    pub(super) fn items(
        &mut self,
        thread: &Thread,
        map: &MapNode,
        jsonata: bool,
        input: &Value,
    ) -> Result<Vec<Item>, Failure> {
        let (found, template, path) = if jsonata {
            match &map.items {
                Some(template) => (
                    self.query(thread, template, "Items", &[])?,
                    Some(template),
                    "$",
                ),
                None => (input.clone(), None, "$"),
            }
        } else {
            match &map.items_path {
                Some(path) => (self.at_path(thread, path, input)?, None, path.text()),
                None => (input.clone(), None, "$"),
            }
        };
        match found {
            Value::Array(items) => Ok(items.into_iter().map(Item::from).collect()),
            // Only a distributed Map goes through the keys and values of an object.
            Value::Object(fields) if map.processor.distributed => Ok(fields
                .into_iter()
                .map(|(key, value)| Item {
                    key: Some(key),
                    value,
                })
                .collect()),
            other if jsonata => Err(match template.and_then(|template| template.expression()) {
                Some(expression) => unexpected(expression, "Items", "array", &other),
                None => Failure::query(
                    format!("Map state input must be an array but was: {other}"),
                    None,
                ),
            }),
            _ => {
                // AWS tells a path into the context object as if it were one into the input.
                let path = path
                    .strip_prefix('$')
                    .filter(|path| path.starts_with('$'))
                    .unwrap_or(path);
                Err(Failure::runtime(format!(
                    "Reference path \"{path}\" must point to array."
                )))
            }
        }
    }

    /// How many iterations may run at once, as the state says it; nothing if it does not.
    pub(super) fn concurrency(
        &mut self,
        thread: &Thread,
        map: &MapNode,
        input: &Value,
    ) -> Result<Option<f64>, Failure> {
        let Some(amount) = &map.max_concurrency else {
            return Ok(None);
        };
        let concurrency = self.amount(thread, amount, "MaxConcurrency", input)?;
        if concurrency < 0.0 {
            return Err(Failure::runtime("MaxConcurrency cannot be negative."));
        }
        Ok(Some(concurrency))
    }

    /// How many iterations run at once.
    fn limit(&mut self, thread: &Thread, map: &MapNode, input: &Value) -> Result<usize, Failure> {
        let concurrency = self.concurrency(thread, map, input)?;
        let most = if map.processor.distributed {
            self.options.distributed_concurrency
        } else {
            self.options.inline_concurrency
        };
        let limit = match concurrency {
            Some(n) if n >= 1.0 => (n as usize).min(most),
            _ => most,
        };
        Ok(limit.max(1))
    }

    /// How many iterations may fail.
    pub(super) fn tolerance(
        &mut self,
        thread: &Thread,
        map: &MapNode,
        input: &Value,
    ) -> Result<Tolerance, Failure> {
        let mut amount = |amount: Option<&Amount>, field: &str| -> Result<Option<f64>, Failure> {
            amount
                .map(|amount| self.amount(thread, amount, field, input))
                .transpose()
        };
        let count = amount(map.tolerated_count.as_ref(), "ToleratedFailureCount")?;
        if count.is_some_and(|n| n < 0.0) {
            return Err(Failure::runtime(
                "ToleratedFailureCount cannot be negative.",
            ));
        }
        let percentage = amount(
            map.tolerated_percentage.as_ref(),
            "ToleratedFailurePercentage",
        )?;
        if percentage.is_some_and(|n| !(0.0..=100.0).contains(&n)) {
            return Err(Failure::runtime(
                "ToleratedFailurePercentage must be between 0 and 100.",
            ));
        }
        Ok(Tolerance { count, percentage })
    }

    /// Starts the iterations over items that are known now.
    pub(super) fn start_iterations(
        &mut self,
        thread: &mut Thread,
        map: &MapNode,
        supply: Supply,
        input: Arc<Value>,
        run: String,
    ) -> Result<Progress, Failure> {
        let limit = self.limit(thread, map, &input)?;
        let tolerance = self.tolerance(thread, map, &input)?;
        let supply = self.batched(thread, map, supply, &input)?;
        let node = Arc::clone(&thread.node);
        let run = if map.processor.distributed {
            Some(self.new_map_run(thread, &node, map, &input, run)?)
        } else {
            None
        };
        let group = Group {
            owner: thread.id,
            name: Arc::clone(&thread.node.name),
            input,
            results: match run {
                Some(_) => Results::bounded(),
                None => Results::default(),
            },
            members: Members::Iterations(Box::new(Iterations {
                flow: map.processor.flow,
                supply,
                tolerance,
                failed: 0,
                weights: BTreeMap::new(),
                run,
            })),
            next: 0,
            running: 0,
            limit,
            last: thread.last,
            end: thread.last,
            past: BTreeMap::new(),
        };
        self.start_group(thread, group)
    }
}
