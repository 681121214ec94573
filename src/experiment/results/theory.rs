//! What must hold of a run: formulas beside it, and laws.

use serde::{Deserialize, Serialize};

/// One quantity predicted by theory and simulated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TheoryLine {
    /// The station.
    pub station: String,
    /// The model, in Kendall's notation.
    pub model: String,
    /// What is compared, such as `response-mean-s`.
    pub quantity: String,
    /// By the formula.
    pub predicted: f64,
    /// By the simulation.
    pub simulated: Option<f64>,
    /// Within two half-widths plus 0.1 %.
    pub agrees: bool,
    /// It agrees, though the prediction lies outside the 95 % interval plus 0.1 %.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub near: bool,
    /// The formula is an approximation, so that it need not agree.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
}

/// Laws that every run obeys, each checked from independent counters, on every station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Checks {
    /// Little's law: the integral of the number in system is the sum of the times spent there.
    pub little: bool,
    /// Arrivals are departures plus the change in the number present.
    pub flow_balance: bool,
    /// Busy time is the sum of the service received.
    pub utilization_law: bool,
}
