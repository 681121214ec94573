//! The page of a run.

use super::drawing::figure;
use super::markup::Markup;
use super::page::{Page, Section, Tone, verdict};
use super::tables::Column::{Numbers, Words};
use super::tables::{cell, name, number, table, words};
use crate::experiment::results::{Difference, Estimate, Faster, Latency, Results, StationResult, TheoryLine};
use crate::report::About;
use crate::report::chosen::{chosen, ranked};
use crate::report::plot::{architecture, picture::Picture, run as pictures, why};
use crate::report::quantity::{Kind, difference, dollars, show};
use crate::report::reading;

/// Verdict, facts, and a section for each thing that there is something to say about.
pub(super) fn page(results: &Results, about: &About, printed: &str) -> Page {
    let sections = vec![
        Section::new("The architecture", about.explanation.iter().map(|known| figure(&architecture::picture(known)))),
        Section::new("How long requests take", [figures([pictures::latency(results)]), workloads(results)]),
        Section::new("How busy the stations are", [busy(results), stations(results)]),
        Section::new("Over time", [over_time(results)]),
        Section::new("Where the time went", [time_went(results)]),
        Section::new("Theory beside simulation", [theory(&results.theory)]),
        Section::new("Cost", [cost(results)]),
        Section::new("What to know about the numbers", [remarks(results)]),
    ];
    Page {
        title: results.scenario.title.clone(),
        verdict: verdict(printed),
        tone: tone(results),
        lead: Markup::all([facts(results), objectives(results)]),
        sections,
    }
}

/// From this share of errors on a run is no good news, whatever was asked of it.
const MOST_FAIL: f64 = 0.5;

fn tone(results: &Results) -> Tone {
    let met = |wanted| results.objectives.iter().any(|objective| objective.met == wanted);
    let stuck = results.recovery.iter().any(|one| one.recovered == Some(false));
    let failing = results.workloads.values().any(|own| own.error_rate.value.is_some_and(|rate| rate >= MOST_FAIL));
    if met(Some(false)) || !results.unstable.is_empty() || stuck || failing {
        Tone::Bad
    } else if !results.objectives.is_empty() && !met(None) {
        Tone::Good
    } else {
        Tone::Neutral
    }
}

/// How busy stations are, and how long their lines.
fn busy(results: &Results) -> Markup {
    let always = [pictures::utilization(results), pictures::queues(results)];
    figures(always.into_iter().chain(pictures::busy_map(results)))
}

/// Pictures side by side where there is room.
pub(super) fn figures(pictures: impl IntoIterator<Item = Picture>) -> Markup {
    let all = Markup::all(pictures.into_iter().map(|picture| figure(&picture)));
    Markup::element("div", &[("class", "figures")], all)
}

/// Workloads of which there are facts.
const FEW: usize = 3;

/// The numbers that most people ask for first; of many workloads, for those of which there is most to say.
fn facts(results: &Results) -> Markup {
    let mut shown = ranked(results);
    shown.truncate(FEW);
    shown.sort_unstable();
    let mut facts = Vec::new();
    for workload in &shown {
        let own = &results.workloads[*workload];
        facts.push(("99 % answered within", show(Kind::Time, own.latency.p99.value), *workload));
        facts.push(("answered", show(Kind::Rate, own.throughput.value), *workload));
        if own.error_rate.value.is_some_and(|rate| rate > 0.0) {
            facts.push(("errors", show(Kind::Ratio, own.error_rate.value), *workload));
        }
    }
    if let more @ 1.. = results.workloads.len() - shown.len() {
        facts.push(("workloads", format!("{more} more"), "in the table below"));
    }
    if let Some(first) = &results.bottleneck {
        facts.push(("busiest station", show(Kind::Ratio, Some(first.utilization)), first.station.as_str()));
    }
    if results.cost.per_hour > 0.0 {
        facts.push(("an hour", dollars(results.cost.per_hour), "all machines"));
    }
    let fact = |(what, value, of): (&str, String, &str)| {
        let inside = [
            Markup::of("dt", what),
            Markup::of("dd", &value),
            Markup::element("dd", &[("class", "of")], Markup::text(of)),
        ];
        Markup::element("div", &[], Markup::all(inside))
    };
    Markup::element("dl", &[("class", "facts")], Markup::all(facts.into_iter().map(fact)))
}

