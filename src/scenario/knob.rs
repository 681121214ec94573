//! A number of a scenario that a search turns.

use super::axis::flag_value;
use super::{Source, parse, set};
use crate::syntax::{Node, Value, parse_document};
use crate::units::{round_to_digits, written};

/// Where a number is in a scenario, what it is today, and how it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Knob {
    /// Dotted paths that are turned together.
    pub paths: Vec<String>,
    /// The number today, in its unit; none where the scenario leaves it out.
    pub today: Option<f64>,
    /// The least that may be tried.
    pub from: Option<f64>,
    /// The greatest that may be tried.
    pub to: Option<f64>,
    /// The symbol of its unit, or empty.
    pub unit: String,
    /// It counts something: there are no fractions.
    pub whole: bool,
}

/// A number and how it is written.
#[derive(Debug, Clone, PartialEq)]
struct Quantity {
    number: f64,
    base: f64,
    kind: usize,
    unit: String,
}

fn plain(number: f64) -> Quantity {
    Quantity { number, base: number, kind: 0, unit: String::new() }
}

/// Decimal digits kept of a number that is tried.
const DIGITS: usize = 6;

impl Knob {
    /// Reads `PATH` or `PATH=FROM..TO`; several paths, separated by commas, are turned together.
    ///
    /// # Errors
    /// Says what is missing, or is no number.
    ///
    /// ```
    /// use knee::scenario::{Knob, Source};
    /// let text = "[station.desk]\nservice-time = \"5ms\"\n".to_owned();
    /// let source = Source { name: "desk.toml".into(), text, overrides: vec![] };
    /// let knob = Knob::from_flag("station.desk.service-time", &source).unwrap();
    /// assert_eq!((knob.today, knob.unit.as_str()), (Some(5.0), "ms"));
    /// assert_eq!(knob.overrides(2.5), ["station.desk.service-time=2.5ms"]);
    /// assert!(Knob::from_flag("station.desk.servers", &source).is_err());
    /// assert!(Knob::from_flag("station.desk.servers=1..8", &source).unwrap().whole);
    /// ```
    pub fn from_flag(flag: &str, source: &Source) -> Result<Knob, String> {
        let (paths, range) = flag.split_once('=').map_or((flag, None), |(paths, range)| (paths, Some(range)));
        let paths: Vec<String> = paths.split(',').map(|path| path.trim().to_owned()).collect();
        if paths.iter().any(String::is_empty) {
            return Err("expected PATH or PATH=FROM..TO".to_owned());
        }
        let today = match (value_at(source, &paths[0])?, paths[0].as_str()) {
            (None, "run.load") => Some(plain(1.0)),
            (today, _) => today,
        };
        let ends = range.map(ends).transpose()?;
        let missing =
            || format!("`{}` is not written in the scenario: say over which range, as `PATH=FROM..TO`", paths[0]);
        // What is written in the range decides how all is written: whole numbers, or the unit.
        let model = ends.as_ref().map(|(from, _)| from).or(today.as_ref()).ok_or_else(missing)?.clone();
        let whole = model.unit.is_empty() && is_whole(source, &paths[0]);
        let in_unit = |it: &Quantity| match it.kind == model.kind {
            true => Ok(if model.base == 0.0 { it.number } else { it.base / model.base * model.number }),
            false => {
                Err(format!("`{}{}` and `{}{}` are different things", it.number, it.unit, model.number, model.unit))
            }
        };
        Ok(Knob {
            today: today.as_ref().map(in_unit).transpose()?,
            from: ends
                .as_ref()
                .map(|(from, _)| in_unit(from))
                .transpose()?
                .map(|from| if whole { from.ceil() } else { from }),
            to: ends.as_ref().map(|(_, to)| in_unit(to)).transpose()?.map(|to| if whole { to.floor() } else { to }),
            whole,
            unit: model.unit,
            paths,
        })
    }

    /// All workloads at once: `run.load`, which is 1 where the scenario says nothing.
    pub fn load(source: &Source) -> Knob {
        let today = value_at(source, "run.load").ok().flatten().map_or(1.0, |load| load.number);
        Knob {
            paths: vec!["run.load".to_owned()],
            today: Some(today),
            from: None,
            to: None,
            unit: String::new(),
            whole: false,
        }
    }

    /// What turns it to a number, as overrides of a scenario.
    pub fn overrides(&self, number: f64) -> Vec<String> {
        let value = self.written(number);
        self.paths.iter().map(|path| format!("{path}={value}")).collect()
    }

