//! Amdahl's law, Gustafson's, and the universal scalability law: given or fitted.

use serde::Serialize;

use super::fitting::{MeasuredRow, band, extrapolated, fitted, rows, warnings};
use super::measured::{Measured, Quantity};
use super::{Answer, finite};
use crate::experiment::results::{AmdahlFit, UslFit};
use crate::laws::amdahl as law;
use crate::laws::usl::Usl;
use crate::laws::usl_fit::Form;

/// Amdahl's law (1967).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Amdahl {
    /// The serial share s.
    pub serial: f64,
    /// No speedup is greater: 1/s.
    pub limit: Option<f64>,
    /// The size with half of that speedup.
    pub half_limit_size: Option<f64>,
    /// Time on one processor, in seconds, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_s: Option<f64>,
    /// By size.
    pub curve: Vec<AmdahlRow>,
    /// How the serial share was found, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fit: Option<AmdahlFit>,
    /// What it was fitted to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<MeasuredRow>,
    /// What to know before the fit is believed.
    pub warnings: Vec<String>,
}

/// Amdahl's law at one size.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AmdahlRow {
    /// Number of processors.
    pub size: f64,
    /// How many times as fast as one.
    pub speedup: f64,
    /// Speedup by size.
    pub efficiency: f64,
    /// Gustafson's speedup with the same share, for work that grows.
    pub gustafson: f64,
    /// Time the job takes, in seconds, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_time_s: Option<f64>,
}

/// Gustafson's law (1988).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Gustafson {
    /// The share of the run during which one processor works.
    pub serial: f64,
    /// How long each run takes, in seconds, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_time_s: Option<f64>,
    /// By size.
    pub curve: Vec<GustafsonRow>,
}

/// Gustafson's law at one size.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GustafsonRow {
    /// Number of processors.
    pub size: f64,
    /// How many times as much work in the same time.
    pub speedup: f64,
    /// Speedup by size.
    pub efficiency: f64,
    /// What Amdahl's law has with the same share, for work that does not grow.
    pub amdahl: f64,
    /// Time that the work would take one processor, in seconds, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_s: Option<f64>,
}

/// The universal scalability law (Gunther 2007).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct UslAnswer {
    /// Throughput of one.
    pub lambda: f64,
    /// Contention.
    pub alpha: f64,
    /// Coherency.
    pub beta: f64,
    /// The size of greatest throughput.
    pub peak: Option<f64>,
    /// Throughput there.
    pub peak_throughput: Option<f64>,
    /// What throughput would come near without coherency, λ/α.
    pub asymptote: Option<f64>,
    /// By size.
    pub curve: Vec<UslRow>,
    /// How the parameters were found, if they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fit: Option<UslFit>,
    /// What it was fitted to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<MeasuredRow>,
    /// What to know before the fit is believed.
    pub warnings: Vec<String>,
    /// Size, throughput and its 95 % interval, closely, from one to beyond the measurements: for the picture.
    #[serde(skip)]
    pub band: Vec<(f64, f64, [f64; 2])>,
}

impl UslAnswer {
    /// The law itself.
    pub fn law(&self) -> Usl {
        Usl { lambda: self.lambda, alpha: self.alpha, beta: self.beta }
    }
}

/// The universal scalability law at one size.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct UslRow {
    /// How many there are.
    pub size: f64,
    /// In the unit of λ.
    pub throughput: f64,
    /// 95 % interval of the fitted curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci95: Option<[f64; 2]>,
    /// Throughput by that of one.
    pub capacity: f64,
    /// Capacity by size.
    pub efficiency: f64,
    /// Size by throughput: the response time of so many that do not think, by Little's law, in the inverse unit of λ.
    pub response: f64,
}

/// A job in hours on cores, and what it costs.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Speedup {
    /// Time on one core, in seconds.
    pub work_s: f64,
    /// The share of it that one core does alone.
    pub serial: f64,
    /// No number of cores takes less, in seconds.
    pub shortest_s: f64,
    /// The fewest cores for a time, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    /// By number of cores.
    pub curve: Vec<SpeedupRow>,
}

/// The fewest cores with which a job is done in time.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Deadline {
    /// In seconds.
    pub within_s: f64,
    /// None if no number is enough.
    pub cores: Option<f64>,
}

/// A job on a number of cores.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SpeedupRow {
    /// How many.
    pub cores: f64,
    /// In seconds.
    pub run_time_s: f64,
    /// How many times as fast as one core.
    pub speedup: f64,
    /// Speedup by cores: the share of what is paid for that works.
    pub efficiency: f64,
    /// Cores times hours.
    pub core_hours: f64,
    /// At the price of a core-hour, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
}

/// Amdahl's law with a given serial share, over sizes or those that show it.
pub fn amdahl(serial: f64, work_s: Option<f64>, sizes: &[f64]) -> Answer {
    let half = law::size_for(serial, 0.5);
    let point = |&size: &f64| {
        let speedup = law::speedup(serial, size);
        AmdahlRow {
            size,
            speedup,
            efficiency: speedup / size,
            gustafson: law::scaled_speedup(serial, size),
            run_time_s: work_s.map(|work| work / speedup),
        }
    };
    Answer::Amdahl(Amdahl {
        serial,
        limit: finite(law::limit(serial)),
        half_limit_size: finite(half),
        work_s,
        curve: or_doubled(sizes, 16.0 * half).iter().map(point).collect(),
        fit: None,
        measured: Vec::new(),
        warnings: Vec::new(),
    })
}

