//! Jobs, keys and samples from CSV text.

use super::TraceRow;
use crate::diagnostic::printable;
use crate::scenario::LONGEST;

/// Columns that a trace of jobs may have.
const COLUMNS: [&str; 6] = ["time", "key", "size", "operation", "priority", "service-time"];

/// The most rows of all files that a scenario names: each is kept in memory.
pub(super) const MOST_ROWS: usize = 20_000_000;

/// Jobs from CSV with a header of any of `time, key, size, operation, priority, service-time`.
///
/// Times are numbers in seconds, not decreasing; without a `time` column every job is there at
/// the start. Keys may be any text. `operations` are the names that the workload knows. There may be `most` rows.
pub(super) fn jobs(
    text: &str,
    operations: &[&str],
    ticks_per_second: f64,
    most: usize,
) -> Result<Vec<TraceRow>, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    if let Some(unknown) = header.iter().find(|column| !COLUMNS.contains(column)) {
        let unknown = shown(unknown);
        return Err(format!("unknown column `{unknown}` (known: {})", COLUMNS.join(", ")));
    }
    let column = |name: &str| header.iter().position(|column| column == name);
    let columns = COLUMNS.map(column);
    let mut jobs: Vec<TraceRow> = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record_of(row, record, most)?;
        let job = job(&record, columns, operations, ticks_per_second);
        let job = job.map_err(|problem| format!("row {}: {problem}", row + 2))?;
        if jobs.last().is_some_and(|before| before.time > job.time) {
            return Err(format!("row {}: earlier than the row before", row + 2));
        }
        jobs.push(job);
    }
    if jobs.is_empty() { Err("no rows".to_string()) } else { Ok(jobs) }
}

fn job(
    record: &csv::StringRecord,
    [time, key, size, operation, priority, service]: [Option<usize>; 6],
    operations: &[&str],
    ticks_per_second: f64,
) -> Result<TraceRow, String> {
    let cell = |column: Option<usize>| column.and_then(|column| record.get(column)).filter(|cell| !cell.is_empty());
    // The greatest number means that no service time is given.
    let ticks = |cell: &str| Ok::<_, String>(((within(cell)? * ticks_per_second).round() as u64).min(u64::MAX - 1));
    let operation = match cell(operation) {
        None => 0,
        Some(name) => {
            let found = operations.iter().position(|known| *known == name);
            found.ok_or_else(|| format!("operation `{}` is not one of the workload's `operations`", shown(name)))?
                as u32
        }
    };
    let priority = cell(priority)
        .map(|cell| cell.parse().map_err(|_| format!("priority `{}` is not a whole number", shown(cell))));
    let size = cell(size)
        .map(|cell| cell.parse().map_err(|_| format!("size `{}` is not a whole number of bytes", shown(cell))));
    Ok(TraceRow {
        time: cell(time).map_or(Ok(0), ticks)?,
        key: cell(key).map(key_of),
        operation,
        priority: priority.transpose()?,
        service: cell(service).map_or(Ok(u64::MAX), ticks)?,
        size: size.transpose()?,
    })
}

/// A row that can be read and is one of those that there may be.
fn record_of(row: usize, record: csv::Result<csv::StringRecord>, most: usize) -> Result<csv::StringRecord, String> {
    match row < most {
        true => record.map_err(|error| error.to_string()),
        false => Err(format!("more than {MOST_ROWS} rows in all files together")),
    }
}

/// So much of a cell as it takes to find it: the file may be of another kind, and not of whoever reads this.
fn shown(cell: &str) -> String {
    const MOST: usize = 40;
    match cell.char_indices().nth(MOST) {
        Some((end, _)) => printable(&cell[..end]) + "…",
        None => printable(cell),
    }
}

fn seconds(cell: &str) -> Result<f64, String> {
    match cell.parse::<f64>() {
        Ok(seconds) if seconds >= 0.0 && seconds.is_finite() => Ok(seconds),
        _ => Err(format!("`{}` is not a number of seconds", shown(cell))),
    }
}

