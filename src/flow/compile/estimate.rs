//! How long an iteration can take, as far as the plan says it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::audio::Pool;
use crate::flow::spec::walk::{Flows, WalkEvent, walk};
use crate::flow::{Flow, StepSpec};
use crate::units::Duration;

/// The audio pools of a plan.
type Pools = BTreeMap<String, Arc<Pool>>;

impl Flow {
    /// The longest that the latency of an iteration can be: what its timeouts, polls, tries and repetitions allow together. Pauses are no
    /// part of it, and a number of repetitions that only a reply says counts as one.
    #[must_use]
    pub fn longest(
        specs: &[StepSpec],
        flows: &Flows,
        pools: &Pools,
        timeout: Duration,
    ) -> Duration {
        each(specs, flows, |spec| {
            let timeout = one_try(spec, pools, spec.timeout.unwrap_or(timeout));
            match (&spec.poll, &spec.retry) {
                _ if !spec.is_exchange() => Duration::ZERO,
                (Some(poll), _) => poll.longest(timeout),
                (None, Some(retry)) => retry.longest(timeout),
                (None, None) => timeout,
            }
        })
        .sum()
    }

    /// How long the plan itself lets an iteration take, by its pauses and polls: without what its exchanges take. A wait that the
    /// target asks for counts as none here.
    #[must_use]
    pub fn planned(specs: &[StepSpec], flows: &Flows, pools: &Pools) -> Duration {
        each(specs, flows, |spec| {
            planned(spec, Duration::ZERO) + speaking(spec, pools)
        })
        .sum()
    }

    /// The chunk of the first step that sends audio by the clock: starts that are spread over it do not all send in the same moment.
    #[must_use]
    pub fn paced_chunk(specs: &[StepSpec], flows: &Flows) -> Option<Duration> {
        walk(specs, flows)
            .into_iter()
            .find_map(|visit| match visit {
                WalkEvent::Step(step) => {
                    let audio = step.spec.stream.as_ref()?.audio.as_ref()?;
                    audio.is_paced().then_some(audio.chunk)
                }
                _ => None,
            })
    }

    /// How long a load waits for iterations under way: their pauses, audio, polls and waits between tries at their longest, and one timeout. A
    /// number of repetitions that only a reply says counts as one.
    #[must_use]
    pub fn drain(specs: &[StepSpec], flows: &Flows, pools: &Pools, timeout: Duration) -> Duration {
        let waits = each(specs, flows, |spec| {
            let timeout = spec.timeout.unwrap_or(timeout);
            planned(spec, timeout)
                + speaking(spec, pools)
                + spec
                    .retry
                    .as_ref()
                    .map_or(Duration::ZERO, |retry| retry.waits(timeout))
        });
        let longest = walk(specs, flows)
            .into_iter()
            .filter_map(|visit| match visit {
                WalkEvent::Step(step) if step.spec.is_exchange() && step.spec.once.is_none() => {
                    Some(step.spec.timeout.unwrap_or(timeout))
                }
                _ => None,
            });
        waits.sum::<Duration>() + longest.max().unwrap_or(timeout)
    }
}

/// The longest that one try of a step can take: of a stream that speaks, its wait for ready, its audio, and the wait for its end.
fn one_try(spec: &StepSpec, pools: &Pools, timeout: Duration) -> Duration {
    let speaks = spec.is_duplex() && spec.stream.is_some();
    if speaks {
        timeout + speaking(spec, pools) + timeout
    } else {
        timeout
    }
}

/// How long a stream takes to say what it says.
fn speaking(spec: &StepSpec, pools: &Pools) -> Duration {
    let Some(stream) = &spec.stream else {
        return Duration::ZERO;
    };
    let paced = stream.audio.as_ref().filter(|audio| audio.is_paced());
    let longest = |audio: &crate::flow::AudioSourceSpec| {
        let seconds = pools
            .get(audio.from.get_ref())
            .map_or(0.0, |pool| pool.longest());
        Duration::from_secs_f64(seconds / audio.pace.0)
    };
    paced.map_or(Duration::ZERO, longest) + stream.linger.unwrap_or_default()
}

/// How long the plan lets a step take by its pause or its polls.
fn planned(spec: &StepSpec, timeout: Duration) -> Duration {
    let pause = spec.pause.map_or(Duration::ZERO, |pause| pause.high);
    pause
        + spec
            .poll
            .as_ref()
            .map_or(Duration::ZERO, |poll| poll.planned(timeout))
}

/// A time of each step of an iteration, as often as the step is run. What is done once is no part of an iteration.
fn each<'a>(
    specs: &'a [StepSpec],
    flows: &'a Flows,
    of: impl Fn(&StepSpec) -> Duration + 'a,
) -> impl Iterator<Item = Duration> {
    let mut times = vec![1_u64];
    let often = |spec: &StepSpec| {
        spec.repeat
            .as_ref()
            .map_or(1, |repeat| repeat.known_times().unwrap_or(1))
    };
    walk(specs, flows).into_iter().filter_map(move |visit| {
        let around = *times.last()?;
        match visit {
            WalkEvent::Step(step) if step.spec.once.is_none() => {
                Some(of(step.spec) * around.saturating_mul(often(step.spec)))
            }
            WalkEvent::Enter(step) => {
                times.push(around.saturating_mul(often(step.spec)));
                None
            }
            WalkEvent::Leave => {
                times.pop();
                None
            }
            WalkEvent::Step(_) | WalkEvent::Wrong(..) => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flows(text: &str) -> Flows {
        #[derive(serde::Deserialize)]
        struct Plan {
            flow: Flows,
        }
        toml::from_str::<Plan>(text).expect(text).flow
    }

    #[test]
    fn repetitions_tries_pauses_and_polls_are_counted() {
        let plan = "
            [[flow.main]]
            once = 'per-vu'
            http.get = '/login'
            timeout = '500s'
            [[flow.main]]
            pause = '1s .. 3s'
            [[flow.main]]
            flow = 'part'
            repeat = { times = 2 }
            [[flow.main]]
            repeat = { times = '{{chunks}}' }
            http.get = '/chunk'
            [[flow.part]]
            repeat = { times = 3 }
            http.get = '/a'
            retry = { status = 503, at_most = 2, after = '4s' }
            [[flow.part]]
            http.get = '/job'
            timeout = '5s'
            poll = { every = '1s', at_most = 7 }
        ";
        let flows = flows(plan);
        let (main, ten) = (&flows["main"], Duration::from_secs(10));
        // Tries: 3 × 10 s + 2 × 4 s, six times; polls: 7 × 5 s, twice; a chunk: 10 s.
        assert_eq!(
            Flow::longest(main, &flows, &Pools::new(), ten),
            Duration::from_secs(6 * 38 + 2 * 35 + 10)
        );
        // Waits: 6 × 2 × 4 s, 2 × 7 × 1 s, a pause of 3 s, and one timeout.
        assert_eq!(
            Flow::drain(main, &flows, &Pools::new(), ten),
            Duration::from_secs(48 + 14 + 3 + 10)
        );
    }
}
