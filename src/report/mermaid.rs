//! The architecture as a Mermaid flow chart: text that Markdown pages show as a picture.

use std::collections::BTreeMap;

use crate::experiment::explain::{Component, Explanation};
use crate::report::folding::component_of;
use crate::report::quantity::{Kind, show};

/// A node for each workload and component, an arrow for each that calls another, labelled with its rate.
pub fn architecture(explanation: &Explanation) -> String {
    let mut text = String::from("flowchart LR\n");
    let ids: BTreeMap<&str, usize> = explanation.components.iter().map(|one| one.name.as_str()).zip(0..).collect();
    for (index, component) in explanation.components.iter().enumerate() {
        text.push_str(&format!("  n{index}{}\n", node(component)));
    }
    for link in &explanation.links {
        if let (Some(from), Some(to)) = (ids.get(link.from.as_str()), ids.get(link.to.as_str())) {
            text.push_str(&format!("  n{from} -->|\"{}\"| n{to}\n", show(Kind::Rate, Some(link.rate))));
        }
    }
    let first = explanation.bottleneck.as_ref().and_then(|first| component_of(explanation, &first.station));
    if let Some(index) = first.and_then(|name| ids.get(name)) {
        text.push_str(&format!("  style n{index} stroke:#d55e00,stroke-width:3px\n"));
    }
    text
}

/// A shape for each kind: a stadium asks, a cylinder keeps data, a hexagon chooses.
fn node(component: &Component) -> String {
    let (open, close) = match component.kind {
        "workload" => ("([", "])"),
        "database" | "cache" => ("[(", ")]"),
        "balancer" => ("{{", "}}"),
        "queue" => ("[/", "/]"),
        _ => ("[", "]"),
    };
    let replicas = component.replicas.filter(|count| *count > 1).map_or_else(String::new, |count| format!(" ×{count}"));
    let load = component.load.map_or_else(String::new, |load| format!("<br/>{:.0} % busy", load * 100.0));
    let name = component.name.replace('"', "#quot;");
    format!("{open}\"{name}{replicas}<br/>{}{load}\"{close}", component.kind)
}
