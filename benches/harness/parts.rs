//! Parts of a run: a request's key and its look-up, the start of the program, and the compiler.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use knee::distribution::Zipf;
use knee::policy::evict;
use knee::rng;

use super::Goal;
use super::clock::{elapsed, median, medians, timed};
use super::simulation::{Way, compile, cost};
use crate::hand::{Chains, Mm1, Model as _};

const KEYS: u64 = 1_000_000;
const ENTRIES: u64 = 100_000;
const EXPONENT: f64 = 0.99;
const REQUESTS: u32 = 2_000_000;

/// A draw and a look-up, and on a miss the entry that comes in and the one that goes: by themselves, and as what a
/// scenario takes longer when it has a cache.
pub(super) fn cache(rounds: u64) -> Vec<Goal> {
    vec![
        Goal::at_most("a request through a cache: draw and look-up", 35.0, "ns", alone(rounds)),
        Goal::at_most("a request through a cache: a scenario with it, less without", 35.0, "ns", within(rounds)),
    ]
}

fn alone(rounds: u64) -> f64 {
    let mut rng = rng::stream(1, 0, "cache");
    let keys = Zipf::new(KEYS, EXPONENT).expect("a popularity");
    let lru = evict::find("lru").expect("it is registered");
    let mut cache = (lru.build)(None, ENTRIES).expect("a policy without arguments");
    let mut request = |_: u64| {
        for _ in 0..REQUESTS {
            let key = keys.sample(&mut rng);
            if !cache.lookup(key, &mut rng) {
                cache.insert(key, 1, &mut rng, &mut |gone| _ = black_box(gone));
            }
        }
    };
    // The first round fills it.
    request(0);
    let [time] = medians(rounds, [&mut |round| timed(|| request(round)).0]);
    time / f64::from(REQUESTS)
}

/// Nobody waits for anything but time, with and without a look-up that takes none. That the cache is filled at the
/// start is one insertion for twenty requests.
fn within(rounds: u64) -> f64 {
    let text = |keys: &str, look_up: &str, cache: &str| {
        format!(
            "[workload.customers]\nto = \"app\"\narrivals = {{ poisson = \"1000/s\" }}\n{keys}\n\
             [service.app]\nsteps = [{{ wait = {{ exponential = \"1ms\" }} }}{look_up}]\n{cache}\n\
             [run]\nwarm-up = \"0s\"\nduration = \"{}s\"\n",
            f64::from(REQUESTS) / 1000.0
        )
    };
    let keys = format!("keys = {{ zipf = {{ count = {KEYS}, exponent = {EXPONENT} }} }}");
    let look_up = ", { look-aside = { cache = \"objects\", miss = [] } }";
    let objects = format!("[cache.objects]\ncapacity = {ENTRIES}\nstart = \"warm\"\n");
    let [with, without] = [compile(&text(&keys, look_up, &objects)), compile(&text("", "", ""))];
    let way = Way::General;
    let [with, without] =
        medians(rounds, [&mut |round| cost(&with, round, way), &mut |round| cost(&without, round, way)]);
    with - without
}

/// The program itself, from its start to its end, on a scenario of about one customer.
pub(super) fn start(rounds: u64) -> Vec<Goal> {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("start.toml");
    fs::write(&file, Mm1 { load: 0.8, customers: 1 }.scenario()).expect("a folder to write to");
    let mut knee = Command::new(env!("CARGO_BIN_EXE_knee"));
    knee.arg("run").arg(&file).args(["--replications", "1", "--threads", "1", "--quiet", "--json"]);
    let [time] = medians(rounds, [&mut |_| elapsed(|| knee.output().expect("the program is built")).0]);
    vec![Goal::at_most("start to first event (the whole program, one customer)", 5.0, "ms", time / 1e6)]
}

pub(super) fn compile_components(rounds: u64) -> Vec<Goal> {
    let text = Chains { chains: 2500, load: 0.7, customers: 1 }.scenario();
    let times = (0..rounds).map(|_| timed(|| compile(&text)).0).collect();
    vec![Goal::at_most("parse and compile 10,000 components", 200.0, "ms", median(times) / 1e6)]
}
