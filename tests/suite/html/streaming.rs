//! What is said of conversations: one by one, over the instances that took them, and of words that nothing is held against.

use perfgate::gate::{Against, Verdict, judge};
use perfgate::metric::Better;
use perfgate::report::terminal::{Detail, render};
use perfgate::report::{ReportInputs, View, html, json, junit, markdown};
use perfgate::summary::{
    ClientLine, Conversations, Metric, MetricValue, SplitDescription, SplitLine, Spread, Staleness,
    Summary,
};
use perfgate::units::Unit;

use super::scenes::golden;
use crate::support::charted::{charted_with, latencies};
use crate::support::golden::kept_current;
use crate::support::markup::{assert_well_formed, table};
use crate::support::played::replay;
use crate::support::session::{counts, distribution, threshold};

/// One conversation of three seconds of audio.
fn line(at: u64, outcome: &str) -> ClientLine {
    let start_s = at as f64 * 1.5;
    let own = ClientLine {
        run: 1,
        load: "transcribe".to_owned(),
        part: "measured".to_owned(),
        step: "talk".to_owned(),
        split: Some(format!("worker-{}", at % 3 + 1)),
        client: at % 5 + 1,
        iteration: at,
        audio_file: Some(format!("meetings/speaker-{}.wav", at % 3)),
        audio_s: Some(3.0),
        outcome: outcome.to_owned(),
        start_s,
        duration_s: 0.2,
        connect_s: Some(0.01),
        handshake_s: Some(0.02),
        ..ClientLine::default()
    };
    match outcome {
        "rejected" => ClientLine {
            error: Some("refused: $.status is WAIT".to_owned()),
            messages: 1,
            sent_s: Some(0.0),
            ..own
        },
        "timed_out" => ClientLine {
            error: Some("not ready within 5s".to_owned()),
            duration_s: 5.0,
            sent_s: Some(0.0),
            ..own
        },
        _ => {
            let failed = outcome == "failed";
            let tail = 0.4 + 0.1 * (at % 7) as f64;
            ClientLine {
                ready_s: Some(0.3 + 0.05 * (at % 4) as f64),
                sent_s: Some(if failed { 1.5 } else { 3.0 }),
                pace: Some(1.0),
                duration_s: if failed { 1.9 } else { 3.5 + tail },
                tail_s: (!failed).then_some(tail),
                delay_s: Spread::of(vec![0.2, 0.3 + 0.07 * (at % 11) as f64]),
                staleness_s: Spread::of(vec![0.4, 0.9 + 0.07 * (at % 11) as f64]),
                coverage: Some(if failed { 0.5 } else { 0.98 }),
                messages: 12,
                error: failed.then(|| {
                    "<script>alert(1)</script> | the connection was dropped (1006)".to_owned()
                }),
                ..own
            }
        }
    }
}

fn lines(count: u64) -> impl Iterator<Item = ClientLine> {
    (0..count).map(|at| {
        let outcome = match at {
            9 | 30 => "failed",
            14 => "timed_out",
            20 | 21 => "rejected",
            _ => "ok",
        };
        line(at, outcome)
    })
}

/// Seventy conversations, most of them with one of three instances.
fn session() -> (Summary, Verdict) {
    let mut summary = charted_with([70, 70, 0, 65, 2, 2, 1, 0], 1.0);
    summary.loads[0].split = Some(SplitDescription {
        by: "instance".to_owned(),
        captured: true,
    });
    // One step that streams in the place of the upload and its job.
    summary
        .metrics
        .retain(|address, _| !matches!(address.step(), Some("submit" | "job")));
    summary.runs[0].loads[0].steps = vec![("talk".to_owned(), counts([70, 70, 0, 65, 2, 2, 1, 0]))];
    let spread = |low: f64, high: f64| {
        (0..65)
            .map(|n| low + (high - low) * f64::from(n) / 65.0)
            .collect::<Vec<_>>()
    };
    for (name, unit, low, high) in [
        ("latency", Unit::Seconds, 3.9, 4.5),
        ("talk.latency", Unit::Seconds, 3.9, 4.5),
        ("talk.ready", Unit::Seconds, 0.3, 0.45),
        ("talk.delay", Unit::Seconds, 0.2, 1.0),
        ("talk.staleness", Unit::Seconds, 0.3, 1.1),
        ("talk.tail", Unit::Seconds, 0.4, 1.0),
        ("talk.coverage", Unit::Ratio, 0.5, 0.98),
    ] {
        summary.metrics.extend(distribution(
            &format!("transcribe.{name}"),
            unit,
            &spread(low, high),
        ));
    }
    summary.runs[0].loads[0].warm_up_mean_s = Some(4.2);
    replay(&mut summary);
    let stale = |high: f64| {
        (0..100)
            .map(|at| high * (0.6 + 0.4 * f64::from(at % 9) / 9.0))
            .collect::<Vec<f64>>()
    };
    summary.runs[0].loads[0].staleness = Some(Staleness {
        second: (0..100).collect(),
        p50_s: stale(0.5),
        p95_s: stale(1.1),
        p99_s: stale(1.3),
    });
    summary.thresholds.clear();
    threshold(&mut summary, "transcribe.talk.delay.p95", "< 1.5s");
    threshold(&mut summary, "transcribe.talk.staleness.p95", "< 1.2s");
    threshold(&mut summary, "transcribe.error_rate", "< 1%");
    let time = |value: f64| MetricValue {
        value: Some(value),
        samples: 20,
        ..MetricValue::default()
    };
    let split = |(value, started): (&str, u64)| SplitLine {
        value: value.to_owned(),
        counts: counts([started, started, 0, started, 0, 0, 0, 0]),
        latency_p50_s: time(4.1),
        latency_p95_s: time(4.4),
        latency_mean_s: time(4.0),
        wer: None,
    };
    let shares = [
        ("unknown", 3),
        ("worker-1", 53),
        ("worker-2", 7),
        ("worker-3", 7),
    ];
    summary.runs[0].loads[0].splits = shares.map(split).to_vec();
    let nothing = Metric {
        unit: Unit::Ratio,
        better: Better::Lower,
        runs: vec![MetricValue::default()],
    };
    summary.metrics.insert("transcribe.wer".into(), nothing);
    let verdict = judge(std::slice::from_ref(&summary), Against::Nothing);
    (summary, verdict)
}

