//! What differs from the recorded session besides the numbers.

use std::collections::BTreeSet;

use super::page::Section;
use super::source::Source;
use super::table::{Row, Table};
use crate::report::clean;
use crate::summary::Machine;
use crate::units::{Unit, print};

/// The section of what changed; nothing where nothing did, or where nothing is recorded.
pub(super) fn changed(source: &Source<'_>) -> Option<Section> {
    let then = source.then?;
    let (old, new) = (then.recorded, source.summary);
    let mut rows: Vec<[String; 3]> = Vec::new();
    let mut add = |name: &str, before: String, now: String| {
        if before != now {
            rows.push([name.to_owned(), clean(&before), clean(&now)]);
        }
    };
    add("perfgate", old.tool.clone(), new.tool.clone());
    let work = |hash: &str| hash.chars().take(12).collect::<String>();
    if old.load_hash != new.load_hash {
        add("flows and loads of the plan (load hash)", work(&old.load_hash), work(&new.load_hash));
    }
    let names: BTreeSet<&String> = old.labels.keys().chain(new.labels.keys()).collect();
    for name in names {
        let value = |labels: &std::collections::BTreeMap<String, String>| {
            labels.get(name).map_or_else(|| "–".to_owned(), Clone::clone)
        };
        add(&format!("label {}", clean(name)), value(&old.labels), value(&new.labels));
    }
    for (whose, before, now) in [
        ("generator", Some(&old.generator), Some(&new.generator)),
        ("target", old.target.as_ref(), new.target.as_ref()),
    ] {
        for (name, part) in parts() {
            let value = |machine: Option<&Machine>| machine.map_or_else(|| "unknown".to_owned(), part);
            add(&format!("{name} of the {whose}"), value(before), value(now));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let mut section = Section::new("changed", "What changed besides the numbers");
    let which = if then.comparable {
        "newest comparable session"
    } else {
        "newest session of the baseline, which is not comparable:"
    };
    section.paragraph(format!(
        "Compared with the {which} {}, recorded because: {}. What is not listed is the same.",
        super::brief::brief(&clean(&old.session), source.budget.letters),
        super::brief::brief(&clean(&old.reason), source.budget.letters)
    ));
    let rows = rows.into_iter().map(Row::new).collect();
    section.table(Table::new("What differs", &["what", "then", "now"], rows, &source.budget));
    Some(section)
}

type Part = fn(&Machine) -> String;

fn parts() -> [(&'static str, Part); 5] {
    [
        ("processor", |machine| machine.cpu.clone()),
        ("number of processors", |machine| machine.cpus.to_string()),
        ("memory", |machine| print(machine.memory_bytes as f64, Unit::Bytes)),
        ("system", |machine| machine.os.clone()),
        ("kernel", |machine| machine.kernel.clone()),
    ]
}
