//! vegeta: results as JSON lines (`vegeta encode --to json`), its report as JSON or as text. It sends at a constant rate.

use serde_json::Value;

use super::fields::operation;
use super::{Entry, Format, Importer, Request, Summary, Whole, believed, shortened, sum};
use crate::measure::clock::{iso, span};

/// Results are objects with a `latency`; a report has `latencies`, or as text a line of `Latencies`.
pub(super) const FORMAT: Format = Format {
    name: "vegeta",
    doc: "vegeta encode --to json, or its report as JSON or text",
    recognises: |lines| {
        let opens = lines.first().is_some_and(|line| line.trim_start().starts_with('{'));
        let is_result = |line: &str| line.contains("\"latency\":") && line.contains("\"timestamp\":");
        let is_report = |line: &str| line.contains("\"latencies\"");
        let is_text = |line: &str| line.starts_with("Requests ") && line.contains("[total, rate");
        lines.iter().any(|line| opens && (is_result(line) || is_report(line)) || is_text(line))
    },
    open: |_| Box::new(Vegeta::default()),
};

#[derive(Default)]
struct Vegeta {
    /// The report, unless these are results.
    whole: Whole,
    has_results: bool,
}

impl Importer for Vegeta {
    fn line(&mut self, line: &str) -> Result<Entry, String> {
        if !self.has_results && !line.contains("\"latency\":") {
            return self.whole.push(line);
        }
        self.has_results = true;
        if line.trim().is_empty() {
            return Ok(Entry::Nothing);
        }
        let value: Value = serde_json::from_str(line).map_err(|_| "not a line of JSON".to_owned())?;
        result(&value).map(Entry::Request)
    }

    fn end(&mut self) -> Result<Option<Summary>, String> {
        if self.has_results {
            return Ok(None);
        }
        let text = self.whole.0.trim();
        let found = match text.starts_with('{') {
            true => json(&serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?),
            false => report(text),
        };
        if found.percentiles.is_empty() { Err("no percentiles in this report".into()) } else { Ok(Some(found)) }
    }
}

fn result(value: &Value) -> Result<Request, String> {
    let at = value["timestamp"].as_str().unwrap_or("");
    let latency = value["latency"].as_f64().and_then(|latency| believed(latency * 1e-9));
    let latency = latency.ok_or("no `latency`, in nanoseconds")?;
    let status = value["code"].as_u64().and_then(|code| u16::try_from(code).ok()).unwrap_or(0);
    let text = |key: &str| value[key].as_str().filter(|text| !text.is_empty());
    Ok(Request {
        start: Some(iso(at).ok_or_else(|| format!("`{}` is not a time", shortened(at)))?),
        end: None,
        latency: Some(latency),
        operation: text("method").zip(text("url")).map(|(method, url)| operation(method, url)),
        status,
        failed: status >= 500 || status == 0,
    })
}

fn json(value: &Value) -> Summary {
    let latencies = &value["latencies"];
    let share = |name: &str| name.strip_suffix("th")?.parse::<f64>().ok().map(|percent| percent / 100.0);
    let percentile = |(name, value): (&String, &Value)| Some((share(name)?, value.as_f64()? * 1e-9));
    let codes = value["status_codes"].as_object().into_iter().flatten();
    Summary {
        percentiles: latencies.as_object().into_iter().flatten().filter_map(percentile).collect(),
        mean: latencies["mean"].as_f64().map(|mean| mean * 1e-9),
        requests: value["requests"].as_u64(),
        failed: sum(codes.filter(|(code, _)| is_failure(code)).filter_map(|(_, count)| count.as_u64())),
        rate: value["rate"].as_f64(),
        steady: true,
        ..Summary::default()
    }
}

fn is_failure(code: &str) -> bool {
    code == "0" || code.starts_with('5')
}

/// Lines such as `Latencies     [min, mean, 50, 95, 99, max]  1ms, 2ms, …`.
fn report(text: &str) -> Summary {
    let mut found = Summary { steady: true, ..Summary::default() };
    for line in text.lines() {
        let Some((head, values)) = line.split_once(']') else { continue };
        let Some((name, keys)) = head.split_once('[') else { continue };
        let pairs: Vec<(&str, &str)> = keys.split(',').map(str::trim).zip(values.split(',').map(str::trim)).collect();
        let value = |wanted: &str| pairs.iter().find(|(key, _)| *key == wanted).map(|(_, value)| *value);
        match name.trim() {
            "Requests" => {
                found.requests = value("total").and_then(|count| count.parse().ok());
                found.rate = value("rate").and_then(|rate| rate.parse().ok());
            }
            "Latencies" => {
                let share = |key: &str| key.parse::<f64>().ok().map(|percent| percent / 100.0);
                found.mean = value("mean").and_then(span);
                found.percentiles = pairs.iter().filter_map(|(key, value)| Some((share(key)?, span(value)?))).collect();
            }
            "Status Codes" => {
                let codes = values.split_whitespace().filter_map(|word| word.split_once(':'));
                let failures = codes.filter(|(code, _)| is_failure(code));
                found.failed = sum(failures.filter_map(|(_, n)| n.parse().ok()));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_requests() {
        let line = r#"{"attack":"","seq":0,"code":200,"timestamp":"2023-01-02T03:04:05.678Z","latency":1234567,"bytes_out":0,"bytes_in":10,"error":"","body":null,"method":"GET","url":"http://localhost/a/1","headers":null}"#;
        let Ok(Entry::Request(request)) = Vegeta::default().line(line) else { panic!() };
        assert_eq!((request.start, request.latency), (iso("2023-01-02T03:04:05.678Z"), Some(1_234_567.0 * 1e-9)));
        assert_eq!(request.operation.as_deref(), Some("GET /a/:id"));
        assert!(Vegeta::default().line(&line.replace("2023-01-02", "yesterday")).is_err());
    }

    #[test]
    fn both_reports() {
        let text = "Requests      [total, rate, throughput]         30000, 1000.01, 999.99
Duration      [total, attack, wait]             30s, 30s, 762.632µs
Latencies     [min, mean, 50, 90, 95, 99, max]  579.427µs, 770.339µs, 738.765µs, 831.688µs, 874.957µs, 1.028ms, 42.856ms
Success       [ratio]                           99.99%
Status Codes  [code:count]                      200:29997  502:3
Error Set:";
        let json = r#"{"latencies":{"total":1,"mean":770339,"50th":738765,"90th":831688,"95th":874957,"99th":1028000,"max":42856000,"min":579427},"requests":30000,"rate":1000.01,"success":0.9999,"status_codes":{"200":29997,"502":3},"errors":[]}"#;
        for report in [text, json] {
            assert!((FORMAT.recognises)(&report.lines().collect::<Vec<_>>()));
            let mut vegeta = Vegeta::default();
            report.lines().for_each(|line| assert_eq!(vegeta.line(line), Ok(Entry::Nothing)));
            let found = vegeta.end().unwrap().unwrap();
            assert_eq!((found.requests, found.failed, found.rate), (Some(30_000), 3, Some(1000.01)));
            assert_eq!(found.percentiles.len(), 4);
            assert!(
                (found.percentiles[3].1 - 1.028e-3).abs() < 1e-12 && (found.mean.unwrap() - 770.339e-6).abs() < 1e-12
            );
        }
    }
}