fn objectives(results: &Results) -> Markup {
    let item = |objective: &crate::experiment::results::ObjectiveResult| {
        let (class, mark) = match objective.met {
            Some(true) => ("good", "✓ met"),
            Some(false) => ("bad", "✗ failed"),
            None if objective.value.is_none() => ("close", "? nothing was observed that would tell"),
            None => ("close", "? too close to tell"),
        };
        let measured = show(Kind::of_condition(&objective.require), objective.value);
        let mark = Markup::element("strong", &[("class", class)], Markup::text(mark));
        let said = format!(" {}: {} (measured {measured})", objective.name, objective.require);
        Markup::element("li", &[], Markup::all([mark, Markup::text(&said)]))
    };
    match results.objectives.is_empty() {
        true => Markup::default(),
        false => Markup::element("ul", &[("class", "objectives")], Markup::all(results.objectives.iter().map(item))),
    }
}

fn workloads(results: &Results) -> Markup {
    let mut rows = Vec::new();
    for (workload, own) in &results.workloads {
        let offered = number(Kind::Rate, &own.offered);
        rows.push(requests(workload, offered, (&own.throughput, &own.error_rate), &own.latency));
        for (operation, own) in own.operations.iter().filter(|_| own.operations.len() > 1) {
            let name = format!("{workload}: {operation}");
            rows.push(requests(&name, cell(""), (&own.throughput, &own.error_rate), &own.latency));
        }
    }
    let columns = [
        Words("workload"),
        Numbers("offered"),
        Numbers("answered"),
        Numbers("errors"),
        Numbers("mean"),
        Numbers("p50"),
        Numbers("p95"),
        Numbers("p99"),
        Numbers("p99.9"),
        Numbers("longest"),
    ];
    table("Requests by workload: rates, errors and latency", &columns, rows)
}

fn requests(workload: &str, offered: Markup, rates: (&Estimate, &Estimate), latency: &Latency) -> Vec<Markup> {
    let times = [&latency.mean, &latency.p50, &latency.p95, &latency.p99, &latency.p99_9];
    let mut row = vec![name(workload), offered, number(Kind::Rate, rates.0), number(Kind::Ratio, rates.1)];
    row.extend(times.map(|time| number(Kind::Time, time)));
    row.push(cell(&show(Kind::Time, latency.max)));
    row
}

/// Replicas one by one are in the JSON.
fn stations(results: &Results) -> Markup {
    let pooled = results.stations.0.iter().filter(|(name, _)| !name.contains('['));
    let rows = pooled.map(|(station, own)| station_row(station, own)).collect();
    let columns = [
        Words("station"),
        Numbers("servers"),
        Numbers("busy"),
        Numbers("throughput"),
        Numbers("queue"),
        Numbers("wait"),
        Numbers("p99 of wait"),
        Numbers("service"),
        Numbers("response"),
    ];
    table("Stations, replicas together", &columns, rows)
}

fn station_row(station: &str, own: &StationResult) -> Vec<Markup> {
    let time = |estimate: Option<&Estimate>| number(Kind::Time, estimate.unwrap_or(&Estimate::default()));
    let queue = own.queue_length.unwrap_or_default();
    vec![
        name(station),
        cell(&own.servers.map_or_else(|| "unlimited".into(), |servers| servers.to_string())),
        number(Kind::Ratio, &own.utilization),
        number(Kind::Rate, &own.throughput),
        number(Kind::Count, &queue),
        time(Some(&own.wait.mean)),
        time(own.wait.p99.as_ref()),
        time(Some(&own.service.mean)),
        time(Some(&own.response.mean)),
    ]
}

/// Pictures of the series, what disturbed the system, and alerts.
fn over_time(results: &Results) -> Markup {
    if results.series.is_empty() {
        return Markup::default();
    }
    Markup::all([
        figures([pictures::answered(results), pictures::tail(results)].into_iter().chain(pictures::errors(results))),
        recovery(results),
        alerts(results),
    ])
}

fn recovery(results: &Results) -> Markup {
    let row = |one: &crate::experiment::results::Recovery| {
        let [before, during, after] = [&one.before, &one.during, &one.after].map(|rate| number(Kind::Rate, rate));
        vec![name(&one.trigger), words(&one.workload), before, during, after, words(&one.verdict)]
    };
    let columns = [
        Words("what happened"),
        Words("workload"),
        Numbers("answered before"),
        Numbers("meanwhile"),
        Numbers("afterwards"),
        Words("verdict"),
    ];
    table("What disturbed the system, and how it fared", &columns, results.recovery.iter().map(row).collect())
}