    /// A number as it is written in the scenario: `2.5ms`.
    pub fn written(&self, number: f64) -> String {
        format!("{}{}", self.rounded(number), self.unit)
    }

    /// The number that is really tried.
    pub fn rounded(&self, number: f64) -> f64 {
        if self.whole { number.round() } else { round_to_digits(number, DIGITS) }
    }
}

/// Whether there has to be a whole number at a path: whether one and a half is refused.
fn is_whole(source: &Source, path: &str) -> bool {
    let problems = |value: &str| {
        let mut source = source.clone();
        source.overrides.push(format!("{path}={value}"));
        parse(&source).1.list.into_iter().map(|found| found.message).collect::<Vec<String>>()
    };
    let otherwise = problems("2");
    problems("1.5").iter().any(|problem| !otherwise.contains(problem))
}

/// `FROM..TO`, the lesser first.
fn ends(range: &str) -> Result<(Quantity, Quantity), String> {
    let (from, to) = range.split_once("..").ok_or_else(|| format!("`{range}` is not a range: expected FROM..TO"))?;
    let read = |text: &str| quantity(&flag_value(text)).ok_or_else(|| format!("`{text}` is not a quantity"));
    let (from, to) = (read(from)?, read(to)?);
    if from.kind == to.kind && from.base >= to.base {
        return Err(format!("`{range}` goes nowhere: write the lesser end first"));
    }
    Ok((from, to))
}

/// What a scenario says at a path; none where it says nothing.
fn value_at(source: &Source, path: &str) -> Result<Option<Quantity>, String> {
    let (mut root, _) = parse_document(&source.text, 0);
    for text in &source.overrides {
        // What is wrong with an override is told where the scenario is read.
        let _ = set::apply(&mut root, text, 0);
    }
    let Some(node) = set::value_at(&root, path)? else { return Ok(None) };
    quantity(node).map(Some).ok_or_else(|| format!("`{path}` is {}, not a number", node.describe()))
}

fn quantity(node: &Node) -> Option<Quantity> {
    match &node.value {
        Value::Integer(number) => Some(plain(*number as f64)),
        Value::Float(number) if number.is_finite() => Some(plain(*number)),
        Value::String(text) => written(text).map(|it| Quantity {
            number: it.number,
            base: it.base,
            kind: it.kind,
            unit: it.unit.to_owned(),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knob(flag: &str) -> Result<Knob, String> {
        let text = "[workload.w]\nto = \"app\"\narrivals = { poisson = \"2000/s\" }\n[service.app]\nreplicas = 4\nbalance = \"random\"\n";
        Knob::from_flag(
            flag,
            &Source { name: "it.toml".into(), text: text.into(), overrides: vec!["service.app.threads=8".into()] },
        )
    }

    #[test]
    fn numbers_keep_their_unit() {
        let rate = knob("workload.w.arrivals.poisson=1/s..10k/s");
        assert!(rate.is_err(), "there is no such unit");
        let rate = knob("workload.w.arrivals.poisson=600/min..3000/s").unwrap();
        assert_eq!(
            (rate.today, rate.from, rate.to, rate.whole),
            (Some(120_000.0), Some(600.0), Some(180_000.0), false)
        );
        assert_eq!(rate.overrides(1234.5678), ["workload.w.arrivals.poisson=1234.57/min"]);
    }

    #[test]
    fn counts_stay_whole_and_overrides_count() {
        let replicas = knob("service.app.replicas").unwrap();
        assert_eq!((replicas.today, replicas.whole, replicas.written(3.4)), (Some(4.0), true, "3".into()));
        assert_eq!(knob("service.app.threads").unwrap().today, Some(8.0));
        assert!(!knob("run.load=1..2").unwrap().whole && knob("run.load").unwrap().today == Some(1.0));
        let replicas = knob("service.app.replicas=1.5..1e2").unwrap();
        assert!(replicas.whole && replicas.written(12.5) == "13");
    }

    #[test]
    fn what_cannot_be_turned_is_said() {
        assert_eq!(
            knob("service.app.balance").unwrap_err(),
            "`service.app.balance` is the text \"random\", not a number"
        );
        assert!(knob("service.app.queue").unwrap_err().contains("is not written in the scenario"));
        assert!(knob("service.app.replicas=8..1").unwrap_err().contains("the lesser end first"));
        assert!(knob("service.app.replicas=1s..2/s").unwrap_err().contains("different things"));
        assert!(knob("service.app.replicas=1s..2s").unwrap_err().contains("different things"));
        assert!(knob("=1..2").is_err() && knob("a=1").is_err() && knob("a[=1..2").is_err());
    }
}
