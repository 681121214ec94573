//! The summary of one run.

use super::admission::admission;
use super::calls::calls;
use super::components::{caches, optimistic};
use super::ink::{Ink, Tone};
use super::monitor::{alerts, recovery};
use super::queues::queues;
use super::replication::replication;
use super::scaling::scaling;
use super::sections::{observed, special, stations, theory, workloads};
use super::sharding::sharding;
use super::why::why;
use super::{lines, marked, titled, wrap};
use crate::experiment::results::{
    Cost, Errors, Latency, ObjectiveResult, Recovery, Results, ScenarioInfo, SeriesWindow, WorkloadResult,
};
use crate::report::quantity::{Kind, dollars, short, show};
use crate::report::reading::named;

/// Verdict, tables, and how the numbers came about.
pub(super) fn summary(results: &Results, ink: Ink) -> String {
    let parts = [
        verdict(results, ink),
        workloads(results, ink),
        stations(&results.stations, ink),
        admission(results, ink),
        caches(results, ink),
        sharding(results, ink),
        optimistic(&results.optimistic, ink),
        calls(results, ink),
        special(&results.stations, ink),
        queues(results, ink),
        replication(results, ink),
        scaling(results, ink),
        observed(&results.observed, ink),
        recovery(&results.recovery, ink),
        alerts(&results.alert_summary, ink),
        series(&results.series, ink),
        why(results, ink),
        objectives(&results.objectives, ink),
        theory(&results.theory, ink),
        warnings(results, ink),
        withheld(results, ink),
        footer(results, ink),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn verdict(results: &Results, ink: Ink) -> String {
    let failed = results.objectives.iter().filter(|o| o.met == Some(false)).count();
    let mut said = Vec::new();
    if results.scenario.partial {
        let how = if results.scenario.stopped.is_some() { "stopped early in" } else { "interrupted after" };
        said.push(format!("{how} {}", replications(&results.scenario)));
    }
    if results.why.as_ref().is_some_and(|why| why.partial) {
        said.push("interrupted before all was known of why".into());
    }
    said.extend(failing(results));
    if failed > 0 {
        said.push(format!("{failed} of {} objectives failed", results.objectives.len()));
    }
    said.extend(stuck(results));
    let overload = overload(results);
    let bad = !said.is_empty() || overload.is_some();
    said.push(overload.unwrap_or_else(|| limits(results)));
    let tone = if bad { Tone::Bad } else { Tone::Head };
    let scenario = &results.scenario;
    let title = titled(&scenario.title, &named(&scenario.file, &scenario.set), ink);
    format!("{}{title}\n", lines(&said.join("; "), tone, ink))
}

/// Who does not come back after something, or not always.
fn stuck(results: &Results) -> Option<String> {
    let share = |recovery: &&Recovery| recovery.share.unwrap_or(1.0);
    let worst = results.recovery.iter().min_by(|a, b| share(a).total_cmp(&share(b)))?;
    let never = if worst.recovered == Some(false) { "does not recover" } else { "does not always recover" };
    (share(&worst) < 1.0).then(|| format!("{} {never} from {}", worst.workload, worst.trigger))
}

/// Whose requests fail, if many do: of several workloads the one of which most do.
fn failing(results: &Results) -> Option<String> {
    let rate = |workload: &WorkloadResult| workload.error_rate.value.unwrap_or(0.0);
    let worst = results.workloads.iter().filter(|(_, workload)| rate(workload) > MANY);
    let (name, workload) = worst.max_by(|a, b| rate(a.1).total_cmp(&rate(b.1)).then(b.0.cmp(a.0)))?;
    let Errors { rejected, timed_out, failed, abandoned } = workload.errors;
    let kinds = [(rejected, "are rejected"), (timed_out, "time out"), (failed, "fail"), (abandoned, "are abandoned")];
    let mut kinds = kinds.into_iter().filter(|(count, _)| *count > 0).map(|(_, what)| what);
    let only = kinds.next().filter(|_| kinds.next().is_none());
    Some(format!("{name}: {} of requests {}", show(Kind::Ratio, Some(rate(workload))), only.unwrap_or("fail")))
}

/// Of errors beyond this share the verdict says more than the table.
const MANY: f64 = 0.05;

/// Which stations get more work than they can do, if some do.
fn overload(results: &Results) -> Option<String> {
    let first = results.unstable.first()?;
    let mut warnings = results.warnings.iter();
    let said = warnings.find(|warning| warning.starts_with(&format!("{first}: ")));
    let more = match results.unstable.len() {
        1 => String::new(),
        n => format!(" (and {} more)", n - 1),
    };
    Some(format!("overloaded: {}{more}", said.unwrap_or(first)))
}

/// Below this nothing limits a system: of the time at a station with one server that is so busy at random, less than this
/// share is waiting (M/M/1: W / R = ρ), so the time goes elsewhere, into service itself, links, and delays.
const BUSY: f64 = 0.2;

/// What limits the system, and how its users fare.
fn limits(results: &Results) -> String {
    let station = results.bottleneck.as_ref().map(|b| {
        let busy = show(Kind::Ratio, Some(b.utilization));
        match b.utilization < BUSY {
            true => format!("nothing is busy: {} is the most, at {busy}", b.station),
            false => format!("{} is the bottleneck at {busy} busy", b.station),
        }
    });
    let slowest = results.workloads.iter().max_by(|a, b| {
        let mean = |w: &WorkloadResult| w.latency.mean.value.unwrap_or(0.0);
        mean(a.1).total_cmp(&mean(b.1))
    });
    let alone = results.workloads.len() == 1;
    let users = slowest.and_then(|(name, workload)| answered(name, alone, &workload.latency));
    let said: Vec<String> = [station, users].into_iter().flatten().collect();
    if said.is_empty() { "nothing was served".into() } else { said.join("; ") }
}

fn answered(name: &str, alone: bool, latency: &Latency) -> Option<String> {
    let mean = show(Kind::Time, Some(latency.mean.value?));
    let subject = match alone {
        true => format!("answers to {name} take"),
        false => format!("answers take longest for {name}:"),
    };
    let p99 =
        latency.p99.value.map_or_else(String::new, |p99| format!(", 99 % within {}", show(Kind::Time, Some(p99))));
    Some(format!("{subject} {mean} on average{p99}"))
}

fn objectives(objectives: &[ObjectiveResult], ink: Ink) -> String {
    let mut text = String::new();
    for objective in objectives {
        let measured = show(Kind::of_condition(&objective.require), objective.value);
        let line = format!("{}: {} (measured {measured})", objective.name, objective.require);
        text.push_str(&marked(&ink.mark(objective.met), &line));
    }
    if objectives.iter().any(|objective| objective.met.is_none() && objective.value.is_none()) {
        text.push_str("? nothing was observed that would tell\n");
    }
    if objectives.iter().any(|objective| objective.met.is_none() && objective.value.is_some()) {
        text.push_str("? too close to tell: run longer, or with more --replications\n");
    }
    text
}

fn warnings(results: &Results, ink: Ink) -> String {
    // The verdict has said the one about the overload.
    let verdict = overload(results).unwrap_or_default();
    let new = results.warnings.iter().filter(|warning| !verdict.contains(*warning));
    let lines = new.map(|warning| {
        let text = wrap(&format!("warning: {warning}"), 2);
        text.replacen("warning:", &ink.paint(Tone::Close, "warning:"), 1) + "\n"
    });
    lines.collect()
}

fn footer(results: &Results, ink: Ink) -> String {
    let checks = &results.checks;
    let laws = [
        ("Little's law", checks.little),
        ("flow balance", checks.flow_balance),
        ("utilization law", checks.utilization_law),
    ];
    let laws = laws.map(|(name, holds)| format!("{name} {}", ink.mark(Some(holds))));
    let laws = match results.scenario.replications {
        0 => String::new(),
        _ => format!("checks: {}\n", laws.join(", ")),
    };
    let run = lines(&provenance(results), Tone::Dim, ink);
    format!("{}{laws}{run}", cost(&results.cost))
}

fn cost(cost: &Cost) -> String {
    if cost.per_hour <= 0.0 {
        return String::new();
    }
    let requests = cost.per_million_requests;
    let requests = requests.map_or_else(String::new, |c| format!(", {} a million requests", dollars(c)));
    format!("cost: {} an hour{requests}\n", dollars(cost.per_hour))
}

/// A series has too many numbers for a summary: where it is.
fn series(windows: &[SeriesWindow], ink: Ink) -> String {
    let Some(first) = windows.first() else { return String::new() };
    let (count, length) = (windows.len(), short(Kind::Time, first.to_s - first.at_s));
    let plural = if count == 1 { "" } else { "s" };
    let said = format!(
        "series: {count} window{plural} of {length}: --format json and csv have them, --output writes series.csv, --plot \
         and --report draw them"
    );
    lines(&said, Tone::Dim, ink)
}

/// Percentiles that are shown as a dash, and why.
fn withheld(results: &Results, ink: Ink) -> String {
    let Some(first) = results.withheld.first() else { return String::new() };
    let others = match results.withheld.len() {
        1 => String::new(),
        count => format!(", and {} more like it", count - 1),
    };
    let why = format!("{} answers, and it takes {} for one to lie beyond it", first.answers, first.needs);
    lines(&format!("withheld: {}: {why}{others}", first.metric), Tone::Dim, ink)
}

fn provenance(results: &Results) -> String {
    let run = &results.scenario;
    let precise = results.precision.as_ref().filter(|precision| precision.met);
    let precise = precise.map(|found| format!("; {} is known within {}", found.metric, found.within));
    format!(
        "knee {}, seed {}: {} of {} after {} of warm-up, {} events{}",
        run.version,
        run.seed,
        replications(run),
        show(Kind::Time, Some(run.duration_s)),
        show(Kind::Time, Some(run.warm_up_s)),
        show(Kind::Count, Some(run.events as f64)),
        precise.unwrap_or_default(),
    )
}

fn replications(run: &ScenarioInfo) -> String {
    let plural = if run.replications == 1 { "" } else { "s" };
    format!("{} replication{plural}", run.replications)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::Errors;
    use crate::report::fixture;

    fn text(results: &Results) -> String {
        summary(results, Ink(false))
    }

    #[test]
    fn the_verdict_is_the_first_line() {
        let run = fixture::run();
        let first = "desk is the bottleneck at 80.1 % busy; answers to customers take 5.01 s on";
        assert!(text(&run).starts_with(first), "{}", text(&run));
    }

    #[test]
    fn it_fits_the_terminal_and_has_no_colour_unless_asked() {
        let run = fixture::run();
        assert!(text(&run).lines().all(|line| line.chars().count() <= 80), "{}", text(&run));
        assert!(!text(&run).contains('\u{1b}'));
        assert!(summary(&run, Ink(true)).contains('\u{1b}'));
    }

    #[test]
    fn overload_and_failed_objectives_come_first() {
        let sweep = fixture::sweep();
        let last = &sweep.points[sweep.points.len() - 1].result;
        let said = text(last);
        assert!(said.starts_with("1 of 1 objectives failed; overloaded: desk:"), "{said}");
        assert!(said.contains("✗ customers are served quickly"));
    }

    #[test]
    fn the_slowest_of_several_workloads_is_named() {
        let mut run = fixture::run();
        let mut patient = run.workloads["customers"].clone();
        patient.latency.mean.value = Some(60.0);
        run.workloads.insert("patient".into(), patient);
        let said = text(&run).replace("\n  ", " ");
        assert!(said.contains("answers take longest for patient: 60.0 s on"), "{said}");
    }

    #[test]
    fn threads_without_limit_are_not_shown() {
        let mut run = fixture::run();
        let mut threads = run.stations.0[0].1.clone();
        run.stations.0.push(("app.threads".into(), threads.clone()));
        assert!(text(&run).contains("app.threads"));
        threads.servers = None;
        run.stations.0[1].1 = threads;
        assert!(!text(&run).contains("app.threads"));
    }

    #[test]
    fn nothing_that_is_hardly_busy_is_a_bottleneck() {
        let mut run = fixture::run();
        if let Some(limit) = &mut run.bottleneck {
            limit.utilization = 0.01;
        }
        let said = text(&run);
        assert!(said.starts_with("nothing is busy: desk is the most, at 1.0 %; answers to customers take"), "{said}");
    }

    #[test]
    fn approximations_need_not_agree() {
        let mut run = fixture::run();
        (run.theory[0].approximate, run.theory[0].agrees) = (true, false);
        (run.theory[0].predicted, run.theory[0].simulated) = (4.0, Some(5.0));
        assert!(text(&run).contains("≈ 25.0 % off"), "{}", text(&run));
        run.theory[0].agrees = true;
        assert!(text(&run).contains("≈ agrees"), "{}", text(&run));
    }

    #[test]
    fn what_only_nearly_agrees_is_told_apart() {
        let mut run = fixture::run();
        assert!(text(&run).contains("✓ agrees") && !text(&run).contains('~'));
        run.theory[0].near = true;
        let said = text(&run);
        assert!(said.contains("~ near\n~ outside the 95 % interval") && !said.contains("✓ agrees"), "{said}");
    }

    #[test]
    fn absences_are_shown_where_there_are_any() {
        let mut run = fixture::run();
        assert!(!text(&run).contains("away"));
        run.stations.0[0].1.down = Some(run.stations.0[0].1.utilization);
        let mut threads = run.stations.0[0].clone();
        (threads.0, threads.1.servers) = ("app.threads".into(), None);
        run.stations.0.push(threads);
        let said = text(&run);
        assert!(said.contains("away") && !said.contains("set-ups") && !said.contains("app.threads"), "{said}");
        run.stations.0[0].1.set_ups = Some(run.stations.0[0].1.utilization);
        let said = text(&run);
        assert!(
            said.contains("set-ups") && !said.contains("batch") && said.lines().all(|line| line.chars().count() <= 80),
            "{said}"
        );
    }

    #[test]
    fn that_most_requests_fail_comes_before_all_else() {
        let mut run = fixture::run();
        let patient = run.workloads["customers"].clone();
        run.workloads.insert("patient".into(), patient);
        let fail = |run: &mut Results, rate: f64, errors: Errors| {
            let workload = run.workloads.get_mut("customers").unwrap();
            (workload.error_rate.value, workload.errors) = (Some(rate), errors);
            text(run)
        };
        let said = fail(&mut run, 1.0, Errors { timed_out: 9, ..Errors::default() });
        assert!(said.starts_with("customers: 100 % of requests time out; desk is"), "{said}");
        let said = fail(&mut run, 0.5, Errors { timed_out: 9, rejected: 1, ..Errors::default() });
        assert!(said.starts_with("customers: 50.0 % of requests fail; desk is"), "{said}");
        let said = fail(&mut run, 0.05, Errors { rejected: 1, ..Errors::default() });
        assert!(said.starts_with("desk is"), "{said}");
    }

    #[test]
    fn an_undecided_objective_says_what_to_do() {
        let mut run = fixture::run();
        run.objectives[0].met = None;
        assert!(text(&run).contains("? too close to tell"));
    }

    #[test]
    fn many_replicas_are_pooled() {
        let mut run = fixture::run();
        let desk = run.stations.0[0].1.clone();
        run.stations.0 = vec![("app.cpu".into(), desk.clone())];
        run.stations.0.extend((0..4).map(|i| (format!("app[{i}].cpu"), desk.clone())));
        assert!(text(&run).contains("  app[3].cpu"));
        run.stations.0.push(("app[4].cpu".into(), desk));
        assert!(!text(&run).contains("app[3].cpu"));
    }

    #[test]
    fn errors_are_counted_by_kind() {
        let mut run = fixture::run();
        if let Some(workload) = run.workloads.get_mut("customers") {
            workload.errors = Errors { rejected: 7, ..Errors::default() };
        }
        assert!(text(&run).contains("customers: 7 rejected in all replications"));
    }
}