fn alerts(results: &Results) -> Markup {
    let row = |one: &crate::experiment::results::AlertSummary| {
        let first = number(Kind::Time, &one.first_at_s);
        let share = cell(&show(Kind::Ratio, Some(one.share)));
        vec![name(&one.name), words(&one.when), share, first, number(Kind::Ratio, &one.active)]
    };
    let columns = [Words("alert"), Words("when"), Numbers("went off in"), Numbers("first at"), Numbers("was on")];
    table("Alerts, in all replications", &columns, results.alert_summary.iter().map(row).collect())
}

fn time_went(results: &Results) -> Markup {
    let Some(known) = &results.why else { return Markup::default() };
    let changes = known.faster.iter().flat_map(|faster| faster.changes.iter().map(move |change| (faster, change)));
    let changes = changes.filter(|(_, change)| change.difference.value != Some(0.0));
    let row = |(faster, change): (&Faster, &Difference)| {
        let (by, half) = difference(Kind::Time, change.before.value.unwrap_or(0.0), &change.difference);
        let real = if change.real { "real" } else { "within chance" };
        vec![name(&faster.station), words(&change.metric), cell(&format!("{by} {half}")), words(real)]
    };
    let columns = [Words("station"), Words("what"), Numbers("changes by"), Words("and this is")];
    let faster = table("If a station were twice as fast", &columns, changes.map(row).collect());
    let pictures = why::pictures(known, &chosen(results));
    let some = fewer(results).filter(|_| !pictures.is_empty()).map(|some| Markup::of("p", &some));
    Markup::all(some.into_iter().chain(pictures.iter().map(figure)).chain([faster]))
}

/// Which of the workloads are drawn, where not all are.
fn fewer(results: &Results) -> Option<String> {
    let (shown, all) = (chosen(results).len(), results.workloads.len());
    let said = format!(
        "{shown} of {all} workloads are drawn: those first of which an objective fails or that do not recover, then the slowest, those \
         that objectives are about, those with most errors, and the next slowest. The JSON has all."
    );
    (shown < all).then_some(said)
}

fn theory(lines: &[TheoryLine]) -> Markup {
    let row = |line: &TheoryLine| {
        let (quantity, kind) = reading::quantity(line);
        let agrees = match (line.approximate, line.agrees) {
            (true, true) => "agrees (an approximation)",
            (true, false) => "differs (an approximation)",
            (false, true) => "agrees",
            (false, false) => "differs",
        };
        let simulated = cell(&show(kind, line.simulated));
        let predicted = cell(&show(kind, Some(line.predicted)));
        vec![name(&line.station), words(&line.model), words(&quantity), predicted, simulated, words(agrees)]
    };
    let columns = [
        Words("station"),
        Words("model"),
        Words("quantity"),
        Numbers("predicted"),
        Numbers("simulated"),
        Words("and they"),
    ];
    table("What queueing theory says", &columns, lines.iter().map(row).collect())
}

fn cost(results: &Results) -> Markup {
    if results.cost.per_hour == 0.0 {
        return Markup::default();
    }
    let million = results.cost.per_million_requests.map(|cost| format!(", {} for a million answers", dollars(cost)));
    let words = format!("{} an hour{}.", dollars(results.cost.per_hour), million.unwrap_or_default());
    Markup::all([Markup::of("p", &words), figures(pictures::costs(results))])
}

/// How the numbers came about, and what is to be known of them.
fn remarks(results: &Results) -> Markup {
    let run = &results.scenario;
    let ran = format!(
        "{} replications of {} after a warm-up of {}, seed {}. ± is half of the 95 % confidence interval.",
        run.replications,
        show(Kind::Time, Some(run.duration_s)),
        show(Kind::Time, Some(run.warm_up_s)),
        run.seed
    );
    let laws = results.checks.little && results.checks.flow_balance && results.checks.utilization_law;
    let laws = match laws {
        _ if run.replications == 0 => "No replication was finished.",
        true => "Little's law, flow balance and the utilization law hold at every station, from independent counters.",
        false => "Little's law, flow balance or the utilization law fails somewhere: this is a defect of knee.",
    };
    let withheld = results.withheld.iter().map(|one| {
        let why = format!("{} answers, and it takes {} for one to lie beyond it", one.answers, one.needs);
        format!("Withheld: {}: {why}.", one.metric)
    });
    let drawn = fewer(results);
    let all = [ran, laws.to_owned()].into_iter().chain(drawn).chain(results.warnings.iter().cloned()).chain(withheld);
    Markup::element("ul", &[], Markup::all(all.map(|line| Markup::of("li", &line))))
}
