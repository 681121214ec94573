//! Measurements as they are read: what is kept of each line, and what was wrong with others.

use crate::diagnostic::printable;
use std::collections::BTreeMap;

use serde::Serialize;

use super::import::{Entry, Format, Hints, Importer, MOST, Request, Summary, find, recognise, too_many};
use super::sample::Sample;

/// Lines that are looked at before a format is chosen.
const HEAD: usize = 40;
/// Problems that are kept.
const SHOWN: usize = 5;
/// Different operations that are told apart.
const OPERATIONS: usize = 256;
/// Requests whose instants are kept: each is a row in memory, and in a trace to replay.
const ROWS: usize = 20_000_000;
/// The name of all others.
const OTHER: &str = "other";

/// One line that could not be read.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Problem {
    /// The file.
    pub file: String,
    /// Counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub what: String,
}

/// A request whose instant is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// In nanoseconds.
    pub start: i64,
    /// In seconds; not a number if it is unknown.
    pub latency: f64,
    /// An index of [`Log::operations`].
    pub operation: u16,
    /// Whether it failed.
    pub failed: bool,
}

/// What is known of one operation.
#[derive(Debug, Clone, Default)]
pub struct Operation {
    /// Its name; empty where the data name none.
    pub name: String,
    /// How many requests there were.
    pub requests: u64,
    /// How many of them failed.
    pub failed: u64,
    /// How long the others took.
    pub sample: Sample,
}

/// Everything that was measured. Memory is that of a row for each request with an instant; what only has a length is kept in
/// bins, however many there are.
#[derive(Debug, Default)]
pub struct Log {
    /// The files, with their formats.
    pub files: Vec<(String, &'static str)>,
    /// How many lines were read.
    pub lines: u64,
    /// How many of them say something, or are wrong.
    pub entries: u64,
    /// How many could not be read.
    pub malformed: u64,
    /// The first of those.
    pub problems: Vec<Problem>,
    /// Requests whose instants are known.
    pub rows: Vec<Row>,
    /// By name.
    pub operations: Vec<Operation>,
    /// How many requests had a status 1xx, 2xx, …; 0 stands for no answer, or none that is known.
    pub statuses: BTreeMap<u16, u64>,
    /// Bins: times of at most so many seconds, and more than those before.
    pub bins: Vec<(f64, u64)>,
    /// What there is instead of requests.
    pub summary: Option<Summary>,
    /// What had to be assumed to read them.
    pub assumed: Vec<&'static str>,
    /// How many requests were counted, alone or in bins.
    counted: u64,
    names: BTreeMap<String, u16>,
    stamps: Stamps,
}

/// How instants are written.
#[derive(Debug)]
struct Stamps {
    last: i64,
    /// How many are equal to the one before.
    ties: u64,
    /// The nanoseconds of which all are multiples.
    unit: i64,
}

impl Default for Stamps {
    fn default() -> Self {
        Self { last: i64::MIN, ties: 0, unit: 1_000_000_000 }
    }
}

/// Reads one file into a log.
pub struct Reader<'a> {
    log: &'a mut Log,
    file: String,
    number: u64,
    hints: Hints,
    forced: Option<&'static Format>,
    head: Vec<String>,
    importer: Option<Box<dyn Importer>>,
}

