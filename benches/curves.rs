//! How the cost of a request grows: with requests, stations, requests in service, and threads.
//!
//! `cargo bench --bench curves` prints a table of each and draws it in `target/curves`. Further
//! arguments: a folder for the plots instead, names of figures (`requests`, `stations`, `pending`,
//! `threads`) if not all are wanted, `--png` for pictures of pixels as well, `--quick` for a trial
//! that measures little.
//!
//! `cargo bench --bench curves -- billion` runs a queue for 10⁹ requests; a number after it is how
//! many instead.
//!
//! Every measurement is a process of its own, so that memory counts, and does what `knee run` does
//! between reading the scenario and printing the results. Rounds are interleaved, medians are taken.
//! Times are of the processor, where the system tells; only those of several threads are by the clock.

#[path = "curves/grid.rs"]
mod grid;
#[path = "curves/run.rs"]
mod run;

use std::path::{Path, PathBuf};
use std::{env, fs};

use grid::{Grid, Memory, Point};
use knee::report::plot::{self, Figure, Format};
use run::{CHILD, Run, measure_here};

/// A scenario whose instructions `.ci/guard` counts, and how many requests a second it has.
type Guarded = (&'static str, &'static str, f64);

const MM1: Guarded = ("one server", include_str!("../.ci/guard.d/mm1.toml"), 0.8);
const SCENARIOS: [Guarded; 4] = [
    MM1,
    ("16 servers", include_str!("../.ci/guard.d/mm16.toml"), 14.4),
    ("power of two of 100", include_str!("../.ci/guard.d/power-of-two.toml"), 90.0),
    ("web, cache, database", include_str!("../.ci/guard.d/three-tiers.toml"), 1000.0),
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.first().map(String::as_str) {
        Some(CHILD) => measure_here(&arguments[1..]),
        Some("billion") => billion(arguments.get(1).map_or(1e9, |count| count.parse().expect("a number of requests"))),
        _ => curves(&arguments),
    }
}

type Measure = fn(&Effort) -> Figure;

const FIGURES: [(&str, Measure); 4] =
    [("requests", requests), ("stations", stations), ("pending", pending), ("threads", threads)];

fn curves(arguments: &[String]) {
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let is_name = |word: &str| FIGURES.iter().any(|(name, _)| *name == word);
    let folder = arguments.iter().find(|argument| !argument.starts_with('-') && !is_name(argument));
    let folder = folder.map_or_else(|| PathBuf::from("target/curves"), PathBuf::from);
    fs::create_dir_all(&folder).expect("a folder for the plots");
    let effort = Effort { quick: has("--quick") };
    let all = !arguments.iter().any(|argument| is_name(argument));
    for (name, figure) in FIGURES.iter().filter(|(name, _)| all || has(name)) {
        draw(&folder.join(name), &figure(&effort), has("--png"));
    }
}

fn draw(path: &Path, figure: &Figure, also_png: bool) {
    let formats: &[Format] = if also_png { &[Format::Svg, Format::Png] } else { &[Format::Svg] };
    for &format in formats {
        let path = path.with_extension(if format == Format::Svg { "svg" } else { "png" });
        fs::write(&path, plot::figure(figure, format).expect("a picture")).expect("a file");
        println!("{}", path.display());
    }
    println!();
}

/// How much is measured.
struct Effort {
    quick: bool,
}

impl Effort {
    fn rounds(&self, usual: usize) -> usize {
        if self.quick { 1 } else { usual }
    }

    /// Sizes up to 1,000 where it is quick.
    fn sizes(&self, usual: &[f64]) -> Vec<f64> {
        usual.iter().copied().filter(|&size| !self.quick || size <= usual[0] * 1e3).collect()
    }

    fn requests(&self, usual: f64) -> f64 {
        if self.quick { usual / 30.0 } else { usual }
    }
}

fn requests(effort: &Effort) -> Figure {
    let sizes = effort.sizes(&[1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7]);
    let grid = Grid::measure(SCENARIOS.map(|it| it.0), &sizes, effort.rounds(3), |line, size| {
        let (_, text, rate) = SCENARIOS[line];
        let cost = Run::of(text).with(format!("run.duration={}s", size / rate)).measure();
        Point { seconds: cost.seconds / cost.requests, bytes: cost.bytes }
    });
    grid.figure("A run of any length: time and memory", "requests in a run", Memory::Constant)
}

