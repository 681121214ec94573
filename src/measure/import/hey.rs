//! hey: a row per request (`-o csv`), or the summary that it prints. Its clients wait for their answers.

use super::fields::cells;
use super::{Entry, Format, Importer, Request, Summary, Whole, time};

const HEADER: &str = "response-time,DNS+dialup,DNS,";

/// CSV by its header, the summary by its first words.
pub(super) const FORMAT: Format = Format {
    name: "hey",
    doc: "output of hey, or hey -o csv",
    recognises: |lines| {
        let is_csv = lines.iter().any(|line| line.starts_with(HEADER));
        is_csv
            || lines.iter().any(|line| line.trim() == "Summary:") && lines.iter().any(|line| line.contains("Slowest:"))
    },
    open: |_| Box::new(Hey::default()),
};

#[derive(Default)]
struct Hey {
    whole: Whole,
    /// The columns of status and offset, once the header was seen.
    table: Option<[Option<usize>; 2]>,
}

impl Importer for Hey {
    fn line(&mut self, line: &str) -> Result<Entry, String> {
        if line.starts_with(HEADER) {
            let names = cells(line, ',');
            let column = |name: &str| names.iter().position(|cell| cell == name);
            self.table = Some([column("status-code"), column("offset")]);
            return Ok(Entry::Nothing);
        }
        let Some([status, offset]) = self.table else { return self.whole.push(line) };
        if line.trim().is_empty() {
            return Ok(Entry::Nothing);
        }
        let cells = cells(line, ',');
        let cell = |column: Option<usize>| column.and_then(|index| cells.get(index));
        let status = cell(status).and_then(|cell| cell.parse().ok()).unwrap_or(0);
        let start = cell(offset).map(|cell| time(cell, 1.0)).transpose()?;
        Ok(Entry::Request(Request {
            start: start.map(|seconds| (seconds * 1e9).round() as i64),
            end: None,
            latency: Some(time(cells.first().map_or("", String::as_str), 1.0)?),
            operation: None,
            status,
            failed: status >= 500,
        }))
    }

    fn end(&mut self) -> Result<Option<Summary>, String> {
        if self.table.is_some() {
            return Ok(None);
        }
        let found = summary(&self.whole.0);
        if found.percentiles.is_empty() {
            Err("no latency distribution in this summary".into())
        } else {
            Ok(Some(found))
        }
    }
}

fn summary(text: &str) -> Summary {
    let mut found = Summary::default();
    let mut answered = 0u64;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["Average:", mean, ..] => found.mean = mean.parse().ok(),
            ["Requests/sec:", rate] => found.rate = rate.parse().ok(),
            [share, "in", seconds, "secs"] if share.ends_with('%') => {
                let share = share.trim_end_matches('%').parse::<f64>().ok().map(|percent| percent / 100.0);
                found.percentiles.extend(share.zip(seconds.parse().ok()));
            }
            [code, count, "responses"] if code.starts_with('[') => {
                let count = count.parse::<u64>().unwrap_or(0);
                answered = answered.saturating_add(count);
                found.failed = found.failed.saturating_add(if code.starts_with("[5") { count } else { 0 });
            }
            _ => {}
        }
    }
    found.requests = Some(answered).filter(|count| *count > 0);
    found.is_closed = true;
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_an_offset_and_a_status() {
        let mut hey = Hey::default();
        let header = "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset";
        assert_eq!(hey.line(header), Ok(Entry::Nothing));
        let Ok(Entry::Request(request)) = hey.line("0.0087,0.0047,0.0042,0.0001,0.0019,0.0001,503,0.0016") else {
            panic!()
        };
        assert_eq!((request.latency, request.start), (Some(0.0087), Some(1_600_000)));
        assert!(request.failed && hey.line("x,0").is_err());
    }

    #[test]
    fn the_summary_has_percentiles() {
        let text = "\nSummary:\n  Total:\t30.0082 secs\n  Slowest:\t0.1231 secs\n  Fastest:\t0.0010 secs\n  Average:\t0.0070 secs
  Requests/sec:\t7096.5514\n\nResponse time histogram:\n  0.001 [1]\t|\n  0.013 [199692]\t|■■\n\nLatency distribution:
  10% in 0.0035 secs\n  50% in 0.0065 secs\n  99%% in 0.0227 secs\n\nStatus code distribution:\n  [200]\t212000 responses
  [502]\t955 responses\n";
        assert!((FORMAT.recognises)(&text.lines().collect::<Vec<_>>()));
        let found = summary(text);
        assert_eq!(found.percentiles, [(0.1, 0.0035), (0.5, 0.0065), (0.99, 0.0227)]);
        assert_eq!((found.requests, found.failed, found.is_closed), (Some(212_955), 955, true));
    }
}
