//! One axis of a sweep: which paths take which values.

use serde_json::{Value as Json, json};

use super::check::require;
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, choice, parse_value, table};
use crate::units::{round_to_digits, written};

table! {
    /// One of several axes: what is varied, and over which values.
    pub struct SweepAxis {
        /// The dotted path to vary; several paths move together.
        pub vary: At<PathList>,
        /// The values to take.
        pub values: Option<At<Vec<Node>>> = None,
        /// The first value of a range.
        pub from: Option<Node> = None,
        /// The last value of a range.
        pub to: Option<Node> = None,
        /// How many values a range has. Between whole numbers all are whole, and equal ones are taken
        /// once: write `2.0` for `2` to have fractions.
        pub points: Option<At<Count>> = None,
        /// How a range is divided.
        pub scale: Scale = Scale::Linear,
    }
    check check_axis
}

/// One dotted path, or several that move together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PathList(pub Vec<At<String>>);

choice! {
    /// How a range is divided.
    #[derive(Copy)]
    pub enum Scale {
        /// Equal steps.
        Linear,
        /// Equal ratios.
        Log,
    }
}

/// How many values a range has when nothing is said.
const DEFAULT_POINTS: u32 = 10;

/// Most points of a sweep: each is a simulation.
pub const MOST_POINTS: u32 = 10_000;

/// Decimal digits kept in the values of a range: enough for any scenario, too few for the dust of
/// binary fractions.
const DIGITS: usize = 12;

/// Reports values that are missing, said in two ways, or no range.
pub(super) fn check_axis(axis: &SweepAxis, span: Span, cx: &mut Decoder) {
    let has_range = axis.from.is_some() && axis.to.is_some();
    let is_broken = cx.is_partial();
    let is_empty = axis.values.as_ref().is_some_and(|values| values.is_empty());
    require(!is_empty || is_broken, span, "a sweep without values", "`values` is empty", cx);
    let says_what = axis.values.is_some() != has_range;
    require(says_what || is_broken, span, "what values should be taken?", "needs `values`, or `from` and `to`", cx);
    if let Err((span, problem)) = axis.range() {
        cx.push(Diagnostic::error(span, "this is not a range").label(problem));
    }
}

impl SweepAxis {
    /// The values to take, in turn, written as the ends of a range are. What is wrong with the range
    /// goes to `diagnostics`.
    pub fn points(&self, diagnostics: &mut Diagnostics) -> Vec<Node> {
        if let Some(values) = &self.values {
            return values.value.clone();
        }
        match self.range() {
            Ok(points) => points,
            Err((span, problem)) => {
                diagnostics.push(Diagnostic::error(span, "this is not a range").label(problem));
                Vec::new()
            }
        }
    }

    /// How many values there are, or were asked for where that is more than there may be.
    pub(super) fn count(&self) -> u64 {
        match self.points {
            Some(points) if self.values.is_none() && points.0 > MOST_POINTS => u64::from(points.0),
            // What is wrong with an axis is reported where it is read.
            _ => self.points(&mut Diagnostics::default()).len() as u64,
        }
    }

    /// Reads `PATH=FROM..TO`, `PATH=FROM..TO:POINTS`, `PATH=FROM..TO:POINTS:log` or `PATH=A,B,C`.
    ///
    /// # Errors
    /// Says which part is missing or cannot be read.
    ///
    /// ```
    /// use knee::diagnostic::Diagnostics;
    /// let axis = knee::scenario::SweepAxis::from_flag("station.desk.servers=1..4:4").unwrap();
    /// let points = axis.points(&mut Diagnostics::default());
    /// assert_eq!(points.iter().map(|point| point.to_toml()).collect::<Vec<_>>(), ["1", "2", "3", "4"]);
    /// ```
    pub fn from_flag(flag: &str) -> Result<SweepAxis, String> {
        let (paths, values) = flag.split_once('=').ok_or("expected PATH=FROM..TO:POINTS or PATH=A,B,C")?;
        let paths: Vec<At<String>> = paths.split(',').map(|path| At::new(path.trim().to_owned())).collect();
        let no_path = paths.iter().any(|path| path.is_empty());
        if no_path || values.trim().is_empty() {
            return Err("expected a path before and values after `=`".to_owned());
        }
        let vary = At::new(PathList(paths));
        let mut axis = SweepAxis { vary, values: None, from: None, to: None, points: None, scale: Scale::Linear };
        match values.split_once("..") {
            Some((from, rest)) => axis.set_range(from, rest)?,
            None => axis.values = Some(At::new(values.split(',').map(flag_value).collect())),
        }
        Ok(axis)
    }