/// Amdahl's law fitted to measurements.
///
/// # Errors
/// If there are too few different sizes; the text says so.
pub fn fit_amdahl(measured: &Measured, work_s: Option<f64>, sizes: &[f64]) -> Result<Answer, String> {
    let found = fitted(measured, Form::Amdahl)?;
    let timed = measured.quantity == Quantity::Time;
    let work_s = work_s.or_else(|| timed.then(|| 1.0 / found.law.lambda));
    let answer = amdahl(found.law.alpha, work_s, sizes);
    let Answer::Amdahl(given) = answer else { return Ok(answer) };
    Ok(Answer::Amdahl(Amdahl {
        fit: Some((&found).into()),
        measured: rows(measured, &found),
        warnings: warnings(measured, &found),
        ..given
    }))
}

/// Gustafson's law with a given serial share of the run.
pub fn gustafson(serial: f64, run_time_s: Option<f64>, sizes: &[f64]) -> Answer {
    let point = |&size: &f64| {
        let speedup = law::scaled_speedup(serial, size);
        let amdahl = law::speedup(serial, size);
        let work_s = run_time_s.map(|time| time * speedup);
        GustafsonRow { size, speedup, efficiency: speedup / size, amdahl, work_s }
    };
    let curve = or_doubled(sizes, 1024.0).iter().map(point).collect();
    Answer::Gustafson(Gustafson { serial, run_time_s, curve })
}

/// The universal scalability law with given parameters.
pub fn usl(law: Usl, sizes: &[f64]) -> Answer {
    Answer::Usl(usl_answer(law, sizes, |_| None))
}

/// The universal scalability law fitted to measurements. Without sizes the curve has those of the measurements.
///
/// # Errors
/// If there are too few different sizes; the text says so.
pub fn fit_usl(measured: &Measured, sizes: &[f64]) -> Result<Answer, String> {
    let found = fitted(measured, Form::Usl)?;
    let mut own: Vec<f64> = measured.points.iter().map(|point| point.0).collect();
    own.sort_by(f64::total_cmp);
    own.dedup();
    let sizes = if sizes.is_empty() { &own } else { sizes };
    let mut warnings = warnings(measured, &found);
    warnings.extend(extrapolated(measured, &found));
    Ok(Answer::Usl(UslAnswer {
        fit: Some((&found).into()),
        measured: rows(measured, &found),
        warnings,
        band: band(&found, own.last().copied().unwrap_or(1.0)),
        ..usl_answer(found.law, sizes, |n| found.curve_interval(n))
    }))
}

fn usl_answer(law: Usl, sizes: &[f64], interval: impl Fn(f64) -> Option<[f64; 2]>) -> UslAnswer {
    let peak = finite(law.peak());
    let point = |&size: &f64| {
        let throughput = law.throughput(size);
        UslRow {
            size,
            throughput,
            ci95: interval(size),
            capacity: throughput / law.lambda,
            efficiency: law.efficiency(size),
            response: size / throughput,
        }
    };
    let shown = peak.map_or(16.0 * law.limit(), |peak| 2.0 * peak);
    UslAnswer {
        lambda: law.lambda,
        alpha: law.alpha,
        beta: law.beta,
        peak,
        peak_throughput: peak.and_then(|peak| finite(law.throughput(peak))),
        asymptote: finite(law.asymptote()),
        curve: or_doubled(sizes, shown).iter().map(point).collect(),
        fit: None,
        measured: Vec::new(),
        warnings: Vec::new(),
        band: Vec::new(),
    }
}

/// A job that takes `work_s` on one core, with the price of a core-hour and a time to be done within, if they matter.
pub fn speedup(work_s: f64, serial: f64, price: Option<f64>, within_s: Option<f64>, cores: &[f64]) -> Answer {
    let point = |&cores: &f64| {
        let speedup = law::speedup(serial, cores);
        let core_hours = cores * work_s / speedup / 3600.0;
        let cost = price.map(|price| price * core_hours);
        SpeedupRow { cores, run_time_s: work_s / speedup, speedup, efficiency: speedup / cores, core_hours, cost }
    };
    // A whole number that rounding has put a little too high is meant.
    let enough = |within| finite((law::size_within(serial, work_s, within) - 1e-9).ceil().max(1.0));
    Answer::Speedup(Speedup {
        work_s,
        serial,
        shortest_s: serial * work_s,
        deadline: within_s.map(|within_s| Deadline { within_s, cores: enough(within_s) }),
        curve: or_doubled(cores, 16.0 * law::size_for(serial, 0.5)).iter().map(point).collect(),
    })
}

/// The sizes, or else 1, 2, 4, … until one is at least `last`.
fn or_doubled(sizes: &[f64], last: f64) -> Vec<f64> {
    if !sizes.is_empty() {
        return sizes.to_vec();
    }
    let last = if last.is_finite() { last.clamp(8.0, 1_048_576.0) } else { 1024.0 };
    let doubled = (0..=20).map(|power| f64::from(1 << power));
    let below = doubled.clone().take_while(|size| *size < last).count();
    doubled.take(below + 1).collect()
}

#[cfg(test)]
mod tests;
