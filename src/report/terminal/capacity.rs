//! The summary of a search for the capacity: how far it goes, what is in the way, and what was tried.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::{lines, titled};
use crate::experiment::results::{CapacityResults, Ended, Find, Limit, Outcome, Trial};
use crate::report::quantity::{Kind, estimate, show};
use crate::report::reading::{cut_short, cut_short_first, named, number, outcome};

/// Verdict, what its workloads experience there, trials, and how sure it is.
pub(super) fn summary(results: &CapacityResults, ink: Ink) -> String {
    let parts = [verdict(results, ink), workloads(results, ink), trials(results, ink), footer(results, ink)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn verdict(results: &CapacityResults, ink: Ink) -> String {
    let tone = if results.capacity.is_some() && !results.partial { Tone::Head } else { Tone::Bad };
    let about = match results.path.as_str() {
        "run.load" => "all workloads together".to_owned(),
        path => path.to_owned(),
    };
    let title = titled(&results.title, &named(&results.file, &results.set), ink);
    format!("{}{title}\n{}", lines(&said(results), tone, ink), lines(&format!("turned: {about}"), Tone::Dim, ink))
}

fn said(results: &CapacityResults) -> String {
    let Some(limit) = results.capacity else {
        return nowhere(results);
    };
    let holds = if results.trials.iter().any(|trial| !trial.objectives.is_empty()) {
        "every objective holds"
    } else {
        "there is a steady state"
    };
    let upto = match results.find {
        Find::Highest => format!("{holds} up to {}", value(results, limit.value)),
        Find::Lowest => format!("{} will do: {holds} there", value(results, limit.value)),
    };
    let partial = cut_short_first(results.partial, results.stopped.as_deref());
    format!("{partial}{upto}{}{}", beyond(results, limit), headroom(results))
}

/// What ends it, and where.
fn beyond(results: &CapacityResults, limit: Limit) -> String {
    let [low, high] = limit.interval;
    let far = if results.find == Find::Highest { high } else { low };
    let at = value(results, far);
    let failed = results.trials.iter().find(|trial| trial.at == far && trial.at != limit.value);
    let why = match (results.ended_by, &results.binding, failed) {
        (Ended::Objective, Some(binding), _) => format!("{:?} fails at {at}", binding.name),
        (Ended::Overload, _, Some(trial)) => format!("{} is overloaded at {at}", overloaded(trial)),
        (Ended::Undecided, ..) if failed.is_some_and(|trial| trial.unsettled.is_some()) => {
            format!("up to {at} it had not settled (run longer: --duration)")
        }
        (Ended::Undecided, ..) => format!("up to {at} it cannot be told"),
        (Ended::Range, ..) => "no further value was tried".to_owned(),
        _ => return String::new(),
    };
    format!("; {why}")
}

fn overloaded(trial: &Trial) -> String {
    let worst = trial.overloaded.iter().max_by(|a, b| a.1.total_cmp(b.1));
    worst.map_or_else(String::new, |(station, load)| format!("{station} ({load:.2} of its capacity)"))
}

fn headroom(results: &CapacityResults) -> String {
    let (Some(headroom), Some(today)) = (results.headroom, results.today) else { return String::new() };
    if results.find == Find::Lowest {
        return format!("; today there are {}", value(results, today));
    }
    let share = show(Kind::Ratio, Some(headroom.abs()));
    match headroom >= 0.0 {
        true => format!("; {share} more than today"),
        false => format!("; {share} less than today"),
    }
}

fn nowhere(results: &CapacityResults) -> String {
    if let Some(cut) = cut_short(results.partial, results.stopped.as_deref()) {
        return format!("{cut} before a value was found at which every objective holds");
    }
    let ends = results.trials.first().zip(results.trials.last());
    let range = ends.map_or_else(String::new, |(first, last)| {
        format!(" from {} to {}", value(results, first.at), value(results, last.at))
    });
    let mut reasons: Vec<String> = Vec::new();
    for trial in &results.trials {
        let reason = reason(trial);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    format!("no value that was tried{range} will do: {}", reasons.join("; "))
}

/// Why a value will not do.
fn reason(trial: &Trial) -> String {
    let failed = trial.objectives.iter().find(|objective| objective.met == Some(false));
    match (trial.outcome, failed) {
        (Outcome::Overloaded, _) => {
            let worst = trial.overloaded.iter().max_by(|a, b| a.1.total_cmp(b.1));
            format!("{} is overloaded", worst.map_or("something", |(station, _)| station.as_str()))
        }
        (Outcome::Undecided, _) if trial.unsettled.is_some() => {
            "some had not settled (run longer: --duration)".to_owned()
        }
        (Outcome::Undecided, _) => "some could not be decided".to_owned(),
        (_, Some(failed)) if failed.value.is_none() => format!("{:?} fails: nothing is answered", failed.name),
        (_, Some(failed)) => format!("{:?} fails", failed.name),
        (_, None) => "some fail".to_owned(),
    }
}

/// `1.19 times the load`, `2000/s`, `4`.
fn value(results: &CapacityResults, at: f64) -> String {
    match results.path.as_str() {
        "run.load" => format!("{} times the load", number(at)),
        _ => format!("{}{}", number(at), results.unit),
    }
}

/// What is offered there, and how it is answered.
fn workloads(results: &CapacityResults, ink: Ink) -> String {
    if results.workloads.is_empty() {
        return String::new();
    }
    let mut table =
        Table::new(&["there", "offered", "throughput", "errors", "mean", "p50", "p95", "p99"]).spare(&["p50", "p95"]);
    for (name, workload) in &results.workloads {
        let times = [&workload.latency.mean, &workload.latency.p50, &workload.latency.p95, &workload.latency.p99];
        let mut numbers = vec![
            estimate(Kind::Rate, &workload.offered),
            estimate(Kind::Rate, &workload.throughput),
            estimate(Kind::Ratio, &workload.error_rate),
        ];
        numbers.extend(times.map(|time| estimate(Kind::Time, time)));
        let (values, halves): (Vec<String>, Vec<String>) = numbers.into_iter().unzip();
        table.row(std::iter::once(name.to_owned()).chain(values).map(Cell::from).collect());
        table.details(std::iter::once(String::new()).chain(halves).collect());
    }
    let busiest = results.bottleneck.as_ref().map(|limit| {
        let busy = show(Kind::Ratio, Some(limit.utilization));
        lines(&format!("{} is the busiest there: {busy}", limit.station), Tone::Plain, ink)
    });
    table.render(ink) + &busiest.unwrap_or_default()
}

/// A line for each value that was tried.
fn trials(results: &CapacityResults, ink: Ink) -> String {
    let mut table = Table::new(&["tried", "", "runs", "closest objective", "measured", "±"]);
    for trial in &results.trials {
        let tone = match trial.outcome {
            Outcome::Holds => Tone::Good,
            Outcome::Fails | Outcome::TooEasy | Outcome::Overloaded => Tone::Bad,
            Outcome::Undecided => Tone::Close,
        };
        let runs = if trial.replications == 0 { "–".to_owned() } else { trial.replications.to_string() };
        let mut cells = vec![Cell::from(trial.written.clone()), Cell::new(outcome(trial), tone), Cell::from(runs)];
        match closest(results, trial) {
            Some((require, (measured, half))) => {
                cells.extend([Cell::left(require), measured.into(), Cell::new(half, Tone::Dim)]);
            }
            None if trial.outcome == Outcome::Overloaded => cells.push(Cell::left(overloaded(trial))),
            None => {}
        }
        table.row(cells);
    }
    table.render(ink) + &lengthened(results, ink)
}

/// Which trials were run for longer than the scenario says.
fn lengthened(results: &CapacityResults, ink: Ink) -> String {
    let longer = results.trials.iter().filter_map(|trial| Some((trial, trial.duration_s?)));
    let said: Vec<String> =
        longer.map(|(trial, seconds)| format!("{} for {}", trial.written, show(Kind::Time, Some(seconds)))).collect();
    match said.is_empty() {
        true => String::new(),
        false => {
            lines(&format!("run longer, since the number in system still changed: {}", said.join(", ")), Tone::Dim, ink)
        }
    }
}

/// The objective that decides, and what was measured: what fails, or else what is undecided, or else what binds.
fn closest(results: &CapacityResults, trial: &Trial) -> Option<(String, (String, String))> {
    let place = |met: Option<bool>| trial.objectives.iter().position(|objective| objective.met == met);
    let binds = || {
        let binding = results.binding.as_ref()?;
        trial.objectives.iter().position(|objective| objective.require == binding.require)
    };
    let index = place(Some(false)).or_else(|| place(None)).or_else(binds).or_else(|| place(Some(true)))?;
    let require = &trial.objectives.get(index)?.require;
    Some((require.clone(), estimate(Kind::of_condition(require), trial.measured.get(index)?)))
}

fn footer(results: &CapacityResults, ink: Ink) -> String {
    let sure = show(Kind::Ratio, Some(results.confidence));
    let said = format!(
        "each decision is right with probability {sure} or more; ± is for 95 %; seed {}, knee {}",
        results.seed, results.version
    );
    lines(&said, Tone::Dim, ink)
}