    fn set_range(&mut self, from: &str, rest: &str) -> Result<(), String> {
        let mut parts = rest.split(':');
        self.from = Some(flag_value(from));
        self.to = parts.next().map(flag_value);
        if let Some(points) = parts.next() {
            let count = points.trim().parse().ok().filter(|count| *count > 0);
            let count = count.ok_or_else(|| format!("`{points}` is not a number of points"))?;
            self.points = Some(At::new(Count(count)));
        }
        self.scale = match parts.next() {
            None | Some("linear") => Scale::Linear,
            Some("log") => Scale::Log,
            Some(other) => return Err(format!("`{other}` is not a scale: `linear` or `log`")),
        };
        if parts.next().is_some() {
            return Err("too many `:`: expected FROM..TO:POINTS:SCALE".to_owned());
        }
        self.range().map(|_| ()).map_err(|(_, problem)| problem)
    }

    /// The values of the range; none when there is no range.
    fn range(&self) -> Result<Vec<Node>, (Span, String)> {
        let (Some(from), Some(to)) = (&self.from, &self.to) else {
            return Ok(Vec::new());
        };
        let span = to.span;
        let (first, last) = (end_of_range(from)?, end_of_range(to)?);
        if first.kind != last.kind {
            return Err((
                span,
                format!("`from` and `to` are different things: {} and {}", from.to_toml(), to.to_toml()),
            ));
        }
        let is_log = self.scale == Scale::Log;
        if is_log && (first.base <= 0.0 || last.base <= 0.0) {
            return Err((span, "equal ratios need both ends above zero".to_owned()));
        }
        let points = self.points.map_or(DEFAULT_POINTS, |points| points.0.min(MOST_POINTS));
        // All values are written in the unit of the first, or of the last when the first is zero.
        let unit = if first.base == 0.0 { &last } else { &first };
        let size = if unit.base == 0.0 { 1.0 } else { unit.base / unit.number };
        let number = |index| at(index, points, first.base / size, last.base / size, is_log);
        let mut numbers: Vec<f64> = (0..points).map(number).collect();
        if let (Value::Integer(_), Value::Integer(_)) = (&from.value, &to.value) {
            // A count has no fractions, and nothing else tells it from a number.
            numbers.iter_mut().for_each(|number| *number = number.round());
            numbers.dedup();
        }
        Ok(write_all(&numbers, unit.unit))
    }
}

/// One end of a range, as it was written.
struct End<'a> {
    number: f64,
    base: f64,
    unit: &'a str,
    kind: usize,
}

fn end_of_range(node: &Node) -> Result<End<'_>, (Span, String)> {
    let plain = |number: f64| End { number, base: number, unit: "", kind: 0 };
    let end = match &node.value {
        Value::Integer(number) => Some(plain(*number as f64)),
        Value::Float(number) => Some(plain(*number)).filter(|_| number.is_finite()),
        Value::String(text) => {
            written(text).map(|it| End { number: it.number, base: it.base, unit: it.unit, kind: it.kind })
        }
        _ => None,
    };
    end.ok_or_else(|| (node.span, format!("{} is not a quantity", node.describe())))
}

/// The value at `index` of `count` between two ends, both of which are taken exactly.
fn at(index: u32, count: u32, first: f64, last: f64, is_log: bool) -> f64 {
    if index == 0 {
        return round_to_digits(first, DIGITS);
    }
    let share = f64::from(index) / f64::from(count - 1);
    let value = if is_log { first * libm::pow(last / first, share) } else { first + (last - first) * share };
    round_to_digits(if index + 1 == count { last } else { value }, DIGITS)
}

/// The numbers with their unit; without one, as integers if all are whole.
fn write_all(numbers: &[f64], unit: &str) -> Vec<Node> {
    let is_whole = numbers.iter().all(|number| number.fract() == 0.0 && number.abs() < 9e15);
    let value = |number: &f64| match (unit, is_whole) {
        ("", true) => Value::Integer(*number as i64),
        ("", false) => Value::Float(*number),
        _ => Value::String(format!("{number}{unit}")),
    };
    numbers.iter().map(|number| Node::unwritten(value(number))).collect()
}

/// A value on the command line: TOML, or text without its quotes.
pub(super) fn flag_value(text: &str) -> Node {
    let text = text.trim();
    let value = parse_value(text, 0).map_or_else(|| Value::String(text.to_owned()), |node| node.value);
    Node::unwritten(value)
}

impl Decode for PathList {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<PathList> {
        match node.value {
            Value::String(_) => At::decode(node, cx).map(|path| PathList(vec![path])),
            Value::Array(_) => Vec::decode(node, cx).map(PathList),
            _ => cx.mismatch(node, "a path or a list of paths", &Self::example()),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [String::schema(s), Vec::<String>::schema(s)] })
    }

    fn example() -> String {
        "\"service.app.replicas\"".to_owned()
    }
}
