use super::{EditError, Format, Source, apply};
use crate::pointer::{join, join_index};
use serde_json::{Value, json};

/// A small generator of numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    fn name(&mut self) -> String {
        [
            "a", "b", "Next", "x y", "é", "q\"", "n\nl", "yes", "1", "~/", "- d", "#c", "k: v", "",
        ][self.roll(14)]
        .to_owned()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.roll(if depth > 2 { 6 } else { 8 }) {
            0 => json!(null),
            1 => json!(self.roll(2) == 0),
            2 => json!(self.roll(1000)),
            3 => json!(1.5),
            4 => json!(self.name()),
            5 => json!("line 1\n  line 2\n\nline 4"),
            6 => (0..self.roll(4)).map(|_| self.value(depth + 1)).collect(),
            _ => {
                let mut map = serde_json::Map::new();
                for _ in 0..self.roll(4) {
                    map.insert(self.name(), self.value(depth + 1));
                }
                Value::Object(map)
            }
        }
    }

    /// The same with some parts added, taken away, moved or changed.
    fn vary(&mut self, value: Value) -> Value {
        match value {
            Value::Array(mut items) => {
                for _ in 0..self.roll(3) {
                    let at = self.roll(items.len() + 1);
                    items.insert(at, self.value(2));
                }
                if !items.is_empty() && self.roll(2) == 0 {
                    items.remove(self.roll(items.len()));
                }
                items.into_iter().map(|item| self.vary(item)).collect()
            }
            Value::Object(map) => {
                let mut map: serde_json::Map<String, Value> = map
                    .into_iter()
                    .map(|(key, value)| (key, self.vary(value)))
                    .collect();
                if !map.is_empty() && self.roll(2) == 0 {
                    let at = self.roll(map.len());
                    let key = map.keys().nth(at).cloned().unwrap();
                    let value = map.shift_remove(&key).unwrap();
                    if self.roll(2) == 0 {
                        map.shift_insert(self.roll(map.len() + 1), key, value);
                    }
                }
                if self.roll(2) == 0 {
                    map.insert(self.name(), self.value(2));
                }
                Value::Object(map)
            }
            other if self.roll(4) > 0 => other,
            _ => self.value(2),
        }
    }

    /// The pointer of a random value, not the root if that has children.
    fn pointer(&mut self, value: &Value) -> String {
        let mut pointer = String::new();
        let mut at = value;
        loop {
            let count =
                at.as_object().map_or(0, |map| map.len()) + at.as_array().map_or(0, Vec::len);
            if count == 0 || (!pointer.is_empty() && self.roll(3) == 0) {
                return pointer;
            }
            let child = self.roll(count);
            match at {
                Value::Array(items) => {
                    pointer = join_index(&pointer, child);
                    at = &items[child];
                }
                _ => {
                    let (key, value) = at.as_object().unwrap().iter().nth(child).unwrap();
                    pointer = join(&pointer, key);
                    at = value;
                }
            }
        }
    }
}

#[test]
fn random_edits_agree_with_a_model() {
    let styles = [
        (Format::Json, true),
        (Format::Json, false),
        (Format::Yaml, true),
        (Format::Yaml, false),
    ];
    for seed in 1..120_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let (format, spread) = styles[dice.roll(4)];
        let mut model = json!({"a": dice.value(0), "b": {"c": 1}});
        let mut text = match spread {
            true => super::format(&model.to_string(), format).unwrap(),
            false => model.to_string(),
        };
        if seed % 5 == 0 {
            text = text.replace('\n', "\r\n");
        }
        for _ in 0..8 {
            let source = Source::new(text.clone(), format);
            assert_eq!(
                source.value().map(|v| v.to_string()),
                Some(model.to_string()),
                "{text}"
            );
            let pointer = dice.pointer(&model);
            let Some((parent, token)) = crate::pointer::split(&pointer) else {
                break;
            };
            let siblings = model.pointer(parent).unwrap();
            let count = siblings.as_object().map_or(0, |map| map.len())
                + siblings.as_array().map_or(0, Vec::len);
            let position = dice.roll(count);
            let value = dice.value(1);
            let name = dice.name();
            let edits = match dice.roll(5) {
                0 => {
                    // Half of the time something similar, so that only parts of it change.
                    let similar = model.pointer(&pointer).cloned().unwrap();
                    let value = match dice.roll(2) {
                        0 => dice.vary(similar),
                        _ => value,
                    };
                    *model.pointer_mut(&pointer).unwrap() = value.clone();
                    source.set(&pointer, &value)
                }
                1 => {
                    let edits = source.insert(parent, &name, &value, position);
                    if edits.is_ok() {
                        match model.pointer_mut(parent).unwrap() {
                            Value::Array(items) => items.insert(position, value),
                            other => {
                                other
                                    .as_object_mut()
                                    .unwrap()
                                    .shift_insert(position, name, value);
                            }
                        }
                    }
                    edits
                }
                2 => {
                    match model.pointer_mut(parent).unwrap() {
                        Value::Array(items) => {
                            items.remove(token.parse().unwrap());
                        }
                        other => {
                            other.as_object_mut().unwrap().shift_remove(&token);
                        }
                    }
                    source.remove(&pointer)
                }
                3 => {
                    match model.pointer_mut(parent).unwrap() {
                        Value::Array(items) => {
                            let item = items.remove(token.parse().unwrap());
                            items.insert(position, item);
                        }
                        other => {
                            let map = other.as_object_mut().unwrap();
                            let value = map.shift_remove(&token).unwrap();
                            map.shift_insert(position, token, value);
                        }
                    }
                    source.move_to(&pointer, position)
                }
                _ => {
                    let edits = source.rename_key(&pointer, &name);
                    if edits.is_ok() && name != token {
                        let map = model.pointer_mut(parent).unwrap().as_object_mut().unwrap();
                        let at = map.keys().position(|key| *key == token).unwrap();
                        let value = map.shift_remove(&token).unwrap();
                        map.shift_insert(at, name, value);
                    }
                    edits
                }
            };
            match edits {
                Ok(edits) => text = apply(&text, &edits),
                Err(EditError::Taken(_) | EditError::NotAContainer(_)) => {}
                Err(error) => panic!("{error} at {pointer} of {text}"),
            }
        }
    }
}
