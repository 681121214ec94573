//! Amdahl, Gustafson, the universal scalability law, jobs on cores.

use super::super::fits;
use super::super::ink::Ink;
use super::super::table::{Cell, Table};
use super::{head, joined};
use crate::experiment::law::{Amdahl, Gustafson, MeasuredRow, Speedup, UslAnswer};
use crate::report::quantity::{Kind, show};
use crate::report::reading::{digits, number};
use crate::units::duration;

/// A job of given size.
pub(super) fn amdahl(law: &Amdahl, ink: Ink) -> String {
    let serial = share(law.serial);
    let verdict = match (law.limit, law.half_limit_size) {
        _ if law.serial == 1.0 => "no faster on any number of processors: all of the work is serial".into(),
        (Some(limit), Some(half)) => format!(
            "at most {} times as fast, however many processors: {serial} of the work is serial; half of that takes {} of them",
            digits(limit, 4),
            number((half - 1e-9).ceil()),
        ),
        _ => "as many times as fast as there are processors: nothing is serial".into(),
    };
    let source =
        "Amdahl (1967): S(n) = 1 / (s + (1 − s) / n). Gustafson (1988) lets the work grow with n: n − s (n − 1).";
    let mut names = vec!["size", "speedup", "efficiency", "Gustafson"];
    names.extend(law.work_s.map(|_| "run time"));
    let mut table = Table::of_numbers(&names);
    for row in &law.curve {
        let mut cells = vec![size(row.size), plain(row.speedup), share(row.efficiency).into(), plain(row.gustafson)];
        cells.extend(row.run_time_s.map(|time| Cell::from(duration(time))));
        table.row(cells);
    }
    let fitted = law.fit.as_ref().map(|fit| fits::table(&[fits::amdahl_rows(fit)], ink)).unwrap_or_default();
    let measured = measured(&law.measured, ink);
    joined(&[head(&verdict, source, ink), fitted, measured, table.render(ink), fits::warnings(&law.warnings, ink)])
}

/// A job that grows.
pub(super) fn gustafson(law: &Gustafson, ink: Ink) -> String {
    let parallel = number(1.0 - law.serial);
    let serial = share(law.serial);
    let verdict =
        format!("each processor adds {parallel} of one's work: {serial} of the run is serial, and there is no limit");
    let source = "Gustafson (1988): S(n) = n − s (n − 1), of work that grows with n. Amdahl (1967) has the work stay: \
                  1 / (s + (1 − s) / n).";
    let mut names = vec!["size", "speedup", "efficiency", "Amdahl"];
    names.extend(law.run_time_s.map(|_| "on one it would take"));
    let mut table = Table::of_numbers(&names);
    for row in &law.curve {
        let mut cells = vec![size(row.size), plain(row.speedup), share(row.efficiency).into(), plain(row.amdahl)];
        cells.extend(row.work_s.map(|time| Cell::from(duration(time))));
        table.row(cells);
    }
    joined(&[head(&verdict, source, ink), table.render(ink)])
}

/// Contention and coherency.
pub(super) fn usl(law: &UslAnswer, ink: Ink) -> String {
    let source = "Gunther (2007): X(n) = λ n / (1 + α (n − 1) + β n (n − 1)); peak √((1−α)/β), asymptote λ/α.";
    let fitted = law.fit.as_ref().map(|fit| fits::table(&[fits::usl_rows(fit)], ink)).unwrap_or_default();
    let is_measured = |size: f64| law.measured.iter().any(|row| row.size == size);
    let curve = match law.curve.iter().all(|row| is_measured(row.size)) {
        true => String::new(),
        false => usl_curve(law, ink),
    };
    let measured = measured(&law.measured, ink);
    joined(&[head(&usl_verdict(law), source, ink), fitted, measured, curve, fits::warnings(&law.warnings, ink)])
}

fn usl_verdict(law: &UslAnswer) -> String {
    match (law.peak, law.peak_throughput, law.asymptote) {
        (Some(peak), Some(most), asymptote) if peak >= 1.0 => {
            let near = asymptote
                .map_or(String::new(), |limit| format!("; without coherency it would come near {}", digits(limit, 4)));
            format!(
                "throughput is greatest at size {}: {}; beyond that it falls{near}",
                digits(peak, 4),
                digits(most, 4)
            )
        }
        (Some(_), ..) => "throughput is greatest at size 1: every addition makes it less".into(),
        (None, _, Some(limit)) => {
            format!("throughput grows towards {}: there is no coherency, so no peak", digits(limit, 4))
        }
        _ => "throughput grows in proportion: there is no contention and no coherency".into(),
    }
}

fn usl_curve(law: &UslAnswer, ink: Ink) -> String {
    let has_interval = law.curve.iter().any(|row| row.ci95.is_some());
    let mut names = vec!["size", "throughput"];
    names.extend(has_interval.then_some(["95 % from", "to"]).into_iter().flatten());
    names.extend(["efficiency", "response"]);
    let mut table = Table::of_numbers(&names);
    for row in &law.curve {
        let mut cells = vec![size(row.size), plain(row.throughput)];
        cells.extend(row.ci95.into_iter().flatten().map(plain));
        cells.extend([share(row.efficiency).into(), plain(row.response)]);
        table.row(cells);
    }
    table.render(ink)
}

/// Measurements beside the law.
fn measured(rows: &[MeasuredRow], ink: Ink) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut table = Table::of_numbers(&["measured at", "throughput", "fitted", "residual", "efficiency", "Karp–Flatt"]);
    for row in rows {
        let karp_flatt = row.karp_flatt.map_or_else(|| "–".into(), share);
        let efficiency = share(row.efficiency).into();
        let [throughput, fitted] = [row.throughput, row.fitted].map(plain);
        table.row(vec![size(row.size), throughput, fitted, plain(row.residual), efficiency, karp_flatt.into()]);
    }
    table.render(ink)
}

/// A job in hours and its cost.
pub(super) fn speedup(law: &Speedup, ink: Ink) -> String {
    let work = duration(law.work_s);
    let never = format!("{work} of work, of which {} is serial: never done in less", duration(law.shortest_s));
    let verdict = match &law.deadline {
        Some(deadline) => match deadline.cores {
            Some(cores) => {
                let word = if cores == 1.0 { "core is" } else { "cores are" };
                format!("{} {word} the fewest for {}; {never}", number(cores), duration(deadline.within_s))
            }
            None => format!("no number of cores is enough for {}: {never}", duration(deadline.within_s)),
        },
        None => never,
    };
    let source =
        "Amdahl (1967): T(n) = W (s + (1 − s) / n); a core that waits for the serial part is paid for all the same.";
    let mut names = vec!["cores", "run time", "speedup", "efficiency", "core-hours"];
    names.extend(law.curve.first().and_then(|row| row.cost).map(|_| "cost"));
    let mut table = Table::of_numbers(&names);
    for row in &law.curve {
        let time = duration(row.run_time_s).into();
        let mut cells =
            vec![size(row.cores), time, plain(row.speedup), share(row.efficiency).into(), plain(row.core_hours)];
        cells.extend(row.cost.map(|cost| Cell::from(format!("{cost:.2}"))));
        table.row(cells);
    }
    joined(&[head(&verdict, source, ink), table.render(ink)])
}

fn size(size: f64) -> Cell {
    digits(size, 7).into()
}

fn plain(value: f64) -> Cell {
    show(Kind::Count, Some(value)).into()
}

fn share(ratio: f64) -> String {
    show(Kind::Ratio, Some(ratio))
}
