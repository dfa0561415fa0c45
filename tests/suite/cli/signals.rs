//! Ctrl-C and its harder relatives: what was measured until then is there.

use std::fs;
use std::io::Read;
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;
use rustix::process::Signal;

use super::{jobs, uploads};
use crate::support::demo_target::{DemoTarget, seen};
use crate::support::perfgate::{Done, Perfgate, Running, until};

/// An open load of a minute, stopped once the target has `submitted` jobs.
fn minute(target: &DemoTarget, submitted: u64) -> (Perfgate, Running) {
    let plan = jobs(
        &format!("{:?}", target.url),
        "rate = \"10/s\"\nduration = \"1m\"",
    );
    let scene = Perfgate::new().plan(&plan);
    let running = scene.start("run plan.toml");
    until("jobs in flight", || {
        (seen(&target.truth(), "POST /jobs/") >= submitted).then_some(())
    });
    (scene, running)
}

fn is_partial(done: &Done, signal: &str, target: &DemoTarget) {
    done.never_says("panicked");
    assert!(
        done.last_line().starts_with("INTERRUPTED: "),
        "{}",
        done.all()
    );
    assert_eq!(done.summary()["interrupted"], signal);
    let counts = done.counts();
    assert!(
        (3..300).contains(&counts.planned),
        "only what was due until then: {counts:?}"
    );
    assert_eq!(
        counts.started,
        seen(&target.truth(), "POST /jobs/"),
        "{counts:?}"
    );
    for file in ["verdict.json", "histograms", "samples.csv.gz"] {
        assert!(done.file(file).exists(), "{file}");
    }
}

#[test]
fn one_interrupt_lets_finish_what_is_under_way() {
    let target = DemoTarget::start("jobs", "service_time=300ms slots=100");
    let (_scene, running) = minute(&target, 4);
    running.signal(Signal::INT);
    let done = running.end();
    done.exits(130);
    is_partial(&done, "SIGINT", &target);
    let counts = done.counts();
    assert_eq!(
        (counts.ok, counts.interrupted),
        (counts.started, 0),
        "{counts:?}"
    );
}

#[test]
fn a_second_interrupt_cuts_off_what_is_under_way() {
    let target = DemoTarget::start("jobs", "service_time=1h slots=100");
    let (_scene, running) = minute(&target, 4);
    running.signal(Signal::INT);
    std::thread::sleep(std::time::Duration::from_millis(300));
    running.signal(Signal::INT);
    let done = running.end();
    done.exits(130).says("cutting off");
    is_partial(&done, "SIGINT", &target);
    let counts = done.counts();
    assert_eq!(
        (counts.ok, counts.interrupted),
        (0, counts.started),
        "{counts:?}"
    );
}

#[test]
fn being_told_to_end_is_like_an_interrupt_with_a_code_of_its_own() {
    let target = DemoTarget::start("jobs", "service_time=200ms slots=100");
    let (_scene, running) = minute(&target, 4);
    running.signal(Signal::TERM);
    let done = running.end();
    done.exits(143);
    is_partial(&done, "SIGTERM", &target);
}

#[test]
fn an_interrupt_while_waiting_for_the_target_sends_nothing() {
    let target =
        "{ url = \"http://127.0.0.1:1\", ready = { path = \"/health\", within = \"1m\" } }";
    let scene = Perfgate::new().plan(&uploads(target, "vus = 1\niterations = 1"));
    let running = scene.start("run plan.toml");
    until("the results folder", || {
        scene.at("results/plan").exists().then_some(())
    });
    running.signal(Signal::INT);
    running
        .end()
        .exits(130)
        .says("stopped before anything was sent");
}

#[test]
fn what_a_kill_leaves_can_be_read() {
    let target = DemoTarget::start("transcription", "service_time=5ms");
    let plan = uploads(&format!("{:?}", target.url), "vus = 4\nduration = \"1m\"");
    let scene = Perfgate::new().plan(&plan);
    let running = scene.start("run plan.toml");
    let samples = until("raw samples on the disk", || {
        let pattern = scene.at("results/plan/2*/samples.csv.gz");
        let file: PathBuf = glob::glob(pattern.to_str().unwrap())
            .unwrap()
            .next()?
            .ok()?;
        fs::metadata(&file)
            .is_ok_and(|file| file.len() > 0)
            .then_some(file)
    });
    running.signal(Signal::KILL);
    let done = running.end();
    assert_eq!(done.code, None);
    let (mut text, mut piece) = (Vec::new(), [0; 4096]);
    let mut members = MultiGzDecoder::new(fs::File::open(samples).unwrap());
    while let Ok(read @ 1..) = members.read(&mut piece) {
        text.extend_from_slice(&piece[..read]);
    }
    let text = String::from_utf8_lossy(&text);
    let rows: Vec<&str> = text.lines().collect();
    assert!(
        rows.len() > 100 && rows[0].starts_with("run,phase,load,part,iteration,"),
        "{} rows",
        rows.len()
    );
    assert!(
        rows[1..rows.len() - 1]
            .iter()
            .all(|row| row.starts_with("1,,upload,measured,")),
        "whole rows"
    );
}
