//! Histograms as CSV: values or upper bounds, and how many there are. Counts of a column `le` are cumulative, as those of
//! Prometheus.

use super::fields::{cells, delimiter};
use super::{Entry, Format, Hints, Importer, SECONDS, Summary, count, time};

/// A column of counts tells it from other CSV.
pub(super) const FORMAT: Format = Format {
    name: "histogram",
    doc: "histogram in CSV: upper bound,count or value,count",
    recognises: |lines| lines.first().is_some_and(|line| columns(&header(line)).is_some()),
    open: |hints| Box::new(Histogram { hints, ..Histogram::default() }),
};

const COUNTS: [&str; 5] = ["count", "frequency", "requests", "n", "cumulative_count"];
const BOUNDS: [&str; 6] = ["le", "upper", "bound", "bucket", "max", "to"];

#[derive(Default)]
struct Histogram {
    hints: Hints,
    /// Known once the first line was seen.
    table: Option<Table>,
    before: f64,
    bound: f64,
    lines: u64,
    /// Why these are no counts, if they are not.
    wrong: Option<String>,
}

#[derive(Clone, Copy)]
struct Table {
    delimiter: char,
    value: usize,
    count: usize,
    unit: f64,
    is_unit_known: bool,
    is_bound: bool,
    is_cumulative: bool,
}

fn header(line: &str) -> Vec<String> {
    cells(line, delimiter(line)).iter().map(|cell| cell.to_lowercase().replace(['-', ' '], "_")).collect()
}

/// The columns of values and of counts.
fn columns(header: &[String]) -> Option<(usize, usize)> {
    let count = header.iter().position(|cell| COUNTS.contains(&cell.as_str()))?;
    // A column of throughputs or sizes is no histogram.
    let value = (0..header.len()).find(|index| *index != count && header[*index].parse::<f64>().is_err())?;
    let is_time = super::csv::is_time(&header[value]);
    (header.len() == 2 && (is_time || BOUNDS.iter().any(|bound| header[value].starts_with(bound))))
        .then_some((value, count))
}

impl Histogram {
    fn table(&self, line: &str) -> (Table, bool) {
        let (header, delimiter) = (header(line), delimiter(line));
        let found = columns(&header);
        let (value, count) = found.unwrap_or((0, 1));
        let name = header.get(value).map_or("", String::as_str);
        let is_bound = found.is_none() || BOUNDS.iter().any(|bound| name.starts_with(bound));
        // Prometheus counts in seconds.
        let base = name.starts_with("le").then_some(1.0);
        let known = self.hints.unit.or_else(|| super::csv::unit_in(name)).or(base);
        let is_cumulative =
            name.starts_with("le") || header.get(count).is_some_and(|name| name.starts_with("cumulative"));
        let (unit, is_unit_known) = (known.unwrap_or(1.0), known.is_some());
        (Table { delimiter, value, count, unit, is_unit_known, is_bound, is_cumulative }, found.is_some())
    }
}

impl Histogram {
    /// How many are in this bin alone.
    fn own(&mut self, count: f64, is_cumulative: bool) -> Result<f64, String> {
        if !is_cumulative {
            return Ok(count);
        }
        let before = std::mem::replace(&mut self.before, count);
        if count < before {
            let what = format!("{count} after {before}: counts of all up to a bound cannot go down");
            self.wrong.get_or_insert(format!("line {}: {what}", self.lines));
            return Err(what);
        }
        Ok(count - before)
    }
}

impl Importer for Histogram {
    fn line(&mut self, line: &str) -> Result<Entry, String> {
        self.lines += 1;
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(Entry::Nothing);
        }
        let table = match self.table {
            Some(table) => table,
            None => {
                let (table, is_header) = self.table(line);
                self.table = Some(table);
                if is_header {
                    return Ok(Entry::Nothing);
                }
                table
            }
        };
        let cells = cells(line, table.delimiter);
        let cell = |index: usize| cells.get(index).map(String::as_str).ok_or("a cell is missing");
        let count = self.own(count(cell(table.count)?)?, table.is_cumulative)?;
        let value = cell(table.value)?;
        if ["+inf", "inf"].contains(&value.to_lowercase().as_str()) {
            return match count {
                0.0 => Ok(Entry::Nothing),
                _ => Err(format!("{count} times are above the last bound: nobody knows how long they are")),
            };
        }
        let seconds = time(value, table.unit)?;
        if table.is_bound && seconds <= self.bound && self.bound > 0.0 {
            return Err(format!("`{value}` is not above the bound before it"));
        }
        self.bound = if table.is_bound { seconds } else { 0.0 };
        let count = count.round() as u64;
        Ok(if table.is_bound { Entry::Bin(seconds, count) } else { Entry::Times(seconds, count) })
    }

    /// A histogram with a bin that is wrong is another one: nothing is left to fit.
    fn end(&mut self) -> Result<Option<Summary>, String> {
        self.wrong.take().map_or(Ok(None), Err)
    }

    fn assumed(&self) -> Option<&'static str> {
        self.table.filter(|table| !table.is_unit_known).map(|_| SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<Entry> {
        let mut histogram = Histogram::default();
        text.lines().map(|line| histogram.line(line).unwrap()).filter(|entry| *entry != Entry::Nothing).collect()
    }

    #[test]
    fn bounds_values_and_cumulative_counts() {
        assert!((FORMAT.recognises)(&["le,count"]) && (FORMAT.recognises)(&["latency_ms;count"]));
        assert!(!(FORMAT.recognises)(&["time,latency"]) && !(FORMAT.recognises)(&["size,throughput"]));
        assert_eq!(entries("upper_ms,count\n1,5\n2,3"), [Entry::Bin(0.001, 5), Entry::Bin(0.002, 3)]);
        assert_eq!(entries("value,count\n0.5,2"), [Entry::Times(0.5, 2)]);
        assert_eq!(entries("le,count\n0.1,5\n0.5,8\n+Inf,8"), [Entry::Bin(0.1, 5), Entry::Bin(0.5, 3)]);
    }
}
