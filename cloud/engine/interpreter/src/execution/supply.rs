//! The items that a Map state has still to do, as they come, and the iterations' inputs that are made of them.

use super::Execution;
use super::thread::Thread;
use crate::program::{Amount, Kind, MapNode};
use crate::size::MAX_PAYLOAD;
use crate::{Effect, Failure, Item, ItemsPart};
use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::sync::Arc;

/// Where items come from that were not read.
const STATE_DATA: &str = "STATE_DATA";

/// Items that wait for their turn. When they run out, more may be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Supply {
    waiting: VecDeque<(Item, Arc<str>)>,
    /// The reading that gives more, if there may be more.
    reading: Option<u64>,
    /// Whether it has been asked.
    asked: bool,
    /// Items that have had their turn.
    taken: usize,
    batch: Option<Batch>,
}

/// How items are grouped, and the group that is not complete yet.
#[derive(Clone, Debug)]
struct Batch {
    max_items: usize,
    max_bytes: usize,
    shared: Option<Value>,
    /// Bytes of a batch without items.
    frame: usize,
    items: Vec<Value>,
    bytes: usize,
    /// The item that did not fit into the batch before.
    held: Option<(Value, usize)>,
}

/// An iteration's input and what it stands for.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) input: Value,
    /// `$$.Map`
    pub(super) context: Arc<Value>,
    /// Items that it is made of.
    pub(super) items: usize,
}

/// The next iteration, if there is one by now.
#[derive(Debug)]
pub(super) enum NextTurn {
    Now(Turn),
    /// More has to be read first.
    Later,
    Never,
}

impl Supply {
    pub(super) fn of(items: Vec<Item>) -> Self {
        let source: Arc<str> = STATE_DATA.into();
        Self {
            waiting: items
                .into_iter()
                .map(|item| (item, Arc::clone(&source)))
                .collect(),
            ..Self::default()
        }
    }

    pub(super) fn read(part: ItemsPart, reading: u64) -> Self {
        let mut supply = Self {
            reading: Some(reading),
            ..Self::default()
        };
        supply.add(part);
        supply
    }

    /// Takes what was read.
    pub(super) fn add(&mut self, part: ItemsPart) {
        self.asked = false;
        if !part.more {
            self.reading = None;
        }
        let source = &part.source;
        self.waiting.extend(
            part.items
                .into_iter()
                .map(|item| (item, Arc::clone(source))),
        );
    }

    pub(super) fn reading(&self) -> Option<u64> {
        self.reading
    }

    /// All items, if that is known.
    pub(super) fn count(&self) -> Option<usize> {
        self.reading
            .is_none()
            .then_some(self.taken + self.waiting.len())
    }

    /// Items whose turn will not come.
    pub(super) fn left(&mut self) -> Vec<Value> {
        let batched = self.batch.take().into_iter().flat_map(|batch| {
            batch
                .items
                .into_iter()
                .chain(batch.held.map(|(item, _)| item))
        });
        let waiting = self.waiting.drain(..).map(|(item, _)| item.value);
        batched.chain(waiting).collect()
    }

    /// The name to ask for more under, if it is time to.
    fn ask(&mut self, low: usize) -> Option<u64> {
        let reading = self
            .reading
            .filter(|_| !self.asked && self.waiting.len() < low)?;
        self.asked = true;
        Some(reading)
    }
}

impl Batch {
    /// Bytes that an item adds to a batch.
    fn adds(&self, size: usize) -> usize {
        size + usize::from(!self.items.is_empty())
    }

    fn has_room(&self, size: usize) -> bool {
        self.items.is_empty()
            || self.items.len() < self.max_items
                && self.frame + self.bytes + self.adds(size) <= self.max_bytes
    }

    fn push(&mut self, item: Value, size: usize) {
        self.bytes += self.adds(size);
        self.items.push(item);
    }

    fn finish(&mut self) -> Value {
        self.bytes = 0;
        let items = std::mem::take(&mut self.items);
        if let Some((item, size)) = self.held.take() {
            self.push(item, size);
        }
        batch_of(items, self.shared.as_ref())
    }
}

fn batch_of(items: Vec<Value>, shared: Option<&Value>) -> Value {
    let mut batch = Map::new();
    if let Some(shared) = shared {
        batch.insert("BatchInput".to_owned(), shared.clone());
    }
    batch.insert("Items".to_owned(), Value::Array(items));
    Value::Object(batch)
}

