//! The pages of everything but a run: the answer, its picture, its numbers.

use super::drawing::figure;
use super::markup::Markup;
use super::page::{Page, Section, Tone, verdict};
use super::tables::Column::{Numbers, Words};
use super::tables::{cell, name, number, table, words};
use crate::experiment::Explanation;
use crate::experiment::law::Answer;
use crate::experiment::results::{
    CapacityResults, CompareResults, Difference, OptimizeResults, Results, Status, Step, SweepPoint, SweepResults,
};
use crate::measure::Findings;
use crate::model::Metric;
use crate::report::About;
use crate::report::chosen::{chosen, of};
use crate::report::graph::{compare::MOST as MOST_CHANGES, sweep as curve};
use crate::report::plot::{
    architecture, capacity as trials, compare as changes, fit as fits, law as laws, optimize as costs, sweep as curves,
};
use crate::report::quantity::{Kind, difference, dollars, show};
use crate::report::reading::{doubt, number as plain, outcome, place};

/// Latency and throughput against what was varied.
pub(super) fn sweep(results: &SweepResults, about: &About, printed: &str) -> Page {
    let title = results.points.first().map_or("", |point| &point.result.scenario.title);
    let sections = vec![
        Section::new("The curves", [figure(&curves::latency(results)), figure(&curves::throughput(results))]),
        Section::new("The points", [points(results)]),
        known(about),
    ];
    plain_page(title, printed, Tone::Neutral, sections)
}

fn points(results: &SweepResults) -> Markup {
    let shown = curve::names(results);
    let rows = results.points.iter().flat_map(|point| {
        let known = shown.iter().filter(|name| point.result.workloads.contains_key(*name));
        known.map(|workload| point_row(results, point, workload))
    });
    let columns = [
        Words("at"),
        Words("workload"),
        Numbers("answered"),
        Numbers("errors"),
        Numbers("mean"),
        Numbers("p50"),
        Numbers("p95"),
        Numbers("p99"),
        Words("busiest station"),
        Words("remark"),
    ];
    let all = results.points.first().map_or(0, |point| point.result.workloads.len());
    let caption = format!("What was measured at each point{}", of(shown.len(), all, "workloads"));
    table(&caption, &columns, rows.collect())
}

fn point_row(results: &SweepResults, point: &SweepPoint, workload: &str) -> Vec<Markup> {
    let own = &point.result.workloads[workload];
    let times = [&own.latency.mean, &own.latency.p50, &own.latency.p95, &own.latency.p99];
    let mut row = vec![name(&place(results, &point.at)), words(workload)];
    row.extend([number(Kind::Rate, &own.throughput), number(Kind::Ratio, &own.error_rate)]);
    row.extend(times.map(|time| number(Kind::Time, time)));
    row.push(words(&busiest(&point.result)));
    row.push(words(doubt(&point.result).unwrap_or_default()));
    row
}

fn busiest(result: &Results) -> String {
    let first = result.bottleneck.as_ref();
    first.map_or_else(String::new, |first| format!("{} {}", first.station, show(Kind::Ratio, Some(first.utilization))))
}

/// What was tried, and where it fails.
pub(super) fn capacity(results: &CapacityResults, about: &About, printed: &str) -> Page {
    let rows = results.trials.iter().map(|trial| {
        let objectives = trial.objectives.iter().map(|objective| {
            let measured = show(Kind::of_condition(&objective.require), objective.value);
            format!("{} ({measured})", objective.require)
        });
        let at = format!("{}{}", plain(trial.at), results.unit);
        vec![name(&at), words(outcome(trial)), words(&objectives.collect::<Vec<_>>().join("; "))]
    });
    let columns = [Words("at"), Words("the objectives"), Words("measured")];
    let sections = vec![
        Section::new("What was measured", trials::objectives(results).iter().map(figure)),
        Section::new("The trials", [table("Every value that was tried", &columns, rows.collect())]),
        known(about),
    ];
    plain_page(&results.title, printed, Tone::Neutral, sections)
}

/// What changes, and whether it is real.
pub(super) fn compare(results: &CompareResults, about: &About, printed: &str) -> Page {
    let drawn = Markup::all(changes::changes(results).iter().map(figure));
    let sections = vec![
        Section::new("The steps", [steps(&results.steps)]),
        Section::new("What changes", [fewer(results), drawn, differences(results)]),
        known(about),
    ];
    let names: Vec<&str> = results.steps.iter().map(|step| step.name.as_str()).collect();
    let title = if names.len() > 4 { format!("{} steps compared", names.len()) } else { names.join(" against ") };
    plain_page(&title, printed, Tone::Neutral, sections)
}

/// How many of the changes are drawn, if not all.
fn fewer(results: &CompareResults) -> Markup {
    match of(results.changes.len().min(MOST_CHANGES), results.changes.len(), "changes").as_str() {
        "" => Markup::default(),
        some => Markup::of("p", &format!("The first are drawn{some}; the table has more.")),
    }
}

