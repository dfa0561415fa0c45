//! Flows carried out in virtual time, against a target that answers by a script.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use futures_util::future::{join, join_all};
use perfgate::audio::Pool;
use perfgate::clock::{Clock, VirtualClock};
use perfgate::diag::Spanned;
use perfgate::engine::{Budget, LoadShare, WorkerCommand, WorkerOutbox, WorkerReport, work};
use perfgate::flow::{CompileContext, DataTable, Flow, FlowError, FlowUser, StepSpec};
use perfgate::measure::{Batch, Distribution, LoadResult, Quantile};
use perfgate::metric::{Catalog, ErrorClass, LoadId, MetricId};
use perfgate::protocol::http::{Auth, TextMap};
use perfgate::protocol::testing::MockConversation;
use perfgate::protocol::testing::{MockReply, MockTransport};
use perfgate::protocol::{Request, StreamRequest};
use perfgate::schedule::{Load, Segment};
use perfgate::units::Duration;
use tokio::sync::{mpsc, watch};

/// When each request was made, and what it was.
type Requests = Rc<RefCell<Vec<(u64, String)>>>;

/// One load over the flow `main`, and what it is carried out in.
#[derive(Clone)]
pub struct FlowRun {
    flows: BTreeMap<String, Vec<StepSpec>>,
    load: Load,
    drain: Duration,
    workers: u64,
    pools: BTreeMap<String, Arc<Pool>>,
    data: BTreeMap<String, Arc<DataTable>>,
    filled: Vec<String>,
    tags: TextMap,
    headers: TextMap,
    auth: Option<Auth>,
}

/// What the load came to.
pub struct Played {
    pub result: LoadResult,
    pub catalog: Arc<Catalog>,
    /// Raw samples.
    pub samples: Vec<Batch>,
    /// When each request was made in milliseconds, with its method and path.
    pub requests: Vec<(u64, String)>,
    /// The same requests.
    pub sent: Vec<Request>,
}

#[derive(serde::Deserialize)]
struct Plan {
    flow: BTreeMap<String, Vec<StepSpec>>,
    #[serde(default)]
    tags: Option<TextMap>,
    #[serde(default)]
    headers: Option<TextMap>,
    #[serde(default)]
    auth: Option<Auth>,
}

impl FlowRun {
    /// `plan` has `[[flow.main]]`, other flows, `[tags]` and `[headers]`; `load` the keys of a load.
    pub fn new(plan: &str, load: &str) -> Self {
        let plan: Plan = toml::from_str(plan).unwrap();
        for step in plan.flow.values().flatten() {
            assert_eq!(step.check(), [], "{step:?}");
        }
        Self {
            flows: plan.flow,
            load: toml::from_str(load).unwrap(),
            drain: Duration::from_secs(3600),
            workers: 1,
            pools: BTreeMap::new(),
            data: BTreeMap::new(),
            filled: Vec::new(),
            tags: plan.tags.unwrap_or_default(),
            headers: plan.headers.unwrap_or_default(),
            auth: plan.auth,
        }
    }

    pub fn drain(mut self, drain: Duration) -> Self {
        self.drain = drain;
        self
    }

    pub fn workers(mut self, workers: u64) -> Self {
        self.workers = workers;
        self
    }

    pub fn pool(mut self, name: &str, pool: Pool) -> Self {
        self.pools.insert(name.to_owned(), Arc::new(pool));
        self
    }

    pub fn data(mut self, name: &str, table: DataTable) -> Self {
        self.data.insert(name.to_owned(), Arc::new(table));
        self
    }

