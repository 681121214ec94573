//! What was found in a log, for people: what it is, how good the fit is, and the scenario to paste.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::wrap;
use crate::experiment::results::Estimate;
use crate::measure::{Arrivals, CLOSE, Candidate, Findings, Kind as Stream, NEAR, Number, Times};
use crate::report::quantity::{Kind, estimate, show};
use crate::report::toml::{Names, scenario};

/// Families in the table.
const FAMILIES: usize = 5;

/// Verdict, tables, notes, and the scenario.
pub(super) fn summary(findings: &Findings, names: &Names, ink: Ink) -> String {
    let parts = [
        verdict(findings, ink),
        arrivals(findings, ink),
        operations(findings, ink),
        families(findings, ink),
        notes(findings, ink),
        pasted(findings, names, ink),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn verdict(findings: &Findings, ink: Ink) -> String {
    let origin = &findings.origin;
    let stream = match (&findings.arrivals, findings.rate) {
        (Some(found), Some(rate)) => {
            let (span, rate) = (show(Kind::Time, Some(found.span_s)), show(Kind::Rate, Some(rate)));
            format!("{} requests in {span}: {rate}, {}", origin.requests, kind(found))
        }
        (_, Some(rate)) => format!("{} requests at {}", origin.requests, show(Kind::Rate, Some(rate))),
        _ => format!("{} requests", origin.requests),
    };
    let tone = if findings.notes.is_empty() { Tone::Head } else { Tone::Close };
    let said = [Some(stream), findings.times.as_ref().map(|times| quality(findings, times))];
    let said: Vec<String> = said.into_iter().flatten().collect();
    let lines: Vec<String> = wrap(&said.join("; "), 2).lines().map(|line| ink.paint(tone, line)).collect();
    let files: Vec<String> = origin.files.iter().map(|(file, format)| format!("{file} ({format})")).collect();
    let dates = origin.from.as_ref().zip(origin.to.as_ref()).map(|(from, to)| format!("; {from} to {to}"));
    let about = wrap(&format!("{}{}", files.join(", "), dates.unwrap_or_default()), 2);
    let about: Vec<String> = about.lines().map(|line| ink.paint(Tone::Dim, line)).collect();
    format!("{}\n{}\n{}", lines.join("\n"), about.join("\n"), unread(findings, ink))
}

fn kind(found: &Arrivals) -> String {
    let stream = match found.kind {
        Stream::Poisson => "a Poisson stream",
        Stream::Constant => "evenly spaced",
        Stream::Renewal => "independent but not Poisson",
        Stream::Bursty => "in bursts",
        Stream::Few => "too few to tell more",
    };
    format!("{stream}{}", if found.profile.is_some() { " whose rate changes" } else { "" })
}

fn quality(findings: &Findings, times: &Times) -> String {
    let what = if findings.treated_as == "response" { "service times" } else { "times" };
    let Some(best) = times.best() else {
        return format!("no family describes the {what}: they are taken as they were measured");
    };
    let worst = best.goodness.errors.iter().filter(|error| error.is_finite()).map(|error| error.abs()).fold(0.0, f64::max);
    let within = show(Kind::Ratio, Some(worst));
    format!("{what} are {}, within {within} of the measured percentiles", times.chosen)
}

fn unread(findings: &Findings, ink: Ink) -> String {
    let origin = &findings.origin;
    if origin.malformed == 0 {
        return String::new();
    }
    let lines = if origin.malformed == 1 { "line" } else { "lines" };
    let mut text = format!("{} {lines} could not be read:\n", origin.malformed);
    for problem in &origin.problems {
        text.push_str(&wrap(&format!("  {}:{}: {}", problem.file, problem.line, problem.what), 4));
        text.push('\n');
    }
    let more = origin.malformed - origin.problems.len() as u64;
    if more > 0 {
        text.push_str(&format!("  and {more} more\n"));
    }
    text.lines().map(|line| ink.paint(Tone::Close, line) + "\n").collect()
}

fn arrivals(findings: &Findings, ink: Ink) -> String {
    let Some(found) = &findings.arrivals else { return String::new() };
    let (rate, half) = estimate(Kind::Rate, &of(found.rate));
    let mut head = vec!["arrivals".to_owned(), "rate".into(), "±".into(), "cv of gaps".into()];
    let mut row: Vec<Cell> = vec!["".into(), rate.into(), half.into(), format!("{:.2}", found.interarrival_cv).into()];
    for dispersion in found.dispersion.iter().take(3) {
        head.push(format!("var/mean in {}", window(dispersion.window_s)));
        row.push(format!("{:.2}", dispersion.index).into());
    }
    if let Some(test) = found.poisson {
        head.push("Poisson: p".into());
        row.push(p_value(test.p_value).into());
    }
    let mut table = Table::new(&head.iter().map(String::as_str).collect::<Vec<_>>());
    table.row(row);
    let mut text = table.render(ink);
    if let Some(in_flight) = findings.in_flight {
        let busy = findings.utilization.zip(findings.servers).map_or(String::new(), |(busy, servers)| {
            format!("; {servers} servers, {} busy", show(Kind::Ratio, Some(busy)))
        });
        let line = format!("{} in flight on average{busy}", show(Kind::Count, Some(in_flight)));
        text.push_str(&ink.paint(Tone::Dim, &line));
        text.push('\n');
    }
    text
}

fn window(seconds: f64) -> String {
    if seconds < 1.0 { format!("{} ms", seconds * 1e3) } else { format!("{seconds} s") }
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "<0.001".into() } else { format!("{p:.3}") }
}

fn operations(findings: &Findings, ink: Ink) -> String {
    if findings.operations.len() < 2 {
        return String::new();
    }
    let mut table = Table::new(&["operation", "share", "errors", "mean", "p99", "times", "worst error"]);
    for share in &findings.operations {
        let times = share.times.as_ref();
        let worst = times.and_then(Times::best).map(|best| best.goodness.errors.iter().map(|e| e.abs()).fold(0.0, f64::max));
        table.row(vec![
            short(&share.measured_as).into(),
            show(Kind::Ratio, Some(share.share)).into(),
            show(Kind::Ratio, Some(share.error_rate)).into(),
            show(Kind::Time, times.map(|times| times.mean_s)).into(),
            show(Kind::Time, times.map(|times| times.p99_s)).into(),
            Cell::left(times.map_or("as all", |times| times.chosen)),
            show(Kind::Ratio, worst).into(),
        ]);
    }
    table.render(ink)
}

fn short(name: &str) -> String {
    const MOST: usize = 20;
    match name.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None if name.is_empty() => "(none)".into(),
        None => name.into(),
    }
}

