//! `knee`: a discrete-event simulator of scaling architectures.
//!
//! A scenario is source code: text is parsed and checked, compiled to a model, run by one pure
//! engine, and what was observed becomes estimates with intervals.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use knee::experiment::{Control, Options, run};
//! use knee::model::load;
//! use knee::scenario::Source;
//!
//! let text = r#"
//! [workload.customers]
//! to = "desk"
//! arrivals = { poisson = "0.5/s" }
//!
//! [station.desk]
//! service-time = { exponential = "1s" }
//!
//! [run]
//! duration = "20000s"
//! warm-up = "100s"
//! "#;
//! let source = Source { name: "mm1.toml".into(), text: text.into(), overrides: vec![] };
//! let (model, diagnostics) = load(&source, &|path| Err(format!("no such file: {path}")));
//! let model = model.ok_or_else(|| diagnostics.render(false)).expect("the scenario is sound");
//! let control = Control { progress: &|_| {}, cancelled: &AtomicBool::new(false) };
//! let results = run(&model, &Options::default(), &control);
//! let mean = results.workloads["customers"].latency.mean.value.expect("requests were served");
//! assert!((mean - 2.0).abs() < 0.1);
//! ```

pub mod arena;
pub mod diagnostic;
pub mod distribution;
pub mod engine;
pub mod experiment;
pub mod keymap;
pub mod laws;
pub mod measure;
pub mod model;
pub mod numeric;
pub mod policy;
pub mod report;
pub mod ring;
pub mod rng;
pub mod scenario;
pub mod stats;
pub mod syntax;
pub mod units;
