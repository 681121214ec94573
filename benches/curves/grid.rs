//! Lines by sizes: measured in interleaved rounds, printed, and made a figure.

use std::fs;

use knee::report::Kind;
use knee::report::plot::{Axis, Chart, Figure, Line};

/// A request, or a run, at one size.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) seconds: f64,
    pub(super) bytes: f64,
}

/// Whether memory is expected to grow with size, by orders of magnitude.
pub(super) enum Memory {
    Constant,
    Growing,
}

/// From this size on, one round is enough.
const LARGE: f64 = 1e6;

const MEMORY: &str = "megabytes, the most that the process ever had";

/// Lines by sizes.
pub(super) struct Grid<const N: usize> {
    names: [&'static str; N],
    sizes: Vec<f64>,
    lines: Vec<Vec<Point>>,
    rounds: usize,
}

impl<const N: usize> Grid<N> {
    /// Medians over rounds, each of which measures everything once. What is large is long enough for one to do.
    pub(super) fn measure(
        names: [&'static str; N],
        sizes: &[f64],
        rounds: usize,
        measure: impl Fn(usize, f64) -> Point,
    ) -> Grid<N> {
        let mut seen = vec![vec![Vec::new(); sizes.len()]; N];
        for round in 0..rounds {
            let wanted = |size: f64| round == 0 || size < LARGE;
            for (at, &size) in sizes.iter().enumerate().filter(|(_, size)| wanted(**size)) {
                (0..N).for_each(|line| seen[line][at].push(measure(line, size)));
            }
        }
        let middle = |points: Vec<Point>| Point {
            seconds: median(points.iter().map(|point| point.seconds)),
            bytes: median(points.iter().map(|point| point.bytes)),
        };
        let lines = seen.into_iter().map(|line| line.into_iter().map(middle).collect()).collect();
        Grid { names, sizes: sizes.to_vec(), lines, rounds }
    }

    /// Time and memory against size.
    pub(super) fn figure(&self, title: &str, x: &str, memory: Memory) -> Figure {
        self.print(title, x);
        let time = Axis { name: "for each request (log scale)".into(), kind: Kind::Time, log: true };
        let memory = match memory {
            Memory::Constant => Axis { name: MEMORY.into(), kind: Kind::Count, log: false },
            Memory::Growing => Axis { name: format!("{MEMORY} (log scale)"), kind: Kind::Count, log: true },
        };
        Figure {
            title: title.into(),
            x: Axis { name: format!("{x} (log scale)"), kind: Kind::Count, log: true },
            charts: vec![
                Chart { heading: "Time".into(), y: time, lines: self.drawn(|_, point| point.seconds) },
                Chart { heading: "Memory".into(), y: memory, lines: self.drawn(|_, point| point.bytes / 1e6) },
            ],
            note: self.note(),
        }
    }

    /// How many times as fast as with the first size, which is one thread.
    pub(super) fn speed_up(&self) -> Figure {
        self.print("Speed by threads", "threads");
        let ends = [self.sizes.first(), self.sizes.last()];
        let ideal = ends.into_iter().flatten().map(|&threads| (threads, threads)).collect();
        let mut lines = vec![Line { name: "ideal".into(), points: ideal, dashed: true }];
        lines.extend(self.drawn(|line, point| self.lines[line][0].seconds / point.seconds));
        let axis = |name: &str| Axis { name: format!("{name} (log scale)"), kind: Kind::Count, log: true };
        let speed = Chart { heading: "Speed".into(), y: axis("times that of one thread"), lines };
        Figure { title: "More threads: speed".into(), x: axis("threads"), charts: vec![speed], note: self.note() }
    }

    fn drawn(&self, y: impl Fn(usize, &Point) -> f64) -> Vec<Line> {
        let line = |(index, name): (usize, &&str)| Line {
            name: (*name).into(),
            points: self.sizes.iter().zip(&self.lines[index]).map(|(&x, point)| (x, y(index, point))).collect(),
            dashed: false,
        };
        self.names.iter().enumerate().map(line).collect()
    }

    /// A row for each size, with the time of a request and the memory of the process.
    fn print(&self, title: &str, x: &str) {
        let row = |first: &str, cell: &dyn Fn(usize) -> String| {
            let cells: String = (0..N).map(|line| format!("{:>28}", cell(line))).collect();
            println!("{first:>12}{cells}");
        };
        println!("{title}, by {x}");
        row("", &|line| self.names[line].into());
        for (at, size) in self.sizes.iter().enumerate() {
            row(&size.to_string(), &|line| {
                let point = self.lines[line][at];
                format!("{:.1} ns {:>9.1} MB", point.seconds * 1e9, point.bytes / 1e6)
            });
        }
    }

    fn note(&self) -> String {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let rounds = match self.rounds {
            1 => "one round".into(),
            rounds if self.sizes.iter().any(|&size| size >= LARGE) => {
                format!("medians of {rounds} rounds, from a million on one")
            }
            rounds => format!("medians of {rounds} rounds"),
        };
        format!("{rounds}; knee {}, {}, {cores} cores", env!("CARGO_PKG_VERSION"), processor())
    }
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    line.and_then(|line| line.split(": ").nth(1)).unwrap_or("unknown processor").into()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
