//! Single requests, step by step.

/// What some requests of the first replication did.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// The scenario's title.
    pub title: String,
    /// Whether it was given up, or reached a limit, before it had all that was asked for.
    pub partial: bool,
    /// The requests, in the order in which they were issued.
    pub requests: Vec<TracedRequest>,
    /// What they did, in the order in which it ended.
    pub spans: Vec<TraceSpan>,
}

/// A request that was traced.
#[derive(Debug, Clone)]
pub struct TracedRequest {
    /// Its workload.
    pub workload: String,
    /// Its operation, or empty.
    pub operation: String,
    /// Its index among its workload's requests.
    pub index: u32,
    /// `ok`, `rejected`, `timed-out`, `failed` or `abandoned`; none while it was in flight at the end.
    pub outcome: Option<&'static str>,
}

/// Something that a request did for a time. Spans of one track lie within each other or apart.
#[derive(Debug, Clone)]
pub struct TraceSpan {
    /// Index of the request.
    pub request: usize,
    /// Which of its tasks: 0 is the one that its client waits for.
    pub track: u32,
    /// When it began, in nanoseconds from the end of warm-up.
    pub from_ns: i64,
    /// When it was over.
    pub until_ns: i64,
    /// What, for people: `wait app[2].cpu`.
    pub name: String,
    /// `request`, `task`, `call`, `attempt`, `fork`, `network`, `pause`, `hold`, `wait` or `service`.
    pub kind: &'static str,
    /// The station, where it is about one.
    pub station: Option<String>,
}
