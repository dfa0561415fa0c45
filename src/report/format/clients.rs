//! The conversations of a session as one JSON document, in the form that hand-written load clients for streaming recognisers write.

use serde_json::{Value, json};

use crate::report::text::{RunPick, over, pick};
use crate::summary::{ClientLine, HeardLine, Spread, Summary};

/// The document, and the name of its file: `run_<N>_clients_<time>.json`. `lines` are the conversations of every part of the loads.
pub(crate) fn clients(summary: &Summary, lines: &[ClientLine]) -> (String, Value) {
    let users: u64 = summary
        .loads
        .iter()
        .filter(|load| !load.canary)
        .filter_map(|load| load.users)
        .sum();
    let mut own: Vec<(&str, u64)> = lines
        .iter()
        .map(|line| (line.load.as_str(), line.client))
        .collect();
    own.sort_unstable();
    own.dedup();
    let count = users.max(own.len() as u64);
    let time: String = summary
        .started
        .chars()
        .filter(char::is_ascii_digit)
        .take(14)
        .collect();
    let (date, time) = time.split_at(time.len().min(8));
    let effective = &summary.plan.effective;
    let name = format!("run_{count}_clients_{date}_{time}.json");
    let document = json!({
        "test_id": summary.session,
        "timestamp": summary.started,
        "test_config": {
            "num_clients": count,
            "server_url": effective["target"]["url"].as_str().or(effective["target"].as_str()),
            "audio": effective["audio"],
            "plan": summary.plan.name,
        },
        "client_results": lines.iter().map(one).collect::<Vec<_>>(),
        "summary": totals(summary, lines, count),
    });
    (name, document)
}

fn one(line: &ClientLine) -> Value {
    let message = |(at, heard): (usize, &HeardLine)| json!({ "message_num": at + 1, "timestamp": line.start_s + heard.at_s, "since_start": heard.at_s, "raw_message": heard.text });
    json!({
        "client_id": line.client,
        "iteration": line.iteration,
        "part": line.part,
        "instance": line.split,
        "audio_file": line.audio_file,
        "success": line.outcome == "ok",
        "outcome": line.outcome,
        "message_count": line.messages,
        "audio_duration": line.audio_s,
        "audio_sent": line.sent_s,
        "processing_time": line.processing_s(),
        "total_time": line.duration_s,
        "connection_time": line.connect_s.map(|connect| connect + line.handshake_s.unwrap_or(0.0)),
        "ready_time": line.ready_s,
        "tail_time": line.tail_s,
        "pace": line.pace,
        "coverage": line.coverage,
        "latency_stats": line.delay_s.as_ref().map(spread),
        "transcript": line.transcript,
        "wer": line.wer,
        "close_code": line.close,
        "error": line.error,
        "message_data": line.heard.iter().enumerate().map(message).collect::<Vec<_>>(),
    })
}

fn spread(own: &Spread) -> Value {
    let Spread {
        count,
        min,
        mean,
        median,
        p95,
        max,
    } = own;
    json!({ "count": count, "min": min, "max": max, "mean": mean, "median": median, "p95": p95 })
}

fn totals(summary: &Summary, lines: &[ClientLine], count: u64) -> Value {
    let measured: Vec<&ClientLine> = lines
        .iter()
        .filter(|line| line.part == "measured")
        .collect();
    let good = measured.iter().filter(|line| line.outcome == "ok").count();
    let connected = measured
        .iter()
        .filter(|line| line.handshake_s.is_some() || line.messages > 0)
        .count();
    let share = |part: usize| (!measured.is_empty()).then(|| part as f64 / measured.len() as f64);
    let mean = |value: &dyn Fn(&ClientLine) -> Option<f64>| {
        let all: Vec<f64> = measured.iter().filter_map(|line| value(line)).collect();
        (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
    };
    json!({
        "total_duration": summary.runs.iter().map(|run| run.wall_s).sum::<f64>(),
        "target_clients": count,
        "sessions": measured.len(),
        "successful_clients": good,
        "failed_clients": measured.len() - good,
        "success_rate": share(good),
        "connection_success_rate": share(connected),
        "total_messages": measured.iter().map(|line| line.messages).sum::<u64>(),
        "avg_audio_duration": mean(&|line| line.audio_s),
        "avg_processing_time": mean(&|line| line.sent_s.filter(|sent| *sent > 0.0).map(|_| line.processing_s())),
        "coverage": mean(&|line| line.coverage),
        "latency": latency(summary),
    })
}

/// Over every message of every client, not over their means; from the step that has delays.
fn latency(summary: &Summary) -> Option<Value> {
    let delay = summary
        .metrics
        .keys()
        .find(|address| (address.quantity(), address.stat()) == ("delay", Some("p95")))?;
    let number = |stat: &str, which: RunPick| {
        summary
            .metrics
            .get(&delay.with_stat(stat))
            .and_then(|metric| pick(metric, which).value)
    };
    let middle = over(summary.runs.len());
    Some(json!({
        "min": number("min", RunPick::Lowest),
        "max": number("max", RunPick::Highest),
        "mean": number("mean", middle),
        "median": number("p50", middle),
        "p95": number("p95", middle),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_counts_and_the_name_says_how_many() {
        let summary = Summary {
            started: "2026-11-24T17:48:20.123Z".to_owned(),
            ..Summary::empty("live")
        };
        let line = |client: u64, outcome: &str, messages: u64| ClientLine {
            load: "live".to_owned(),
            part: "measured".to_owned(),
            client,
            outcome: outcome.to_owned(),
            messages,
            audio_s: Some(2.0),
            sent_s: Some(if outcome == "ok" { 2.0 } else { 0.0 }),
            duration_s: if outcome == "ok" { 5.0 } else { 0.001 },
            idle_s: if outcome == "ok" { 2.0 } else { 0.0 },
            tail_s: Some(0.5).filter(|_| outcome == "ok"),
            connect_s: Some(0.01),
            ..ClientLine::default()
        };
        let lines = [
            line(1, "ok", 4),
            line(2, "ok", 3),
            line(2, "ok", 3),
            line(3, "failed", 1),
        ];
        let (name, document) = clients(&summary, &lines);
        assert_eq!(name, "run_3_clients_20261124_174820.json");
        let totals = &document["summary"];
        assert_eq!(
            (&totals["successful_clients"], &totals["failed_clients"]),
            (&json!(3), &json!(1))
        );
        assert_eq!(
            (&totals["total_messages"], &totals["avg_processing_time"]),
            (&json!(11), &json!(2.5))
        );
        let failed = &document["client_results"][3];
        assert_eq!(
            (&failed["success"], &failed["message_count"]),
            (&json!(false), &json!(1)),
            "counted though it failed"
        );
    }
}
