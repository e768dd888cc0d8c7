//! Map states: their items, limits and iterations.

use super::evaluate::unexpected;
use super::groups::{Group, Members, Tolerance};
use super::thread::Thread;
use super::{Execution, Progress};
use crate::program::{Amount, Kind, MapNode, Node};
use crate::{ChildResult, Failure};
use serde_json::{Map, Value, json};
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
        let map_run = if map.processor.distributed {
            self.tell_map_run(thread)
        } else {
            String::new()
        };
        self.start_iterations(thread, map, items, input, map_run)
    }

    pub(super) fn items(
        &mut self,
        thread: &Thread,
        map: &MapNode,
        jsonata: bool,
        input: &Value,
    ) -> Result<Vec<Value>, Failure> {
        if jsonata {
            let Some(template) = &map.items else {
                return match input {
                    Value::Array(items) => Ok(items.clone()),
                    other => Err(Failure::query(
                        format!("Map state input must be an array but was: {other}"),
                        None,
                    )),
                };
            };
            return match self.query(thread, template, "Items", &[])? {
                Value::Array(items) => Ok(items),
                other => Err(match template.expression() {
                    Some(expression) => unexpected(expression, "Items", "array", &other),
                    None => Failure::query(
                        format!("Map state input must be an array but was: {other}"),
                        None,
                    ),
                }),
            };
        }
        let (found, path) = match &map.items_path {
            Some(path) => (self.at_path(thread, path, input)?, path.text()),
            None => (input.clone(), "$"),
        };
        // AWS tells a path into the context object as if it were one into the input.
        let path = path
            .strip_prefix('$')
            .filter(|path| path.starts_with('$'))
            .unwrap_or(path);
        match found {
            Value::Array(items) => Ok(items),
            _ => Err(Failure::runtime(format!(
                "Reference path \"{path}\" must point to array."
            ))),
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
        items: Vec<Value>,
        input: Arc<Value>,
        map_run: String,
    ) -> Result<Progress, Failure> {
        let limit = self.limit(thread, map, &input)?;
        let tolerance = self.tolerance(thread, map, &input)?;
        let items = self.batches(thread, map, items, &input)?;
        let count = items.len();
        let record = map.writer.as_ref().map(|_| {
            (0..count)
                .map(|index| ChildResult {
                    name: index.to_string(),
                    input: Arc::new(Value::Null),
                    output: Ok(Arc::new(Value::Null)),
                })
                .collect()
        });
        let group = Group {
            owner: thread.id,
            name: Arc::clone(&thread.node.name),
            input,
            members: Members::Iterations {
                flow: map.processor.flow,
                items: Arc::new(items),
                distributed: map.processor.distributed,
                tolerance,
                map_run,
                record,
            },
            results: vec![None; count],
            next: 0,
            running: 0,
            limit,
            failed: 0,
            last: thread.last,
            end: thread.last,
            past: std::collections::BTreeMap::new(),
        };
        self.start_group(thread, group)
    }

    /// An iteration's input: the item, or what `ItemSelector` makes of it. Batches were made of such already.
    pub(super) fn item_input(
        &mut self,
        owner: &mut Thread,
        context: &Arc<Value>,
        item: Value,
        data: &Arc<Value>,
    ) -> Result<Value, Failure> {
        let node = Arc::clone(&owner.node);
        let Kind::Map(map) = &node.kind else {
            return Ok(item);
        };
        match &map.selector {
            Some(selector) if map.batcher.is_none() => {
                let outer = owner.item.replace(Arc::clone(context));
                let value = self.either(owner, selector, "ItemSelector", data);
                owner.item = outer;
                value
            }
            _ => Ok(item),
        }
    }

    /// Groups items by `ItemBatcher`.
    pub(super) fn batches(
        &mut self,
        thread: &mut Thread,
        map: &MapNode,
        items: Vec<Value>,
        input: &Arc<Value>,
    ) -> Result<Vec<Value>, Failure> {
        let Some(batcher) = &map.batcher else {
            return Ok(items);
        };
        let mut amount = |amount: Option<&Amount>, field: &str| -> Result<Option<f64>, Failure> {
            amount
                .map(|amount| self.amount(thread, amount, field, input))
                .transpose()
        };
        let max_items = amount(batcher.max_items.as_ref(), "MaxItemsPerBatch")?;
        let max_bytes = amount(batcher.max_bytes.as_ref(), "MaxInputBytesPerBatch")?;
        let shared = batcher
            .input
            .as_ref()
            .map(|template| self.either(thread, template, "ItemBatcher/BatchInput", input))
            .transpose()?;
        let max_items = max_items
            .filter(|n| *n >= 1.0)
            .map_or(usize::MAX, |n| n as usize);
        let max_bytes = max_bytes
            .filter(|n| *n >= 1.0)
            .map_or(usize::MAX, |n| n as usize);
        let mut batches = Vec::new();
        let mut batch: Vec<Value> = Vec::new();
        let mut bytes = 0;
        for (index, item) in items.into_iter().enumerate() {
            let context = Arc::new(json!({ "Item": { "Index": index, "Value": item } }));
            let item = match &map.selector {
                Some(selector) => {
                    let outer = thread.item.replace(context);
                    let value = self.either(thread, selector, "ItemSelector", input);
                    thread.item = outer;
                    value?
                }
                None => item,
            };
            let size = item.to_string().len() + 1;
            if !batch.is_empty() && (batch.len() >= max_items || bytes + size > max_bytes) {
                batches.push(finish_batch(&mut batch, shared.as_ref()));
                bytes = 0;
            }
            bytes += size;
            batch.push(item);
        }
        if !batch.is_empty() {
            batches.push(finish_batch(&mut batch, shared.as_ref()));
        }
        Ok(batches)
    }
}

fn finish_batch(items: &mut Vec<Value>, shared: Option<&Value>) -> Value {
    let mut batch = Map::new();
    if let Some(shared) = shared {
        batch.insert("BatchInput".to_owned(), shared.clone());
    }
    batch.insert("Items".to_owned(), Value::Array(std::mem::take(items)));
    Value::Object(batch)
}
