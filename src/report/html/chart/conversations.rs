//! The conversations of the first run: when each became ready, spoke, and was heard to the end.

use crate::report::html::brief::tail;
use crate::report::html::drawing::{Anchor, AxisScale, Ink, Pen, Svg, WIDTH, place};
use crate::report::html::figure::Figure;
use crate::report::html::table::PageTable;
use crate::report::text::{clean, clock};
use crate::report::view::{client, outcome};
use crate::summary::{ClientLine, Conversations};

const LEFT: f64 = 250.0;
const RIGHT: f64 = WIDTH - 110.0;
const TOP: f64 = 34.0;
const ROW: f64 = 16.0;
const HALF: f64 = 4.5;
/// Letters of a clip's name that have room beside its row.
const LETTERS: usize = 19;
/// About so wide is a letter of a legend.
const LETTER: f64 = 7.2;
const PARTS: [(&str, Ink); 3] = [
    ("until ready", Ink::Faint),
    ("audio", Ink::Now),
    ("until the end", Ink::Second),
];
const ENDS: [&str; 5] = ["ok", "failed", "timed_out", "rejected", "interrupted"];

/// One row a conversation; `data` is the table of all.
pub(crate) fn talks(all: &Conversations, data: PageTable, said: &str) -> Option<Figure> {
    let rows = all.first.as_slice();
    let from = rows.first()?.start_s;
    let until = rows
        .iter()
        .map(|line| line.start_s + line.duration_s)
        .fold(from, f64::max);
    let bottom = TOP + ROW * rows.len() as f64;
    let good = rows.iter().filter(|line| line.outcome == "ok").count();
    let desc = format!(
        "One row a conversation, over {}. {good} of {} ended well.",
        clock(until - from),
        rows.len()
    );
    let mut svg = Svg::new(bottom + 44.0, desc);
    let x = AxisScale::linear((0.0, (until - from).max(1.0)), (LEFT, RIGHT));
    legend(&mut svg, rows);
    for moment in x.clock_ticks(9) {
        svg.line(
            &[(x.at(moment), TOP), (x.at(moment), bottom)],
            Pen::solid(Ink::Grid, 1.0),
        );
        svg.text(
            (x.at(moment), bottom + 18.0),
            Anchor::Middle,
            Ink::Text,
            clock(moment),
        );
    }
    let axis = "minutes and seconds since the first of them began";
    svg.text(
        (f64::midpoint(LEFT, RIGHT), bottom + 36.0),
        Anchor::Middle,
        Ink::Text,
        axis,
    );
    for (at, line) in rows.iter().enumerate() {
        draw(
            &mut svg,
            &x,
            line,
            line.start_s - from,
            TOP + ROW * (at as f64 + 0.5),
        );
    }
    let mut sentence =
        "Each conversation from its begin: how long it took to become ready, how long it spoke, and how long it then \
                        listened. The mark at its end says how it ended."
            .to_owned();
    if (rows.len() as u64) < all.first_run {
        sentence.push_str(&format!(
            " The first {} of {} are drawn.",
            rows.len(),
            all.first_run
        ));
    }
    if all.first_run < all.count() {
        sentence.push_str(" Run 1 is drawn.");
    }
    if !said.is_empty() {
        sentence.push_str(&format!(" The table has {said}."));
    }
    let figure = Figure::new("Conversations one by one", sentence, Some(svg), data);
    Some(Figure {
        open: true,
        ..figure
    })
}

fn legend(svg: &mut Svg, rows: &[ClientLine]) {
    let mut at = 12.0;
    for (name, ink) in PARTS {
        svg.rectangle((at, 8.0), (at + 14.0, 8.0 + 2.0 * HALF), ink);
        svg.text((at + 20.0, 17.0), Anchor::Start, Ink::Text, name);
        at += 38.0 + LETTER * name.len() as f64;
    }
    for name in ENDS
        .into_iter()
        .filter(|name| rows.iter().any(|line| line.outcome == *name))
    {
        mark(svg, name, (at + 7.0, 12.5));
        svg.text((at + 20.0, 17.0), Anchor::Start, Ink::Text, outcome(name));
        at += 38.0 + LETTER * name.len() as f64;
    }
}