fn families(findings: &Findings, ink: Ink) -> String {
    let Some(times) = &findings.times else { return String::new() };
    let has_criterion = times.candidates.iter().any(|candidate| candidate.bic.is_some());
    let mut head = vec!["family", "parameters", "distance", "p50", "p95", "p99"];
    head.extend(has_criterion.then_some("BIC"));
    let mut table = Table::new(&head);
    let least = times.candidates.iter().filter_map(|candidate| candidate.bic).fold(f64::INFINITY, f64::min);
    for candidate in times.candidates.iter().take(FAMILIES) {
        let goodness = &candidate.goodness;
        let tone = if goodness.is_good { Tone::Good } else { Tone::Plain };
        let mut row = vec![
            Cell::new(candidate.family, tone),
            Cell::left(parameters(candidate)),
            format!("{:.3}", goodness.ks).into(),
        ];
        row.extend(goodness.errors.iter().map(|error| Cell::from(percent(*error))));
        row.extend(candidate.bic.map(|bic| Cell::from(format!("+{}", rounded(bic - least)))));
        table.row(row);
    }
    let mut text = table.render(ink);
    text.push_str(&rule(times, ink));
    text
}

/// How to read the table.
fn rule(times: &Times, ink: Ink) -> String {
    let measured = format!(
        "measured: mean {}, cv {:.3}, p50 {}, p95 {}, p99 {}",
        show(Kind::Time, Some(times.mean_s)),
        times.cv,
        show(Kind::Time, finite(times.p50_s)),
        show(Kind::Time, finite(times.p95_s)),
        show(Kind::Time, finite(times.p99_s))
    );
    let p = times.candidates.first().and_then(|best| best.goodness.p_value);
    let p = match (p, times.evidence) {
        (Some(p), _) => format!("; Anderson-Darling of the first: p = {p:.2}"),
        (None, "values") => "; no p-value: of so many values, or rounded ones, it would tell nothing".into(),
        _ => String::new(),
    };
    let rule = format!(
        "a family is good if p50, p95 and p99 are within {:.0} % or chance, and its distance is within {NEAR} or chance{p}",
        CLOSE * 100.0
    );
    [measured, rule].iter().flat_map(|line| wrap(line, 2).lines().map(|l| ink.paint(Tone::Dim, l) + "\n").collect::<Vec<_>>()).collect()
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

fn rounded(value: f64) -> String {
    if value < 100.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

fn percent(error: f64) -> String {
    if error.is_finite() { format!("{:+.1} %", error * 100.0) } else { "–".into() }
}

/// `mean 12.3 ms ±0.1, cv 0.81 ±0.02`.
fn parameters(candidate: &Candidate) -> String {
    let shown = candidate.parameters.iter().map(|parameter| {
        let kind = if parameter.is_time { Kind::Time } else { Kind::Count };
        let (value, half) = estimate(kind, &of(parameter.number));
        let name = if parameter.name.is_empty() { "mean" } else { parameter.name };
        format!("{name} {value} {half}").trim_end().to_owned()
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn of(number: Number) -> Estimate {
    Estimate { value: Some(number.value), ci95: number.ci95 }
}

fn notes(findings: &Findings, ink: Ink) -> String {
    let lines = findings.notes.iter().map(|note| wrap(&format!("! {note}"), 2));
    lines.flat_map(|text| text.lines().map(|line| ink.paint(Tone::Close, line) + "\n").collect::<Vec<_>>()).collect()
}

fn pasted(findings: &Findings, names: &Names, ink: Ink) -> String {
    let heading = ink.paint(Tone::Head, "As a scenario, ready to paste:");
    format!("{heading}\n\n{}", scenario(findings, names))
}
