//! What the machines of a scenario cost.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What the machines cost.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cost {
    /// Dollars an hour.
    pub per_hour: f64,
    /// Dollars a million successful requests; none where there were none.
    pub per_million_requests: Option<f64>,
    /// Dollars an hour, by component.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, f64>,
}
