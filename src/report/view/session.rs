//! Everything that a report of a session says, decided once for every renderer.

use super::beside::{DiagnosisView, HooksView, MonitorRow};
use super::causes::causes;
use super::comparison::ComparisonView;
use super::conversations::ConversationsView;
use super::errors::ErrorsView;
use super::load::LoadView;
use super::metrics::MetricsView;
use super::next::{NextStep, next_steps};
use super::sweep::SweepView;
use super::targets::targets;
use super::thresholds::ThresholdView;
use super::validity::ValidityView;
use crate::gate::{ExitCode, Overall, Verdict};
use crate::report::text::{Tone, clean, over, pick, plural, ratio, wall};
use crate::summary::{Conversations, Interruption, LoadDescription, LoadRun, Summary};
use crate::units::{Unit, print};

/// One session in words. No text in it can move a cursor; each is on one line.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub(crate) plan: String,
    /// Its own words about itself; empty where it has none.
    pub(crate) description: String,
    /// `model=tiny, device=cpu`; empty where there are none.
    pub(crate) labels: String,
    /// `http://asr:8001`, of several phases each; empty where it is not known.
    pub(crate) target: String,
    pub(crate) session: String,
    /// Wall time, iterations, and what a single open load planned and started.
    pub(crate) facts: Vec<String>,
    pub(crate) interrupted: Option<String>,
    pub(crate) baseline: String,
    pub(crate) runs: usize,
    pub(crate) loads: Vec<LoadView>,
    /// Symptoms and their likely causes.
    pub(crate) diagnoses: Vec<DiagnosisView>,
    /// The commands around its load.
    pub(crate) hooks: HooksView,
    /// What was watched beside it, in the last run.
    pub(crate) monitors: Vec<MonitorRow>,
    /// Its sweeps, load by load.
    pub(crate) sweeps: Vec<SweepView>,
    pub(crate) metrics: MetricsView,
    /// Its conversations, where they were looked for and there are some.
    pub(crate) conversations: Option<ConversationsView>,
    pub(crate) errors: ErrorsView,
    /// The most frequent of them, where they are why the verdict is what it is.
    pub(crate) causes: Vec<String>,
    /// Every metric against its baseline, what fails first.
    pub comparisons: Vec<ComparisonView>,
    /// Every threshold, what crosses them first.
    pub thresholds: Vec<ThresholdView>,
    pub(crate) validity: ValidityView,
    /// Findings about the plan, and what decides nothing.
    pub(crate) warnings: Vec<String>,
    /// The judgement.
    pub verdict: VerdictView,
    pub(crate) next: Vec<NextStep>,
}

/// The judgement of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictView {
    /// `✓`, `✗` or `–`.
    pub(crate) shape: &'static str,
    /// `PASS`, `FAIL`, `NOT USABLE`, `NO ANSWER` or `INTERRUPTED`.
    pub(crate) word: &'static str,
    pub(crate) tone: Tone,
    pub(crate) sentence: String,
    /// The exit code that stands for it.
    pub exit_code: ExitCode,
    /// Which of several sessions it is about, where another judgement follows and decides.
    pub(crate) only: Option<String>,
}

impl VerdictView {
    /// `FAIL: 2 of 8 thresholds are crossed (exit 1)`.
    pub(crate) fn line(&self) -> String {
        match &self.only {
            Some(session) => format!("{}: {} ({session})", self.word, self.sentence),
            None => format!("{}: {} (exit {})", self.word, self.sentence, self.exit_code),
        }
    }
}

impl View {
    /// What there is to say about a session and its judgement.
    #[must_use]
    pub fn of(summary: &Summary, verdict: &Verdict) -> Self {
        let loads = loads(summary);
        let errors = ErrorsView::of(summary);
        Self {
            plan: clean(&summary.plan.name),
            description: clean(&summary.plan.description),
            labels: labels(summary),
            target: targets(summary).join(", "),
            session: clean(&summary.session),
            facts: facts(summary, &loads),
            interrupted: summary.interrupted.map(|signal| {
                let name = match signal {
                    Interruption::Sigint => "SIGINT",
                    Interruption::Sigterm => "SIGTERM",
                };
                format!("ended early by {name}: what follows is what was measured until then")
            }),
            baseline: baseline(summary, verdict),
            runs: summary.runs.len(),
            diagnoses: DiagnosisView::all(summary),
            hooks: HooksView::of(summary),
            monitors: MonitorRow::all(summary),
            sweeps: SweepView::all(summary),
            metrics: MetricsView::of(summary),
            conversations: None,
            causes: causes(summary, verdict, &errors),
            errors,
            comparisons: ComparisonView::all(verdict),
            thresholds: ThresholdView::all(verdict),
            validity: ValidityView::of(summary, verdict),
            warnings: HooksView::of(summary)
                .failures
                .into_iter()
                .chain(warnings(summary, &loads))
                .collect(),
            loads,
            verdict: judgement(verdict),
            next: next_steps(summary, verdict),
        }
    }

    /// The same with what lies beside the session.
    #[must_use]
    pub fn with(self, conversations: Option<&Conversations>) -> Self {
        let split_by = self.loads.iter().find_map(|load| load.split_by.as_deref());
        let conversations =
            conversations.map(|conversations| ConversationsView::of(conversations, split_by));
        Self {
            conversations,
            ..self
        }
    }
}

