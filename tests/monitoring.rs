//! What other programs read is what they expect: OpenMetrics by a parser made from its grammar, traces by the
//! rules of the Trace Event Format and of Perfetto.

#[path = "monitoring/openmetrics.rs"]
mod openmetrics;
#[path = "monitoring/recovery.rs"]
mod recovery;
#[path = "monitoring/trace.rs"]
mod trace;

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use knee::experiment::{self, Control, Options, results::Results};
use knee::model::{self, Model};
use knee::scenario::Source;

/// Retries, arms, threads, sharing, patience, messages: whatever a request can meet.
const EVERYTHING: &str = r#"
title = "A \"shop\", with a back\\slash"
[workload.shoppers]
to = "app"
arrivals = { poisson = "90/s" }
profile = { steps = [["0s", 1.0], ["2s", 3.0], ["4s", 1.0]] }
timeout = "300ms"
retry = { attempts = 3, backoff = { delay = "50ms" } }
[workload.agents]
to = "app"
users = 20
think-time = { exponential = "1s" }
[service.app]
replicas = 3
threads = 8
queue = 50
balance = "random"
steps = [
  { visit = "desk" },
  { hold = { of = "pool", steps = [{ wait = { exponential = "20ms" } }, { fail = 0.01 }] } },
  { parallel = { need = 1, losers = "abandon", arms = [[{ visit = "shared" }], [{ wait = "9ms" }]] } },
  { call = { to = "back", timeout = "60ms", losers = "cancel" } },
  { publish = "emails" },
]
[service.back]
steps = [{ visit = "shared" }]
[pool.pool]
size = 4
[station.desk]
servers = 2
patience = { exponential = "500ms" }
service-time = { exponential = "10ms" }
[station.shared]
servers = 2
service-time = { exponential = "5ms" }
discipline = "processor-sharing"
[queue.emails]
consumer = "mailer"
[service.mailer]
threads = 2
steps = [{ wait = "1ms" }]
[cache.hot]
[service.reader]
steps = [{ look-aside = { cache = "hot", miss = [{ wait = "1ms" }] } }]
[workload.readers]
to = "reader"
arrivals = { constant = "20/s" }
keys = { uniform = 100 }
[[objective]]
name = "it is \"quick\""
require = "shoppers.latency.p99 < 250ms"
[[alert]]
name = "hot"
when = "desk.utilization > 0.5"
every = "1s"
[run]
warm-up = "1s"
duration = "10s"
replications = 3
series = "3s"
"#;

fn load(text: &str) -> Model {
    let source = Source { name: "it.toml".into(), text: text.into(), overrides: vec![] };
    let (model, diagnostics) = model::load(&source, &|_| Err("no files".into()));
    model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)))
}

fn run(model: &Model) -> Results {
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    experiment::run(model, &Options { jobs: true, ..Options::default() }, &control)
}

/// The scenarios that come with knee, shortened.
fn shipped() -> Vec<Model> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = fs::read_dir(folder).expect("scenarios").map(|entry| entry.expect("a scenario").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    let model = |path: std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("a text");
        let overrides = ["run.duration=3s", "run.warm-up=1s", "run.replications=1"];
        let source = Source { name: "it.toml".into(), text, overrides: overrides.map(String::from).to_vec() };
        model::load(&source, &|_| Err("no files".into())).0
    };
    files.into_iter().filter_map(model).collect()
}
