//! A step that polls a job until it is done.

use super::context::StepContext;
use super::exchange::exchange;
use super::failure::{StepEnd, StepFailure, outcome_of};
use super::findings::remember;
use super::iteration::InFlight;
use super::reply::StepReply;
use super::samples::record_try;
use crate::clock::Tick;
use crate::flow::program::step::{CompiledPoll, CompiledStep};
use crate::flow::spec::delay::RetryDelay;
use crate::flow::stream::message::shorten;
use crate::measure::{Measurement, SampleKind};
use crate::metric::{ErrorClass, MetricId, MetricName, Outcome};
use crate::protocol::{Reply, Transport};
use crate::select::{Evidence, Pattern};
use crate::template::value_text;
use crate::units::Duration;

/// What the polls have seen of a job.
struct JobProgress {
    /// The begin of the job: the start of the step that it is counted from.
    since: Tick,
    /// When that step's reply was there.
    accepted: Tick,
    /// The step's own start.
    start: Tick,
    polls: u64,
    failures_in_a_row: u64,
    /// Start of the first poll that found the job running.
    running_from: Option<Tick>,
    /// Start of the last poll that found it unfinished, and the planned wait after it.
    unfinished: Option<(Tick, Duration)>,
    /// The metric of the state that the last poll found, and since when.
    in_state: Option<(MetricId, Tick)>,
    time_in: Vec<(MetricId, Duration)>,
}

/// What a poll means for the job.
enum PollVerdict {
    /// Poll again.
    Again,
    /// It is over.
    Over(StepEnd),
}

/// Polls until the job is done, or given up.
pub(crate) async fn run<T: Transport>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    poll: &CompiledPoll,
    start: Tick,
) -> StepEnd {
    let before = poll.since.and_then(|place| context.state.done[place]);
    let (since, accepted) = before.unwrap_or((start, start));
    if let Some(InFlight::Step { since: open, .. }) = &mut context.state.in_flight {
        *open = since;
    }
    let mut seen = JobProgress {
        since,
        accepted,
        start,
        polls: 0,
        failures_in_a_row: 0,
        running_from: None,
        unfinished: None,
        in_state: None,
        time_in: Vec::new(),
    };
    let request = context.request(step)?;
    let deadline = poll.within.map_or(Tick::NEVER, |within| start + within);
    let mut due = start + poll.delay;
    let mut wait = poll.every.longest(step.timeout);
    let (end, last) = loop {
        context.clock.sleep_until(due.min(deadline)).await;
        let begin = context.clock.now();
        if begin >= deadline {
            break (late(poll), begin);
        }
        if seen.polls == poll.at_most {
            break (used_up(seen.polls), begin);
        }
        seen.polls += 1;
        let exchanged = exchange(context, step, &request, start).await;
        let timing = exchanged.timing;
        if poll.every == RetryDelay::RetryAfter {
            wait = poll.every.after(exchanged.reply(), step.timeout);
        }
        let answered = check_poll(step, &exchanged.result);
        let turn = verdict(
            context,
            step,
            poll,
            (begin, wait),
            answered.as_ref().copied(),
            &mut seen,
        );
        record_try(context.recorder, step, &answered.map(|_| ()), &timing);
        if let PollVerdict::Over(end) = turn {
            remember(context, step, &exchanged, outcome_of(&end));
            let end = if end.is_ok() && timing.ended > deadline {
                late(poll)
            } else {
                end
            };
            break (end, begin);
        }
        if poll.every == RetryDelay::RetryAfter {
            due = timing.ended;
        }
        // Due times that have passed while the poll was open are skipped; the grid stays on the clock.
        loop {
            due = due + wait;
            wait = Duration::from_secs_f64(wait.as_secs_f64() * poll.backoff);
            // The target may well ask for no wait at all.
            if due > timing.ended || poll.every == RetryDelay::RetryAfter {
                break;
            }
        }
        // The last poll has been: nothing is gained by waiting for one that will not come.
        if seen.polls == poll.at_most {
            break (used_up(seen.polls), begin);
        }
    };
    record_job(context, step, poll, &end, last, &mut seen);
    end
}

