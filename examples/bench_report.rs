//! What a report of a million iterations costs: `just bench`. Books, summary, histograms and page, in this process alone.

#![expect(clippy::print_stdout, reason = "a table for people")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be made may panic"
)]

use perfgate::clock::{RealClock, Tick};
use perfgate::gate::{Against, judge};
use perfgate::measure::{
    Batch, LoadResult, LoadStats, MeasuredWindow, Measurement, Recorder, SampleKind, SlotBook,
    StalenessSeries, Ticket,
};
use perfgate::metric::{Catalog, ErrorClass, LoadPart, MetricLevel, Outcome};
use perfgate::report::{ReportInputs, html};
use perfgate::summary::{HistogramFile, Latencies, LoadDescription, Run, Summary, load_run};
use perfgate::units::Duration;

const COUNT: u64 = 1_000_000;
const SECONDS: u64 = 600;
const STEPS: [&str; 3] = ["submit", "job", "fetch"];

fn main() {
    println!("| what | time | |");
    println!("|---|---|---|");
    let mut catalog = Catalog::default();
    let load = catalog.add_load(None, "transcribe");
    let steps = STEPS.map(|name| catalog.add_step(load, name, MetricLevel::Exchange));
    let latency = steps.map(|step| catalog.find(load, Some(step), "latency").unwrap());
    let clock = RealClock::start();
    let begin = clock.now();
    let second = |n: u64| Tick::from_nanos(n * 1_000_000_000);
    let window = MeasuredWindow {
        from: second(0),
        until: second(SECONDS),
    };
    let (mut stats, mut book) = (LoadStats::new(&catalog, load), SlotBook::new(second(0)));
    let (mut notes, mut raw, mut slots) = (Recorder::default(), Batch::default(), Vec::new());
    for n in 0..COUNT {
        let due = Tick::from_nanos(n * (SECONDS * 1_000_000_000 / COUNT));
        // Two hills with tails, the same each time.
        let noise = n.wrapping_mul(2_654_435_761) % 1_000;
        let took = if n % 5 == 0 { 900_000_000 } else { 250_000_000 } + noise * noise * 300;
        let end = Tick::from_nanos(due.since(second(0)).as_nanos() + took);
        let outcome = if n % 997 == 0 {
            Outcome::Failed(ErrorClass::Status)
        } else {
            Outcome::Ok
        };
        stats.started(LoadPart::Measured);
        book.started(due);
        for (step, id) in steps.into_iter().zip(latency) {
            let row = (due, None, end);
            notes.row(
                SampleKind::Exchange(step),
                row,
                outcome,
                &[(id, Measurement::Known(took / 3))],
            );
        }
        let ticket = Ticket {
            n,
            vu: 1,
            due,
            start: due,
            part: LoadPart::Measured,
        };
        let own = stats.ended(&ticket, outcome, end, window, &mut notes, &mut raw);
        book.ended(end, outcome, own);
        // The writer of samples would have taken them by now.
        if n % 1_024 == 0 {
            raw = Batch::default();
            slots.extend(book.take_finished(end));
        }
    }
    slots.extend(book.close());
    let booked = clock.now().since(begin);
    let begin = clock.now();
    let result = LoadResult {
        stats,
        window,
        zero: second(0),
        slots,
        waits: StalenessSeries::new(second(0)),
        waited_for_generator: Duration::ZERO,
        taken: Duration::ZERO,
        thought: Duration::ZERO,
        dropped_by_target: 0,
        dropped_by_generator: 0,
        by_count: false,
    };
    let mut summary = Summary::empty("bench");
    summary.session = "20261122T020000Z".to_owned();
    summary.loads.push(LoadDescription {
        phase: None,
        name: "transcribe".to_owned(),
        executor: "constant-arrival-rate".to_owned(),
        plan: "1667/s for 10m".to_owned(),
        open: true,
        users: None,
        canary: false,
        split: None,
    });
    let evidence = load_run(&catalog, &result);
    let mut run = Run::empty(1);
    run.loads.push(evidence.load);
    run.errors.extend(evidence.errors);
    summary.runs.push(run);
    summary.add_metrics(0, evidence.metrics);
    let mut file = HistogramFile::new(&summary.session).unwrap();
    file.add(1, &catalog, &result).unwrap();
    let text = String::from_utf8(file.into_bytes()).unwrap();
    drop(result);
    let summed = clock.now().since(begin);
    let begin = clock.now();
    let latencies = Latencies::read(&text).unwrap();
    let verdict = judge(std::slice::from_ref(&summary), Against::Nothing);
    let page = html(
        &summary,
        &verdict,
        &ReportInputs {
            latencies: Some(&latencies),
            ..ReportInputs::default()
        },
    )
    .unwrap();
    let rendered = clock.now().since(begin);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or(" unknown")
        .trim()
        .to_owned();
    let milli = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
    println!(
        "| {COUNT} iterations of three steps into the books | {} | |",
        milli(booked)
    );
    println!(
        "| summary and histograms of {SECONDS} s | {} | {} kB of histograms |",
        milli(summed),
        text.len() / 1_000
    );
    println!(
        "| histograms read, judged, and the page | {} | {} kB of HTML |",
        milli(rendered),
        page.len() / 1_000
    );
    println!(
        "| all of it | {} | peak memory {peak} |",
        milli(booked + summed + rendered)
    );
}
