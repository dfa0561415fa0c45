//! Names that every iteration knows by itself: `vu`, `iteration`, `uuid`, `now`, the clip, and the row.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::clip::PickedClip;
use crate::audio::Pool;
use crate::flow::DataTable;
use crate::measure::Ticket;
use crate::template::{Slot, Slots, Values};

/// What every iteration knows of itself.
pub const OF_ITERATION: [&str; 4] = ["vu", "iteration", "uuid", "now"];
/// What it knows of the clip that it sends, behind the name of the pool.
pub const OF_CLIP: [&str; 6] = ["name", "seconds", "bytes", "base64", "text", "length"];

/// The built-in names that a flow's templates use.
#[derive(Debug, Clone, Default)]
pub(crate) struct BuiltIn {
    of_iteration: Vec<(&'static str, Slot)>,
    of_clip: Vec<(String, &'static str, Slot)>,
    /// A table, the place of a column in it, and its slot.
    of_row: Vec<(Arc<DataTable>, usize, Slot)>,
}

/// Every built-in name of a plan with these pools.
pub(crate) fn all<'a>(pools: impl Iterator<Item = &'a str>) -> Vec<String> {
    let clips = pools.flat_map(|pool| OF_CLIP.iter().map(move |what| format!("{pool}.{what}")));
    OF_ITERATION
        .iter()
        .map(|name| (*name).to_owned())
        .chain(clips)
        .collect()
}

impl BuiltIn {
    /// Those of the slots that are built in.
    pub(crate) fn of(
        slots: &Slots,
        pools: &BTreeMap<String, Arc<Pool>>,
        data: &BTreeMap<String, Arc<DataTable>>,
    ) -> Self {
        let of_iteration = OF_ITERATION
            .iter()
            .filter_map(|name| Some((*name, slots.find(name)?)))
            .collect();
        let clips = pools
            .keys()
            .flat_map(|pool| OF_CLIP.iter().map(move |what| (pool, *what)));
        let of_clip = clips.filter_map(|(pool, what)| {
            let slot = slots.find(&format!("{pool}.{what}"))?;
            Some((pool.clone(), what, slot))
        });
        let columns = data.iter().flat_map(|(name, table)| {
            table
                .columns()
                .iter()
                .enumerate()
                .map(move |(at, column)| (format!("{name}.{column}"), table, at))
        });
        let of_row = columns
            .filter_map(|(name, table, at)| Some((Arc::clone(table), at, slots.find(&name)?)));
        Self {
            of_iteration,
            of_clip: of_clip.collect(),
            of_row: of_row.collect(),
        }
    }

    /// How many iterations the tables that are used last for; `None` without an end.
    pub(crate) fn lasts(&self) -> Option<u64> {
        self.of_row
            .iter()
            .filter_map(|(table, _, _)| table.lasts())
            .min()
    }

    /// Sets them for one iteration. `nonce` makes uuids of different runs differ.
    pub(crate) fn set(
        &self,
        values: &mut Values,
        ticket: &Ticket,
        nonce: u64,
        sent: impl Fn(&str) -> Option<PickedClip>,
    ) {
        for (table, column, slot) in &self.of_row {
            if let Some(value) = table.value((ticket.n, ticket.vu), *column) {
                values.set(*slot, value.clone());
            }
        }
        for (name, slot) in &self.of_iteration {
            let value = match *name {
                "vu" => json!(ticket.vu),
                "iteration" => json!(ticket.n),
                "now" => json!(crate::clock::wall_now().to_string()),
                _ => json!(uuid(nonce, ticket.n)),
            };
            values.set(*slot, value);
        }
        for (pool, what, slot) in &self.of_clip {
            let Some(sent) = sent(pool) else { continue };
            let clip = &sent.clip;
            let value = match *what {
                "text" => match &clip.text {
                    Some(text) => json!(text),
                    None => continue,
                },
                "name" => json!(clip.name),
                "seconds" => json!(clip.seconds),
                "bytes" => json!(clip.wav.len()),
                "base64" => Value::String(sent.base64()),
                _ => json!(clip.length_class()),
            };
            values.set(*slot, value);
        }
    }
}

/// A version 4 UUID made of two rounds of SplitMix64.
fn uuid(nonce: u64, n: u64) -> String {
    let high = mix(nonce ^ mix(n));
    let low = mix(high ^ n);
    let (a, b, c) = (high >> 32, (high >> 16) & 0xffff, high & 0x0fff);
    let (d, e) = ((low >> 48) & 0x3fff | 0x8000, low & 0xffff_ffff_ffff);
    format!("{a:08x}-{b:04x}-4{c:03x}-{d:04x}-{e:012x}")
}

pub(crate) const fn mix(state: u64) -> u64 {
    let z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_have_their_form_and_do_not_repeat() {
        let all: std::collections::BTreeSet<_> = (0..1000).map(|n| uuid(7, n)).collect();
        assert_eq!(all.len(), 1000);
        let form = regex::Regex::new(
            "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        )
        .unwrap();
        assert!(
            all.iter().all(|uuid| form.is_match(uuid)),
            "{:?}",
            all.first()
        );
        assert_ne!(uuid(7, 1), uuid(8, 1));
    }
}
