//! What was found in a log, for people: what it is, how good the fit is, and the scenario to paste.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::wrap;
use crate::experiment::results::Estimate;
use crate::measure::{Arrivals, CLOSE, Candidate, Findings, Kind as Stream, LEAST, NEAR, Number, TESTABLE, Times};
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
            format!("{} in {span}: {rate}, {}", requests(origin.requests), kind(found))
        }
        (_, Some(rate)) => format!("{} at {}", requests(origin.requests), show(Kind::Rate, Some(rate))),
        _ => requests(origin.requests),
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

/// Reports may leave out how many there were.
fn requests(count: u64) -> String {
    match count {
        0 => "an unknown number of requests".into(),
        1 => "1 request".into(),
        _ => format!("{count} requests"),
    }
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
    let own: Vec<&Times> = findings.operations.iter().filter_map(|share| share.times.as_ref()).collect();
    if own.len() > 1 {
        let good: Vec<&Candidate> = own.iter().filter_map(|times| times.best()).collect();
        let within = good.iter().map(|best| worst(best)).fold(0.0, f64::max);
        let within = show(Kind::Ratio, Some(within));
        return match own.len() - good.len() {
            0 => format!("{what} of each operation are of a family, within {within} of the measured percentiles"),
            n => format!("{what} of {n} of {} operations are of no family, and taken as measured", own.len()),
        };
    }
    let within = |best| format!("within {} of the measured percentiles", show(Kind::Ratio, Some(worst(best))));
    match times.best() {
        None if times.count < LEAST => format!("too few {what} to choose a family by: they are taken as measured"),
        None => format!("no family describes the {what}: they are taken as they were measured"),
        Some(best) if best.family == "constant" => format!("{what} are constant"),
        Some(best) if best.goodness.is_good => format!("{what} are {}, {}", times.chosen, within(best)),
        Some(best) => format!("no family describes the {what} well: {} comes nearest, {}", times.chosen, within(best)),
    }
}

/// By how much the worst percentile is off.
fn worst(candidate: &Candidate) -> f64 {
    let errors = candidate.goodness.errors.iter().filter(|error| error.is_finite());
    errors.map(|error| error.abs()).fold(0.0, f64::max)
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
    let mut table = Table::new(&["arrivals", "rate", "±", "cv of gaps", "Poisson: p"]);
    let p = found.poisson.map_or("–".into(), |test| p_value(test.p_value));
    table.row(vec!["".into(), rate.into(), half.into(), format!("{:.2}", found.interarrival_cv).into(), p.into()]);
    let window = |seconds: f64| if seconds < 1.0 { format!("{} ms", seconds * 1e3) } else { format!("{seconds} s") };
    let counts = found.dispersion.iter().map(|it| format!("{:.2} in {}", it.index, window(it.window_s)));
    let counts: Vec<String> = counts.collect();
    let counts = format!("variance over mean of counts, 1 if Poisson: {}", counts.join(", "));
    let lines = [(!found.dispersion.is_empty()).then_some(counts), in_flight(findings)];
    let lines: Vec<String> = lines.into_iter().flatten().map(|line| wrap(&line, 2)).collect();
    let dim = lines.iter().flat_map(|text| text.lines()).map(|line| ink.paint(Tone::Dim, line) + "\n");
    table.render(ink) + &dim.collect::<String>()
}

fn in_flight(findings: &Findings) -> Option<String> {
    let busy = findings.utilization.zip(findings.servers).map_or(String::new(), |(busy, servers)| {
        let them = if servers == 1 { "server" } else { "servers" };
        format!("; {servers} {them}, {} busy", show(Kind::Ratio, Some(busy)))
    });
    Some(format!("{} in flight on average{busy}", show(Kind::Count, Some(findings.in_flight?))))
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
        let worst = times.and_then(Times::best).map(worst);
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
    if times.candidates.iter().all(|candidate| candidate.family == "constant") {
        return unvaried(times, ink);
    }
    let has_criterion = times.candidates.iter().any(|candidate| candidate.bic.is_some());
    let all = if findings.operations.len() > 1 { "all requests" } else { "family" };
    let mut head = vec![all, "distance", "p50", "p95", "p99"];
    head.extend(has_criterion.then_some("BIC"));
    let mut table = Table::new(&head);
    let least = times.candidates.iter().filter_map(|candidate| candidate.bic).fold(f64::INFINITY, f64::min);
    for candidate in times.candidates.iter().take(FAMILIES) {
        let goodness = &candidate.goodness;
        let tone = if goodness.is_good { Tone::Good } else { Tone::Plain };
        let mut row = vec![Cell::new(candidate.family, tone), format!("{:.3}", goodness.ks).into()];
        row.extend(goodness.errors.iter().map(|error| Cell::from(percent(*error))));
        row.extend(candidate.bic.map(|bic| Cell::from(format!("+{}", rounded(bic - least)))));
        table.row(row);
    }
    let mut text = table.render(ink);
    text.push_str(&rule(times, ink));
    text
}

/// Instead of a table: values that are all the same are described by themselves.
fn unvaried(times: &Times, ink: Ink) -> String {
    let value = show(Kind::Time, Some(times.mean_s));
    let said = match times.count {
        1.0 => format!("measured: one value, {value}"),
        count => format!("measured: {count} values, all of them {value}"),
    };
    ink.paint(Tone::Dim, &said) + "\n"
}

/// The first of the table with its parameters, and how to read it.
fn rule(times: &Times, ink: Ink) -> String {
    let best = times.candidates.first().map(|best| format!("{}: {}", best.family, parameters(best)));
    let moments = match times.evidence {
        "values" => format!("mean {}, cv {:.3}, ", show(Kind::Time, Some(times.mean_s)), times.cv),
        _ => String::new(),
    };
    let measured = format!(
        "measured: {moments}p50 {}, p95 {}, p99 {}",
        show(Kind::Time, finite(times.p50_s)),
        show(Kind::Time, finite(times.p95_s)),
        show(Kind::Time, finite(times.p99_s))
    );
    let p = times.candidates.first().and_then(|best| best.goodness.p_value);
    let p = match (p, times.evidence) {
        (Some(p), _) => format!("; Anderson-Darling of the first: p = {p:.2}"),
        (None, "values") if times.rounded_to_s.is_some() => "; rounded values have no p-value".into(),
        (None, "values") if times.count > TESTABLE => "; no p-value: of so many values it would tell nothing".into(),
        _ => String::new(),
    };
    let rule = format!(
        "a family is good if p50, p95 and p99 are within {:.0} % or chance, and its distance is within {NEAR} or chance{p}",
        CLOSE * 100.0
    );
    let lines: Vec<String> =
        [Some(measured), best, Some(rule)].into_iter().flatten().map(|line| wrap(&line, 2)).collect();
    lines.iter().flat_map(|text| text.lines()).map(|line| ink.paint(Tone::Dim, line) + "\n").collect()
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
