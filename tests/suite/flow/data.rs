//! Rows, tags and what a load is split by.

use std::collections::BTreeMap;

use perfgate::audio::{Clip, ClipKind, Pick, Pool, synthesize};
use perfgate::flow::{DataSpec, DataTable, RowPick};
use perfgate::measure::SampleKind;

use crate::support::flow_run::{FlowRun, Played, after};

fn table(rows: &str, pick: RowPick) -> DataTable {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("users.csv"), rows).unwrap();
    DataSpec {
        file: "users.csv".to_owned(),
        pick,
    }
    .load(folder.path(), 1)
    .unwrap()
}

fn clips() -> Pool {
    let clips = [("short.wav", 1.0), ("medium.wav", 5.0), ("long.wav", 12.0)];
    let clip = |(name, seconds)| {
        Clip::new(name, synthesize(ClipKind::Tone, seconds, 0, 0))
            .unwrap()
            .into()
    };
    Pool::new(clips.into_iter().map(clip).collect(), Pick::RoundRobin, 1)
}

const USERS: &str = "name,age\nann,3\nbob,4\ncid,5\n";

#[test]
fn each_iteration_has_its_row_and_a_list_ends_the_load() {
    let plan = "[[flow.main]]\nhttp.get = '/{{users.name}}/{{users.age + 1}}'\n";
    let run = |pick| {
        FlowRun::new(plan, "vus = 2\niterations = 7")
            .data("users", table(USERS, pick))
            .play(|_, _| after(1, 200, ""))
    };
    let played = run(RowPick::RoundRobin);
    let paths: Vec<_> = played.paths().into_iter().map(|what| &what[4..]).collect();
    assert_eq!(
        paths,
        [
            "/ann/4", "/bob/5", "/cid/6", "/ann/4", "/bob/5", "/cid/6", "/ann/4"
        ]
    );
    let played = run(RowPick::Sequential);
    assert_eq!((played.paths().len(), played.counts().ok), (3, 3));
}

#[test]
fn what_is_done_once_takes_the_row_of_its_user() {
    let plan = "[[flow.main]]\nname = 'login'\nonce = 'per-vu'\nhttp.post = '/{{users.name}}'\n[[flow.main]]\nname = 'a'\nhttp.get = '/'\n";
    let played = FlowRun::new(plan, "vus = 3\niterations = 3")
        .data("users", table(USERS, RowPick::RoundRobin))
        .play(|_, _| after(1, 200, ""));
    assert_eq!(played.paths()[..3], ["POST /ann", "POST /bob", "POST /cid"]);
}

/// The tags of every iteration, in order.
fn tags(played: &Played) -> Vec<String> {
    let mut all: Vec<(u64, String)> = Vec::new();
    for batch in &played.samples {
        let whole = batch
            .samples
            .iter()
            .filter(|sample| sample.kind == SampleKind::Iteration);
        all.extend(whole.map(|sample| (sample.n, batch.tags_of(sample).to_owned())));
    }
    all.sort();
    all.into_iter().map(|(_, tags)| tags).collect()
}

