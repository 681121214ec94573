//! The language as users write it: each file in `tests/language` loads without a word and runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use knee::experiment::results::Results;
use knee::experiment::{self, Control, Options};
use knee::model::{self, Model};
use knee::scenario::Source;

/// The files that the scenarios name.
fn read(path: &str) -> Result<String, String> {
    let text = match path {
        "latencies.csv" => "0.001\n0.002\n0.005\n",
        "arrivals.csv" => "time\n0\n0.01\n0.02\n",
        "keys.csv" => "key\n1\nalice\n7\n",
        "jobs.csv" => "time,key,size,operation,priority,service-time\n0,1,4096,,0,0.5\n0.1,bob,,,1,\n",
        _ => return Err("no such file".to_string()),
    };
    Ok(text.to_string())
}

fn load(text: &str, overrides: &[&str]) -> Result<Model, String> {
    let overrides = overrides.iter().map(|one| one.to_string()).collect();
    let source = Source { name: "test.toml".into(), text: text.into(), overrides };
    let (model, diagnostics) = model::load(&source, &read);
    let said = diagnostics.render(false);
    model.filter(|_| said.is_empty()).ok_or(said)
}

fn run(model: &Model) -> Results {
    let control = Control { progress: &|_| (), cancelled: &AtomicBool::new(false) };
    experiment::run(model, &Options::default(), &control)
}

fn scenarios() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    let entries = fs::read_dir(folder).expect("the scenarios are there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    paths
}

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language").join(name);
    fs::read_to_string(path).expect("a readable scenario")
}

#[test]
fn everything_that_can_be_written_loads_and_runs() {
    for path in scenarios() {
        let text = fs::read_to_string(&path).expect("a readable scenario");
        let name = path.display();
        load(&text, &[]).unwrap_or_else(|problems| panic!("{name}:\n{problems}"));
        let short = ["run.duration=1s", "run.warm-up=100ms", "run.replications=2"];
        let model = load(&text, &short).unwrap_or_else(|problems| panic!("{name}, shorter:\n{problems}"));
        let results = run(&model);
        let checks = results.checks;
        assert!(checks.little && checks.flow_balance && checks.utilization_law, "{name}: {checks:?}");
        assert!(results.scenario.events > 0, "{name}: nothing happens");
    }
}

#[test]
fn every_station_that_is_written_is_visited() {
    for name in ["policies.toml", "disciplines.toml", "steps.toml", "calls.toml"] {
        let model = load(&text(name), &["run.duration=20s", "run.warm-up=0s", "run.replications=1"]).expect("a model");
        for (station, result) in &run(&model).stations.0 {
            assert!(result.throughput.value > Some(0.0), "{name}: nobody comes to {station}");
        }
    }
}

#[test]
fn any_value_can_be_overridden_by_its_path() {
    for (name, path) in [
        ("services.toml", "service.app.replicas=8"),
        ("services.toml", "service.app.operation.buy.steps[0].cpu=5ms"),
        ("services.toml", "service.app.operation.buy.steps[0].cpu={ exponential = \"5ms\" }"),
        ("services.toml", "service.app.operation.buy.steps[1].call.timeout=1s"),
        ("services.toml", "service.app.operation.buy.steps[1].call.retry.attempts=unlimited"),
        ("services.toml", "service.app.operation.buy.steps[1].call.retry.backoff.exponential.base=10ms"),
        ("services.toml", "workload.shoppers.arrivals.poisson=100/s"),
        ("services.toml", "workload.shoppers.arrivals={ constant = \"100/s\" }"),
        ("services.toml", "run.seed=7"),
        ("services.toml", "title=Another"),
        ("services.toml", "machine.web-node.price=1"),
        ("steps.toml", "service.front.steps[7].parallel.arms[1][0].wait=2ms"),
        ("steps.toml", "service.front.steps[9].choose[0][1][0].cpu=2ms"),
        ("steps.toml", "service.net.route.till.desk=0.25"),
        ("workloads.toml", "workload.shoppers.profile.steps[1][1]=2.0"),
        ("workloads.toml", "workload.agents.users=3"),
        ("objectives.toml", "objective[0].require=shoppers.latency.p99 < 1s"),
        ("objectives.toml", "sweep.vary=service.app.replicas"),
        ("parts.toml", "lock.inventory.by=all"),
    ] {
        load(&text(name), &[path]).unwrap_or_else(|problems| panic!("{path}:\n{problems}"));
    }
}

#[test]
fn an_override_is_what_is_run() {
    let servers = |overrides: &[&str]| {
        let short = ["run.duration=10s", "run.warm-up=0s", "run.replications=1"];
        let model = load(&text("station.toml"), &[&short, overrides].concat()).expect("a model");
        run(&model).stations.get("desk").expect("a desk").servers
    };
    assert_eq!(servers(&[]), Some(1));
    assert_eq!(servers(&["station.desk.servers=3"]), Some(3));
    assert_eq!(servers(&["station.desk.servers=3", "station.desk.servers=infinite"]), None);
}

/// A chain of services, each of which calls the next.
fn chain(services: u32) -> String {
    let mut text = "[workload.w]\nto = \"s1\"\narrivals = { poisson = \"1/s\" }\n".to_string();
    for service in 1..services {
        text += &format!("[service.s{service}]\nsteps = [{{ call = \"s{}\" }}]\n", service + 1);
    }
    text + &format!("[service.s{services}]\nsteps = [{{ wait = \"1ms\" }}]\n")
}

#[test]
fn calls_are_nested_as_deep_as_the_stack_allows() {
    assert!(load(&chain(250), &[]).is_ok());
    let said = load(&chain(10_000), &[]).err().expect("a chain that is too long");
    let balancers = (1..5000).map(|at| format!("[balancer.b{at}]\npolicy = \"random\"\nto = [\"b{}\"]\n", at + 1));
    let text =
        "[workload.w]\nto = \"b1\"\narrivals = { poisson = \"1/s\" }\n".to_string() + &balancers.collect::<String>();
    let end = "[balancer.b5000]\npolicy = \"random\"\nto = [\"s\"]\n[service.s]\nsteps = [{ wait = \"1ms\" }]\n";
    assert!(load(&(text + end), &[]).is_err_and(|said| said.contains("more than 256 deep")));
    assert!(said.contains("lead to others more than 256 deep"), "{said}");
}