impl Log {
    /// Begins a file; `from` is the name of its format, if the user says so.
    ///
    /// # Errors
    /// If there is no such format.
    ///
    /// ```
    /// use knee::measure::{Hints, Log};
    /// let mut log = Log::default();
    /// let mut reader = log.reader("times.csv", None, Hints::default())?;
    /// for line in ["latency_ms", "12.5", "fast", "13"] {
    ///     reader.line(line)?;
    /// }
    /// reader.end()?;
    /// assert_eq!((log.operations[0].requests, log.malformed, log.problems[0].line), (2, 1, 3));
    /// # Ok::<(), String>(())
    /// ```
    pub fn reader(&mut self, file: &str, from: Option<&str>, hints: Hints) -> Result<Reader<'_>, String> {
        let unknown = |name: &str| format!("there is no format `{name}`");
        let forced = from.map(|name| find(name).ok_or_else(|| unknown(name))).transpose()?;
        let reader = Reader { log: self, file: file.into(), number: 0, hints, forced, head: vec![], importer: None };
        Ok(reader)
    }

    fn operation(&mut self, name: Option<String>) -> u16 {
        let name = printable(&name.unwrap_or_default());
        if let Some(&index) = self.names.get(&name) {
            return index;
        }
        let name = if self.operations.len() < OPERATIONS { name } else { OTHER.to_owned() };
        if let Some(&index) = self.names.get(&name) {
            return index;
        }
        let index = self.operations.len() as u16;
        self.operations.push(Operation { name: name.clone(), ..Operation::default() });
        self.names.insert(name, index);
        index
    }

    /// What instants are rounded to, in nanoseconds, if that is so much that some are equal.
    pub fn rounded_to(&self) -> Option<i64> {
        let is_rounded = self.stamps.unit > 1 && self.stamps.ties * 50 > self.rows.len() as u64;
        is_rounded.then_some(self.stamps.unit)
    }

    fn stamp(&mut self, at: i64) {
        self.stamps.ties += u64::from(at == self.stamps.last);
        self.stamps.last = at;
        while at % self.stamps.unit != 0 {
            self.stamps.unit /= 1000;
        }
    }

    fn add(&mut self, request: Request) {
        let operation = self.operation(request.operation);
        let own = &mut self.operations[usize::from(operation)];
        own.requests += 1;
        own.failed += u64::from(request.failed);
        *self.statuses.entry(request.status / 100).or_default() += 1;
        if let Some(latency) = request.latency.filter(|_| !request.failed) {
            own.sample.add(latency, 1);
        }
        request.start.or(request.end).into_iter().for_each(|at| self.stamp(at));
        let took = request.latency.map_or(0, |seconds| (seconds * 1e9).min(9e18) as i64);
        let start = request.start.or(request.end.map(|end| end.saturating_sub(took)));
        let latency = request.latency.unwrap_or(f64::NAN);
        self.rows.extend(start.map(|start| Row { start, latency, operation, failed: request.failed }));
    }

    fn times(&mut self, seconds: f64, count: u64) {
        let operation = self.operation(None);
        let own = &mut self.operations[usize::from(operation)];
        own.requests += count;
        own.sample.add(seconds, count);
    }

    fn take(&mut self, entry: Entry) -> Result<(), String> {
        self.entries += u64::from(entry != Entry::Nothing);
        self.counted = self.counted.saturating_add(match entry {
            Entry::Times(_, count) | Entry::Bin(_, count) => count,
            Entry::Request(_) => 1,
            Entry::Nothing => 0,
        });
        if self.counted > MOST {
            return Err(too_many());
        }
        if self.rows.len() > ROWS {
            return Err(format!("more than {ROWS} requests with their instants: fit a part of them"));
        }
        match entry {
            Entry::Request(request) => self.add(request),
            Entry::Times(seconds, count) if count > 0 => self.times(seconds, count),
            Entry::Bin(upper, count) => self.bins.push((upper, count)),
            Entry::Times(..) | Entry::Nothing => {}
        }
        Ok(())
    }
}