#[test]
fn samples_carry_the_tags_of_the_plan_and_of_the_clip() {
    let plan = "
        [tags]
        region = 'eu'
        worker = '{{worker}}'
        user = 'u-{{vu}}'
        [[flow.main]]
        http.post = '/'
        http.audio = 'speech'
        capture = { worker = '$.worker' }
    ";
    let played = FlowRun::new(plan, "vus = 1\niterations = 3")
        .pool("speech", clips())
        .play(|at, _| match at {
            0 => after(1, 200, r#"{"worker": 7}"#),
            _ => after(1, 200, "{}"),
        });
    assert_eq!(
        tags(&played),
        [
            r#"{"file":"short.wav","length":"short","region":"eu","worker":7,"user":"u-1"}"#,
            r#"{"file":"medium.wav","length":"medium","region":"eu","user":"u-1"}"#,
            r#"{"file":"long.wav","length":"long","region":"eu","user":"u-1"}"#,
        ]
    );
    for batch in &played.samples {
        let steps = batch
            .samples
            .iter()
            .filter(|sample| matches!(sample.kind, SampleKind::Exchange(_)));
        assert!(
            steps
                .map(|sample| batch.tags_of(sample))
                .all(|tags| tags.contains("file")),
            "steps carry them too"
        );
    }
}

#[test]
fn the_sample_of_an_iteration_has_its_values() {
    let played =
        FlowRun::new("[[flow.main]]\nhttp.get = '/'\n", "vus = 1\niterations = 2").play(|at, _| {
            match at {
                0 => after(25, 200, ""),
                _ => after(25, 500, ""),
            }
        });
    let batch = &played.samples[0];
    let of = |n: u64| -> BTreeMap<&str, f64> {
        let whole = batch
            .iter()
            .find(|(sample, _)| sample.n == n && sample.kind == SampleKind::Iteration)
            .unwrap()
            .1;
        let value = |value: perfgate::measure::Measurement| match value {
            perfgate::measure::Measurement::Known(value)
            | perfgate::measure::Measurement::Beyond(value) => value as f64 / 1e6,
        };
        whole
            .iter()
            .map(|(id, of)| (played.catalog.entry(*id).quantity.as_str(), value(*of)))
            .collect()
    };
    assert_eq!(
        of(0),
        BTreeMap::from([
            ("lag", 0.0),
            ("latency", 25.0),
            ("duration", 25.0),
            ("service", 25.0)
        ])
    );
    assert_eq!(
        of(1),
        BTreeMap::from([("lag", 0.0)]),
        "one that failed has no latency among the good ones"
    );
    assert_eq!(tags(&played), ["{}", "{}"]);
}

#[test]
fn a_load_is_split_by_what_was_captured() {
    let plan = "[[flow.main]]\nhttp.get = '/'\ncapture = { worker = '$.worker' }\n";
    let load = "vus = 2\niterations = 8\nsplit_by = 'worker'";
    let played = FlowRun::new(plan, load).workers(2).play(|at, _| match at {
        0..30 => after(10, 200, r#"{"worker": "w1"}"#),
        30..40 => after(10, 200, r#"{"worker": "w2"}"#),
        _ => after(10, 500, ""),
    });
    // At 0, 10 and 20 both users meet w1, at 30 they fail to: two more iterations with w2.
    let split = &played.result.stats.split;
    let parts: Vec<_> = split
        .parts()
        .map(|(value, part)| (value, part.counts.started, part.counts.ok))
        .collect();
    assert_eq!(parts, [("w1", 6, 6), ("w2", 2, 2)]);
    assert_eq!(split.imbalance(), Some(3.0));
    assert_eq!(split.parts().next().unwrap().1.latency.mean(), Some(10e6));
}

#[test]
fn a_load_is_split_by_the_length_of_its_clips() {
    let plan = "[[flow.main]]\nhttp.post = '/'\nhttp.audio = 'speech'\n";
    let load = "vus = 1\niterations = 5\nsplit_by = 'speech.length'";
    let played = FlowRun::new(plan, load)
        .pool("speech", clips())
        .play(|_, _| after(10, 200, ""));
    let parts: Vec<_> = played
        .result
        .stats
        .split
        .parts()
        .map(|(value, part)| (value, part.counts.ok))
        .collect();
    assert_eq!(parts, [("long", 1), ("medium", 2), ("short", 2)]);
}

#[test]
fn what_has_no_value_is_unknown() {
    let plan = "[[flow.main]]\nhttp.get = '/'\ncapture = { worker = '$.worker' }\n";
    let played = FlowRun::new(plan, "vus = 1\niterations = 2\nsplit_by = 'worker'")
        .play(|_, _| after(10, 500, ""));
    let parts: Vec<_> = played
        .result
        .stats
        .split
        .parts()
        .map(|(value, part)| (value, part.counts.failed))
        .collect();
    assert_eq!(parts, [("unknown", 2)]);
    assert_eq!(
        played.result.stats.split.imbalance(),
        None,
        "nothing known is out of balance"
    );
}
