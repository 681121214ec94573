//! A law fitted to measurements, beside them, and what to know before it is believed.

use serde::Serialize;

use super::finite;
use super::measured::Measured;
use crate::laws::amdahl::karp_flatt;
use crate::laws::usl_fit::{Fit, Form, different_sizes, fit};

/// One measurement beside the fitted law.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct MeasuredRow {
    /// How many there were.
    pub size: f64,
    /// What was measured, as throughput.
    pub throughput: f64,
    /// What the law has there.
    pub fitted: f64,
    /// Measured less fitted.
    pub residual: f64,
    /// Throughput by size times that of one.
    pub efficiency: f64,
    /// The serial share that this measurement alone amounts to (Karp and Flatt 1990).
    pub karp_flatt: Option<f64>,
}

/// The fit, or what it lacks.
pub(super) fn fitted(measured: &Measured, form: Form) -> Result<Fit, String> {
    let (name, parameters) = match form {
        Form::Usl => ("the universal scalability law", "lambda, alpha and beta"),
        Form::Amdahl => ("Amdahl's law", "lambda and the serial share"),
    };
    let (sizes, least) = (different_sizes(&measured.points), form.parameters());
    let few = format!(
        "{}: {sizes} different {}, but {name} takes at least {least}: it has {least} parameters, {parameters}",
        measured.name,
        if sizes == 1 { "size" } else { "sizes" },
    );
    fit(&measured.points, form).ok_or(few)
}

/// Each measurement beside the law.
pub(super) fn rows(measured: &Measured, found: &Fit) -> Vec<MeasuredRow> {
    // The speedup is against what one was measured to do, or else what the fit says that one does.
    let one = of_one(&measured.points).unwrap_or(found.law.lambda);
    let row = |&(size, throughput): &(f64, f64)| {
        let fitted = found.law.throughput(size);
        MeasuredRow {
            size,
            throughput,
            fitted,
            residual: throughput - fitted,
            efficiency: throughput / (size * found.law.lambda),
            karp_flatt: karp_flatt(throughput / one, size),
        }
    };
    measured.points.iter().map(row).collect()
}

/// Fewer measurements than Gunther (2007) advises.
const FEW: usize = 6;
/// How far the fitted throughput of one may be from that measured, as a share of it.
const FAR: f64 = 0.2;

/// What the measurements cannot support, or do not agree with.
pub(super) fn warnings(measured: &Measured, found: &Fit) -> Vec<String> {
    let mut all = doubts(&measured.points, found);
    if found.at_bound[1] && found.law.alpha > 0.5 {
        all.push("throughput does not grow with the size: the serial share is at its bound, 1".into());
    } else if found.at_bound[1] {
        let says = "the serial share is at its bound, 0, and its interval has one side";
        all.push(format!("no contention can be seen: {says}; so it is if throughput grows faster than in proportion"));
    }
    if found.at_bound[2] {
        all.push(
            "no coherency can be seen: beta is at its bound, 0, so there is no peak; its interval has one side".into(),
        );
    }
    all
}

/// Whether there are few points, or the law is far from that of one.
pub(in crate::experiment) fn doubts(measured: &[(f64, f64)], found: &Fit) -> Vec<String> {
    let mut all = Vec::new();
    let (points, parameters) = (found.points, found.form.parameters());
    if found.degrees_of_freedom() == 0 {
        all.push(format!(
            "{points} points for {parameters} parameters: the law goes through all of them, and nothing is left to \
             tell how sure it is: no intervals"
        ));
    } else if points < FEW {
        all.push(format!("{points} points for {parameters} parameters are few: measure six sizes or more"));
    }
    let far = of_one(measured).map_or(0.0, |one| found.law.lambda / one - 1.0);
    if far.abs() > FAR {
        let percent = libm::round(100.0 * far.abs());
        let side = if far > 0.0 { "above" } else { "below" };
        let says = "the law does not hold there, or that measurement is off";
        all.push(format!("the fitted throughput of one is {percent} % {side} what was measured: {says}"));
    }
    all
}

/// The mean throughput that was measured of one; none where nobody looked.
pub(in crate::experiment) fn of_one(measured: &[(f64, f64)]) -> Option<f64> {
    let ones: Vec<f64> = measured.iter().filter(|point| point.0 == 1.0).map(|point| point.1).collect();
    (!ones.is_empty()).then(|| ones.iter().sum::<f64>() / ones.len() as f64)
}

/// Whether nobody has been where the peak is said to be.
pub(super) fn extrapolated(measured: &Measured, found: &Fit) -> Option<String> {
    let largest = measured.points.iter().map(|point| point.0).fold(1.0, f64::max);
    let peak = finite(found.law.peak()).filter(|peak| *peak > largest)?;
    let peak = libm::round(peak);
    Some(format!(
        "the peak, {peak}, lies beyond the greatest size measured, {largest}: measure there before relying on it"
    ))
}

/// The fitted curve with its interval, from 1 to the greatest size, or to the peak if it is less than twice as far.
pub(super) fn band(found: &Fit, largest: f64) -> Vec<(f64, f64, [f64; 2])> {
    let peak = found.law.peak();
    let last = if peak < 2.0 * largest { largest.max(peak) } else { largest };
    let size = |piece: i32| libm::pow(last, f64::from(piece) / 120.0);
    let place = |n: f64| Some((n, found.law.throughput(n), found.curve_interval(n)?));
    (0..=120).map(size).filter_map(place).collect()
}
