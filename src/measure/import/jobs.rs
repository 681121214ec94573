//! What `knee run --jobs FILE.csv` writes: a row per simulated request.

use super::fields::cells;
use super::{Entry, Format, Importer, Request, count, time};

const HEADER: &str = "replication,index,workload,operation,issued-s,ended-s,latency-s,outcome";

/// Replications follow one another, as if they were one long run.
pub(super) const FORMAT: Format = Format {
    name: "jobs",
    doc: "requests of a simulated run (knee run --jobs)",
    recognises: |lines| lines.first().is_some_and(|line| line.trim() == HEADER),
    open: |_| Box::new(Jobs::default()),
};

#[derive(Default)]
struct Jobs {
    replication: String,
    /// What is added to the times of this replication, and the latest end so far.
    base: f64,
    end: f64,
}

impl Importer for Jobs {
    fn line(&mut self, line: &str) -> Result<Entry, String> {
        if line.trim() == HEADER || line.trim().is_empty() {
            return Ok(Entry::Nothing);
        }
        let cells = cells(line, ',');
        let [replication, _, workload, operation, issued, _, latency, outcome] = cells.as_slice() else {
            return Err(format!("{} cells, where a row of --jobs has 8", cells.len()));
        };
        let issued = count(issued).map_err(|_| format!("`{issued}` is not a number of seconds"))?;
        let latency = time(latency, 1.0)?;
        if *replication != self.replication {
            (self.replication, self.base) = (replication.clone(), self.end);
        }
        let start = self.base + issued;
        self.end = self.end.max(start + latency);
        let failed = outcome != "ok";
        Ok(Entry::Request(Request {
            start: Some((start * 1e9).round() as i64),
            end: None,
            latency: Some(latency),
            operation: Some(if operation.is_empty() { workload.clone() } else { format!("{workload} {operation}") }),
            status: if failed { 0 } else { 200 },
            failed,
        }))
    }
}
