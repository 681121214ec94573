//! What the command line says about a scenario: `--set` and `--unset`, `--vary`, `--over`, `--metric` and `--require`.

use knee::diagnostic::Diagnostics;
use knee::experiment;
use knee::model::{Condition, Metric};
use knee::scenario::{Knob, Source, SweepAxis};

use super::scenario;

/// Scenarios that together use all of the language.
const SCENARIOS: [&str; 21] = [
    include_str!("../language/absences.toml"),
    include_str!("../language/admission.toml"),
    include_str!("../language/arrivals.toml"),
    include_str!("../language/caches.toml"),
    include_str!("../language/calls.toml"),
    include_str!("../language/databases.toml"),
    include_str!("../language/disciplines.toml"),
    include_str!("../language/distributions.toml"),
    include_str!("../language/failover.toml"),
    include_str!("../language/hardware.toml"),
    include_str!("../language/objectives.toml"),
    include_str!("../language/parts.toml"),
    include_str!("../language/places.toml"),
    include_str!("../language/policies.toml"),
    include_str!("../language/queues.toml"),
    include_str!("../language/scaling.toml"),
    include_str!("../language/services.toml"),
    include_str!("../language/shop.toml"),
    include_str!("../language/station.toml"),
    include_str!("../language/steps.toml"),
    include_str!("../language/workloads.toml"),
];
/// More points say nothing new.
const POINTS: usize = 4;

/// The first byte says which scenario; each line after it is an override, or begins with the flag that it is for. Whether
/// the scenario is sound with what is replaced.
pub(crate) fn try_bytes(bytes: &[u8]) -> bool {
    let Some((&which, rest)) = bytes.split_first() else { return false };
    let Ok(lines) = std::str::from_utf8(rest) else { return false };
    let text = SCENARIOS[usize::from(which) % SCENARIOS.len()];
    let source = Source { name: "tried.toml".into(), text: text.into(), overrides: vec![] };
    let (flags, overrides): (Vec<&str>, Vec<&str>) = lines.lines().partition(|line| line.starts_with("--"));
    flags.iter().for_each(|flag| try_flag(flag, &source));
    let overrides: Vec<String> = overrides.into_iter().map(str::to_owned).collect();
    scenario::check(text, &overrides, &scenario::file).is_some()
}

fn try_flag(flag: &str, source: &Source) {
    let (name, value) = flag.split_once(' ').unwrap_or((flag, ""));
    match name {
        "--vary" => vary(value, source),
        "--over" => {
            if let Ok(knob) = Knob::from_flag(value, source) {
                let ends = [knob.today, knob.from, knob.to];
                ends.into_iter().flatten().for_each(|number| drop(knob.overrides(number)));
            }
        }
        "--metric" => drop(Metric::parse(value)),
        "--require" => drop(Condition::parse(value)),
        _ => (),
    }
}

/// Builds the models of a sweep, if they are few.
fn vary(value: &str, source: &Source) {
    let Ok(axis) = SweepAxis::from_flag(value) else { return };
    let mut diagnostics = Diagnostics::default();
    if axis.points(&mut diagnostics).len() <= POINTS {
        let grid = experiment::grid(source, &[axis], &|name| Ok(scenario::file(name)), &experiment::Options::default());
        if let Err(diagnostics) = grid {
            diagnostics.render(true);
        }
    }
}
