//! Traces in the JSON Trace Event Format (Google, *Trace Event Format*, 2016), which Perfetto and Chrome show.
//!
//! There are two views of the same requests. Each workload is a process, in which each request is a thread:
//! what it did, from the whole to the detail; arms, messages and work that nobody waits for any more have
//! threads of their own. Each component is a process too, and each of its servers that did something for these
//! requests is a thread. All are complete events (`X`), which lie within each other on every thread.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::experiment::results::{Trace, TraceSpan};

/// The trace as a JSON object, ending in a newline.
///
/// # Errors
/// Only if a value cannot be written as JSON, which no trace is.
pub fn trace(trace: &Trace) -> Result<String, String> {
    let mut events = Events::default();
    requests(trace, &mut events);
    servers(trace, &mut events);
    let Events { mut metadata, complete, .. } = events;
    metadata.extend(complete);
    let document = json!({
        "traceEvents": metadata,
        "displayTimeUnit": "ns",
        "otherData": { "title": trace.title, "partial": trace.partial, "version": env!("CARGO_PKG_VERSION") },
    });
    let mut text = serde_json::to_string(&document).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}

/// Events, and who has which number.
#[derive(Default)]
struct Events {
    processes: BTreeMap<String, u32>,
    threads: u32,
    metadata: Vec<Value>,
    complete: Vec<Value>,
}

impl Events {
    /// The number of a process, which is named when it is first met.
    fn process(&mut self, name: String) -> u32 {
        let next = self.processes.len() as u32 + 1;
        if let Some(&known) = self.processes.get(&name) {
            return known;
        }
        let args = json!({ "name": name });
        self.metadata.push(json!({ "ph": "M", "name": "process_name", "pid": next, "tid": 0, "ts": 0, "args": args }));
        let args = json!({ "sort_index": next });
        self.metadata
            .push(json!({ "ph": "M", "name": "process_sort_index", "pid": next, "tid": 0, "ts": 0, "args": args }));
        self.processes.insert(name, next);
        next
    }

    /// A new thread.
    fn thread(&mut self, pid: u32, name: &str) -> u32 {
        self.threads += 1;
        let tid = self.threads;
        let args = json!({ "name": name });
        self.metadata.push(json!({ "ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "ts": 0, "args": args }));
        let args = json!({ "sort_index": tid });
        self.metadata
            .push(json!({ "ph": "M", "name": "thread_sort_index", "pid": pid, "tid": tid, "ts": 0, "args": args }));
        tid
    }

    fn complete(&mut self, [pid, tid]: [u32; 2], span: &TraceSpan, name: &str, args: &Value) {
        self.complete.push(json!({
            "ph": "X", "name": name, "cat": span.kind, "pid": pid, "tid": tid,
            "ts": microseconds(span.from_ns), "dur": microseconds(span.until_ns - span.from_ns), "args": args,
        }));
    }
}

/// The format counts in microseconds, with fractions.
fn microseconds(nanoseconds: i64) -> Value {
    if nanoseconds % 1000 == 0 { json!(nanoseconds / 1000) } else { json!(nanoseconds as f64 / 1000.0) }
}

/// `request 17 (buy)`
fn title(trace: &Trace, request: usize) -> String {
    let request = &trace.requests[request];
    match request.operation.as_str() {
        "" => format!("request {}", request.index),
        operation => format!("request {} ({operation})", request.index),
    }
}

/// A thread for each request, and for each task beside it.
fn requests(trace: &Trace, events: &mut Events) {
    let mut tracks: Vec<(usize, u32)> = trace.spans.iter().map(|span| (span.request, span.track)).collect();
    tracks.sort_unstable();
    tracks.dedup();
    for (request, track) in tracks {
        let title = title(trace, request);
        let pid = events.process(format!("workload {}", trace.requests[request].workload));
        let name = if track == 0 { title.clone() } else { format!("{title}, task {track}") };
        let tid = events.thread(pid, &name);
        let outcome = trace.requests[request].outcome.unwrap_or("in flight");
        for span in in_order(trace.spans.iter().filter(|span| (span.request, span.track) == (request, track))) {
            let (name, args) = match span.kind {
                "request" => (title.as_str(), json!({ "outcome": outcome })),
                _ => (span.name.as_str(), span.station.as_ref().map_or(json!({}), |at| json!({ "station": at }))),
            };
            events.complete([pid, tid], span, name, &args);
        }
    }
}

/// The whole before its details.
fn in_order<'a>(spans: impl Iterator<Item = &'a TraceSpan>) -> Vec<&'a TraceSpan> {
    // Details end first, so what ended last comes first among those that began together.
    let mut spans: Vec<&TraceSpan> = spans.collect();
    spans.reverse();
    spans.sort_by_key(|span| (span.from_ns, -span.until_ns));
    spans
}

/// A thread for each server that did something: services of a station that overlap are on different ones.
fn servers(trace: &Trace, events: &mut Events) {
    let mut stations: BTreeMap<&str, Vec<&TraceSpan>> = BTreeMap::new();
    for span in trace.spans.iter().filter(|span| ["service", "hold"].contains(&span.kind)) {
        stations.entry(span.station.as_deref().unwrap_or_default()).or_default().push(span);
    }
    for (station, spans) in stations {
        let component = station.split(['.', '[']).next().unwrap_or(station);
        let pid = events.process(component.to_owned());
        let mut free: Vec<(i64, u32)> = Vec::new();
        for span in in_order(spans.into_iter()) {
            let server = free.iter().position(|(until, _)| *until <= span.from_ns).unwrap_or_else(|| {
                let name = format!("{station} #{}", free.len() + 1);
                free.push((0, events.thread(pid, &name)));
                free.len() - 1
            });
            free[server].0 = span.until_ns;
            let name = title(trace, span.request);
            let args = json!({ "workload": trace.requests[span.request].workload });
            events.complete([pid, free[server].1], span, &name, &args);
        }
    }
}
