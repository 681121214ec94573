//! What theory says of the workloads of a scenario.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::experiment::explain::ExactWorkload;

/// The exact solution of a scenario that is a network of a product form, or in which each station is a known model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exact {
    /// By which method.
    pub method: String,
    /// By workload.
    pub workloads: BTreeMap<String, ExactWorkload>,
}
