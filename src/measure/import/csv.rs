//! Latencies as CSV: one number a line, or columns of which one is a latency and others may be an instant, an operation and a
//! status; with a header or without.

use super::fields::{cells, delimiter, named};
use super::{Entry, Format, Hints, Importer, Request, SECONDS, shortened, time};
use crate::measure::clock::{epoch, iso, unit_of};

/// The last that is looked for.
pub(super) const FORMAT: Format = Format {
    name: "csv",
    doc: "latencies in CSV: one number a line, or columns with a header",
    recognises,
    open: |hints| Box::new(Csv { hints, table: None }),
};

const LATENCIES: [&str; 9] =
    ["latency", "duration", "response", "elapsed", "service", "time_taken", "rt", "took", "value"];
const INSTANTS: [&str; 8] = ["time", "timestamp", "start", "issued", "at", "date", "ts", "when"];
const OPERATIONS: [&str; 10] =
    ["operation", "op", "endpoint", "path", "route", "name", "label", "url", "uri", "request"];
const STATUSES: [&str; 4] = ["status", "code", "outcome", "responsecode"];

/// Whether a column of this name, in lower case, is one of latencies.
pub(super) fn is_time(name: &str) -> bool {
    LATENCIES.iter().any(|known| starts(name, known))
}

/// Seconds in the unit that a column's name ends with.
pub(super) fn unit_in(name: &str) -> Option<f64> {
    let word = name.rsplit(['_', '-', ' ', '(', '[']).next()?.trim_end_matches([')', ']']);
    match word {
        "seconds" | "sec" | "secs" => Some(1.0),
        "milliseconds" | "millis" | "msec" => Some(1e-3),
        "microseconds" | "micros" | "usec" => Some(1e-6),
        "nanoseconds" | "nanos" => Some(1e-9),
        // "m" and "h" are no endings of times, and "rt" is no unit.
        "ns" | "us" | "µs" | "ms" | "s" => unit_of(word),
        _ => None,
    }
}

/// Whether the name is the word, perhaps with something after it.
fn starts(name: &str, word: &str) -> bool {
    name.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

fn recognises(lines: &[&str]) -> bool {
    let mut lines = lines.iter().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let Some(first) = lines.next() else { return false };
    let Ok((table, is_header)) = Table::of(first, Hints::default()) else { return false };
    let is_row = |line: &str| table.row(line).is_ok();
    let mut lines = lines.peekable();
    if is_header { lines.peek().is_none() || lines.any(|line| is_row(line)) } else { is_row(first) }
}

/// Whether there is a column to read under this header.
pub(super) fn check(header: &str) -> Result<(), String> {
    Table::of(header, Hints::default()).map(|_| ())
}

struct Csv {
    hints: Hints,
    table: Option<Table>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Table {
    delimiter: char,
    latency: Option<usize>,
    unit: f64,
    is_unit_known: bool,
    instant: Option<usize>,
    instant_unit: Option<f64>,
    operation: Option<usize>,
    status: Option<usize>,
}

impl Importer for Csv {
    fn line(&mut self, line: &str) -> Result<Entry, String> {
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(Entry::Nothing);
        }
        let table = match self.table {
            Some(table) => table,
            None => {
                let (table, is_header) = Table::of(line, self.hints)?;
                self.table = Some(table);
                if is_header {
                    return Ok(Entry::Nothing);
                }
                table
            }
        };
        table.row(line).map(Entry::Request)
    }

    fn assumed(&self) -> Option<&'static str> {
        self.table.filter(|table| !table.is_unit_known).map(|_| SECONDS)
    }
}

impl Table {
    /// The columns, and whether the line was a header that names them.
    fn of(line: &str, hints: Hints) -> Result<(Table, bool), String> {
        let delimiter = delimiter(line);
        let cells = cells(line, delimiter);
        let is_header = cells.first().is_some_and(|cell| cell.parse::<f64>().is_err() && iso(cell).is_none());
        if !is_header {
            let several = cells.len() > 1;
            let table = Table {
                delimiter,
                latency: Some(usize::from(several)),
                unit: hints.unit.unwrap_or(1.0),
                is_unit_known: hints.unit.is_some(),
                instant: several.then_some(0),
                operation: (cells.len() > 2).then_some(2),
                ..Table::default()
            };
            return Ok((table, false));
        }
        let names: Vec<String> = cells.iter().map(|cell| cell.to_lowercase().replace(['-', ' '], "_")).collect();
        Table::named(&names, delimiter, hints).map(|table| (table, true))
    }

    fn named(names: &[String], delimiter: char, hints: Hints) -> Result<Table, String> {
        let find = |words: &[&str]| names.iter().position(|name| words.iter().any(|word| starts(name, word)));
        if let (Some(_), None) = (find(&["throughput", "x"]), find(&LATENCIES)) {
            return Err("throughputs, not latencies: `knee law usl --fit FILE` takes sizes and throughputs".into());
        }
        let latency = find(&LATENCIES);
        let instant = (0..names.len())
            .find(|&index| Some(index) != latency && INSTANTS.iter().any(|word| starts(&names[index], word)));
        // A single column of times is how long they took.
        let (latency, instant) = match (latency, instant, names.len()) {
            (None, Some(only), 1) => (Some(only), None),
            found => (found.0, found.1),
        };
        if latency.is_none() && instant.is_none() {
            let known = "latency_ms, duration_s, response_time_ms, time, operation, status";
            return Err(format!(
                "no column of latencies or times in `{}` (known: {known})",
                shortened(&names.join(","))
            ));
        }
        let unit = |column: Option<usize>| column.and_then(|index| unit_in(&names[index]));
        // JMeter's results say `elapsed` and mean milliseconds.
        let is_jmeter = names.iter().any(|name| name == "elapsed") && names.iter().any(|name| name == "responsecode");
        let known = hints.unit.or(unit(latency)).or(is_jmeter.then_some(1e-3));
        Ok(Table {
            delimiter,
            latency,
            unit: known.unwrap_or(1.0),
            is_unit_known: known.is_some() || latency.is_none(),
            instant,
            instant_unit: unit(instant),
            operation: find(&OPERATIONS),
            status: find(&STATUSES),
        })
    }

