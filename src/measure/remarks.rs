//! What should be known about numbers that were found.

use super::findings::{About, Findings};
use super::fit::LEAST;
use super::times::Times;

/// Servers busier than this make requests wait so much that latencies are no service times.
const BUSY: f64 = 0.3;
/// Requests that find many others take so much longer only if they wait for them.
const CROWDED: f64 = 1.25;

/// Adds what should be known about the numbers; `crowding` is how much longer those take that find many others.
pub(super) fn remarks(findings: &mut Findings, crowding: Option<f64>, about: &About) {
    let mut notes = std::mem::take(&mut findings.notes);
    if let Some(unit) = findings.arrivals.as_ref().and_then(|arrivals| arrivals.rounded_to_s) {
        notes.push(format!("instants are rounded to {unit} s: arrivals were spread evenly at random within it"));
    }
    let waits = findings.origin.files.iter().find(|(_, format)| ["hey", "k6"].contains(format));
    if let Some((_, tool)) = waits.filter(|_| findings.arrivals.is_some()) {
        notes.push(format!(
            "clients of {tool} may wait for an answer before they ask again: as a stream, their requests do not slow down \
             when answers do"
        ));
    }
    match &findings.times {
        Some(times) => notes.extend(about_times(times)),
        None if findings.is_summed_up => notes
            .push("these counts do not say how long requests take: too few of their bins or percentiles differ".into()),
        None => {}
    }
    if let Some(ratio) = crowding.filter(|ratio| *ratio > CROWDED) {
        notes.push(format!(
            "requests that found many others took {ratio:.1} times as long as those that found few, as if they waited \
             for each other; --as response --servers N takes waiting off"
        ));
    } else if let Some(busy) = findings.utilization.filter(|busy| *busy > BUSY && !about.as_response) {
        notes.push(format!(
            "{} would be {:.0} % busy: part of these latencies may be waiting; --as response takes it off",
            counted(about.servers.unwrap_or(1)),
            busy * 100.0
        ));
    }
    if let Some(busy) = findings.utilization.filter(|busy| *busy >= 1.0) {
        let servers = counted(about.servers.unwrap_or(1));
        notes.push(format!("{servers} cannot do this work: {:.0} % busy", busy * 100.0));
    }
    findings.notes = notes;
}

pub(super) fn counted(servers: u32) -> String {
    if servers == 1 { "1 server".into() } else { format!("{servers} servers") }
}

fn about_times(times: &Times) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(unit) = times.rounded_to_s.filter(|unit| *unit > 0.1 * times.p50_s) {
        notes.push(format!(
            "times are rounded to {} ms, which is coarse next to their median: a fit is a guess",
            unit * 1e3
        ));
    }
    if let Some(zeros) = times.points.as_ref().map(|points| points.zeros).filter(|zeros| *zeros > 0) {
        notes.push(format!("times of 0: {zeros}; they count as half of the unit that times are rounded to"));
    }
    if times.evidence == "values" && times.count < LEAST {
        let values = if times.count == 1.0 { "value is" } else { "values are" };
        notes.push(format!("{} {values} too few to choose a family by", times.count));
    }
    let is_bad = times.best().is_some_and(|best| !best.goodness.is_good);
    if is_bad {
        notes.push(format!("no family describes these {} well: single values would tell more", times.evidence));
    }
    notes
}
