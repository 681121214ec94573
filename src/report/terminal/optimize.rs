//! The summary of a search for the cheapest configuration: which it is, what was looked at, and why the search ended.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::{lines, titled, wrap};
use crate::experiment::results::{Closest, Configuration, ObjectiveResult, OptimizeResults, Status, Stopped};
use crate::model::Metric;
use crate::report::quantity::{Kind, dollars, estimate, show};
use crate::report::reading::{cut_short_first, label, named, short};

/// Most configurations that are shown one by one.
const MOST: usize = 30;

/// Verdict, how the search went, a line per configuration, and how sure it is.
pub(super) fn summary(results: &OptimizeResults, ink: Ink) -> String {
    let mut parts = vec![verdict(results, ink)];
    if results.counts.simulated > 0 {
        parts.push(table(results, ink));
    }
    parts.push(footer(results, ink));
    parts.join("\n")
}

fn verdict(results: &OptimizeResults, ink: Ink) -> String {
    let tone = if results.cheapest.is_some() && !results.partial { Tone::Head } else { Tone::Bad };
    let search = format!("{}\n{}", wrap(&search(results), 2), ended(results));
    let about = titled(&results.title, &named(&results.file, &results.set), ink);
    format!("{}{about}\n{}\n", lines(&said(results), tone, ink), ink.paint(Tone::Dim, &search))
}

fn said(results: &OptimizeResults) -> String {
    let partial = cut_short_first(results.partial, results.stopped.as_deref());
    let Some(best) = &results.cheapest else {
        return format!("{partial}{}", nothing(results));
    };
    let cheaper = |one: &&Configuration| {
        let is_open = matches!(one.status, Status::Undecided | Status::Untried);
        is_open && one.cost.value < best.cost.value
    };
    let open = match results.configurations.iter().filter(cheaper).count() {
        0 => String::new(),
        1 => "; of one that costs less it is not known whether it does".to_owned(),
        count => format!("; of {count} that cost less it is not known whether they do"),
    };
    let [place, cost] = [place(results, &best.at), price(best)];
    let million =
        best.per_million_requests.map_or_else(String::new, |cost| format!(", {} a million requests", dollars(cost)));
    format!("{partial}{place} is the cheapest that meets every objective, at {cost} an hour{million}{open}")
}

/// Where nothing meets the objectives: what came closest.
fn nothing(results: &OptimizeResults) -> String {
    let counts = &results.counts;
    let Some(closest) = &results.closest else {
        return match counts.overloaded == counts.configurations {
            true => {
                let all =
                    format!("no configuration meets every objective: all {} are overloaded", counts.configurations);
                all + &least_overloaded(results)
            }
            false if counts.simulated > 0 => "no configuration was simulated to its end".to_owned(),
            false => "no configuration was simulated".to_owned(),
        };
    };
    let known = if counts.undecided + counts.untried > 0 { "is known to meet" } else { "meets" };
    let cost = closest.cost.value.map_or_else(String::new, dollars);
    let place = place(results, &closest.at);
    format!("no configuration {known} every objective: {place} ({cost} an hour) comes closest, {}", misses(closest))
}

/// Where all are overloaded: the one that is so the least.
fn least_overloaded(results: &OptimizeResults) -> String {
    let worst = |one: &Configuration| one.overloaded.values().copied().fold(0.0, f64::max);
    let least = results.configurations.iter().min_by(|a, b| worst(a).total_cmp(&worst(b)));
    let said = |one: &Configuration| {
        format!(", the least with {}: {:.2} of what a station there can do", place(results, &one.at), worst(one))
    };
    least.map_or_else(String::new, said)
}

fn misses(closest: &Closest) -> String {
    let miss = closest.misses.iter().map(|objective| {
        let measured = show(Kind::of_condition(&objective.require), objective.value);
        let what = if objective.met == Some(false) { "misses" } else { "is too close to tell for" };
        format!("{what} {} (measured {measured})", objective.require)
    });
    miss.collect::<Vec<_>>().join(" and ")
}

/// How many there were of each kind.
fn search(results: &OptimizeResults) -> String {
    let counts = &results.counts;
    let parts = [
        (counts.overloaded, "overloaded, not simulated"),
        (counts.dearer, "cost more, not simulated"),
        (counts.untried, "not looked at"),
        (counts.undecided, "undecided"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("; {count} {what}"));
    let simulated = format!("simulated: {} of {} configurations", counts.simulated, counts.configurations);
    simulated + &parts.collect::<String>()
}

fn ended(results: &OptimizeResults) -> &'static str {
    match results.ended_by {
        Stopped::Found => "ended because all that are left cost more",
        Stopped::Exhausted => "ended because every configuration was looked at",
        Stopped::Budget => "ended because as many were simulated as --most allows",
        Stopped::Interrupted => "ended because it was interrupted",
    }
}

