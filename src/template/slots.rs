//! Where the values of an iteration are kept: names become indexes when a plan is compiled.

use std::sync::Arc;

use serde_json::Value;

/// The place of one name's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(usize);

/// The names of a flow, each with its slot.
#[derive(Debug, Clone, Default)]
pub struct Slots {
    names: Vec<Arc<str>>,
}

impl Slots {
    /// The slot of `name`, a new one where it has none yet.
    pub fn slot(&mut self, name: &str) -> Slot {
        self.find(name).unwrap_or_else(|| {
            self.names.push(name.into());
            Slot(self.names.len() - 1)
        })
    }

    /// The slot of `name`, where some template or capture has asked for one.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Slot> {
        self.names
            .iter()
            .position(|known| **known == *name)
            .map(Slot)
    }

    /// Every name with its slot, in the order of the slots.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Slot)> {
        self.names
            .iter()
            .enumerate()
            .map(|(at, name)| (&**name, Slot(at)))
    }

    pub(super) fn name(&self, slot: Slot) -> Arc<str> {
        self.names.get(slot.0).cloned().unwrap_or_default()
    }
}

/// The values of one VU, by slot.
#[derive(Debug, Clone, Default)]
pub struct Values {
    all: Vec<Option<Value>>,
}

impl Values {
    /// Sets a value, in place of an earlier one.
    pub fn set(&mut self, slot: Slot, value: Value) {
        if self.all.len() <= slot.0 {
            self.all.resize(slot.0 + 1, None);
        }
        self.all[slot.0] = Some(value);
    }

    /// The value of a slot, where it has one.
    #[must_use]
    pub fn get(&self, slot: Slot) -> Option<&Value> {
        self.all.get(slot.0).and_then(Option::as_ref)
    }

    /// Forgets every value but these; the memory is kept.
    pub fn clear_but(&mut self, kept: &[Slot]) {
        let gone = self
            .all
            .iter_mut()
            .enumerate()
            .filter(|(at, _)| !kept.contains(&Slot(*at)));
        gone.for_each(|(_, value)| *value = None);
    }

    /// Forgets every value; the memory is kept.
    pub fn clear(&mut self) {
        self.all.fill(None);
    }
}
