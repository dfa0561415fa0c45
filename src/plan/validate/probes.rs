//! Which probes a partial plan leaves out: those of services that only the other loads use.

use std::collections::BTreeSet;

use url::Url;

use crate::endpoint::ReadySpec;
use crate::plan::model::Phase;
use crate::plan::model::Plan;
use crate::protocol::join;

/// A host and its port.
type Service = (String, u16);

/// Where some steps send, and whether that is known of all of them.
#[derive(Debug, Default)]
pub(in crate::plan) struct Services {
    known: BTreeSet<Service>,
    /// A step learns where to send only in an iteration.
    some_unknown: bool,
}

impl Plan {
    /// The services that the loads of all phases send to.
    pub(in crate::plan) fn services(&self) -> Services {
        let mut all = Services::default();
        for phase in &self.phases {
            let mut visited = BTreeSet::new();
            let flows = phase
                .loads
                .iter()
                .map(|(name, load)| load.flow.as_deref().unwrap_or(name));
            flows.for_each(|flow| phase.add_services(flow, &mut visited, &mut all));
        }
        all
    }

    /// Takes out the probes of services that `before` had and no step that is left sends to. A probe of something that no
    /// step ever sent to, such as a database, stays.
    pub(in crate::plan) fn drop_unused_probes(&mut self, before: &Services) {
        let left = self.services();
        if left.some_unknown {
            return;
        }
        let unused: BTreeSet<&Service> = before.known.difference(&left.known).collect();
        for phase in &mut self.phases {
            let base = phase.target.base().ok().flatten();
            let unneeded = |ready: &ReadySpec| {
                service(base.as_ref(), &ready.path).is_some_and(|own| unused.contains(&own))
            };
            if let Some(ready) = &mut phase.target.ready {
                ready.0.retain(|ready| !unneeded(ready));
            }
        }
    }
}

impl Phase {
    fn add_services<'a>(
        &'a self,
        flow: &'a str,
        visited: &mut BTreeSet<&'a str>,
        all: &mut Services,
    ) {
        if !visited.insert(flow) {
            return;
        }
        let base = self.target.base().ok().flatten();
        for step in self.flows.get(flow).into_iter().flatten() {
            match step
                .address()
                .map(|address| service(base.as_ref(), &address))
            {
                Some(Some(service)) => drop(all.known.insert(service)),
                // The embedded target has one address, which is known when it has started.
                Some(None) => all.some_unknown |= self.target.demo.is_none(),
                None => {}
            }
            if let Some(within) = &step.flow {
                self.add_services(within.get_ref(), visited, all);
            }
        }
    }
}

/// Where a path or URL leads, as far as that is known before an iteration.
fn service(base: Option<&Url>, address: &str) -> Option<Service> {
    if address.starts_with("{{") {
        return None;
    }
    let url = if address.contains("://") {
        Url::parse(address).ok()?
    } else {
        join(base, address).ok()?
    };
    Some((url.host_str()?.to_owned(), url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use crate::plan::{Options, load};

    /// What is probed in the phases that are left.
    fn probed(text: &str, only: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plan.toml");
        std::fs::write(&file, text).unwrap();
        let options = Options {
            environment: &|_| None,
            presets: &[],
            set: &[],
            only: &[only.to_owned()],
            seed: None,
            load: crate::plan::LoadOptions::default(),
            aim: None,
        };
        let loaded = load(&file, &options);
        let plan = loaded
            .plan
            .unwrap_or_else(|| panic!("{}", loaded.diagnostics.render(&loaded.sources, false)));
        let ready = plan
            .phases
            .iter()
            .flat_map(|phase| phase.target.ready.iter().flat_map(|list| &list.0));
        ready.map(|ready| ready.path.clone()).collect()
    }

    #[test]
    fn a_service_that_no_load_uses_is_not_waited_for() {
        let plan = |target: &str, address: &str| {
            format!(
                "[target]\n{target}\n[[flow.a]]\nhttp.get = '{address}'\n[[flow.b]]\nflow = 'c'\n[[flow.c]]\n\
                 http.get = 'http://b:2/x'\n[load.a]\nvus = 1\niterations = 30\n[load.b]\nvus = 1\niterations = 30\n"
            )
        };
        let both = "ready = ['http://a:1/health', 'http://b:2/health', 'tcp://store:3']";
        let with_base = "url = 'http://a:1'\nready = ['/health', 'http://b:2/health']";
        for (target, address, only, left) in [
            (
                both,
                "http://a:1/x/{{uuid}}",
                "a",
                &["http://a:1/health", "tcp://store:3"][..],
            ),
            (
                both,
                "http://a:1/x",
                "b",
                &["http://b:2/health", "tcp://store:3"],
            ),
            (
                both,
                "http://a:1{{uuid}}/x",
                "a",
                &["http://a:1/health", "http://b:2/health", "tcp://store:3"],
            ),
            (with_base, "/x", "a", &["/health"]),
            (with_base, "/x", "b", &["http://b:2/health"]),
        ] {
            assert_eq!(
                probed(&plan(target, address), only),
                left,
                "{target} {address} {only}"
            );
        }
    }
}
