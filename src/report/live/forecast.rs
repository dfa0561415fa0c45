//! What a run would do, before anything is sent.

use crate::hook::Hook;
use crate::metric::LoadPart;
use crate::plan::{Phase, Plan, Prepared, PreparedLoad, SweepPoint};
use crate::report::text::{clean, clock, plural};
use crate::schedule::Profile;
use crate::units::{Unit, print};

const COLUMNS: usize = 48;
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Phases, the shape of every load, totals, files and what the machine needs. `workers` says how many a set of loads gets,
/// `files` are those that the plan was read from.
pub(crate) fn forecast(
    plan: &Plan,
    prepared: &Prepared,
    workers: &dyn Fn(&[PreparedLoad]) -> usize,
    files: &[String],
    results: &str,
) -> String {
    let file = plan.file.display().to_string();
    let named = if file.is_empty() { &plan.name } else { &file };
    let mut lines = vec![format!("{}: nothing is sent", clean(named))];
    if !plan.description.is_empty() {
        lines.push(clean(&plan.description));
    }
    lines.extend(
        plan.hooks
            .before
            .iter()
            .map(|hook| hook_line("before", hook)),
    );
    for (at, (phase, own)) in plan.phases.iter().zip(&prepared.phases).enumerate() {
        lines.push(String::new());
        if let Some(search) = phase.point.as_ref().filter(|point| point.is_first()) {
            lines.extend(search.search_words());
        }
        if let Some(name) = &phase.name {
            let words = if phase.description.is_empty() {
                String::new()
            } else {
                format!(": {}", clean(&phase.description))
            };
            lines.push(format!(
                "phase {} ({} of {}){words}",
                clean(name),
                at + 1,
                plan.phases.len()
            ));
        }
        lines.extend(hooks_before(phase));
        lines.push(order(phase, own.base.as_ref().map(url::Url::as_str)));
        for load in &own.loads {
            lines.extend(of_load(load, plan.session.seed.0));
        }
        let most = if phase.in_turn {
            1
        } else {
            own.loads.len().max(1)
        };
        let threads = own.loads.chunks(most).map(workers).max().unwrap_or(1);
        lines.push(format!("  {}", plural(threads as u64, "worker")));
        lines.extend(hooks_after(phase));
    }
    lines.extend(plan.hooks.after.iter().map(|hook| hook_line("after", hook)));
    lines.push(String::new());
    lines.push(format!("in all: {}", total(plan, prepared)));
    lines.push(format!(
        "memory: at most about {} MB",
        prepared.memory_bound() / 1_000_000
    ));
    for file in files {
        lines.push(format!("reads {}", clean(file)));
    }
    for (name, pool) in &plan.pools {
        let seconds: f64 = pool.clips.iter().map(|clip| clip.seconds).sum();
        lines.push(format!(
            "audio {name}: {}, {}",
            plural(pool.clips.len() as u64, "clip"),
            print(seconds, Unit::Seconds)
        ));
    }
    lines.push(format!("writes {results}/{}/<time>/", clean(&plan.name)));
    lines.join("\n")
}

/// `  before: ./scale.sh 3, within 1m`
fn hook_line(when: &str, hook: &Hook) -> String {
    let variable = hook.spec.r#as.as_ref();
    let variable = variable.map_or_else(String::new, |name| format!(", its output becomes {name}"));
    let command = clean(&hook.spec.run.to_string());
    format!("  {when}: {command}, within {}{variable}", hook.spec.within)
}

/// What is run before a phase, or before one point of it.
fn hooks_before(phase: &Phase) -> Vec<String> {
    let is_first = phase.point.as_ref().is_none_or(SweepPoint::is_first);
    let of_phase = phase.hooks.before.iter().filter(|_| is_first);
    let hooks = of_phase.chain(&phase.hooks.before_point);
    hooks.map(|hook| hook_line("before", hook)).collect()
}

/// What is run after it.
fn hooks_after(phase: &Phase) -> Vec<String> {
    let is_last = phase.point.as_ref().is_none_or(SweepPoint::is_last);
    let of_phase = phase.hooks.after.iter().filter(|_| is_last);
    let hooks = phase.hooks.after_point.iter().chain(of_phase);
    hooks.map(|hook| hook_line("after", hook)).collect()
}

