//! A step that polls a job until it is done.

use super::answer::Answer;
use super::single::{Exchanged, note_try, outcome_of};
use super::step::{Poll, Step};
use super::user::{FlowUser, Open, StepEnd};
use super::wait::Wait;
use crate::clock::Tick;
use crate::measure::{Recorder, RemarkKind, SampleKind, Value};
use crate::metric::{ErrorClass, MetricId, Outcome};
use crate::protocol::{Exchange, Reply};
use crate::select::{Evidence, Pattern};
use crate::units::Duration;

/// What the polls have seen of a job.
struct Seen {
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
enum Turn {
    /// Poll again.
    Again,
    /// It is over.
    Over(StepEnd),
}

impl<E: Exchange> FlowUser<E> {
    pub(super) async fn run_job(
        &mut self,
        step: &Step,
        poll: &Poll,
        start: Tick,
        notes: &mut Recorder,
    ) -> StepEnd {
        let before = poll.since.and_then(|place| self.done[place]);
        let (since, accepted) = before.unwrap_or((start, start));
        if let Some(Open::Step { since: open, .. }) = &mut self.open {
            *open = since;
        }
        let mut seen = Seen {
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
        let request = match self.request(step) {
            Ok(request) => request,
            Err(message) => return Err((Outcome::Failed(ErrorClass::Check), Some(message))),
        };
        let deadline = poll.within.map_or(Tick::NEVER, |within| start + within);
        let mut due = start + poll.delay;
        let mut wait = poll.every.longest(step.timeout);
        let (end, last) = loop {
            self.clock.sleep_until(due.min(deadline)).await;
            let begin = self.clock.now();
            if begin >= deadline {
                break (late(poll), begin);
            }
            if seen.polls == poll.at_most {
                break (
                    Err((
                        Outcome::Failed(ErrorClass::Poll),
                        Some(format!("not done after {} polls", seen.polls)),
                    )),
                    begin,
                );
            }
            seen.polls += 1;
            let Exchanged { result, timing, .. } =
                self.exchange(step, &request, start, notes).await;
            if poll.every == Wait::RetryAfter {
                wait = poll.every.after(result.as_ref().ok(), step.timeout);
            }
            let turn = self.turn(step, poll, begin, wait, &result, &mut seen, notes);
            note_try(step, &poll_end(step, &result), &timing, notes);
            if let Turn::Over(end) = turn {
                self.remember(
                    step,
                    result.as_ref().ok(),
                    (None, &timing),
                    outcome_of(&end),
                );
                let end = if end.is_ok() && timing.ended > deadline {
                    late(poll)
                } else {
                    end
                };
                break (end, begin);
            }
            if poll.every == Wait::RetryAfter {
                due = timing.ended;
            }
            // Due times that have passed while the poll was open are skipped; the grid stays on the clock.
            loop {
                due = due + wait;
                wait = Duration::from_secs_f64(wait.as_secs_f64() * poll.backoff);
                // The target may well ask for no wait at all.
                if due > timing.ended || poll.every == Wait::RetryAfter {
                    break;
                }
            }
            // The last poll has been: nothing is gained by waiting for one that will not come.
            if seen.polls == poll.at_most {
                break (
                    Err((
                        Outcome::Failed(ErrorClass::Poll),
                        Some(format!("not done after {} polls", seen.polls)),
                    )),
                    begin,
                );
            }
        };
        self.note_job(step, poll, &end, last, &mut seen, notes);
        end
    }

    /// What the reply to one poll says.
    #[expect(clippy::too_many_arguments, reason = "one poll is all of these")]
    fn turn(
        &mut self,
        step: &Step,
        poll: &Poll,
        begin: Tick,
        wait: Duration,
        result: &Result<Reply, (Outcome, String)>,
        seen: &mut Seen,
        notes: &mut Recorder,
    ) -> Turn {
        let state = match result {
            Err((outcome, message)) => {
                return seen.forgive(poll, (*outcome, Some(message.clone())));
            }
            Ok(reply) => {
                let answer = Answer::new(step, reply);
                if let Err(refusal) = answer.check_reject() {
                    return Turn::Over(Err(refusal));
                }
                match answer
                    .check_status()
                    .and_then(|()| answer.check_named_status())
                {
                    Err(word) => return seen.forgive(poll, word),
                    Ok(()) => state_of(poll, reply),
                }
            }
        };
        let (Some(state), Ok(reply)) = (state, result) else {
            return seen.forgive(
                poll,
                (
                    Outcome::Failed(ErrorClass::Check),
                    Some(format!("the reply has no state at {}", poll.state)),
                ),
            );
        };
        seen.failures_in_a_row = 0;
        if matches(&poll.done, &state) {
            return Turn::Over(self.accept_job(step, reply, notes));
        }
        if matches(&poll.failed, &state) {
            return Turn::Over(Err((
                Outcome::Failed(ErrorClass::Server),
                Some(failed_message(&state, reply)),
            )));
        }
        let running = matches(&poll.running, &state);
        if running && seen.running_from.is_none() {
            seen.running_from = Some(begin);
        }
        if !running {
            notes.strange_state(step.id, &state);
        }
        let metric = poll
            .states
            .iter()
            .find(|(pattern, _)| pattern.matches(&state))
            .map(|(_, id)| *id);
        seen.enter(metric, begin);
        seen.unfinished = Some((begin, wait));
        Turn::Again
    }

    /// Whether the last reply is what the plan wants, and what later steps want of it.
    fn accept_job(&mut self, step: &Step, reply: &Reply, notes: &mut Recorder) -> StepEnd {
        let transcript = step
            .transcript
            .as_ref()
            .and_then(|transcript| transcript.of(reply));
        let answer = Answer::new(step, reply).with(None, transcript.as_deref());
        answer.check_rest()?;
        self.capture(step, &answer)?;
        if let Some(words) = self.words(step, transcript.as_deref()) {
            notes.words(step.id, words);
        }
        if let Some(spec) = &step.audio_seconds {
            let (audio, odd) = spec.of(&answer, &reply.body, answer.size());
            odd.into_iter()
                .for_each(|odd| notes.remark(RemarkKind::Oddity, step.id, odd));
            audio.into_iter().for_each(|audio| notes.audio(audio));
        }
        Ok(())
    }

    /// The job's account: total = accept + queue + processing + slack + the terminal poll itself.
    fn note_job(
        &self,
        step: &Step,
        poll: &Poll,
        end: &StepEnd,
        last_poll: Tick,
        seen: &mut Seen,
        notes: &mut Recorder,
    ) {
        let now = self.clock.now();
        let outcome = outcome_of(end);
        let mut values: Vec<(MetricId, Value)> = Vec::new();
        if outcome == Outcome::Ok {
            seen.enter(None, last_poll);
            let account = seen.account(last_poll);
            values.push((step.ids.latency, now.since(seen.start).into()));
            values.push((poll.ids.total, now.since(seen.since).into()));
            values.push((poll.ids.accept, seen.accepted.since(seen.since).into()));
            values.push((poll.ids.slack, account.slack.into()));
            values.push((poll.ids.polls, Value::Known(seen.polls)));
            if poll.running.is_empty() {
                values.push((poll.ids.wait, (account.queue + account.processing).into()));
            } else {
                values.push((poll.ids.queue, account.queue.into()));
                values.push((poll.ids.processing, account.processing.into()));
            }
            values.extend(
                seen.time_in
                    .iter()
                    .map(|(id, time)| (*id, Value::from(*time))),
            );
        } else if outcome.is_slow_loss() {
            values.push((
                step.ids.latency,
                Value::Beyond(now.since(seen.start).as_nanos()),
            ));
            values.push((
                poll.ids.total,
                Value::Beyond(now.since(seen.since).as_nanos()),
            ));
        }
        notes.row(
            SampleKind::Step(step.id),
            (seen.start, None, now),
            outcome,
            &values,
        );
    }
}

struct Account {
    queue: Duration,
    processing: Duration,
    slack: Duration,
}

impl Seen {
    /// A poll went wrong: forgiven so many times in a row.
    fn forgive(&mut self, poll: &Poll, word: (Outcome, Option<String>)) -> Turn {
        self.failures_in_a_row += 1;
        if self.failures_in_a_row > poll.tolerate {
            Turn::Over(Err(word))
        } else {
            Turn::Again
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
    fn account(&self, terminal: Tick) -> Account {
        let Some((last, wait)) = self.unfinished else {
            return Account {
                queue: Duration::ZERO,
                processing: Duration::ZERO,
                slack: terminal.since(self.accepted),
            };
        };
        let gap = terminal.since(last);
        let slack = gap.min(wait);
        let overrun = gap - slack;
        match self.running_from {
            None => Account {
                queue: last.since(self.accepted) + overrun,
                processing: Duration::ZERO,
                slack,
            },
            Some(running) => Account {
                queue: running.since(self.accepted),
                processing: last.since(running) + overrun,
                slack,
            },
        }
    }
}

/// How a single poll ended, whatever it says of the job.
fn poll_end(step: &Step, result: &Result<Reply, (Outcome, String)>) -> StepEnd {
    match result {
        Err((outcome, _)) => Err((*outcome, None)),
        Ok(reply) => {
            let answer = Answer::new(step, reply);
            answer
                .check_reject()
                .and_then(|()| answer.check_status())
                .and_then(|()| answer.check_named_status())
        }
    }
}

fn state_of(poll: &Poll, reply: &Reply) -> Option<String> {
    let value = poll.state.first(reply)?;
    value
        .as_str()
        .map_or_else(|| Some(value.to_string()), |text| Some(text.to_owned()))
}

fn matches(patterns: &[Pattern], state: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(state))
}

fn late(poll: &Poll) -> StepEnd {
    let within = poll.within.unwrap_or_default();
    Err((Outcome::TimedOut, Some(format!("not done within {within}"))))
}

fn failed_message(state: &str, reply: &Reply) -> String {
    let said = ["error_message", "error", "message", "detail"]
        .iter()
        .find_map(|key| reply.json()?.get(key)?.as_str());
    match said.filter(|text| !text.is_empty()) {
        Some(text) => format!(
            "the job ended as {state}: {}",
            super::message::shorten(text)
        ),
        None => format!("the job ended as {state}"),
    }
}
