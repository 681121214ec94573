//! What measured data look like: a file for each format, which is recognised by its first lines.

mod access;
mod alb;
mod csv;
mod fields;
mod hey;
mod histogram;
mod jobs;
mod k6;
mod vegeta;
mod wrk;

/// One measured request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// When it came, in nanoseconds since 1970 or any other instant.
    pub start: Option<i64>,
    /// When it was answered, where that is what was measured.
    pub end: Option<i64>,
    /// How long its answer took, in seconds.
    pub latency: Option<f64>,
    /// What it was for.
    pub operation: Option<String>,
    /// The HTTP status; 0 if there was no answer, or none is known.
    pub status: u16,
    /// Whether it failed: status 5xx, or no answer at all.
    pub failed: bool,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// One request.
    Request(Request),
    /// So many times of this length, in seconds.
    Times(f64, u64),
    /// So many more times that are at most this long: bins come in ascending order.
    Bin(f64, u64),
    /// Nothing about a request: a heading, say.
    Nothing,
}

/// Measurements of which only a summary was kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Shares and the times within which they were answered, in seconds.
    pub percentiles: Vec<(f64, f64)>,
    /// The mean time, in seconds.
    pub mean: Option<f64>,
    /// How many requests there were.
    pub requests: Option<u64>,
    /// How many of them failed.
    pub failed: u64,
    /// Requests per second.
    pub rate: Option<f64>,
    /// Whether clients waited for their answer before they asked again.
    pub is_closed: bool,
    /// How many such clients there were, if it is known.
    pub users: Option<u32>,
    /// Whether requests were sent at a constant rate.
    pub steady: bool,
}

impl Summary {
    /// What may be believed of it.
    ///
    /// # Errors
    /// If its counts may not.
    pub(super) fn believed(mut self) -> Result<Summary, String> {
        let requests = self.requests.unwrap_or(0);
        if requests > MOST || self.failed > MOST {
            return Err(too_many());
        }
        self.percentiles.retain(|(share, time)| (0.0..=1.0).contains(share) && believed(*time).is_some());
        self.mean = self.mean.filter(|mean| TIMES.contains(mean));
        self.rate = self.rate.filter(|rate| RATES.contains(rate));
        self.users = self.users.filter(|users| USERS.contains(users));
        Ok(self)
    }
}

/// Said of counts that nobody can have counted.
pub(super) fn too_many() -> String {
    "more than 10^15 requests in all: these are no counts".into()
}

/// Reads one format, a line at a time.
pub(super) trait Importer {
    /// What the line says.
    ///
    /// # Errors
    /// What is wrong with it.
    fn line(&mut self, line: &str) -> Result<Entry, String>;

    /// What the whole file says, if that is a summary.
    ///
    /// # Errors
    /// What is wrong with it.
    fn end(&mut self) -> Result<Option<Summary>, String> {
        Ok(None)
    }

    /// What had to be assumed to read it.
    fn assumed(&self) -> Option<&'static str> {
        None
    }
}

/// What the user says about the data.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Hints {
    /// Seconds in a unit of times, instead of what the data say.
    pub unit: Option<f64>,
}

/// A format that can be read.
#[derive(Debug)]
pub struct Format {
    /// What `--from` calls it.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Whether the first lines of a file look like it.
    recognises: fn(&[&str]) -> bool,
    open: fn(Hints) -> Box<dyn Importer>,
}

/// All formats, in the order in which they are looked for: the ones that say most about themselves first.
pub const REGISTRY: [Format; 10] = [
    jobs::FORMAT,
    hey::FORMAT,
    wrk::FORMAT,
    vegeta::FORMAT,
    k6::FORMAT,
    alb::FORMAT,
    access::COMBINED,
    access::COMMON,
    histogram::FORMAT,
    csv::FORMAT,
];

/// The format that the first lines of a file are in.
///
/// ```
/// use knee::measure::recognise;
/// assert_eq!(recognise(&["latency_ms", "12.5"]).map(|format| format.name), Some("csv"));
/// assert!(recognise(&["hello", "world"]).is_none());
/// ```
pub fn recognise(lines: &[&str]) -> Option<&'static Format> {
    const { &REGISTRY }.iter().find(|format| (format.recognises)(lines))
}

/// The format of this name.
pub fn find(name: &str) -> Option<&'static Format> {
    const { &REGISTRY }.iter().find(|format| format.name == name)
}

impl Format {
    pub(super) fn open(&self, hints: Hints) -> Box<dyn Importer> {
        (self.open)(hints)
    }
}

/// The shortest and the longest time that is believed, in seconds: a picosecond, and thirty years.
const TIMES: std::ops::RangeInclusive<f64> = 1e-12..=1e9;
/// The most requests that are believed, in all; and the most in a second.
pub(super) const MOST: u64 = 1_000_000_000_000_000;
const RATES: std::ops::RangeInclusive<f64> = 1e-9..=1e9;
/// The most clients that a scenario has.
const USERS: std::ops::RangeInclusive<u32> = 1..=1_000_000;

/// A time that was measured, in seconds.
fn time(text: &str, unit: f64) -> Result<f64, String> {
    believed(number(text)? * unit).ok_or_else(|| format!("`{}` is not a time", shortened(text)))
}

/// A time in seconds, if a request may take so long: 0 is one that was rounded to it.
fn believed(seconds: f64) -> Option<f64> {
    Some(seconds).filter(|seconds| *seconds == 0.0 || TIMES.contains(seconds))
}

fn number(text: &str) -> Result<f64, String> {
    text.trim().parse::<f64>().map_err(|_| format!("`{}` is not a number", shortened(text)))
}

/// How many there are of something.
fn count(text: &str) -> Result<f64, String> {
    let found = Some(number(text)?).filter(|count| *count >= 0.0 && count.is_finite());
    found.ok_or_else(|| format!("`{}` is not a count", shortened(text)))
}

/// The sum, or the greatest number there is.
fn sum(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}

/// What is assumed where nothing says in which unit times are.
const SECONDS: &str = "latencies have no unit: they are taken as seconds, unless --unit says otherwise";

/// The beginning of a text, for messages.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The lines of a file that is read as a whole, as long as they are few.
#[derive(Debug, Default)]
struct Whole(String);

impl Whole {
    const MOST: usize = 4 << 20;

    fn push(&mut self, line: &str) -> Result<Entry, String> {
        if self.0.len() + line.len() > Self::MOST {
            return Err("this report is too long: more than 4 MiB".into());
        }
        self.0.push_str(line);
        self.0.push('\n');
        Ok(Entry::Nothing)
    }
}

/// What is wrong with a table that begins like this, if no format takes it.
///
/// # Errors
/// What its columns are, and are not.
pub(super) fn check(header: &str) -> Result<(), String> {
    if header.contains([',', ';', '\t']) { csv::check(header) } else { Ok(()) }
}
