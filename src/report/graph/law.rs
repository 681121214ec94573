//! The curve of a law: measurements as dots, what is only a bound in grey dashes.

use super::color::{BLACK, Color, GREY, PALETTE};
use super::{Graph, Place, Scale, Series};
use crate::experiment::law::{Amdahl, Answer, Gustafson, Queue, Repairman, Speedup, Staffing, UslAnswer};
use crate::laws::staffing::{Staffed, ladder};
use crate::laws::usl::Usl;
use crate::laws::{amdahl, erlang};
use crate::report::quantity::{Kind, show};
use crate::report::reading::{digits, number};

/// How many pieces a smooth curve is drawn of.
const PIECES: i32 = 120;

/// A graph with what is written above and below it.
pub(crate) struct Page {
    /// Above.
    pub(crate) title: String,
    /// Its axes and lines.
    pub(crate) graph: Graph,
    /// Below: whose law it is.
    pub(crate) note: &'static str,
}

/// The page of an answer.
pub(crate) fn page(answer: &Answer) -> Page {
    let parts = match answer {
        Answer::Amdahl(law) => of_amdahl(law),
        Answer::Gustafson(law) => of_gustafson(law),
        Answer::Usl(law) => of_usl(law),
        Answer::Speedup(law) => of_speedup(law),
        Answer::Staffing(law) => of_staffing(law),
        Answer::Queue(law) => of_queue(law),
        Answer::Repairman(law) => of_repairman(law),
    };
    let mut graph = Graph::new(parts.says, parts.scales, parts.lines);
    graph.verticals.extend(parts.mark);
    Page { title: parts.title, graph, note: parts.note }
}