/// Two ways to choose among ever more stations, each at 80 % load.
fn stations(effort: &Effort) -> Figure {
    let ways = ["random", "power-of-two"];
    grown(effort, "More stations: time and memory", "stations", ["chosen at random", "power of two"], |line, size| {
        // A component has at most 100,000 replicas.
        let components = (size / 1e5).ceil() as u32;
        let (replicas, way) = (size / f64::from(components), ways[line]);
        let component = |index: u32| {
            format!(
                "[workload.customers-{index}]\nto = \"desk-{index}\"\narrivals = {{ poisson = \"{}/s\" }}\n\
                 [station.desk-{index}]\nreplicas = {replicas}\nbalance = \"{way}\"\n\
                 service-time = {{ exponential = \"1s\" }}\n",
                0.8 * replicas
            )
        };
        ((0..components).map(component).collect(), 0.8 * size)
    })
}

/// Ever more requests in service at the same time, for 1 s on average.
fn pending(effort: &Effort) -> Figure {
    let ways = [
        "to = \"desk\"\n[station.desk]\nservers = \"infinite\"\nservice-time = { exponential = \"1s\" }\n",
        "to = \"desk\"\n[service.desk]\nsteps = [{ wait = { exponential = \"1s\" } }]\n",
    ];
    grown(
        effort,
        "More requests in service: time and memory",
        "requests in service at the same time",
        ["station without limit", "step of a service"],
        |line, size| {
            let workload = format!("[workload.customers]\narrivals = {{ poisson = \"{size}/s\" }}\n{}", ways[line]);
            (workload, size)
        },
    )
}

/// What a request costs by the size of what it goes through: the difference between a long run and a short one, so that
/// what is done once does not count. `text` has a scenario and its requests a second.
fn grown(
    effort: &Effort,
    title: &str,
    x: &str,
    names: [&'static str; 2],
    text: impl Fn(usize, f64) -> (String, f64),
) -> Figure {
    let sizes = effort.sizes(&[1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6]);
    let more = effort.requests(3e5);
    let grid = Grid::measure(names, &sizes, effort.rounds(3), |line, size| {
        let (text, rate) = text(line, size);
        let run = |requests: f64| {
            let run = Run::of(&text).with("run.warm-up=0s".into()).with("run.replications=1".into());
            run.with(format!("run.duration={}s", requests / rate)).measure()
        };
        let (short, long) = (run(more + 2.0 * size), run(3.0 * more + 3.0 * size));
        Point { seconds: (long.seconds - short.seconds) / (long.requests - short.requests), bytes: long.bytes }
    });
    grid.figure(title, x, Memory::Growing)
}

fn threads(effort: &Effort) -> Figure {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    // All of them up to eight, then their doubles.
    let sizes: Vec<f64> =
        (1..=cores).filter(|&n| n <= 8 || n.is_power_of_two() || n == cores).map(|n| n as f64).collect();
    let names = ["40 replications", "20 points of 10"];
    let duration = |requests: f64| format!("run.duration={}s", effort.requests(requests) / MM1.2);
    let runs = [
        Run::of(MM1.1).with(duration(3e5)).with("run.replications=40".into()),
        Run::of(MM1.1).with(duration(6e4)).with("run.replications=10".into()).vary("0.05/s..0.95/s:20"),
    ];
    let grid = Grid::measure(names, &sizes, effort.rounds(5), |line, threads| {
        let cost = runs[line].clone().on(threads as usize).measure();
        Point { seconds: cost.elapsed / cost.requests, bytes: cost.bytes }
    });
    grid.speed_up()
}

/// A queue for so many requests.
fn billion(requests: f64) {
    // In picoseconds, 10⁹ requests at less than one a second would take too long.
    let run = Run::of(MM1.1).with("workload.customers.arrivals.poisson=800/s".into());
    let run = run.with("station.desk.service-time.exponential=1ms".into());
    let cost = run.with(format!("run.duration={}s", requests / 800.0)).measure();
    let each = cost.elapsed / cost.requests * 1e9;
    println!(
        "{:.0} requests: {:.1} s, {each:.1} ns each, at most {:.1} MB",
        cost.requests,
        cost.elapsed,
        cost.bytes / 1e6
    );
}