/// `http://localhost:8001, once /health answers, after a rest of 1m, one after the other`.
fn order(phase: &crate::plan::Phase, base: Option<&str>) -> String {
    let mut words = vec![match (&phase.target.demo, base) {
        (Some(_), _) => "the embedded target".to_owned(),
        (None, Some(base)) => clean(base),
        (None, None) => "each step's own address".to_owned(),
    }];
    let probes: Vec<String> = phase
        .target
        .ready
        .iter()
        .flat_map(|list| &list.0)
        .map(|ready| clean(&ready.path))
        .collect();
    if !probes.is_empty() {
        words.push(format!("once {} answers", probes.join(" and ")));
    }
    if !phase.rest.is_zero() {
        words.push(format!("after a rest of {}", phase.rest));
    }
    if phase.in_turn {
        words.push("one load after the other".to_owned());
    }
    if phase.must_pass {
        words.push("nothing later is run unless it passes".to_owned());
    }
    format!("  {}", words.join(", "))
}

fn of_load(load: &PreparedLoad, seed: u64) -> Vec<String> {
    let about = load.describe();
    let profile = load.load.schedule(seed).profile(COLUMNS);
    let mut lines = vec![format!(
        "  {}   {}   {}",
        clean(&about.name),
        about.executor,
        about.plan
    )];
    if let Some(length) = profile
        .length
        .filter(|_| profile.levels.iter().any(|level| *level > 0.0))
    {
        let peak = profile.levels.iter().copied().fold(0.0, f64::max);
        let level = if about.open {
            print(peak, Unit::PerSecond)
        } else {
            plural(peak as u64, "user")
        };
        lines.push(format!(
            "    0:00 {} {}   at most {level}",
            chart(&profile.levels, peak),
            clock(length.as_secs_f64())
        ));
    }
    lines.push(format!(
        "    {}; drain up to {}",
        counts(&profile, about.users),
        load.drain
    ));
    lines
}

/// One column for each part of the time, as high as its share of the peak.
fn chart(levels: &[f64], peak: f64) -> String {
    let bar = |level: &f64| {
        let eighth = (level / peak * BARS.len() as f64).ceil() as usize;
        if eighth == 0 {
            ' '
        } else {
            BARS[eighth.min(BARS.len()) - 1]
        }
    };
    levels.iter().map(bar).collect()
}

fn counts(profile: &Profile, users: Option<u64>) -> String {
    let in_flight = users.map_or(String::new(), |users| {
        format!(", at most {users} in flight")
    });
    let Some(planned) = profile.planned else {
        return format!("as many iterations as the target allows{in_flight}");
    };
    let total: u64 = planned.iter().sum();
    let parts: Vec<String> = LoadPart::ALL
        .iter()
        .zip(planned)
        .filter(|(_, count)| *count > 0 && *count < total)
        .map(|(part, count)| format!("{count} {}", part.name().replace('_', "-")))
        .collect();
    let parts = if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join(", "))
    };
    format!("{}{parts}{in_flight}", plural(total, "iteration"))
}

/// `1 run of 2m 15s, 405 iterations`.
fn total(plan: &Plan, prepared: &Prepared) -> String {
    let runs = plan.session.repeats.0;
    let mut seconds = Some(plan.session.rest.as_secs_f64() * (runs - 1) as f64);
    let mut iterations = Some(0);
    for (phase, own) in plan.phases.iter().zip(&prepared.phases) {
        let profiles: Vec<Profile> = own
            .loads
            .iter()
            .map(|load| load.load.schedule(plan.session.seed.0).profile(1))
            .collect();
        let lengths: Option<Vec<f64>> = profiles
            .iter()
            .map(|profile| Some(profile.length?.as_secs_f64()))
            .collect();
        let length = lengths.map(|all| {
            if phase.in_turn {
                all.iter().sum()
            } else {
                all.into_iter().fold(0.0, f64::max)
            }
        });
        seconds = seconds
            .zip(length)
            .map(|(sum, own)| sum + (own + phase.rest.as_secs_f64()) * runs as f64);
        let own: Option<u64> = profiles.iter().map(Profile::total).sum();
        iterations = iterations.zip(own).map(|(sum, own)| sum + own * runs);
    }
    let mut words = vec![plural(runs, "run")];
    words.push(seconds.map_or_else(
        || "as long as its iterations take".to_owned(),
        |seconds| {
            format!(
                "about {} and what drains",
                crate::report::text::wall(seconds)
            )
        },
    ));
    words.extend(iterations.map(|count| plural(count, "iteration")));
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_as_high_as_the_level() {
        assert_eq!(chart(&[0.0, 1.0, 4.0, 8.0], 8.0), " ▁▄█");
    }
}