/// What the reply to one poll says.
fn verdict<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    poll: &CompiledPoll,
    (begin, wait): (Tick, Duration),
    answered: Result<&Reply, &StepFailure>,
    seen: &mut JobProgress,
) -> PollVerdict {
    let reply = match answered {
        Ok(reply) => reply,
        Err(refusal) if refusal.outcome == Outcome::Rejected => {
            return PollVerdict::Over(Err(refusal.clone()));
        }
        Err(failure) => return seen.forgive(poll, failure.clone()),
    };
    let Some(state) = poll.state.first_or_default(reply) else {
        let answer = StepReply::new(step, reply);
        let why = answer.why_nothing(poll.state.needs_json());
        let message = format!("the reply has no state at {}{why}", poll.state);
        return seen.forgive(poll, StepFailure::failed(ErrorClass::Check, message));
    };
    let state = value_text(&state);
    seen.failures_in_a_row = 0;
    if matches(&poll.done, &state) {
        return PollVerdict::Over(accept_job(context, step, reply));
    }
    if matches(&poll.failed, &state) {
        return PollVerdict::Over(Err(StepFailure::failed(
            ErrorClass::Server,
            failed_message(&state, reply),
        )));
    }
    let running = matches(&poll.running, &state);
    if running && seen.running_from.is_none() {
        seen.running_from = Some(begin);
    }
    if !running && !matches(&poll.queued, &state) {
        context.recorder.unknown_state(step.id, &shorten(&state));
    }
    let metric = poll
        .states
        .iter()
        .find(|(pattern, _)| pattern.matches(&state))
        .map(|(_, id)| *id);
    seen.enter(metric, begin);
    seen.unfinished = Some((begin, wait));
    PollVerdict::Again
}

/// Whether the last reply is what the plan wants, and what later steps want of it.
fn accept_job<T>(context: &mut StepContext<'_, T>, step: &CompiledStep, reply: &Reply) -> StepEnd {
    let transcript = step
        .transcript
        .as_ref()
        .and_then(|transcript| transcript.of(reply));
    let answer = StepReply::new(step, reply).with(None, transcript.as_deref());
    answer.check_rest()?;
    context.capture(step, &answer)?;
    let words = context.word_errors(step, transcript.as_deref());
    if let Some(words) = words {
        context.recorder.words(step.id, words);
    }
    context.keep_transcript(step, transcript.as_deref(), words);
    if let Some(spec) = &step.audio_seconds {
        let (audio, odd) = spec.of(&answer, &reply.body, answer.size());
        context.record_oddities(step, odd);
        if let Some(audio) = audio {
            context.recorder.audio(audio);
        }
    }
    Ok(())
}

/// The job's account: total = accept + queue + processing + slack + the terminal poll itself.
fn record_job<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    poll: &CompiledPoll,
    end: &StepEnd,
    last_poll: Tick,
    seen: &mut JobProgress,
) {
    let now = context.clock.now();
    let outcome = outcome_of(end);
    let mut values: Vec<(MetricId, Measurement)> = Vec::new();
    if outcome == Outcome::Ok {
        seen.enter(None, last_poll);
        let account = seen.account(last_poll);
        let mut times = vec![
            (MetricName::Latency, now.since(seen.start)),
            (MetricName::Total, now.since(seen.since)),
            (MetricName::Accept, seen.accepted.since(seen.since)),
            (MetricName::Slack, account.slack),
        ];
        if poll.running.is_empty() {
            times.push((MetricName::Wait, account.queue + account.processing));
        } else {
            times.push((MetricName::Queue, account.queue));
            times.push((MetricName::Processing, account.processing));
        }
        for (metric, time) in times {
            step.ids.push(&mut values, metric, Measurement::from(time));
        }
        let polls = Measurement::Known(seen.polls);
        step.ids.push(&mut values, MetricName::Polls, polls);
        values.extend(
            seen.time_in
                .iter()
                .map(|(id, time)| (*id, Measurement::from(*time))),
        );
    } else if outcome.is_slow_loss() {
        for (metric, start) in [
            (MetricName::Latency, seen.start),
            (MetricName::Total, seen.since),
        ] {
            let lost = Measurement::Beyond(now.since(start).as_nanos());
            step.ids.push(&mut values, metric, lost);
        }
        lost_in(step, poll, seen, now, &mut values);
    }
    context.recorder.row(
        SampleKind::Step(step.id),
        (seen.start, None, now),
        outcome,
        &values,
    );
}

