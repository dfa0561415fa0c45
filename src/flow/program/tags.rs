//! What is written with every sample of an iteration: the plan's tags, and the clip that it sends.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::audio::Clip;
use crate::template::{Bound, Values};

/// The tags of a flow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tags {
    /// Tags of the plan, in its order.
    pub(crate) own: Vec<(String, Tag)>,
    /// The pool whose clip is named, where the flow sends one.
    pub(crate) pool: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum Tag {
    /// The same for every iteration.
    Fixed(Value),
    /// Filled in at the end of each.
    Live(Bound),
}

impl Tags {
    /// The tags of an iteration as JSON; the text of the last one where nothing has changed. `None` where there are none.
    pub(crate) fn of(
        &self,
        values: &Values,
        clip: Option<&Clip>,
        last: Option<&Arc<str>>,
    ) -> Option<Arc<str>> {
        if self.own.is_empty() && self.pool.is_none() {
            return None;
        }
        let fixed =
            self.pool.is_none() && self.own.iter().all(|(_, tag)| matches!(tag, Tag::Fixed(_)));
        if let Some(last) = last.filter(|_| fixed) {
            return Some(Arc::clone(last));
        }
        let mut all = Map::new();
        if let Some(clip) = clip {
            all.insert("file".to_owned(), clip.name.as_str().into());
            all.insert("length".to_owned(), clip.length_class().into());
        }
        for (name, tag) in &self.own {
            match tag {
                Tag::Fixed(value) => drop(all.insert(name.clone(), value.clone())),
                // What the iteration did not get to has no value, which is not an empty one.
                Tag::Live(bound) => drop(
                    bound
                        .value(values)
                        .map(|value| all.insert(name.clone(), value)),
                ),
            }
        }
        let text = Value::Object(all).to_string();
        Some(
            last.filter(|last| ***last == *text)
                .map_or_else(|| text.into(), Arc::clone),
        )
    }
}
