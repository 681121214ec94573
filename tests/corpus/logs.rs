//! Measurements for `knee fit`: recognised, or read as each format that there is, and made a scenario.

use knee::measure::{self, About, Findings, Hints, Log, REGISTRY};
use knee::report::toml::Names;
use knee::report::{csv, json, samples, terminal, toml};

use super::scenario;

/// The first byte says what the user says about them. Whether something is found.
pub(crate) fn try_bytes(bytes: &[u8]) -> bool {
    let Some((&said, rest)) = bytes.split_first() else { return false };
    let text = String::from_utf8_lossy(rest);
    let from = REGISTRY.get(usize::from(said) % (2 * REGISTRY.len())).map(|format| format.name);
    let hints = Hints { unit: (said & 64 != 0).then_some(1e-3) };
    let about = About {
        servers: (said & 128 != 0).then_some(1 + u32::from(said) % 8),
        as_response: said & 128 != 0,
        operations: 1 + usize::from(said) % 8,
    };
    let Ok(log) = read(&text, from, hints) else { return false };
    measure::findings(log, &about).is_ok_and(|findings| tell(&findings))
}

fn read(text: &str, from: Option<&str>, hints: Hints) -> Result<Log, String> {
    let mut log = Log::default();
    let mut reader = log.reader("tried.log", from, hints)?;
    text.lines().try_for_each(|line| reader.line(line))?;
    reader.end()?;
    Ok(log)
}

/// Writes all that is written, and loads the scenario.
fn tell(findings: &Findings) -> bool {
    let is_exact = findings.trace.len().is_multiple_of(2);
    let trace = (!findings.trace.is_empty()).then(|| "arrivals.csv".to_owned());
    let names = Names { trace, is_exact, empirical: "latencies".into() };
    terminal::fit(findings, &names, true);
    terminal::drawing::fit(findings, true);
    json::object(findings).expect("JSON");
    csv::fit(findings).expect("CSV");
    let times = findings.times.iter().filter_map(|times| times.points.as_ref()).map(samples::times).next();
    let file = |name: &str| match name {
        "arrivals.csv" => samples::trace(findings, is_exact),
        _ => times.clone().unwrap_or_default(),
    };
    scenario::try_with(&toml::scenario(findings, &names), &file)
}