/// A number of seconds within what the simulator's clock reaches.
fn within(cell: &str) -> Result<f64, String> {
    let seconds = seconds(cell)?;
    if seconds <= LONGEST { Ok(seconds) } else { Err(format!("`{cell}` seconds are more than 100,000 days")) }
}

/// A key as a number: itself if it is one, or else a hash (FNV-1a, Fowler, Noll & Vo 1991).
fn key_of(cell: &str) -> u64 {
    cell.parse().unwrap_or_else(|_| {
        cell.bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    })
}

/// At most so many keys from CSV with a `key` column.
pub(super) fn keys(text: &str, most: usize) -> Result<Vec<u64>, String> {
    let jobs = jobs(text, &[""], 1.0, most)?;
    let keys: Option<Vec<u64>> = jobs.iter().map(|job| job.key).collect();
    keys.ok_or_else(|| "every row needs a `key`".to_string())
}

/// At most so many samples in seconds: the first column, with or without a header.
pub(super) fn samples(text: &str, most: usize) -> Result<Vec<f64>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut samples = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record_of(row, record, most)?;
        let cell = record.get(0).unwrap_or("");
        match seconds(cell) {
            Ok(sample) => samples.push(sample),
            Err(_) if row == 0 => {}
            Err(problem) => return Err(format!("row {}: {problem}", row + 1)),
        }
    }
    if samples.is_empty() { Err("no samples".to_string()) } else { Ok(samples) }
}

#[cfg(test)]
mod tests {
    const MOST: usize = 10;

    fn jobs(text: &str, operations: &[&str], ticks_per_second: f64) -> Result<Vec<super::TraceRow>, String> {
        super::jobs(text, operations, ticks_per_second, MOST)
    }

    fn keys(text: &str) -> Result<Vec<u64>, String> {
        super::keys(text, MOST)
    }

    fn samples(text: &str) -> Result<Vec<f64>, String> {
        super::samples(text, MOST)
    }

    #[test]
    fn a_trace_may_have_any_of_the_columns() {
        let rows = jobs("time,operation,service-time\n0,buy,8\n1.5,browse,\n", &["browse", "buy"], 1000.0).unwrap();
        assert_eq!((rows[0].time, rows[0].operation, rows[0].service), (0, 1, 8000));
        assert_eq!((rows[1].time, rows[1].operation, rows[1].service), (1500, 0, u64::MAX));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_row() {
        let problem = |text| jobs(text, &["buy"], 1.0).unwrap_err();
        assert_eq!(
            problem("when\n1\n"),
            "unknown column `when` (known: time, key, size, operation, priority, service-time)"
        );
        assert_eq!(problem("time\n2\n1\n"), "row 3: earlier than the row before");
        assert_eq!(problem("time\nsoon\n"), "row 2: `soon` is not a number of seconds");
        assert_eq!(problem("operation\nsell\n"), "row 2: operation `sell` is not one of the workload's `operations`");
        assert_eq!(problem("time\n"), "no rows");
        assert_eq!(problem("time\n9e9\n"), "row 2: `9e9` seconds are more than 100,000 days");
    }

    #[test]
    fn there_may_be_so_many_rows() {
        let said = Some("more than 20000000 rows in all files together".to_string());
        let text = |rows| format!("key\n{}", "7\n".repeat(rows));
        assert_eq!(jobs(&text(MOST), &[""], 1.0).err(), None);
        assert_eq!(jobs(&text(MOST + 1), &[""], 1.0).err(), said);
        assert_eq!(keys(&text(MOST + 1)).err(), said);
        assert_eq!(samples(&text(MOST)).err(), said, "with the header");
    }

    #[test]
    fn keys_may_be_text_and_samples_have_a_header() {
        assert_eq!(keys("key\n7\nalice\n7\n").unwrap()[0], 7);
        assert_eq!(keys("key\nalice\nbob\nalice\n").map(|keys| keys[0] == keys[2] && keys[0] != keys[1]), Ok(true));
        assert_eq!(samples("latency\n0.5\n1\n"), Ok(vec![0.5, 1.0]));
        assert_eq!(samples("0.5\nx\n"), Err("row 2: `x` is not a number of seconds".to_string()));
    }
}