fn draw(svg: &mut Svg, x: &AxisScale, line: &ClientLine, from: f64, y: f64) {
    // The folders of a clip have no room here; the table has them.
    let name = line
        .audio_file
        .as_deref()
        .map(|clip| clip.rsplit(['/', '\\']).next().unwrap_or(clip));
    let clip = name.map_or(String::new(), |name| {
        format!("  {}", tail(&clean(name), LETTERS))
    });
    svg.text(
        (LEFT - 10.0, y + 4.0),
        Anchor::End,
        Ink::Text,
        format!("{}{clip}", client(line)),
    );
    let mut begin = from;
    for (end, (_, ink)) in ends(line).into_iter().zip(PARTS) {
        let end = from + end;
        if end > begin {
            svg.rectangle(
                (x.at(begin), y - HALF),
                (x.at(end).max(x.at(begin) + 0.5), y + HALF),
                ink,
            );
        }
        begin = begin.max(end);
    }
    mark(svg, &line.outcome, (x.at(from + line.duration_s) + 8.0, y));
}

/// When the parts ended, in seconds since the begin: it was ready, all audio was sent, it was over.
fn ends(line: &ClientLine) -> [f64; 3] {
    let all = line.duration_s.max(0.0);
    // Without a message that says ready, what was connected speaks; what was never ready did nothing but wait.
    let spoke = line.sent_s.is_some_and(|sent| sent > 0.0);
    let connected = || line.connect_s.unwrap_or(0.0) + line.handshake_s.unwrap_or(0.0);
    let ready = line
        .ready_s
        .or_else(|| (spoke || line.outcome == "ok").then(connected))
        .unwrap_or(all)
        .min(all);
    let speaking = match (line.sent_s, line.pace) {
        (Some(sent), Some(pace)) if pace > 0.0 => sent / pace + line.gaps_s.iter().sum::<f64>(),
        (Some(_), _) => line.tail_s.map_or(0.0, |tail| all - tail - ready),
        (None, _) => 0.0,
    };
    [ready, (ready + speaking.max(0.0)).min(all), all]
}

/// A shape of its own for each way to end.
fn mark(svg: &mut Svg, outcome: &str, (x, y): (f64, f64)) {
    let [left, right, top, low] = [x - 4.0, x + 4.0, y - 4.0, y + 4.0].map(place);
    let [middle, level] = [x, y].map(place);
    match outcome {
        "ok" => svg.dots(&[(x, y)], Pen::solid(Ink::Good, 7.0)),
        "failed" => {
            let cross = format!("M{left} {top}L{right} {low}M{right} {top}L{left} {low}");
            svg.stroke(cross, Pen::solid(Ink::Bad, 2.5));
        }
        "timed_out" => svg.area(format!("M{middle} {top}L{right} {low}H{left}Z"), Ink::Bad),
        "rejected" => svg.area(
            format!("M{middle} {top}L{right} {level}L{middle} {low}L{left} {level}Z"),
            Ink::Warn,
        ),
        _ => svg.area(format!("M{left} {top}H{right}V{low}H{left}Z"), Ink::Base),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_conversation_has_its_parts() {
        let whole = ClientLine {
            outcome: "ok".to_owned(),
            duration_s: 5.0,
            ready_s: Some(0.5),
            sent_s: Some(3.0),
            pace: Some(1.0),
            tail_s: Some(1.2),
            ..ClientLine::default()
        };
        assert_eq!(ends(&whole), [0.5, 3.5, 5.0]);
        let fast = ClientLine {
            pace: None,
            ..whole.clone()
        };
        assert_eq!(ends(&fast), [0.5, 3.8, 5.0]);
        let refused = ClientLine {
            outcome: "rejected".to_owned(),
            duration_s: 0.2,
            ..ClientLine::default()
        };
        assert_eq!(ends(&refused), [0.2, 0.2, 0.2]);
        let cut = ClientLine {
            outcome: "failed".to_owned(),
            duration_s: 2.0,
            ..whole
        };
        assert_eq!(ends(&cut), [0.5, 2.0, 2.0]);
    }
}
