//! A map by number whose lowest entry lies apart: most executions have one line of states and one history, and no tree to search.

use std::collections::BTreeMap;

/// Entries by number, the lowest that there ever is first.
#[derive(Clone, Debug)]
pub(super) struct MainFirst<T> {
    lowest: u64,
    main: Option<T>,
    others: BTreeMap<u64, T>,
}

impl<T> MainFirst<T> {
    /// An empty map that will hold no number below `lowest`.
    pub(super) fn new(lowest: u64) -> Self {
        Self {
            lowest,
            main: None,
            others: BTreeMap::new(),
        }
    }

    pub(super) fn get(&self, number: &u64) -> Option<&T> {
        if *number == self.lowest {
            self.main.as_ref()
        } else {
            self.others.get(number)
        }
    }

    pub(super) fn get_mut(&mut self, number: &u64) -> Option<&mut T> {
        if *number == self.lowest {
            self.main.as_mut()
        } else {
            self.others.get_mut(number)
        }
    }

    pub(super) fn insert(&mut self, number: u64, entry: T) -> Option<T> {
        if number == self.lowest {
            self.main.replace(entry)
        } else {
            self.others.insert(number, entry)
        }
    }

    pub(super) fn remove(&mut self, number: &u64) -> Option<T> {
        if *number == self.lowest {
            self.main.take()
        } else {
            self.others.remove(number)
        }
    }

    /// The entry of the lowest number.
    pub(super) fn first(&self) -> Option<(u64, &T)> {
        let main = self.main.as_ref().map(|entry| (self.lowest, entry));
        main.or_else(|| {
            self.others
                .first_key_value()
                .map(|(id, entry)| (*id, entry))
        })
    }

    pub(super) fn pop_first(&mut self) -> Option<(u64, T)> {
        match self.main.take() {
            Some(entry) => Some((self.lowest, entry)),
            None => self.others.pop_first(),
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = u64> {
        let main = self.main.as_ref().map(|_| self.lowest);
        main.into_iter().chain(self.others.keys().copied())
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.main.iter().chain(self.others.values())
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.main.iter_mut().chain(self.others.values_mut())
    }
}
