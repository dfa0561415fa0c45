//! Every rule. A new one is a line here and the function that looks for its evidence.

use super::rule::{Diagnosis, DiagnosisRule};
use super::{errors, latency, resources};
use crate::summary::Summary;

/// The rules, the more certain causes first.
pub const RULES: [DiagnosisRule; 17] = [
    DiagnosisRule {
        name: "wrong path",
        find: errors::method_not_allowed,
        cause: "the address lacks its path, or the method is another one",
        look: "compare the URL and method with the service's documentation; `perfgate run PLAN --once` shows both sides",
    },
    DiagnosisRule {
        name: "no healthy backend",
        find: errors::bad_gateway,
        cause: "the load balancer finds no healthy backend, or gives up on a slow one",
        look: "the balancer's error log and its timeouts; whether every worker is up (`docker compose ps`)",
    },
    DiagnosisRule {
        name: "gone in the middle",
        find: errors::refused_after_success,
        cause: "the service crashed or was restarted while it was loaded",
        look: "its log at that moment, exit codes and the kernel's out-of-memory messages (`dmesg`)",
    },
    DiagnosisRule {
        name: "restart",
        find: resources::restarted,
        cause: "the process was started again: a crash, a health check or a limit ended it",
        look: "the supervisor's log (`journalctl`, `docker inspect`, `kubectl describe`)",
    },
    DiagnosisRule {
        name: "timeouts",
        find: errors::timeouts,
        cause: "requests wait longer than the plan allows: the service is overloaded, or stuck",
        look: "fewer users or a lower rate; the service's queue and its slowest dependency",
    },
    DiagnosisRule {
        name: "too much at once",
        find: errors::many_errors,
        cause: "the service takes less at once than it is given",
        look: "reduce the concurrency, and see whether errors go below 5 %; a sweep with `accept` finds where they begin",
    },
    DiagnosisRule {
        name: "memory",
        find: resources::memory_full,
        cause: "the machine is short of memory",
        look: "which process holds it (`rss` of a process monitor); model sizes and the number of workers",
    },
    DiagnosisRule {
        name: "leak",
        find: resources::grows,
        cause: "something is kept that should be let go: a leak, or a cache without a bound",
        look: "a longer soak, to see whether it settles; a heap profile of the service",
    },
    DiagnosisRule {
        name: "processor at its limit",
        find: resources::cpu_full,
        cause: "the machine has no processor time left: the service, or the load beside it, uses all of it",
        look: "whether the target and perfgate share the machine; fewer workers than cores; a profile of the service",
    },
    DiagnosisRule {
        name: "queue grows",
        find: latency::drifts_up,
        cause: "more arrives than the service works off, so each iteration waits longer than the one before",
        look: "a lower rate; a capacity search finds the highest that holds",
    },
    DiagnosisRule {
        name: "one at a time",
        find: latency::linear_in_users,
        cause: "requests wait in line: the service works on so many at once and no more",
        look: "its worker count, thread pool or model lock; more users bring nothing",
    },
    DiagnosisRule {
        name: "scaling",
        find: latency::inefficient,
        cause: "the workers share something that is at its limit",
        look: "GPU memory, the network, the load balancer, a database or a lock that all of them use",
    },
    DiagnosisRule {
        name: "long tail",
        find: latency::long_tail,
        cause: "a few requests wait for something that most do not: garbage collection, a cold cache, a lock",
        look: "the slowest iterations in samples.csv.gz, and what the service did at those moments",
    },
    DiagnosisRule {
        name: "uneven load",
        find: latency::uneven,
        cause: "the balancer does not spread the load evenly: sticky sessions, or long connections that outlive a scaling",
        look: "the balancer's method (least connections suits long requests); whether all workers were there from the begin",
    },
    DiagnosisRule {
        name: "runs differ",
        find: latency::runs_differ,
        cause: "something else changes between runs: other load on the machine, caches, thermal limits",
        look: "what else runs there; a longer warm-up; `perfgate calibrate` says how much is usual",
    },
    DiagnosisRule {
        name: "connections close",
        find: errors::connections_close,
        cause: "the target closes connections that are kept: a short keep-alive, or a limit of requests a connection",
        look: "the keep-alive time-out and request limit of the service and the balancer",
    },
    DiagnosisRule {
        name: "slow name or handshake",
        find: latency::slow_connections,
        cause: "connections are made again and again, and making them is slow",
        look: "`connections = \"per-vu\"`; the resolver; TLS session resumption",
    },
];

/// Every symptom of a session, in the order of the table.
#[must_use]
pub fn diagnose(summary: &Summary) -> Vec<Diagnosis> {
    let found = RULES.iter().filter_map(|rule| {
        Some(Diagnosis {
            name: rule.name,
            evidence: (rule.find)(summary)?,
            cause: rule.cause,
            look: rule.look,
        })
    });
    found.collect()
}
