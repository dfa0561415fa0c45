//! A compiled flow.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::built_in::{BuiltIn, mix};
use super::op::Op;
use super::setup::SharedSetup;
use super::step::CompiledStep;
use super::tags::Tags;
use crate::audio::Pool;
use crate::template::Slot;

/// A flow of one load, compiled: shared by all its users on all threads.
#[derive(Debug, Clone)]
pub struct Flow {
    pub(crate) steps: Vec<CompiledStep>,
    /// What each iteration does.
    pub(crate) body: Vec<Op>,
    /// What is done once, before the first iteration.
    pub(crate) setup: Vec<Op>,
    /// What users share of that, by the place among the steps that one user does for all.
    pub(crate) shared: Arc<[SharedSetup]>,
    /// Where captures of what is done once stay.
    pub(crate) kept: Vec<Slot>,
    pub(crate) pools: BTreeMap<String, Arc<Pool>>,
    pub(crate) built_in: BuiltIn,
    pub(crate) tags: Tags,
    /// The value that the load is split by.
    pub(crate) split: Option<Slot>,
    /// A step captures that value.
    pub(crate) split_captured: bool,
    /// Orders pauses.
    pub(crate) seed: u64,
    /// Makes what must be unique differ from run to run.
    pub(crate) nonce: u64,
    /// Whether each transcript is kept.
    pub(crate) transcripts: bool,
}

impl Flow {
    /// The same flow for another run: what one user does for all is to be done again, and what must be unique differs.
    #[must_use]
    pub fn for_run(&self, salt: u64) -> Self {
        let shared = self.shared.iter().map(|_| SharedSetup::default()).collect();
        Self {
            shared,
            nonce: mix(self.nonce ^ mix(salt)),
            ..self.clone()
        }
    }

    /// How many iterations the pools and tables that the flow uses last for; `None` without an end.
    #[must_use]
    pub fn lasts(&self) -> Option<u64> {
        self.pools
            .values()
            .filter_map(|pool| pool.lasts())
            .chain(self.built_in.lasts())
            .min()
    }

    /// The names of the pools whose clips it sends or names.
    pub fn pools(&self) -> impl Iterator<Item = &str> {
        self.pools.keys().map(String::as_str)
    }

    /// Whether a reply of the target says what the load is split by.
    #[must_use]
    pub const fn is_split_by_capture(&self) -> bool {
        self.split_captured
    }
}