    fn row(&self, line: &str) -> Result<Request, String> {
        let cells = cells(line, self.delimiter);
        let cell = |column: Option<usize>| column.map(|index| cells.get(index).map_or("", String::as_str));
        let latency = cell(self.latency).map(|cell| time(cell, self.unit)).transpose()?;
        let instant = cell(self.instant).map(|cell| self.instant(cell)).transpose()?;
        let status = cell(self.status).unwrap_or("");
        let code: u16 = status.parse().unwrap_or(0);
        let is_bad = ["error", "failed", "fail", "timeout", "timed-out", "rejected", "abandoned", "false"];
        let operation = cell(self.operation).filter(|name| !name.is_empty()).map(named);
        let failed = code >= 500 || is_bad.contains(&status.to_lowercase().as_str());
        Ok(Request { start: instant, end: None, latency, operation, status: code, failed })
    }

    fn instant(&self, cell: &str) -> Result<i64, String> {
        if let Some(instant) = iso(cell) {
            return Ok(instant);
        }
        match cell.parse::<f64>() {
            Ok(number) if number.is_finite() && number.abs() < 9e18 => Ok(match self.instant_unit {
                Some(unit) => (number * unit * 1e9).round() as i64,
                None => epoch(number),
            }),
            _ => Err(format!("`{}` is not an instant", shortened(cell))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(text: &str) -> Vec<Request> {
        let mut csv = Csv { hints: Hints::default(), table: None };
        let entries = text.lines().map(|line| csv.line(line).unwrap());
        let request = |entry| if let Entry::Request(request) = entry { Some(request) } else { None };
        entries.filter_map(request).collect()
    }

    #[test]
    fn one_number_a_line_with_header_or_without() {
        for (text, seconds) in [("0.25", 0.25), ("latency_ms\n250", 0.25), ("duration_s\n0.25", 0.25), ("time\n3", 3.0)]
        {
            assert_eq!(requests(text)[0].latency, Some(seconds), "{text}");
            assert!(recognises(&text.lines().collect::<Vec<_>>()), "{text}");
        }
    }

    #[test]
    fn columns_are_known_by_their_names() {
        let rows = requests("timestamp;endpoint;response time (ms);status\n2018-07-02T22:23:00Z;GET /a;12.5;503");
        assert_eq!(rows[0].latency, Some(0.0125));
        assert_eq!(rows[0].start, Some(1_530_570_180_000_000_000));
        assert_eq!((rows[0].operation.as_deref(), rows[0].status, rows[0].failed), (Some("GET /a"), 503, true));
        assert_eq!(requests("1.5,0.25,buy")[0].operation.as_deref(), Some("buy"));
        assert_eq!(requests("time_ms,latency_ms\n1500,250")[0].start, Some(1_500_000_000));
    }

    #[test]
    fn jmeter_means_milliseconds() {
        let header = "timeStamp,elapsed,label,responseCode,responseMessage,success";
        let rows = requests(&format!("{header}\n1530570180000,250,https://x/users/7,502,Bad,false"));
        assert_eq!((rows[0].start, rows[0].latency), (Some(1_530_570_180_000_000_000), Some(0.25)));
        assert_eq!((rows[0].operation.as_deref(), rows[0].failed), (Some("/users/:id"), true));
    }

    #[test]
    fn a_missing_unit_is_an_assumption() {
        let assumed = |text: &str, unit: Option<f64>| {
            let mut csv = Csv { hints: Hints { unit }, table: None };
            text.lines().for_each(|line| assert!(csv.line(line).is_ok()));
            csv.assumed()
        };
        assert_eq!([assumed("latency\n1", None), assumed("5", None)], [Some(SECONDS); 2]);
        assert_eq!(
            [assumed("latency_ms\n1", None), assumed("5", Some(1e-3)), assumed("time,op\n5,x", None)],
            [None; 3]
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        let problem = |text: &str| {
            let mut csv = Csv { hints: Hints::default(), table: None };
            text.lines().find_map(|line| csv.line(line).err()).unwrap()
        };
        assert!(problem("size,throughput\n1,20").contains("knee law usl --fit"));
        assert!(problem("colour,taste\nred,good").starts_with("no column of latencies"));
        assert_eq!(problem("latency_ms\nfast"), "`fast` is not a number");
        assert_eq!(problem("latency_ms\n-1"), "`-1` is not a time");
        assert_eq!(problem("time,latency\nnoon,1"), "`noon` is not an instant");
        assert!(!recognises(&["hello", "world"]) && !recognises(&[]));
    }
}