    /// Names that the plan itself has filled in.
    pub fn filled(mut self, names: &[&str]) -> Self {
        self.filled = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// The flow ready to run.
    pub fn compile(&self) -> Result<(Flow, Catalog, LoadId), Vec<FlowError>> {
        let mut catalog = Catalog::default();
        let id = catalog.add_load(None, "load");
        let main = &self.flows["main"];
        let ids = Flow::enter(main, &self.flows, &mut catalog, id);
        let base = "http://target:1".parse().unwrap();
        let folders: BTreeMap<String, PathBuf> = BTreeMap::new();
        let scene = CompileContext {
            base: Some(&base),
            headers: &self.headers,
            auth: self.auth.as_ref(),
            timeout: Duration::from_secs(60),
            folder: Path::new("."),
            folders: &folders,
            pools: &self.pools,
            data: &self.data,
            flows: &self.flows,
            filled: &self.filled,
            tags: &self.tags,
            split_by: self
                .load
                .split_by
                .as_ref()
                .map(|name: &Spanned<String>| name),
            seed: 1,
            nonce: 1,
            transcripts: false,
        };
        Flow::compile(main, &ids, &catalog, id, &scene).map(|flow| (flow, catalog, id))
    }

    /// What is wrong with the flow: the messages with their help.
    pub fn errors(&self) -> Vec<String> {
        let wrong = self.compile().map(|_| ()).expect_err("the flow is wrong");
        wrong
            .into_iter()
            .map(|error| format!("{}; {}", error.message, error.help))
            .collect()
    }

    /// Carries the load out; `answer` is asked with the time in milliseconds and `METHOD path`.
    pub fn play(&self, answer: impl Fn(u64, &str) -> MockReply + 'static) -> Played {
        self.play_requests(move |at, request| {
            answer(at, &format!("{} {}", request.method, request.target))
        })
    }

    /// The same with the whole request.
    pub fn play_requests(&self, answer: impl Fn(u64, &Request) -> MockReply + 'static) -> Played {
        let requests: Requests = Rc::default();
        let log = Rc::clone(&requests);
        let script = |clock: Clock| {
            let now = clock.clone();
            MockTransport::new(clock, move |request| {
                let at = now.now().as_nanos() / 1_000_000;
                log.borrow_mut()
                    .push((at, format!("{} {}", request.method, request.target)));
                answer(at, request)
            })
        };
        self.play_with(script, &requests)
    }

    /// Carries out a load whose steps are conversations; `converse` is asked about each with the clock.
    pub fn play_talking(
        &self,
        converse: impl Fn(&Clock, &StreamRequest) -> MockConversation + 'static,
    ) -> Played {
        let script = |clock: Clock| {
            let now = clock.clone();
            MockTransport::talking(clock, move |call| converse(&now, call))
        };
        self.play_with(script, &Rc::default())
    }

    fn play_with(
        &self,
        script: impl FnOnce(Clock) -> MockTransport,
        requests: &Requests,
    ) -> Played {
        let time = VirtualClock::new();
        let clock = Clock::Virtual(time.clone());
        let (flow, catalog, id) = self.compile().unwrap();
        let (flow, catalog) = (Arc::new(flow), Arc::new(catalog));
        let script = script(clock.clone());
        let mut load = self.load.clone();
        load.at_most = flow.lasts();
        let schedule = load.schedule(1);
        let budget = Arc::new(Budget::new(&schedule));
        let (command, word) = watch::channel(WorkerCommand::Prepare);
        let (reports, mut inbox) = mpsc::channel(10_000);
        let (keep, kept) = std::sync::mpsc::sync_channel(10_000);
        let make = |_: LoadId, number: u64| {
            FlowUser::new(Arc::clone(&flow), clock.clone(), script.clone(), number)
        };
        let workers = (0..self.workers).map(|k| {
            let segment = Segment::WHOLE.split(k, self.workers);
            let budget = Arc::clone(&budget);
            let share = LoadShare {
                id,
                schedule: schedule.clone(),
                segment,
                budget,
                drain: self.drain,
                seed: 1,
            };
            let outbox = WorkerOutbox {
                reports: reports.clone(),
                samples: Some(keep.clone()),
            };
            work(
                vec![share],
                &catalog,
                clock.clone(),
                make,
                word.clone(),
                outbox,
            )
        });
        let workers = join_all(workers);
        drop(reports);
        let control = async {
            for _ in 0..self.workers {
                assert!(matches!(inbox.recv().await, Some(WorkerReport::Ready)));
            }
            command.send_replace(WorkerCommand::Start(clock.now()));
            while inbox.recv().await.is_some() {}
        };
        let (results, ()) = time.run(join(workers, control));
        drop(keep);
        let mut loads = results.into_iter().flat_map(|worker| worker.loads);
        let mut result = loads.next().unwrap();
        loads.for_each(|more| result.merge(more));
        assert!(result.stats.parts.iter().all(|part| part.counts.adds_up()));
        assert!(
            result
                .stats
                .steps
                .iter()
                .all(perfgate::measure::Counts::adds_up)
        );
        let requests = requests.borrow().clone();
        Played {
            result,
            catalog,
            samples: kept.into_iter().collect(),
            requests,
            sent: script.seen(),
        }
    }
}

impl Played {
    /// The mean of a measured distribution in milliseconds.
    pub fn mean(&self, step: Option<&str>, quantity: &str) -> Option<f64> {
        Some(self.distribution(step, quantity)?.mean()? / 1e6)
    }

    pub fn distribution(&self, step: Option<&str>, quantity: &str) -> Option<&Distribution> {
        self.result.stats.distribution(self.id(step, quantity))
    }

    fn id(&self, step: Option<&str>, quantity: &str) -> MetricId {
        let load = self.catalog.load(LoadId(0));
        let step = step.map(|name| {
            *load
                .steps
                .iter()
                .find(|id| self.catalog.step(**id).name == name)
                .unwrap()
        });
        self.catalog.find(LoadId(0), step, quantity).unwrap()
    }

    pub fn p95(&self, step: Option<&str>, quantity: &str) -> Quantile {
        self.distribution(step, quantity)
            .unwrap()
            .quantile(0.95, false)
            .unwrap()
    }

    /// When the polls were made, in milliseconds.
    pub fn polls(&self) -> Vec<u64> {
        self.requests
            .iter()
            .filter(|(_, what)| what.starts_with("GET"))
            .map(|(at, _)| *at)
            .collect()
    }

    /// Method and path of every request.
    pub fn paths(&self) -> Vec<&str> {
        self.requests
            .iter()
            .map(|(_, what)| what.as_str())
            .collect()
    }

    pub fn errors(&self, class: ErrorClass) -> u64 {
        self.result.stats.classes[class as usize]
    }

    pub fn messages(&self) -> Vec<String> {
        self.result
            .stats
            .errors
            .groups()
            .into_iter()
            .map(|(_, _, _, group)| group.example.clone())
            .collect()
    }

    /// How often each step was run, and how often well.
    pub fn steps(&self) -> Vec<(&str, u64, u64)> {
        let load = self.catalog.load(LoadId(0));
        let of = |id: &perfgate::metric::StepId| {
            let counts = &self.result.stats.steps[usize::from(id.0)];
            (
                self.catalog.step(*id).name.as_str(),
                counts.started,
                counts.ok,
            )
        };
        load.steps.iter().map(of).collect()
    }

    pub fn counts(&self) -> perfgate::measure::Counts {
        self.result.stats.measured_part().counts
    }
}

pub fn after(millis: u64, status: u16, body: &str) -> MockReply {
    MockReply::new(Duration::from_millis(millis), status, body.to_owned())
}
