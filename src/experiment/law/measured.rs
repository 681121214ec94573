//! Measurements as people have them in a file: a size and what it did, a line each.
//!
//! Fields are separated by commas, semicolons, tabs or blanks; a first line of words names the columns; lines that are empty
//! or begin with `#` are skipped.

use crate::units::{Duration, Rate};

/// Names of the column that says how many there were.
const SIZES: [&str; 23] = [
    "size",
    "n",
    "load",
    "concurrency",
    "x",
    "p",
    "users",
    "clients",
    "vusers",
    "threads",
    "workers",
    "processors",
    "processes",
    "cpus",
    "cores",
    "servers",
    "replicas",
    "nodes",
    "instances",
    "machines",
    "connections",
    "level",
    "count",
];

/// Names of columns for what was measured.
const MEASURED: [(&str, Quantity); 18] = [
    ("throughput", Quantity::Throughput),
    ("tput", Quantity::Throughput),
    ("xput", Quantity::Throughput),
    ("rate", Quantity::Throughput),
    ("rps", Quantity::Throughput),
    ("qps", Quantity::Throughput),
    ("tps", Quantity::Throughput),
    ("ops", Quantity::Throughput),
    ("requests", Quantity::Throughput),
    ("y", Quantity::Throughput),
    ("speedup", Quantity::Speedup),
    ("capacity", Quantity::Speedup),
    ("time", Quantity::Time),
    ("run-time", Quantity::Time),
    ("runtime", Quantity::Time),
    ("elapsed", Quantity::Time),
    ("duration", Quantity::Time),
    ("wall", Quantity::Time),
];

/// The largest size: beyond it sizes that differ by one are nearly the same to a fit.
const LARGEST: f64 = 1e9;

/// What can be squared and summed without a number becoming infinite or 0.
const FITTED: std::ops::RangeInclusive<f64> = 1e-50..=1e50;

/// What was measured at each size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// What was done in a unit of time.
    Throughput,
    /// How many times as fast as one.
    Speedup,
    /// How long the same work took; seconds where no unit is written. It is fitted as throughput, its inverse.
    Time,
}

/// Sizes and throughputs.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Where they are from.
    pub name: String,
    /// Size and throughput, in the order of the file.
    pub points: Vec<(f64, f64)>,
    /// What was measured.
    pub quantity: Quantity,
}

/// Which field of a line is what.
#[derive(Debug, Clone, Copy)]
struct Columns {
    size: usize,
    value: usize,
    quantity: Quantity,
}

impl Measured {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// All that is wrong, each with the file and the line.
    ///
    /// ```
    /// use knee::experiment::law::Measured;
    /// let read = Measured::read("m.csv", "load,throughput\n1,64.9\n18,995.9\n").unwrap();
    /// assert_eq!(read.points, [(1.0, 64.9), (18.0, 995.9)]);
    /// let wrong = Measured::read("m.csv", "1,64.9\n0,none\n").unwrap_err();
    /// assert_eq!(wrong.len(), 2);
    /// assert!(wrong[0].starts_with("m.csv:2: "));
    /// ```
    pub fn read(name: &str, text: &str) -> Result<Measured, Vec<String>> {
        let lines = text.trim_start_matches('\u{feff}').lines().zip(1..).map(|(line, number)| (line.trim(), number));
        let mut lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#')).peekable();
        let Some(&(first, number)) = lines.peek() else {
            return Err(vec![format!("{name}: nothing is measured here: write lines of size,throughput")]);
        };
        let head = fields(first);
        let is_head = head.iter().all(|field| number_of(field).is_none() && Duration::parse(field).is_err());
        let columns = if is_head {
            lines.next();
            columns(&head).map_err(|problem| vec![format!("{name}:{number}: {problem}")])?
        } else {
            Columns { size: 0, value: 1, quantity: Quantity::Throughput }
        };
        let (mut points, mut problems) = (Vec::new(), Vec::new());
        for (line, number) in lines {
            match point(&fields(line), columns) {
                Ok(point) => points.push(point),
                Err(wrong) => problems.extend(wrong.into_iter().map(|problem| format!("{name}:{number}: {problem}"))),
            }
        }
        if problems.is_empty() {
            Ok(Measured { name: name.into(), points, quantity: columns.quantity })
        } else {
            Err(problems)
        }
    }
}

fn fields(line: &str) -> Vec<&str> {
    let separator = [',', ';', '\t'].into_iter().find(|separator| line.contains(*separator));
    match separator {
        Some(separator) => line.split(separator).map(|field| field.trim().trim_matches('"')).collect(),
        None => line.split_whitespace().map(|field| field.trim_matches('"')).collect(),
    }
}

