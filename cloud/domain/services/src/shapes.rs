//! The shapes of answers, read from `data/shapes.bin` (`data/generate.py` tells its form).

use flate2::read::DeflateDecoder;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io::Read as _;
use std::sync::{Arc, LazyLock, Mutex};

static FILE: &[u8] = include_bytes!("../data/shapes.bin");

static INDEX: LazyLock<Index> = LazyLock::new(Index::read);

static UNPACKED: LazyLock<Mutex<HashMap<String, Arc<Service>>>> = LazyLock::new(Mutex::default);

/// Where each service's shapes lie.
struct Index {
    services: Map<String, Value>,
    bodies: &'static [u8],
}

/// The shapes of one service.
#[derive(Debug)]
pub(crate) struct Service {
    operations: Map<String, Value>,
    shapes: Vec<Value>,
}

impl Index {
    fn read() -> Self {
        let read = || -> Option<Self> {
            let (length, rest) = FILE.split_first_chunk::<4>()?;
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            let (index, bodies) = rest.split_at_checked(length)?;
            Some(Self {
                services: serde_json::from_slice(index).ok()?,
                bodies,
            })
        };
        read().unwrap_or(Self {
            services: Map::new(),
            bodies: &[],
        })
    }

    fn unpack(&self, service: &str) -> Option<Service> {
        let at = self.services.get(service)?;
        let number = |index: usize| usize::try_from(at.get(index)?.as_u64()?).ok();
        let body = self.bodies.get(number(0)?..)?.get(..number(1)?)?;
        let mut text = String::new();
        DeflateDecoder::new(body).read_to_string(&mut text).ok()?;
        let (operations, shapes) = serde_json::from_str(&text).ok()?;
        Some(Service { operations, shapes })
    }
}

/// The shapes of a service, named as in `aws-sdk:SERVICE:…`.
pub(crate) fn service(name: &str) -> Option<Arc<Service>> {
    let known =
        |name: &str| -> Option<Arc<Service>> { Some(Arc::clone(UNPACKED.lock().ok()?.get(name)?)) };
    if let Some(known) = known(name) {
        return Some(known);
    }
    let service = Arc::new(INDEX.unpack(name)?);
    if let Ok(mut unpacked) = UNPACKED.lock() {
        unpacked.insert(name.to_owned(), Arc::clone(&service));
    }
    Some(service)
}

impl Service {
    /// What an operation answers, by its name in any case; none if it is unknown or answers nothing.
    pub(crate) fn output(&self, operation: &str) -> Option<&Value> {
        let (_, shape) = self
            .operations
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(operation))?;
        Some(self.resolve(shape))
    }

    /// The shape that a reference is about.
    pub(crate) fn resolve<'a>(&'a self, shape: &'a Value) -> &'a Value {
        shape
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .and_then(|number| self.shapes.get(number))
            .unwrap_or(shape)
    }
}

#[cfg(test)]
pub(crate) fn names() -> Vec<&'static str> {
    INDEX.services.keys().map(String::as_str).collect()
}