/// What is known of the time of a job that was given up: in which of its times it was stuck, and for how long at least.
fn lost_in(
    step: &CompiledStep,
    poll: &CompiledPoll,
    seen: &JobProgress,
    now: Tick,
    values: &mut Vec<(MetricId, Measurement)>,
) {
    let beyond = |since: Tick| Measurement::Beyond(now.since(since).as_nanos());
    if poll.running.is_empty() {
        step.ids
            .push(values, MetricName::Wait, beyond(seen.accepted));
        return;
    }
    match seen.running_from {
        None => step
            .ids
            .push(values, MetricName::Queue, beyond(seen.accepted)),
        Some(running) => {
            let queue = Measurement::from(running.since(seen.accepted));
            step.ids.push(values, MetricName::Queue, queue);
            step.ids
                .push(values, MetricName::Processing, beyond(running));
        }
    }
}

/// Where the time of a job went.
struct JobTimes {
    queue: Duration,
    processing: Duration,
    slack: Duration,
}

impl JobProgress {
    /// A poll went wrong: forgiven so many times in a row.
    fn forgive(&mut self, poll: &CompiledPoll, failure: StepFailure) -> PollVerdict {
        self.failures_in_a_row += 1;
        if self.failures_in_a_row > poll.tolerate {
            PollVerdict::Over(Err(failure))
        } else {
            PollVerdict::Again
        }
    }

    /// The job is in another state from `at` on, as far as polls can tell.
    fn enter(&mut self, state: Option<MetricId>, at: Tick) {
        if let Some((before, from)) = self.in_state.filter(|(before, _)| Some(*before) != state) {
            self.time_in.push((before, at.since(from)));
            self.in_state = None;
        }
        if self.in_state.is_none() {
            self.in_state = state.map(|state| (state, at));
        }
    }

    /// Where the time between the accepting reply and the terminal poll went. What the interval adds is slack; what a poll
    /// that took longer than its interval adds is the target's.
    fn account(&self, terminal: Tick) -> JobTimes {
        let Some((last, wait)) = self.unfinished else {
            return JobTimes {
                queue: Duration::ZERO,
                processing: Duration::ZERO,
                slack: terminal.since(self.accepted),
            };
        };
        let gap = terminal.since(last);
        let slack = gap.min(wait);
        let overrun = gap - slack;
        match self.running_from {
            None => JobTimes {
                queue: last.since(self.accepted) + overrun,
                processing: Duration::ZERO,
                slack,
            },
            Some(running) => JobTimes {
                queue: running.since(self.accepted),
                processing: last.since(running) + overrun,
                slack,
            },
        }
    }
}

/// The reply to a single poll, or how the poll ended instead, whatever it says of the job.
fn check_poll<'a>(
    step: &CompiledStep,
    result: &'a Result<Reply, StepFailure>,
) -> Result<&'a Reply, StepFailure> {
    let reply = result.as_ref().map_err(StepFailure::clone)?;
    let answer = StepReply::new(step, reply);
    answer.check_reject()?;
    answer.check_status()?;
    answer.check_named_status()?;
    Ok(reply)
}

fn matches(patterns: &[Pattern], state: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(state))
}

fn late(poll: &CompiledPoll) -> StepEnd {
    let within = poll.within.unwrap_or_default();
    Err(StepFailure::new(
        Outcome::TimedOut,
        format!("not done within {within}"),
    ))
}

fn used_up(polls: u64) -> StepEnd {
    let message = format!("not done after {polls} polls");
    Err(StepFailure::failed(ErrorClass::Poll, message))
}

fn failed_message(state: &str, reply: &Reply) -> String {
    let said = ["error_message", "error", "message", "detail"]
        .iter()
        .find_map(|key| reply.json()?.get(key)?.as_str());
    let state = shorten(state);
    match said.filter(|text| !text.is_empty()) {
        Some(text) => format!("the job ended as {state}: {}", shorten(text)),
        None => format!("the job ended as {state}"),
    }
}
