//! Laws of scaling fitted to measurements, and the resource that no size makes faster.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::laws::usl_fit::Fit;

/// Fitted laws; empty where the axis is no size.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fits {
    /// The universal scalability law; none with too few points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usl: Option<UslFit>,
    /// Amdahl's law; none with too few points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amdahl: Option<AmdahlFit>,
    /// What limits throughput however large the size is; none if nothing that was simulated does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<SerialPart>,
    /// What to know before the fits are believed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// The universal scalability law, X(n) = λ n / (1 + α (n − 1) + β n (n − 1)) (Gunther 2007).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct UslFit {
    /// Throughput of one.
    pub lambda: f64,
    /// Contention.
    pub alpha: f64,
    /// Coherency.
    pub beta: f64,
    /// The size of greatest throughput, √((1 − α)/β); none without coherency, or where it would be less than 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak: Option<f64>,
    /// Throughput there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_throughput: Option<f64>,
    /// What throughput would come near without coherency, λ/α; none without contention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asymptote: Option<f64>,
    /// How sure it is.
    #[serde(flatten)]
    pub quality: Quality,
}

/// Amdahl's law, X(n) = λ n / (1 + s (n − 1)) (Amdahl 1967).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AmdahlFit {
    /// The serial share s.
    pub serial: f64,
    /// The most that one can be multiplied by, 1/s; none if nothing is serial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// Throughput of one.
    pub lambda: f64,
    /// What throughput comes near, λ/s; none if nothing is serial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asymptote: Option<f64>,
    /// How sure it is.
    #[serde(flatten)]
    pub quality: Quality,
}

/// How well a law fits, and how sure its parameters are.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Quality {
    /// 95 % intervals by parameter and by what follows from them; an end that is not finite is null, one that the points
    /// cannot support is left out.
    pub ci95: BTreeMap<&'static str, [f64; 2]>,
    /// Standard errors of the parameters.
    pub standard_error: BTreeMap<&'static str, f64>,
    /// Parameters that stand at the end of what they may be: their intervals have one side.
    pub at_bound: Vec<&'static str>,
    /// The share of the variance that the law explains.
    pub r_squared: Option<f64>,
    /// Standard deviation of the residuals, in units of throughput.
    pub residual_error: Option<f64>,
    /// Points beyond the number of parameters.
    pub degrees_of_freedom: usize,
}

/// A station whose demand does not shrink as the size grows.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SerialPart {
    /// Its name.
    pub station: String,
    /// Requests per second that it lets through when it is always busy, by what it did at the greatest size.
    pub limit: f64,
    /// How busy it was there.
    pub utilization: f64,
    /// The serial share that it alone makes, throughput of one / limit: measured if the sweep has that size, else fitted.
    pub share: Option<f64>,
}

impl From<&Fit> for UslFit {
    fn from(fit: &Fit) -> Self {
        let law = fit.law;
        let peak = finite(law.peak()).filter(|peak| *peak >= 1.0);
        let derived = [
            ("peak", fit.peak_interval()),
            ("peak-throughput", fit.peak_throughput_interval()),
            ("asymptote", fit.asymptote_interval()),
        ];
        Self {
            lambda: law.lambda,
            alpha: law.alpha,
            beta: law.beta,
            peak,
            peak_throughput: peak.map(|peak| law.throughput(peak)),
            asymptote: finite(law.asymptote()),
            quality: Quality::new(fit, &["lambda", "alpha", "beta"], &derived),
        }
    }
}

impl From<&Fit> for AmdahlFit {
    fn from(fit: &Fit) -> Self {
        let derived = [("limit", fit.limit_interval()), ("asymptote", fit.asymptote_interval())];
        Self {
            serial: fit.law.alpha,
            limit: finite(fit.law.limit()),
            lambda: fit.law.lambda,
            asymptote: finite(fit.law.asymptote()),
            quality: Quality::new(fit, &["lambda", "serial"], &derived),
        }
    }
}

impl Quality {
    fn new(fit: &Fit, parameters: &[&'static str], derived: &[(&'static str, Option<[f64; 2]>)]) -> Self {
        let names = parameters.iter().copied();
        let intervals = names.clone().zip(fit.intervals().into_iter().flatten());
        let derived = derived.iter().filter_map(|(name, interval)| Some((*name, (*interval)?)));
        Self {
            ci95: intervals.chain(derived).collect(),
            standard_error: names.clone().zip(fit.standard_errors().into_iter().flatten()).collect(),
            at_bound: names.zip(fit.at_bound).filter(|(_, held)| *held).map(|(name, _)| name).collect(),
            r_squared: fit.r_squared(),
            residual_error: fit.residual_error(),
            degrees_of_freedom: fit.degrees_of_freedom(),
        }
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