fn baseline(summary: &Summary, verdict: &Verdict) -> String {
    let together = match verdict.sessions.len() {
        0 | 1 => String::new(),
        _ if summary.side.is_some() => "two targets, the head shown; ".to_owned(),
        more => format!("{more} sessions judged together, the newest shown; "),
    };
    together
        + &match (&verdict.baseline, &verdict.wanted_baseline) {
            (Some(baseline), _) => format!("baseline {}", clean(baseline)),
            (None, Some(wanted)) => format!(
                "no baseline `{}` yet: perfgate update-baseline {} --from SESSION --reason WHY makes it",
                clean(wanted),
                clean(&summary.plan.file)
            ),
            (None, None) => "no baseline: thresholds alone decide".to_owned(),
        }
}

fn labels(summary: &Summary) -> String {
    let presets = (!summary.presets.is_empty())
        .then(|| format!("preset {}", clean(&summary.presets.join("+"))));
    let labels = summary
        .labels
        .iter()
        .map(|(name, value)| format!("{}={}", clean(name), clean(value)));
    presets
        .into_iter()
        .chain(labels)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Every load that was run, the first of each phase below its heading.
fn loads(summary: &Summary) -> Vec<LoadView> {
    let run = |load: &&LoadDescription| {
        let own = |done: &LoadRun| done.load == load.name && done.phase == load.phase;
        load.phase.is_none() || summary.runs.iter().flat_map(|run| &run.loads).any(own)
    };
    let mut last = None;
    let view = |load: &LoadDescription| {
        let heading = load
            .phase
            .clone()
            .filter(|_| last != load.phase)
            .map(|phase| {
                let words = summary
                    .phases
                    .iter()
                    .find(|own| own.name == phase)
                    .map(|phase| phase.description.as_str());
                match words.filter(|words| !words.is_empty()) {
                    Some(words) => format!("phase {}: {}", clean(&phase), clean(words)),
                    None => format!("phase {}", clean(&phase)),
                }
            });
        last.clone_from(&load.phase);
        LoadView {
            heading,
            ..LoadView::of(summary, load)
        }
    };
    summary.loads.iter().filter(run).map(view).collect()
}

/// Those of the plan, then those of what was measured.
fn warnings(summary: &Summary, loads: &[LoadView]) -> Vec<String> {
    let several = loads.len() > 1;
    let measured = loads.iter().filter_map(|load| {
        let warning = load.warning.as_ref()?;
        Some(if several {
            format!("{}: {warning}", load.name)
        } else {
            warning.clone()
        })
    });
    summary
        .warnings
        .iter()
        .map(|warning| clean(warning))
        .chain(measured)
        .collect()
}

fn facts(summary: &Summary, loads: &[LoadView]) -> Vec<String> {
    if let Some(origin) = &summary.origin {
        return origin.wall_s.map(wall).into_iter().collect();
    }
    let walls: f64 = summary.runs.iter().map(|run| run.wall_s).sum();
    let started = loads.iter().map(|load| load.counts.started()).sum();
    let mut facts = Vec::new();
    if summary.runs.len() > 1 {
        facts.push(plural(summary.runs.len() as u64, "run"));
    }
    facts.push(wall(walls));
    if !summary.phases.is_empty() {
        facts.push(plural(summary.phases.len() as u64, "phase"));
    }
    if loads.len() > 1 {
        facts.push(plural(loads.len() as u64, "load"));
    }
    facts.push(plural(started, "iteration"));
    if loads.len() > 1 {
        facts.push(together(summary, loads));
    }
    if let [only] = loads {
        facts.extend(only.arrivals.clone());
    }
    facts
}

/// What all loads are together: `in all 99.3 % ok, 2 failed, 1 dropped`; where they ran side by side their throughput too.
fn together(summary: &Summary, loads: &[LoadView]) -> String {
    let own = |place: usize| -> u64 { loads.iter().map(|load| load.counts.total[place]).sum() };
    let [
        _,
        started,
        dropped,
        ok,
        failed,
        rejected,
        timed_out,
        interrupted,
    ] = std::array::from_fn(own);
    let mut words = vec![format!(
        "in all {} ok",
        ratio(ok, started).unwrap_or_else(|| "–".to_owned())
    )];
    let others = [
        (failed, "failed"),
        (rejected, "rejected"),
        (timed_out, "timed out"),
        (interrupted, "interrupted"),
        (dropped, "dropped"),
    ];
    let others = others.iter().filter(|(count, _)| *count > 0);
    words.extend(others.map(|(count, word)| format!("{count} {word}")));
    let rates = summary
        .loads
        .iter()
        .filter(|load| !load.canary)
        .map(|load| {
            let metric = summary.metrics.get(&load.owner().metric("throughput"))?;
            pick(metric, over(summary.runs.len())).value
        });
    // Phases, and loads in turn, share no second: their rates do not add up.
    let side_by_side = summary.phases.is_empty()
        && summary
            .plan
            .effective
            .get("in_turn")
            .and_then(serde_json::Value::as_bool)
            != Some(true);
    if let Some(sum) = rates.sum::<Option<f64>>().filter(|_| side_by_side) {
        words.push(print(sum, Unit::PerSecond));
    }
    words.join(", ")
}

fn judgement(verdict: &Verdict) -> VerdictView {
    let (shape, tone) = match verdict.verdict {
        Overall::Pass => ("✓", Tone::Good),
        Overall::Fail | Overall::NeverAnswered | Overall::NotReady | Overall::Unwritten => {
            ("✗", Tone::Bad)
        }
        Overall::Undecided => ("?", Tone::Warn),
        Overall::Invalid
        | Overall::NotJudged
        | Overall::Missing
        | Overall::Mismatch
        | Overall::NoBaseline
        | Overall::Interrupted => ("–", Tone::Warn),
    };
    VerdictView {
        shape,
        word: verdict.verdict.word(),
        tone,
        sentence: clean(&verdict.sentence),
        exit_code: verdict.exit_code,
        only: None,
    }
}