/// A line for each that was simulated; what is missed, where there is room for it.
fn table(results: &OptimizeResults, ink: Ink) -> String {
    let fits = |&(missed, half): &(bool, bool)| rows(results, missed, half).fits();
    let (missed, half) = [(true, true), (false, true)].into_iter().find(fits).unwrap_or((false, false));
    let shown = results.configurations.iter().filter(|one| one.replications > 0).count();
    let more = match shown > MOST {
        true => format!("{} more were simulated: --format csv has all of them\n", shown - MOST),
        false => String::new(),
    };
    rows(results, missed, half).render(ink) + &more
}

fn rows(results: &OptimizeResults, missed: bool, half: bool) -> Table {
    let mut head = vec![""];
    let paths: Vec<&str> = results.axis.iter().map(|axis| short(&axis.path)).collect();
    head.extend(paths);
    head.extend(["an hour", short(&results.metric)]);
    head.extend(half.then_some("±"));
    head.extend(["runs", ""]);
    let shown = || results.configurations.iter().filter(|one| one.replications > 0).take(MOST);
    // A heading over nothing would be read as that of the column before.
    let missed = missed && shown().any(|one| miss(one).is_some());
    head.extend(missed.then_some("misses"));
    let mut table = Table::new(&head);
    for one in shown() {
        table.row(row(results, one, (missed, half)));
    }
    table
}

fn row(results: &OptimizeResults, one: &Configuration, (missed, half): (bool, bool)) -> Vec<Cell> {
    let is_best = results.cheapest.as_ref().is_some_and(|best| best.at == one.at);
    let mut cells = vec![match (is_best, one.frontier) {
        (true, _) => Cell::new("cheapest →", Tone::Good),
        (false, true) => Cell::new("frontier", Tone::Plain),
        (false, false) => Cell::default(),
    }];
    cells.extend(results.axis.iter().zip(&one.at).map(|(axis, &at)| Cell::from(label(axis, at))));
    let kind = Metric::parse(&results.metric).map_or(Kind::Time, |metric| Kind::of(&metric));
    let (latency, width) = estimate(kind, &one.latency);
    let (word, tone) = match one.status {
        Status::Holds => ("holds", Tone::Good),
        Status::Fails => ("fails", Tone::Bad),
        _ => ("undecided", Tone::Close),
    };
    cells.extend([Cell::from(price(one)), latency.into()]);
    cells.extend(half.then(|| Cell::new(width, Tone::Dim)));
    cells.extend([Cell::from(one.replications.to_string()), Cell::new(word, tone)]);
    cells.extend(miss(one).filter(|_| missed).map(|objective| Cell::left(&objective.require)));
    cells
}

/// The first objective that a configuration does not meet for certain.
fn miss(one: &Configuration) -> Option<&ObjectiveResult> {
    one.objectives.iter().find(|objective| objective.met != Some(true))
}

fn footer(results: &OptimizeResults, ink: Ink) -> String {
    let sure = show(Kind::Ratio, Some(results.confidence));
    let said = format!(
        "each decision is right with probability {sure} or more; ± is for 95 %; frontier: \
         clearly faster than all that cost no more; seed {}, knee {}",
        results.seed, results.version
    );
    lines(&said, Tone::Dim, ink)
}

fn place(results: &OptimizeResults, at: &[f64]) -> String {
    let values = results.axis.iter().zip(at).map(|(axis, &at)| format!("{} {}", short(&axis.path), label(axis, at)));
    values.collect::<Vec<_>>().join(", ")
}

fn price(one: &Configuration) -> String {
    one.cost.value.map_or_else(String::new, dollars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_cheapest_is_named_and_how_the_search_went() {
        let text = summary(&fixture::optimize(), Ink(false));
        assert!(
            text.starts_with("app.replicas 3 is the cheapest that meets every objective, at $0.60 an hour"),
            "{text}"
        );
        assert!(text.contains("simulated: 2 of 4 configurations; 1 overloaded, not simulated; 1 cost more"), "{text}");
        assert!(text.contains("ended because all that are left cost more"), "{text}");
        assert!(text.contains("\ncheapest →"), "{text}");
        let mut results = fixture::optimize();
        results.configurations.retain(|one| one.status == Status::Holds);
        assert!(!summary(&results, Ink(false)).contains("misses"), "nothing misses anything");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn what_came_closest_is_named_where_nothing_holds() {
        let mut results = fixture::optimize();
        let best = results.cheapest.take().unwrap();
        let misses =
            vec![crate::experiment::results::ObjectiveResult { met: Some(false), ..best.objectives[0].clone() }];
        results.closest = Some(Closest { at: best.at, written: best.written, cost: best.cost, misses });
        let text = summary(&results, Ink(false)).replace("\n  ", " ");
        assert!(
            text.starts_with("no configuration meets every objective: app.replicas 3 ($0.60 an hour) comes"),
            "{text}"
        );
        assert!(text.contains("misses shoppers.latency.p99 < 250ms (measured 200 ms)"), "{text}");
    }

    #[test]
    fn cheaper_ones_that_are_not_known_are_not_passed_over_in_silence() {
        let mut results = fixture::optimize();
        results.configurations[1].status = Status::Undecided;
        let text = summary(&results, Ink(false)).replace("\n  ", " ");
        assert!(text.contains("; of one that costs less it is not known whether it does"), "{text}");
    }
}
