//! The summary of a sweep: a line per point.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::{overloaded, wrap};
use crate::experiment::results::{Knee, SweepPoint, SweepResults, WorkloadResult};
use crate::report::quantity::{Kind, show};

/// Verdict, a table per workload, fitted laws.
pub(super) fn summary(sweep: &SweepResults, ink: Ink) -> String {
    let mut parts = vec![verdict(sweep, ink)];
    parts.extend(names(sweep).iter().map(|name| table(sweep, name, ink)));
    parts.push(fits(sweep, ink) + &provenance(sweep, ink));
    parts.join("\n")
}

fn verdict(sweep: &SweepResults, ink: Ink) -> String {
    let said = match &sweep.knee {
        Some(knee) => at_knee(sweep, knee),
        None => "no knee: no point of the sweep is stable".into(),
    };
    let tone = if sweep.knee.is_some() {
        Tone::Head
    } else {
        Tone::Bad
    };
    let paths: Vec<&str> = sweep.axis.iter().map(|axis| axis.path.as_str()).collect();
    let lines = wrap(&said, 2);
    let lines: Vec<String> = lines.lines().map(|line| ink.paint(tone, line)).collect();
    let varied = ink.paint(Tone::Dim, &format!("varied: {}", paths.join(", ")));
    format!("{}\n{varied}\n", lines.join("\n"))
}

fn at_knee(sweep: &SweepResults, knee: &Knee) -> String {
    let unstable = sweep
        .points
        .iter()
        .filter(|p| overloaded(&p.result).is_some())
        .count();
    let tail = match unstable {
        0 => String::new(),
        n => format!("; overloaded at {n} of {} points", sweep.points.len()),
    };
    format!(
        "the knee is at {}: {} with a mean latency of {}{tail}",
        place(&knee.at),
        show(Kind::Rate, Some(knee.throughput)),
        show(Kind::Time, Some(knee.latency)),
    )
}

/// The workloads of any point, in order.
fn names(sweep: &SweepResults) -> Vec<String> {
    let first = sweep.points.first();
    first.map_or_else(Vec::new, |point| {
        point.result.workloads.keys().cloned().collect()
    })
}

fn table(sweep: &SweepResults, workload: &str, ink: Ink) -> String {
    let mut results = sweep
        .points
        .iter()
        .filter_map(|point| point.result.workloads.get(workload));
    let errors = results.any(|result| result.error_rate.value.is_some_and(|rate| rate > 0.0));
    let mut head = vec![workload, "at", "throughput"];
    head.extend(errors.then_some("errors"));
    head.extend(["mean", "p50", "p99", "bottleneck", "busy"]);
    let mut table = Table::new(&head);
    for point in &sweep.points {
        if let Some(result) = point.result.workloads.get(workload) {
            table.row(row(point, result, sweep.knee.as_ref(), errors));
        }
    }
    table.render(ink)
}

fn row(
    point: &SweepPoint,
    workload: &WorkloadResult,
    knee: Option<&Knee>,
    errors: bool,
) -> Vec<Cell> {
    let throughput = show(Kind::Rate, workload.throughput.value);
    let mut cells = vec![
        remark(point, knee),
        place(&point.at).into(),
        throughput.into(),
    ];
    cells.extend(errors.then(|| failures(workload)));
    let latency = &workload.latency;
    let times = [&latency.mean, &latency.p50, &latency.p99];
    cells.extend(times.map(|time| show(Kind::Time, time.value).into()));
    if let Some(limit) = &point.result.bottleneck {
        let busy = show(Kind::Ratio, Some(limit.utilization));
        cells.push(Cell::left(&limit.station));
        cells.push(Cell::new(busy, Tone::of_utilization(limit.utilization)));
    }
    cells
}

fn failures(workload: &WorkloadResult) -> Cell {
    let rate = workload.error_rate.value;
    let tone = if rate.is_some_and(|rate| rate > 0.0) {
        Tone::Bad
    } else {
        Tone::Plain
    };
    Cell::new(show(Kind::Ratio, rate), tone)
}

fn remark(point: &SweepPoint, knee: Option<&Knee>) -> Cell {
    if overloaded(&point.result).is_some() {
        return Cell::new("overloaded", Tone::Bad);
    }
    match knee {
        Some(knee) if knee.at == point.at => Cell::new("knee →", Tone::Good),
        _ => Cell::default(),
    }
}

/// The value on each axis, such as `0.8` or `8, 0.5`.
fn place(at: &[f64]) -> String {
    let values: Vec<String> = at.iter().map(|&x| number(x)).collect();
    values.join(", ")
}

/// At most four significant digits, and no zeros that say nothing.
fn number(x: f64) -> String {
    let magnitude = if x == 0.0 {
        0
    } else {
        libm::floor(libm::log10(x.abs())) as i32
    };
    let decimals = usize::try_from((3 - magnitude).clamp(0, 12)).unwrap_or(0);
    let text = format!("{x:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

fn fits(sweep: &SweepResults, ink: Ink) -> String {
    let lines = sweep.fits.iter().map(|(law, parameters)| {
        let values = parameters
            .iter()
            .map(|(name, value)| format!("{name} {}", number(*value)));
        let values: Vec<String> = values.collect();
        format!(
            "{} {}\n",
            ink.paint(Tone::Head, &format!("fit {law}:")),
            values.join(", ")
        )
    });
    lines.collect()
}

fn provenance(sweep: &SweepResults, ink: Ink) -> String {
    let Some(first) = sweep.points.first() else {
        return String::new();
    };
    let run = &first.result.scenario;
    let said = format!(
        "seed {}, {} replications a point, knee {}",
        run.seed, run.replications, run.version
    );
    ink.paint(Tone::Dim, &said) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_knee_and_the_overload_are_marked() {
        let text = summary(&fixture::sweep(), Ink(false));
        assert!(text.starts_with("the knee is at 0.6: 0.600/s"), "{text}");
        assert!(text.contains("\nknee →"), "{text}");
        assert!(text.contains("\noverloaded"), "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
    }

    #[test]
    fn axis_values_are_short() {
        assert_eq!(number(0.8), "0.8");
        assert_eq!(number(2000.0), "2000");
        assert_eq!(number(0.000_25), "0.00025");
        assert_eq!(number(1.0 / 3.0), "0.3333");
    }
}
