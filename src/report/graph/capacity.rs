//! A search for the capacity: what was measured at each value, its limit, and where it fails.

use super::color::{Color, GREY, PALETTE, SHADE};
use super::{Graph, Place, Scale, Series, Shade};
use crate::experiment::results::{CapacityResults, Find, Outcome, Trial};
use crate::model::Condition;
use crate::report::quantity::Kind;
use crate::report::reading::number;

const MOST: usize = 3;

/// A graph for each of the first few objectives, over the same axis.
pub(crate) fn graphs(results: &CapacityResults) -> Vec<Graph> {
    let objectives = objectives(results);
    let last = objectives.len().saturating_sub(1);
    objectives.iter().enumerate().map(|(index, require)| graph(results, (index, require), index == last)).collect()
}

/// The conditions that were measured.
fn objectives(results: &CapacityResults) -> Vec<String> {
    let measured = results.trials.iter().find(|trial| !trial.objectives.is_empty());
    let all = measured.map_or(&[][..], |trial| &trial.objectives);
    all.iter().take(MOST).map(|objective| objective.require.clone()).collect()
}

fn graph(results: &CapacityResults, (index, require): (usize, &str), is_last: bool) -> Graph {
    let condition = Condition::parse(require).ok();
    let kind = condition.as_ref().map_or(Kind::Count, |condition| Kind::of(&condition.metric));
    let limit = condition.map(|condition| condition.limit);
    let points = |met: Option<bool>| {
        let shown =
            results.trials.iter().filter(move |trial| trial.objectives.get(index).is_some_and(|own| own.met == met));
        shown.filter_map(move |trial| point(trial, index)).collect::<Vec<_>>()
    };
    let values = results.trials.iter().filter_map(|trial| point(trial, index)).map(|point| point.1).chain(limit);
    let y = if kind == Kind::Time { Scale::log(kind, values) } else { Scale::linear(kind, values) };
    let kind_of_x = if results.unit.starts_with('/') { Kind::Rate } else { Kind::Count };
    let path = if results.path == "run.load" { "load, times that of the scenario" } else { &results.path };
    let says = [require, if kind == Kind::Time { "log scale" } else { "" }, if is_last { path } else { "" }];
    let line = |(met, name, color): (Option<bool>, &str, Color)| Series {
        name: name.into(),
        color,
        joined: false,
        dashed: false,
        points: points(met),
    };
    let lines = DECISIONS.map(line).to_vec();
    let mut graph = Graph::new(says, (x_scale(kind_of_x, results), y), lines);
    graph.shades.extend(overloaded(results).map(|(from, to)| {
        let why = "overloaded".to_owned();
        Shade { from, to, color: SHADE, opacity: 1.0, why, row: None }
    }));
    graph.verticals.extend(results.capacity.map(|limit| {
        let until = if results.find == Find::Highest { "holds up to" } else { "holds from" };
        (limit.value, format!("{until} {}{}", number(limit.value), results.unit))
    }));
    graph.horizontals.extend(limit.map(|limit| (limit, "limit".to_owned())));
    graph
}

/// What was decided of this objective, whatever of the others: green, grey and vermilion.
const DECISIONS: [(Option<bool>, &str, Color); 3] =
    [(Some(true), "holds", PALETTE[2]), (None, "undecided", GREY), (Some(false), "fails", PALETTE[1])];

/// From the least value that was tried to the greatest, with room on both sides.
fn x_scale(kind: Kind, results: &CapacityResults) -> Scale {
    let at = || results.trials.iter().map(|trial| trial.at);
    let (low, high) = at().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)));
    let room = 0.06 * (high - low);
    Scale::linear(kind, at()).exactly(low - room, high + room)
}

/// From and to where stations are overloaded: to the hard end.
fn overloaded(results: &CapacityResults) -> Option<(f64, f64)> {
    let mut overloaded =
        results.trials.iter().filter(|trial| trial.outcome == Outcome::Overloaded).map(|trial| trial.at);
    match results.find {
        Find::Highest => overloaded.next().map(|at| (at, f64::MAX)),
        Find::Lowest => overloaded.next_back().map(|at| (f64::MIN, at)),
    }
}

fn point(trial: &Trial, index: usize) -> Option<Place> {
    let measured = trial.measured.get(index)?;
    Some((trial.at, measured.value?, measured.ci95))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn each_objective_has_its_own_decisions() {
        let counts = |graph: &Graph| -> Vec<(String, usize)> {
            graph.lines.iter().map(|line| (line.name.clone(), line.points.len())).collect()
        };
        let found: Vec<_> = graphs(&fixture::capacity()).iter().map(counts).collect();
        let of = |holds, undecided, fails| {
            [("holds", holds), ("undecided", undecided), ("fails", fails)].map(|(name, count)| (name.to_owned(), count))
        };
        assert_eq!(found[0], of(4, 0, 1), "its limit is far from what only the other exceeds");
        assert_eq!(found[1], of(2, 1, 2));
    }
}
