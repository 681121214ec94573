//! k6: the samples of `--out json`, or the summary of `--summary-export` and of `handleSummary`. Times are in milliseconds.

use serde_json::Value;

use super::fields::operation;
use super::{Entry, Format, Importer, Request, Summary, Whole, believed, shortened};
use crate::measure::clock::iso;

/// Samples are lines with a `metric`; a summary is one object with `metrics`.
pub(super) const FORMAT: Format = Format {
    name: "k6",
    doc: "k6 --out json, or its summary as JSON",
    recognises: |lines| {
        let is_sample =
            |line: &str| line.starts_with('{') && line.contains("\"metric\":") && line.contains("\"type\":");
        let is_summary = |line: &str| line.contains("\"metrics\"");
        let opens = lines.first().is_some_and(|line| line.trim_start().starts_with('{'));
        opens && (lines.iter().any(|line| is_sample(line)) || lines.iter().any(|line| is_summary(line)))
    },
    open: |_| Box::new(K6::default()),
};

/// Whose samples are requests.
const METRICS: [&str; 2] = ["http_req_duration", "grpc_req_duration"];

#[derive(Default)]
struct K6 {
    /// The summary, unless these are samples.
    whole: Whole,
    has_samples: bool,
}

impl Importer for K6 {
    fn line(&mut self, line: &str) -> Result<Entry, String> {
        if !self.has_samples && !line.contains("\"metric\":") {
            return self.whole.push(line);
        }
        self.has_samples = true;
        if line.trim().is_empty() {
            return Ok(Entry::Nothing);
        }
        let value: Value = serde_json::from_str(line).map_err(|_| "not a line of JSON".to_owned())?;
        let metric = value["metric"].as_str().unwrap_or("");
        match value["type"] == "Point" && METRICS.contains(&metric) {
            true => sample(&value["data"]).map(Entry::Request),
            false => Ok(Entry::Nothing),
        }
    }

    fn end(&mut self) -> Result<Option<Summary>, String> {
        if self.has_samples || self.whole.0.trim().is_empty() {
            return Ok(None);
        }
        let value: Value = serde_json::from_str(&self.whole.0).map_err(|error| format!("not JSON: {error}"))?;
        summary(&value["metrics"]).map(Some)
    }
}

/// k6 emits the sample of a request when it is over.
fn sample(data: &Value) -> Result<Request, String> {
    let latency = data["value"].as_f64().and_then(|milliseconds| believed(milliseconds * 1e-3));
    let latency = latency.ok_or("no `value`, in milliseconds")?;
    let at = data["time"].as_str().unwrap_or("");
    let tags = &data["tags"];
    let tag = |name: &str| tags[name].as_str().filter(|tag| !tag.is_empty());
    let status: u16 = tag("status").and_then(|status| status.parse().ok()).unwrap_or(0);
    let url = tag("name").or(tag("url"));
    Ok(Request {
        start: None,
        end: Some(iso(at).ok_or_else(|| format!("`{}` is not a time", shortened(at)))?),
        latency: Some(latency),
        operation: url.map(|url| match tag("method") {
            Some(method) if url.contains("://") => operation(method, url),
            Some(method) => format!("{method} {url}"),
            None => url.to_owned(),
        }),
        status,
        failed: status >= 500 || tag("expected_response") == Some("false") && status == 0,
    })
}

/// `{ "http_req_duration": { "med": 1.2, "p(95)": 3.4, … } }`, or the same below `values`.
fn summary(metrics: &Value) -> Result<Summary, String> {
    let metric = |name: &str| {
        let metric = &metrics[name];
        if metric["values"].is_object() { &metric["values"] } else { metric }
    };
    let duration = METRICS.iter().map(|name| metric(name)).find(|found| found.is_object());
    let duration = duration.ok_or("no metric http_req_duration")?;
    let share = |name: &str| match name {
        "med" => Some(0.5),
        name => name.strip_prefix("p(")?.strip_suffix(')')?.parse::<f64>().ok().map(|percent| percent / 100.0),
    };
    let percentile = |(name, value): (&String, &Value)| Some((share(name)?, value.as_f64()? * 1e-3));
    let percentiles: Vec<(f64, f64)> = duration.as_object().into_iter().flatten().filter_map(percentile).collect();
    Ok(Summary {
        percentiles,
        mean: duration["avg"].as_f64().map(|mean| mean * 1e-3),
        requests: metric("http_reqs")["count"].as_f64().map(|count| count as u64),
        // A request that failed "passes" the check of being a failure.
        failed: metric("http_req_failed")["passes"].as_f64().map_or(0, |count| count as u64),
        rate: metric("http_reqs")["rate"].as_f64(),
        ..Summary::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: &str = r#"{"metric":"http_req_duration","type":"Point","data":{"time":"2017-05-09T14:34:45.625742514+02:00","value":459.865729,"tags":{"group":"::my group::json","method":"GET","name":"https://shop.example/users/7","status":"200","expected_response":"true"}}}"#;

    #[test]
    fn samples_are_requests_that_end_then() {
        let Ok(Entry::Request(request)) = K6::default().line(POINT) else { panic!() };
        assert_eq!(request.end, iso("2017-05-09T12:34:45.625742514Z"));
        assert!((request.latency.unwrap() - 0.459_865_729).abs() < 1e-12);
        assert_eq!(request.operation.as_deref(), Some("GET /users/:id"));
        let other = r#"{"type":"Metric","data":{"type":"gauge"},"metric":"vus"}"#;
        assert_eq!(K6::default().line(other), Ok(Entry::Nothing));
        assert!(K6::default().line(&POINT.replace("459.8", "-459.8")).is_err());
        assert_eq!(K6::default().line(&POINT[..80]), Err("not a line of JSON".into()));
    }

    #[test]
    fn both_summaries() {
        let flat = r#"{"metrics":{"http_req_duration":{"avg":20.5,"min":1,"med":15,"max":99,"p(90)":40,"p(95)":55},"http_reqs":{"count":1000,"rate":50.1},"http_req_failed":{"passes":3,"fails":997}}}"#;
        let deep = r#"{"metrics":{"http_req_duration":{"type":"trend","values":{"avg":20.5,"med":15,"p(90)":40,"p(95)":55}},"http_reqs":{"values":{"count":1000,"rate":50.1}},"http_req_failed":{"values":{"passes":3}}}}"#;
        for text in [flat, deep] {
            let mut k6 = K6::default();
            text.split_inclusive(',').for_each(|line| assert_eq!(k6.line(line), Ok(Entry::Nothing)));
            let summary = k6.end().unwrap().unwrap();
            assert_eq!((summary.requests, summary.failed, summary.rate), (Some(1000), 3, Some(50.1)));
            assert_eq!(summary.percentiles.len(), 3);
            assert!((summary.mean.unwrap() - 0.0205).abs() < 1e-12);
        }
    }
}