impl Reader<'_> {
    /// Takes one line, without its end.
    ///
    /// # Errors
    /// If the file is in no format that is known, or counts more than can be.
    pub fn line(&mut self, line: &str) -> Result<(), String> {
        let line = if self.number == 0 && self.head.is_empty() { line.trim_start_matches('\u{feff}') } else { line };
        if self.importer.is_some() {
            return self.read(line);
        }
        self.head.push(line.to_owned());
        if self.head.len() == HEAD { self.begin() } else { Ok(()) }
    }

    /// Says that no more lines come.
    ///
    /// # Errors
    /// If the file is in no format that is known, if more than half of it is wrong, or if its summary is.
    pub fn end(mut self) -> Result<(), String> {
        if self.importer.is_none() {
            self.begin()?;
        }
        let assumed = self.importer.as_ref().and_then(|importer| importer.assumed());
        self.log.assumed.extend(assumed.filter(|text| !self.log.assumed.contains(text)));
        let file = &self.file;
        let summary = self.importer.as_mut().map_or(Ok(None), |importer| importer.end());
        if let Some(summary) = summary
            .and_then(|found| found.map(Summary::believed).transpose())
            .map_err(|what| format!("{file}: {what}"))?
        {
            if self.log.summary.is_some() {
                return Err(format!(
                    "{file}: a second summary: percentiles cannot be added up, so fit them one by one"
                ));
            }
            self.log.summary = Some(summary);
        }
        Ok(())
    }

    /// Chooses the format, and reads what there is.
    fn begin(&mut self) -> Result<(), String> {
        let lines: Vec<&str> = self.head.iter().map(String::as_str).collect();
        if lines.iter().all(|line| line.trim().is_empty()) {
            return Err(format!("{}: there is nothing in it", self.file));
        }
        let format = self.forced.or_else(|| recognise(&lines)).ok_or_else(|| unknown(&self.file, &lines))?;
        if !self.log.bins.is_empty() {
            return Err(format!("{}: a second file beside a histogram: fit them one by one", self.file));
        }
        self.log.files.push((self.file.clone(), format.name));
        self.importer = Some(format.open(self.hints));
        for line in std::mem::take(&mut self.head) {
            self.read(&line)?;
        }
        Ok(())
    }

    fn read(&mut self, line: &str) -> Result<(), String> {
        self.number += 1;
        self.log.lines += 1;
        let Some(importer) = self.importer.as_mut() else { return Ok(()) };
        match importer.line(line) {
            Ok(entry) => self.log.take(entry).map_err(|what| format!("{}:{}: {what}", self.file, self.number)),
            Err(what) => {
                self.log.entries += 1;
                self.log.malformed += 1;
                if self.log.problems.len() < SHOWN {
                    self.log.problems.push(Problem {
                        file: self.file.clone(),
                        line: self.number,
                        what: printable(&what),
                    });
                }
                Ok(())
            }
        }
    }
}

fn unknown(file: &str, lines: &[&str]) -> String {
    let first = lines.iter().find(|line| !line.trim().is_empty()).map_or("", |line| line.trim());
    if let Err(what) = super::import::check(first) {
        return format!("{file}: {what}");
    }
    format!("{file}: what is this? No format that is known begins like it; say which with --from")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(text: &str) -> (Log, Result<(), String>) {
        let mut log = Log::default();
        let read = |log: &mut Log| {
            let mut reader = log.reader("x", None, Hints::default())?;
            text.lines().try_for_each(|line| reader.line(line))?;
            reader.end()
        };
        let result = read(&mut log);
        (log, result)
    }

    #[test]
    fn the_first_problems_are_kept_with_their_lines() {
        let text = format!("latency_ms\n{}", "1\noops\n".repeat(20));
        let (log, result) = log(&text);
        assert_eq!((result, log.malformed, log.entries), (Ok(()), 20, 40));
        assert_eq!(log.problems.len(), SHOWN);
        assert_eq!((log.problems[1].line, log.problems[1].what.as_str()), (5, "`oops` is not a number"));
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        assert!(log("hello\nworld").1.unwrap_err().contains("--from"));
        assert!(log("size,throughput\n1,2").1.unwrap_err().contains("knee law usl --fit"));
        assert!(log("\n\n").1.unwrap_err().contains("nothing in it"));
    }

    #[test]
    fn operations_beyond_the_most_are_one() {
        let rows: String = (0..1000).map(|i| format!("{i},1,op{i}\n")).collect();
        let (log, _) = log(&format!("time,latency_ms,operation\n{rows}"));
        assert_eq!(log.operations.len(), OPERATIONS + 1);
        assert_eq!(log.operations[OPERATIONS].name, OTHER);
        assert_eq!(log.operations.iter().map(|operation| operation.requests).sum::<u64>(), 1000);
    }
}