/// What a page is made of.
struct Parts {
    title: String,
    /// Heading, name of the y axis, name of the x axis.
    says: [&'static str; 3],
    scales: (Scale, Scale),
    lines: Vec<Series>,
    /// A place on the x axis with a name.
    mark: Option<(f64, String)>,
    note: &'static str,
}

fn of_amdahl(law: &Amdahl) -> Parts {
    let last = law.curve.iter().map(|row| row.size).fold(2.0, f64::max);
    let serial = law.serial;
    let mut page = speedups(serial, last, law.limit);
    page.lines.push(line("Gustafson", PALETTE[2], |n| amdahl::scaled_speedup(serial, n), (1.0, last)));
    page.lines.push(line("Amdahl", PALETTE[0], |n| amdahl::speedup(serial, n), (1.0, last)));
    if let Some(fit) = &law.fit {
        let dots: Vec<Place> = law.measured.iter().map(|row| (row.size, row.throughput / fit.lambda, None)).collect();
        // What was measured may be slower than the fitted one.
        let heights = dots.iter().map(|dot| dot.1).chain([1.0, last]);
        page.scales.1 = Scale::log(Kind::Count, heights);
        page.lines.push(dotted("measured", dots));
    }
    page
}

fn of_gustafson(law: &Gustafson) -> Parts {
    let last = law.curve.iter().map(|row| row.size).fold(2.0, f64::max);
    let serial = law.serial;
    let mut page = speedups(serial, last, None);
    page.lines.push(line("Amdahl", PALETTE[0], |n| amdahl::speedup(serial, n), (1.0, last)));
    page.lines.push(line("Gustafson", PALETTE[2], |n| amdahl::scaled_speedup(serial, n), (1.0, last)));
    page
}

fn of_speedup(law: &Speedup) -> Parts {
    let last = law.curve.iter().map(|row| row.cores).fold(2.0, f64::max);
    let serial = law.serial;
    let limit = (serial > 0.0).then(|| 1.0 / serial);
    let mut page = speedups(serial, last, limit);
    page.title = format!("A job of which {} is serial", show(Kind::Ratio, Some(serial)));
    page.lines.push(line("speedup", PALETTE[0], |n| amdahl::speedup(serial, n), (1.0, last)));
    page.note = "Amdahl (1967): 1 / (s + (1 − s) / n)";
    page.mark = law.deadline.as_ref().and_then(|deadline| {
        let cores = deadline.cores.filter(|cores| *cores <= last)?;
        Some((cores, format!("in time from {} cores", number(cores))))
    });
    page
}

/// Speedup against size, both in equal ratios, with what no curve exceeds.
fn speedups(serial: f64, last: f64, limit: Option<f64>) -> Parts {
    let mut lines = vec![dashed("in proportion", |n| n, (1.0, last))];
    if let Some(limit) = limit.filter(|limit| *limit <= last) {
        lines.push(dashed(&format!("limit {}", digits(limit, 4)), |_| limit, (1.0, last)));
    }
    Parts {
        title: format!("Speedup with a serial share of {}", show(Kind::Ratio, Some(serial))),
        says: ["Speedup", "times one (log scale)", "size (log scale)"],
        scales: (
            Scale::log(Kind::Count, [1.0, last].into_iter()).exactly(1.0, last),
            Scale::log(Kind::Count, [1.0, last].into_iter()),
        ),
        lines,
        mark: None,
        note: "Amdahl (1967): 1 / (s + (1 − s) / n); Gustafson (1988): n − s (n − 1)",
    }
}

fn of_usl(law: &UslAnswer) -> Parts {
    let Usl { lambda, alpha, beta } = law.law();
    let shown = law.curve.iter().map(|row| row.size).chain(law.band.iter().map(|place| place.0));
    let last = shown.fold(2.0, f64::max);
    let curve = |n: f64| law.law().throughput(n);
    let mut lines = vec![dashed("in proportion", |n| lambda * n, (1.0, last))];
    if beta > 0.0 && alpha > 0.0 {
        let without = Usl { lambda, alpha, beta: 0.0 };
        lines.push(dashed("without coherency", move |n| without.throughput(n), (1.0, last)));
    }
    let mut fitted = line(if law.fit.is_some() { "fitted" } else { "USL" }, PALETTE[0], curve, (1.0, last));
    if !law.band.is_empty() {
        fitted.points = law.band.iter().map(|&(n, x, interval)| (n, x, Some(interval))).collect();
    }
    let dots: Vec<Place> = law.measured.iter().map(|row| (row.size, row.throughput, None)).collect();
    let drawn = fitted.points.iter().chain(&dots).map(|point| point.2.map_or(point.1, |ci| ci[1])).fold(0.0, f64::max);
    // What there would be without coherency is shown whole if it leaves room for the rest.
    let ideal = lines.get(1).and_then(|line| line.points.last()).map_or(0.0, |end| end.1);
    let most = if ideal < 2.0 * drawn { drawn.max(ideal) } else { drawn };
    lines.iter_mut().for_each(|line| line.points.retain(|point| point.1 <= 1.05 * most));
    lines.push(fitted);
    lines.extend((!dots.is_empty()).then(|| dotted("measured", dots)));
    Parts {
        title: "The universal scalability law".into(),
        says: ["Throughput", "in the unit of lambda", "size"],
        scales: (
            Scale::linear(Kind::Count, [0.0, last].into_iter()),
            Scale::linear(Kind::Count, [0.0, most].into_iter()),
        ),
        lines,
        mark: law.peak.filter(|peak| *peak <= last).map(|peak| (peak, format!("peak at {}", digits(peak, 4)))),
        note: if law.band.is_empty() {
            "Gunther (2007): λ n / (1 + α (n − 1) + β n (n − 1))"
        } else {
            "Gunther (2007): λ n / (1 + α (n − 1) + β n (n − 1)); the band is the 95 % interval of the fitted curve"
        },
    }
}

fn of_staffing(law: &Staffing) -> Parts {
    let first = libm::floor(law.load) as u32 + 1;
    let chosen = law.targets.iter().map(|row| row.servers).chain(law.square_root.iter().map(|row| row.servers));
    let reach = first + 4 + (3.0 * libm::sqrt(law.load)) as u32;
    let last = chosen.fold(reach, u32::max);
    let step = ((last - first) / 400).max(1) as usize;
    let shown = ladder(law.load).take(last as usize).skip(first as usize - 1);
    let all: Vec<Staffed> = shown.step_by(step).collect();
    let of = |name: &str, color: Color, dashed: bool, value: fn(&Staffed) -> f64| Series {
        name: name.into(),
        color,
        joined: true,
        dashed,
        points: all.iter().map(|staffed| (f64::from(staffed.servers), value(staffed), None)).collect(),
    };
    let most = law.servers.map(|servers| (f64::from(servers), format!("{servers} servers")));
    Parts {
        title: format!("Servers for {} erlangs", number(law.load)),
        says: ["How many wait, or are lost", "share of the arrivals", "servers"],
        scales: (
            Scale::linear(Kind::Count, [0.0].into_iter()).exactly(f64::from(first), f64::from(last)),
            Scale::linear(Kind::Ratio, [0.0, 1.0].into_iter()),
        ),
        lines: vec![
            of("Halfin–Whitt", GREY, true, Staffed::halfin_whitt),
            of("wait (Erlang C)", PALETTE[0], false, |staffed| staffed.waits),
            of("lost (Erlang B)", PALETTE[1], false, |staffed| staffed.loss),
        ],
        mark: most,
        note: "Erlang (1917): C with a waiting room, B without; Halfin and Whitt (1981) for C",
    }
}

fn of_queue(law: &Queue) -> Parts {
    let service = law.service_time_s;
    let shown = law.rows.iter().take(PALETTE.len());
    let most = law.rows.iter().map(|row| f64::from(row.servers)).fold(1.0, f64::max) / service;
    let mut lines = Vec::new();
    for (row, color) in shown.zip(PALETTE) {
        let servers = row.servers;
        let capacity = f64::from(servers) / service;
        let ends = (0.0, 0.98 * capacity);
        if law.rows.len() == 1 {
            let p99 = move |rate| erlang::mmc_response_quantile(rate, service, servers, 0.99);
            let p95 = move |rate| erlang::mmc_response_quantile(rate, service, servers, 0.95);
            lines.push(line("p99", PALETTE[1], p99, ends));
            lines.push(line("p95", PALETTE[4], p95, ends));
            lines.push(line("mean", BLACK, move |rate| erlang::mmc_response(rate, service, servers), ends));
        } else {
            let name = format!("{servers} servers");
            lines.push(line(&name, color, move |rate| erlang::mmc_response(rate, service, servers), ends));
        }
    }
    let values: Vec<f64> = lines.iter().flat_map(|line| &line.points).map(|point| point.1).collect();
    Parts {
        title: format!("M/M/c: service in {}", show(Kind::Time, Some(service))),
        says: ["Response time", if law.rows.len() == 1 { "log scale" } else { "mean (log scale)" }, "arrivals"],
        scales: (
            Scale::linear(Kind::Rate, [0.0, most, law.rate].into_iter()),
            Scale::log(Kind::Time, values.into_iter()),
        ),
        lines,
        mark: Some((law.rate, show(Kind::Rate, Some(law.rate)))),
        note: "M/M/c (Erlang 1917): Poisson arrivals, exponential service, one line",
    }
}

fn of_repairman(law: &Repairman) -> Parts {
    let last = law.rows.iter().map(|row| f64::from(row.users)).fold(2.0, f64::max);
    let capacity = f64::from(law.servers) / law.service_time_s;
    let alone = law.think_time_s + law.service_time_s;
    let mut lines = vec![dashed("bound", move |n| capacity.min(n / alone), (1.0, last))];
    if law.servers == 1 {
        let (think, service) = (law.think_time_s, law.service_time_s);
        lines.push(line("in step (Amdahl)", PALETTE[1], move |n| n / (think + n * service), (1.0, last)));
    }
    let exact = law.rows.iter().map(|row| (f64::from(row.users), row.throughput, None)).collect();
    lines.push(Series { name: "exponential".into(), color: PALETTE[0], joined: true, dashed: false, points: exact });
    Parts {
        title: "Users who think and share servers".into(),
        says: ["Throughput", "answers per second", "users"],
        scales: (
            Scale::linear(Kind::Count, [0.0, last].into_iter()),
            Scale::linear(Kind::Rate, lines.iter().flat_map(|line| &line.points).map(|point| 1.1 * point.1)),
        ),
        lines,
        mark: (law.knee <= last).then(|| (law.knee, format!("knee at {} users", number(law.knee)))),
        note: "Machine repair (Palm 1943); min(N / (Z + S), c / S) (Denning and Buzen 1978)",
    }
}

/// A smooth curve from one x to another, in equal ratios where they are positive.
fn line(name: &str, color: Color, curve: impl Fn(f64) -> f64, (from, to): (f64, f64)) -> Series {
    let x = |piece: i32| {
        let share = f64::from(piece) / f64::from(PIECES);
        if from > 0.0 { from * libm::pow(to / from, share) } else { from + share * (to - from) }
    };
    let points = (0..=PIECES).map(|piece| (x(piece), curve(x(piece)), None)).collect();
    Series { name: name.into(), color, joined: true, dashed: false, points }
}

fn dashed(name: &str, curve: impl Fn(f64) -> f64, ends: (f64, f64)) -> Series {
    Series { dashed: true, ..line(name, GREY, curve, ends) }
}

fn dotted(name: &str, points: Vec<Place>) -> Series {
    Series { name: name.into(), color: BLACK, joined: false, dashed: false, points }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::law;

    #[test]
    fn curves_have_names_and_bounds_are_among_them() {
        let fitted = law::Measured::read("m.csv", "1,10\n2,19\n4,33\n8,58\n16,70\n").unwrap();
        let names = |answer: &Answer| -> Vec<String> {
            let lines = page(answer).graph.lines;
            lines.into_iter().map(|line| line.name).collect()
        };
        let fit = law::fit_usl(&fitted, &[]).unwrap();
        assert_eq!(names(&fit), ["in proportion", "without coherency", "fitted", "measured"]);
        let linear = law::usl(Usl { lambda: 5.0, alpha: 0.0, beta: 0.0 }, &[]);
        assert_eq!(names(&linear), ["in proportion", "USL"]);
    }
}
