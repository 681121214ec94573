//! A balancing policy of one's own, written in Rust and compared with those of the language.
//!
//! The policy remembers the target that it chose last and goes back there while nobody is there,
//! which keeps caches warm; otherwise it looks at two others. Run it with
//! `cargo run --release --example custom_policy`.

use std::sync::atomic::AtomicBool;

use knee::experiment::{self, Control, Options};
use knee::model::{self, Model};
use knee::policy::balance::{Balance, View};
use knee::rng::{Rng, below};
use knee::scenario::Source;

const SCENARIO: &str = r#"
[workload.clients]
to = "farm"
arrivals = { poisson = "900/s" }

[station.farm]
replicas = 10
service-time = { exponential = "10ms" }

[run]
duration = "200s"
warm-up = "5s"
replications = 4
"#;

/// Goes where it last found nobody; if somebody is there now, to the shorter of two others.
#[derive(Debug, Clone, Default)]
struct Returning {
    favourite: usize,
}

impl Balance for Returning {
    fn choose(&mut self, view: &View<'_>, rng: &mut Rng) -> usize {
        if view.in_system(self.favourite) == 0 {
            return self.favourite;
        }
        let mut draw = || below(rng, view.len() as u32) as usize;
        let (one, other) = (draw(), draw());
        self.favourite = if view.in_system(one) <= view.in_system(other) { one } else { other };
        self.favourite
    }

    fn fresh(&self) -> Box<dyn Balance> {
        Box::new(Returning::default())
    }
}

fn main() -> Result<(), String> {
    println!("policy           mean latency        p99");
    for policy in ["random", "power-of-two", "join-shortest-queue"] {
        report(policy, &load(policy)?);
    }
    let mut model = load("random")?;
    for balancer in &mut model.balancers {
        balancer.policy = Box::new(Returning::default());
    }
    report("returning", &model);
    Ok(())
}

/// The model with one of the language's policies.
fn load(policy: &str) -> Result<Model, String> {
    let source = Source {
        name: "custom policy".into(),
        text: SCENARIO.into(),
        overrides: vec![format!("station.farm.balance={policy}")],
    };
    let no_files = |path: &str| Err(format!("this scenario reads no {path}"));
    let (model, diagnostics) = model::load(&source, &no_files);
    model.ok_or_else(|| diagnostics.render(false))
}

fn report(policy: &str, model: &Model) {
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    let results = experiment::run(model, &Options::default(), &control);
    let latency = &results.workloads["clients"].latency;
    let show = |seconds: Option<f64>| seconds.map_or("unknown".into(), |s| format!("{:.1} ms", 1e3 * s));
    println!("{policy:20} {:>8} {:>10}", show(latency.mean.value), show(latency.p99.value));
}