/// By the names of the head; if none is known, two columns are a size and a throughput.
fn columns(head: &[&str]) -> Result<Columns, String> {
    let named = |field: &&str| -> String {
        let name = field.split(['(', '[']).next().unwrap_or_default().trim().to_lowercase();
        name.replace(['_', ' '], "-")
    };
    let names: Vec<String> = head.iter().map(named).collect();
    let is = |name: &str, word: &str| name == word || name.strip_prefix(word).is_some_and(|rest| rest.starts_with('-'));
    let value = names.iter().enumerate().find_map(|(index, name)| {
        let known = MEASURED.iter().find(|(word, _)| is(name, word))?;
        Some((index, known.1))
    });
    let size = names.iter().position(|name| SIZES.iter().any(|word| is(name, word)));
    match (size, value) {
        (Some(size), Some((value, quantity))) => Ok(Columns { size, value, quantity }),
        (_, None) if head.len() == 2 => {
            let size = size.unwrap_or(0);
            Ok(Columns { size, value: 1 - size, quantity: Quantity::Throughput })
        }
        (None, Some((value, quantity))) if head.len() == 2 => Ok(Columns { size: 1 - value, value, quantity }),
        (None, _) => {
            Err("no column says the size: name one `size`, `load`, `users`, `threads`, `cores` or the like".into())
        }
        (_, None) => Err("no column says what was measured: name one `throughput`, `speedup` or `time`".into()),
    }
}

/// The size and the throughput of a line.
fn point(fields: &[&str], columns: Columns) -> Result<(f64, f64), Vec<String>> {
    let (Some(size), Some(value)) = (fields.get(columns.size), fields.get(columns.value)) else {
        let needed = columns.size.max(columns.value) + 1;
        let plural = if fields.len() == 1 { "field" } else { "fields" };
        return Err(vec![format!(
            "{} {plural}, where {needed} are needed: a size and what was measured",
            fields.len()
        )]);
    };
    match (sized(size), valued(value, columns.quantity)) {
        (Ok(size), Ok(value)) => Ok((size, value)),
        (size, value) => Err([size.err(), value.err()].into_iter().flatten().collect()),
    }
}

fn sized(text: &str) -> Result<f64, String> {
    match number_of(text) {
        Some(size) if size > LARGEST => Err(format!("the size is {text}: it is at most {LARGEST}")),
        Some(size) if size >= 1.0 => Ok(size),
        Some(_) => Err(format!("the size is {text}: it counts something, so it is at least 1")),
        None => Err(format!("the size `{text}` is not a number")),
    }
}

fn valued(text: &str, quantity: Quantity) -> Result<f64, String> {
    let (name, read) = match quantity {
        Quantity::Throughput => ("throughput", number_of(text).or_else(|| Rate::parse(text).ok().map(|rate| rate.0))),
        Quantity::Speedup => ("speedup", number_of(text)),
        Quantity::Time => ("time", number_of(text).or_else(|| Duration::parse(text).ok().map(|time| time.0))),
    };
    match read {
        Some(value) if value > 0.0 && !FITTED.contains(&value) => Err(format!(
            "the {name} is {text}: write it in another unit, from {:e} to {:e}",
            FITTED.start(),
            FITTED.end()
        )),
        Some(value) if value > 0.0 => Ok(if quantity == Quantity::Time { 1.0 / value } else { value }),
        Some(_) => Err(format!("the {name} is {text}: it must be above 0")),
        None => Err(format!("the {name} `{text}` is not a number")),
    }
}

fn number_of(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<(f64, f64)>, Quantity) {
        let measured = Measured::read("m.csv", text).unwrap();
        (measured.points, measured.quantity)
    }

    #[test]
    fn columns_are_found_by_name_or_by_place() {
        let expected = (vec![(1.0, 10.0), (2.0, 19.0)], Quantity::Throughput);
        for text in [
            "1,10\n2,19\n",
            "# from the lab\n1 10\n\n2\t19\n",
            "size,throughput\n1,10\n2,19\n",
            "Throughput (req/s);Load\n10;1\n19;2\n",
            "run,threads,p99,tps\n1,1,5,10\n2,2,6,19\n",
            "how many,what\n1,10/s\n2,19/s\n",
            "\u{feff}\"x\",\"y\"\r\n1,10\r\n2,19\r\n",
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn times_become_rates() {
        assert_eq!(read("cores,time\n1,20\n4,8s\n"), (vec![(1.0, 0.05), (4.0, 0.125)], Quantity::Time));
        assert_eq!(read("cores,run time\n1,2h\n"), (vec![(1.0, 1.0 / 7200.0)], Quantity::Time));
        assert_eq!(read("n,speedup\n2,1.9\n"), (vec![(2.0, 1.9)], Quantity::Speedup));
    }

    #[test]
    fn every_problem_is_told_with_its_line() {
        let problems =
            Measured::read("m.csv", "load,tput\n0,5\n2,-1\nthree,4\n4\n5,NaN\n6,7\n1e12,1e99\n").unwrap_err();
        assert_eq!(
            problems,
            [
                "m.csv:2: the size is 0: it counts something, so it is at least 1",
                "m.csv:3: the throughput is -1: it must be above 0",
                "m.csv:4: the size `three` is not a number",
                "m.csv:5: 1 field, where 2 are needed: a size and what was measured",
                "m.csv:6: the throughput `NaN` is not a number",
                "m.csv:8: the size is 1e12: it is at most 1000000000",
                "m.csv:8: the throughput is 1e99: write it in another unit, from 1e-50 to 1e50",
            ]
        );
        assert!(Measured::read("m.csv", "# nothing\n").unwrap_err()[0].contains("nothing is measured here"));
        assert!(
            Measured::read("m.csv", "a,b,c\n1,2,3\n").unwrap_err()[0].starts_with("m.csv:1: no column says the size")
        );
        let lacks = Measured::read("m.csv", "load,b,c\n1,2,3\n").unwrap_err();
        assert!(lacks[0].contains("no column says what was measured"), "{lacks:?}");
    }
}