#[test]
fn conversations_one_by_one() {
    let (summary, verdict) = session();
    let all = Conversations::of(lines(70)).unwrap();
    let latencies = latencies(&summary);
    let beside = ReportInputs {
        latencies: latencies.as_ref(),
        conversations: Some(&all),
        ..ReportInputs::default()
    };
    let page = html(&summary, &verdict, &beside).unwrap();
    golden("streaming", &page);
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("The first 60 of 70 are drawn.") && page.contains("the worst 60 of 70"));
    let rows = table(&page, "Conversations, warm-up included");
    let ends: Vec<&str> = rows.iter().take(6).map(|row| row[2].as_str()).collect();
    assert_eq!(
        ends,
        [
            "failed",
            "failed",
            "timed out",
            "rejected",
            "rejected",
            "ok"
        ]
    );
    assert!(
        !page.contains(">wer</th>"),
        "nothing was held against a reference"
    );

    let view = View::of(&summary, &verdict).with(Some(&all));
    let told = json(&summary, &verdict, Some(&all));
    assert_eq!(
        (
            &told["conversations"]["count"],
            &told["conversations"]["outcomes"]["failed"]
        ),
        (&70.into(), &2.into())
    );
    assert_eq!(told["conversations"]["worst"][0]["split"], "worker-1");
    assert!(junit(&summary, &view).contains("70 conversations: 65 ok, 2 failed"));
    let text = markdown(&view);
    assert!(!text.contains("<script"));
    kept_current("tests/golden/markdown/streaming.md", &text);
    let text = render(&view, Detail::Verbose, false);
    kept_current("tests/golden/terminal/streaming_verbose.txt", &text);
    let uneven = "iterations are spread unevenly over `instance`: worker-1 53, worker-2 7, worker-3 7 (7.57 times)";
    let flowing = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flowing.contains(&format!("▲ {uneven}; 3 without a known `instance`")),
        "{text}"
    );
    assert!(
        !render(&view, Detail::Normal, false).contains("70 conversations"),
        "only who looks for it sees it"
    );
    // How far results are behind is said first: its latency is as long as the clip.
    let heads = page
        .split("<dt>")
        .skip(1)
        .filter_map(|own| own.split('<').next())
        .collect::<Vec<_>>();
    let place = |name: &str| {
        heads
            .iter()
            .position(|head| *head == name)
            .unwrap_or_else(|| panic!("{name}: {heads:?}"))
    };
    assert!(
        place("delay") < place("error rate")
            && place("error rate") < place("latency, with its audio")
    );
    assert!(page.contains(">instance</th>") && page.contains("worker-2"));
}

#[test]
fn no_chart_where_nothing_was_streamed_and_room_for_very_many() {
    let (summary, verdict) = session();
    let page = html(&summary, &verdict, &ReportInputs::default()).unwrap();
    assert!(!page.contains("Conversations"));
    let long = |at: u64| ClientLine {
        error: Some("unbroken".repeat(1_000)),
        ..line(at, "failed")
    };
    let all = Conversations::of((0..20_000).map(long)).unwrap();
    let page = html(
        &summary,
        &verdict,
        &ReportInputs {
            conversations: Some(&all),
            ..ReportInputs::default()
        },
    )
    .unwrap();
    assert_well_formed(&page);
    assert!(page.len() <= 300_000, "{} bytes", page.len());
    let view = View::of(&summary, &verdict).with(Some(&all));
    assert!(markdown(&view).chars().count() <= 60_000);
}
