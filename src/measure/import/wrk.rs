//! What wrk and wrk2 print with `--latency`.

use super::{Entry, Format, Importer, Summary, Whole, sum};
use crate::measure::clock::span;

/// It begins with `Running 30s test @ http://…`.
pub(super) const FORMAT: Format = Format {
    name: "wrk",
    doc: "output of wrk --latency, or wrk2",
    recognises: |lines| lines.iter().any(|line| line.starts_with("Running ") && line.contains(" test @ ")),
    open: |_| Box::new(Wrk::default()),
};

#[derive(Default)]
struct Wrk(Whole);

impl Importer for Wrk {
    fn line(&mut self, line: &str) -> Result<Entry, String> {
        self.0.push(line)
    }

    fn end(&mut self) -> Result<Option<Summary>, String> {
        let found = summary(&self.0.0);
        match found.percentiles.is_empty() {
            true => Err("no percentiles: run wrk with --latency".into()),
            false => Ok(Some(found)),
        }
    }
}

fn summary(text: &str) -> Summary {
    // wrk2, which sends at a constant rate, says how it was calibrated.
    let steady = text.contains("Thread calibration") || text.contains("HdrHistogram");
    let mut found = Summary { steady, is_closed: !steady, ..Summary::default() };
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [share, time] if share.ends_with('%') => found.percentiles.extend(percentile(share, time)),
            ["Latency", mean, ..] => found.mean = found.mean.or(span(mean)),
            [_, "threads", "and", users, "connections"] => found.users = users.parse().ok(),
            [count, "requests", "in", ..] => found.requests = count.parse().ok(),
            ["Requests/sec:", rate] => found.rate = rate.parse().ok(),
            ["Non-2xx", .., count] => found.failed = found.failed.saturating_add(count.parse().unwrap_or(0)),
            ["Socket", "errors:", rest @ ..] => {
                let errors = rest.iter().filter_map(|word| word.trim_end_matches(',').parse::<u64>().ok());
                found.failed = sum(errors.chain([found.failed]));
            }
            _ => {}
        }
    }
    found.users = found.users.filter(|_| found.is_closed);
    found
}

fn percentile(share: &str, time: &str) -> Option<(f64, f64)> {
    let share = share.trim_end_matches('%').parse::<f64>().ok()? / 100.0;
    Some((share, span(time)?)).filter(|_| share > 0.0 && share < 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Running 30s test @ http://127.0.0.1:8080/index.html
  12 threads and 400 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   635.91us    0.89ms  12.92ms   93.69%
    Req/Sec    56.20k     8.07k   62.00k    86.54%
  Latency Distribution
     50%  250.00us
     75%  491.00us
     90%  700.00us
     99%    5.80ms
  22464657 requests in 30.00s, 17.76GB read
  Socket errors: connect 0, read 1, write 0, timeout 2
  Non-2xx or 3xx responses: 4
Requests/sec: 748868.53
Transfer/sec:    606.33MB
";

    #[test]
    fn everything_of_a_report() {
        assert!((FORMAT.recognises)(&TEXT.lines().collect::<Vec<_>>()));
        let found = summary(TEXT);
        assert_eq!(found.percentiles, [(0.5, 250e-6), (0.75, 491e-6), (0.9, 700e-6), (0.99, 5.8e-3)]);
        assert_eq!((found.users, found.requests, found.failed), (Some(400), Some(22_464_657), 7));
        assert_eq!((found.rate, found.mean), (Some(748_868.53), Some(635.91e-6)));
        let wrk2 = TEXT.replace("Latency Distribution", "Latency Distribution (HdrHistogram - Recorded Latency)");
        assert_eq!((summary(&wrk2).users, summary(&wrk2).steady), (None, true));
    }
}