/// `$$.Map` of an item.
fn context_of(index: usize, item: &Item, source: &str) -> Arc<Value> {
    let mut about = Map::new();
    about.insert("Index".to_owned(), index.into());
    if let Some(key) = &item.key {
        about.insert("Key".to_owned(), key.as_str().into());
    }
    about.insert("Value".to_owned(), item.value.clone());
    if !source.is_empty() {
        about.insert("Source".to_owned(), source.into());
    }
    Arc::new(json!({ "Item": about }))
}

impl Execution {
    /// Has items grouped as `ItemBatcher` says.
    pub(super) fn batched(
        &mut self,
        thread: &mut Thread,
        map: &MapNode,
        mut supply: Supply,
        input: &Arc<Value>,
    ) -> Result<Supply, Failure> {
        let Some(batcher) = &map.batcher else {
            return Ok(supply);
        };
        let mut most = |amount: Option<&Amount>, field: &str| -> Result<Option<usize>, Failure> {
            let amount = amount
                .map(|amount| self.amount(thread, amount, field, input))
                .transpose()?;
            Ok(amount.filter(|n| *n >= 1.0).map(|n| n as usize))
        };
        let max_items = most(batcher.max_items.as_ref(), "MaxItemsPerBatch")?;
        let max_bytes = most(batcher.max_bytes.as_ref(), "MaxInputBytesPerBatch")?;
        let shared = batcher
            .input
            .as_ref()
            .map(|template| self.either(thread, template, "ItemBatcher/BatchInput", input))
            .transpose()?;
        supply.batch = Some(Batch {
            max_items: max_items.unwrap_or(usize::MAX),
            max_bytes: max_bytes.unwrap_or(MAX_PAYLOAD).min(MAX_PAYLOAD),
            frame: batch_of(Vec::new(), shared.as_ref()).to_string().len(),
            shared,
            items: Vec::new(),
            bytes: 0,
            held: None,
        });
        Ok(supply)
    }

    /// The input of iteration `index`: an item, what `ItemSelector` makes of it, or a batch of such.
    pub(super) fn next_turn(
        &mut self,
        owner: &mut Thread,
        supply: &mut Supply,
        index: usize,
        data: &Arc<Value>,
    ) -> Result<NextTurn, Failure> {
        let Some(mut batch) = supply.batch.take() else {
            let Some((item, source)) = supply.waiting.pop_front() else {
                return Ok(match supply.reading {
                    Some(_) => NextTurn::Later,
                    None => NextTurn::Never,
                });
            };
            supply.taken += 1;
            let context = context_of(index, &item, &source);
            let input = self.selected(owner, &context, item, data)?;
            let items = 1;
            return Ok(NextTurn::Now(Turn {
                input,
                context,
                items,
            }));
        };
        let turn = self.next_batch(owner, supply, &mut batch, index, data);
        supply.batch = Some(batch);
        turn
    }

    fn next_batch(
        &mut self,
        owner: &mut Thread,
        supply: &mut Supply,
        batch: &mut Batch,
        index: usize,
        data: &Arc<Value>,
    ) -> Result<NextTurn, Failure> {
        while batch.held.is_none() && batch.items.len() < batch.max_items {
            let Some((item, source)) = supply.waiting.pop_front() else {
                if supply.reading.is_some() {
                    return Ok(NextTurn::Later);
                }
                break;
            };
            let context = context_of(supply.taken, &item, &source);
            supply.taken += 1;
            let item = self.selected(owner, &context, item, data)?;
            let size = item.to_string().len();
            if batch.has_room(size) {
                batch.push(item, size);
            } else {
                batch.held = Some((item, size));
            }
        }
        if batch.items.is_empty() {
            return Ok(NextTurn::Never);
        }
        let items = batch.items.len();
        let input = batch.finish();
        let context = Arc::new(json!({ "Item": { "Index": index, "Value": input } }));
        Ok(NextTurn::Now(Turn {
            input,
            context,
            items,
        }))
    }

    fn selected(
        &mut self,
        owner: &mut Thread,
        context: &Arc<Value>,
        item: Item,
        data: &Arc<Value>,
    ) -> Result<Value, Failure> {
        let node = Arc::clone(&owner.node);
        let Kind::Map(map) = &node.kind else {
            return Ok(item.into_input());
        };
        match &map.selector {
            Some(selector) => {
                let outer = owner.item.replace(Arc::clone(context));
                let value = self.either(owner, selector, "ItemSelector", data);
                owner.item = outer;
                value
            }
            None => Ok(item.into_input()),
        }
    }

    /// Asks for more items when few are left.
    pub(super) fn refill(&mut self, owner: u64, supply: &mut Supply, low: usize) {
        if let Some(id) = supply.ask(low) {
            self.waiting.insert(id, owner);
            self.effects.push(Effect::ReadMore { id });
        }
    }
}