fn steps(steps: &[Step]) -> Markup {
    let row = |step: &Step| {
        let shown = chosen(&step.result);
        let more = step.result.workloads.len() - shown.len();
        let workloads = shown.into_iter().map(|workload| {
            let own = &step.result.workloads[workload];
            let (rate, p99) = (show(Kind::Rate, own.throughput.value), show(Kind::Time, own.latency.p99.value));
            format!("{workload}: {rate}, 99 % within {p99}")
        });
        let more = (more > 0).then(|| format!("and {more} more workloads"));
        let said = workloads.chain(more).collect::<Vec<_>>().join("; ");
        let cost = dollars(step.result.cost.per_hour);
        vec![
            name(&step.name),
            words(&step.result.scenario.title),
            words(&said),
            words(&busiest(&step.result)),
            cell(&cost),
        ]
    };
    let columns = [Words("step"), Words("title"), Words("workloads"), Words("busiest station"), Numbers("an hour")];
    table("What was compared", &columns, steps.iter().map(row).collect())
}

fn differences(results: &CompareResults) -> Markup {
    let name_of = |index: usize| results.steps.get(index).map_or("", |step| step.name.as_str());
    let rows = results.changes.iter().flat_map(|change| {
        let pair = format!("{} → {}", name_of(change.from), name_of(change.to));
        change.differences.iter().map(move |one| difference_row(&pair, one))
    });
    let columns = [
        Words("from → to"),
        Words("metric"),
        Numbers("was"),
        Numbers("is"),
        Numbers("changes by"),
        Words("and this is"),
    ];
    table("Differences of pairs of replications under the same random numbers", &columns, rows.collect())
}

fn difference_row(pair: &str, one: &Difference) -> Vec<Markup> {
    let kind = Metric::parse(&one.metric).map_or(Kind::Count, |metric| Kind::of(&metric));
    let (by, half) = difference(kind, one.before.value.unwrap_or(0.0), &one.difference);
    let real = match (one.real, one.better) {
        (false, _) => "within chance",
        (true, Some(true)) => "real, better",
        (true, Some(false)) => "real, worse",
        (true, None) => "real",
    };
    let [was, is] = [&one.before, &one.after].map(|value| cell(&show(kind, value.value)));
    vec![name(pair), words(&one.metric), was, is, cell(&format!("{by} {half}")), words(real)]
}

/// Cost against latency.
pub(super) fn optimize(results: &OptimizeResults, about: &About, printed: &str) -> Page {
    let tried = results.configurations.iter().filter(|one| one.replications > 0);
    let rows = tried.map(|one| {
        let status = match one.status {
            Status::Holds => "holds",
            Status::Fails => "fails",
            _ => "undecided",
        };
        let set: Vec<String> = results
            .axis
            .iter()
            .zip(&one.at)
            .map(|(axis, &at)| format!("{} = {}", axis.path, axis.written(at)))
            .collect();
        let cost = one.cost.value.map_or_else(String::new, dollars);
        let frontier = if one.frontier { "on the frontier" } else { "" };
        vec![name(&set.join(", ")), cell(&cost), number(Kind::Time, &one.latency), words(status), words(frontier)]
    });
    let columns = [
        Words("configuration"),
        Numbers("an hour"),
        Numbers(&results.metric),
        Words("the objectives"),
        Words("remark"),
    ];
    let sections = vec![
        Section::new("Cost against latency", [figure(&costs::configurations(results))]),
        Section::new("The configurations", [table("Those that were simulated", &columns, rows.collect())]),
        known(about),
    ];
    plain_page(&results.title, printed, Tone::Neutral, sections)
}

/// The architecture and what is known of it without a run.
pub(super) fn explanation(explanation: &Explanation, printed: &str) -> Page {
    let sections = vec![Section::new("The architecture", [figure(&architecture::picture(explanation))])];
    plain_page(&explanation.scenario.title, printed, Tone::Neutral, sections)
}

/// What was measured, and the law that was fitted.
pub(super) fn fit(findings: &Findings, printed: &str) -> Page {
    let picture = fits::tail(findings);
    let sections = vec![Section::new("How long requests take", [figure(&picture)])];
    plain_page(&verdict(printed), printed, Tone::Neutral, sections)
}

/// The curve of a law.
pub(super) fn law(answer: &Answer, printed: &str) -> Page {
    let sections = vec![Section::new("The curve", [figure(&laws::curve(answer))])];
    plain_page(&verdict(printed), printed, Tone::Neutral, sections)
}

fn known(about: &About) -> Section {
    Section::new("The architecture", about.explanation.iter().map(|known| figure(&architecture::picture(known))))
}

fn plain_page(title: &str, printed: &str, tone: Tone, sections: Vec<Section>) -> Page {
    Page { title: title.to_owned(), verdict: verdict(printed), tone, lead: Markup::default(), sections }
}
