//! The tables of a sweep: for each curve a line per point.

use super::few::others;
use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::{lines, shortened};
use crate::experiment::results::{Cost, Estimate, SweepPoint, SweepResults, WorkloadResult};
use crate::report::graph::sweep::names;
use crate::report::quantity::{Kind, dollars, estimate, show};
use crate::report::reading::{doubt, label, overloaded, setting, short};

/// Most curves that are shown point by point.
const MOST: usize = 12;
/// Most characters that say which curve it is, beside its numbers.
const LONGEST: usize = 34;

/// For each curve along the first axis, a table per workload, of several after one of all together, and of many of the few that
/// pictures show as well; before several curves, a line for each.
pub(super) fn tables(sweep: &SweepResults, ink: Ink) -> Tables {
    let (curves, names) = (sweep.curves(), names(sweep));
    let (mut parts, mut are_priced) = (Vec::new(), false);
    if sweep.axis.len() > 1 {
        parts.push(overview(sweep, &curves, ink));
    }
    for curve in curves.iter().take(MOST) {
        let blocks: Vec<(String, bool)> =
            whose(&names).into_iter().map(|whose| table(sweep, curve, whose, ink)).collect();
        are_priced |= blocks.iter().any(|(_, is_priced)| *is_priced);
        let mut blocks = blocks.into_iter().map(|(block, _)| block);
        let first = blocks.next().unwrap_or_default();
        let head = setting(sweep, &curve[0].at);
        let head = if head.is_empty() { head } else { lines(&head, Tone::Head, ink) };
        parts.push(head + &first);
        parts.extend(blocks);
    }
    let all = sweep.points.first().map_or(0, |point| point.result.workloads.len());
    parts.extend(Some(others(all.saturating_sub(names.len()), "more workloads", ink)).filter(|said| !said.is_empty()));
    if curves.len() > MOST {
        let left = curves.len() - MOST;
        parts.push(format!("{left} more curves are not shown here: --format csv has every point\n"));
    }
    Tables { parts, are_priced }
}

/// What is said of the curves, part by part.
pub(super) struct Tables {
    pub(super) parts: Vec<String>,
    /// Some have columns of prices: where there is no room, tables do without.
    pub(super) are_priced: bool,
}

/// A line per curve: where it bends.
fn overview(sweep: &SweepResults, curves: &[Vec<&SweepPoint>], ink: Ink) -> String {
    let mut table = Table::new(&["curve", "knee at", "throughput", "mean", "overloaded"]);
    for curve in curves {
        let is_own = |at: &[f64]| at[1..] == curve[0].at[1..];
        let knee = sweep.knees.iter().flatten().find(|knee| is_own(&knee.at));
        let at = knee.map_or("–".to_owned(), |knee| label(&sweep.axis[0], knee.at[0]));
        let over = curve.iter().filter(|point| overloaded(&point.result)).count();
        let tone = if over > 0 { Tone::Bad } else { Tone::Plain };
        table.row(vec![
            which(sweep, &curve[0].at).into(),
            at.into(),
            show(Kind::Rate, knee.map(|knee| knee.throughput)).into(),
            show(Kind::Time, knee.map(|knee| knee.latency)).into(),
            Cell::new(format!("{over} of {}", curve.len()), tone),
        ]);
    }
    table.render(ink)
}

/// Which curve it is: paths are cut where they are too long, and values are not.
fn which(sweep: &SweepResults, at: &[f64]) -> String {
    let whole = setting(sweep, at);
    let others = sweep.axis.iter().zip(at).skip(1).map(|(axis, &value)| (short(&axis.path), label(axis, value)));
    let others: Vec<(&str, String)> = others.collect();
    let count = others.len().max(1);
    // Between a path and its value is a blank, between two of them a comma and a blank.
    let taken = others.iter().map(|(_, value)| value.chars().count() + 3).sum::<usize>().saturating_sub(2);
    match whole.chars().count() <= LONGEST {
        true => whole,
        false => {
            let room = LONGEST.saturating_sub(taken) / count;
            let cut = others.iter().map(|(path, value)| format!("{} {value}", shortened(path, room)));
            shortened(&cut.collect::<Vec<_>>().join(", "), LONGEST)
        }
    }
}

/// Whose requests a table is about.
#[derive(Debug, Clone, Copy)]
enum Whose<'a> {
    /// Those of the only workload.
    Only(&'a str),
    /// Those of all workloads together.
    All,
    /// Those of one of several. Where the curve bends, what limits, and what it costs is said of all together.
    OneOf(&'a str),
}

impl<'a> Whose<'a> {
    fn workload(self, point: &SweepPoint) -> Option<&WorkloadResult> {
        match self {
            Whose::Only(name) | Whose::OneOf(name) => point.result.workloads.get(name),
            Whose::All => None,
        }
    }

    fn name(self) -> &'a str {
        match self {
            Whose::Only(name) | Whose::OneOf(name) => name,
            Whose::All => "all workloads",
        }
    }

    fn is_whole(self) -> bool {
        !matches!(self, Whose::OneOf(_))
    }
}

/// The tables of a curve, by the workloads that are shown.
fn whose(names: &[String]) -> Vec<Whose<'_>> {
    match names {
        [only] => vec![Whose::Only(only)],
        several => std::iter::once(Whose::All).chain(several.iter().map(|name| Whose::OneOf(name))).collect(),
    }
}

/// With the half-widths of as many times, and as many prices, as fit the terminal.
/// Whether prices are among them.
fn table(sweep: &SweepResults, curve: &[&SweepPoint], whose: Whose<'_>, ink: Ink) -> (String, bool) {
    let fits = |&form: &Form| rows(sweep, curve, whose, form).fits();
    let prices = prices(curve, whose);
    let form = |halves: usize, most: usize, longest: usize| Form {
        halves,
        prices: &prices[..most.min(prices.len())],
        longest,
    };
    let whole = [(2, 2), (1, 2), (1, 1), (1, 0)].map(|(halves, most)| form(halves, most, usize::MAX));
    let cut = [(1, 20), (1, 16), (1, 12), (0, 12)].map(|(halves, longest)| form(halves, 0, longest));
    let form = whole.into_iter().chain(cut).find(fits).unwrap_or(cut[3]);
    (rows(sweep, curve, whose, form).render(ink), !form.prices.is_empty())
}

/// What is left out of a table, so that it fits.
#[derive(Debug, Clone, Copy)]
struct Form<'a> {
    /// How many times have half-widths.
    halves: usize,
    /// The prices that are shown.
    prices: &'a [Price],
    /// Most characters of a name.
    longest: usize,
}

/// What is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Price {
    Hour,
    MillionRequests,
}

impl Price {
    fn head(self) -> &'static str {
        match self {
            Price::Hour => "$/h",
            Price::MillionRequests => "$/M",
        }
    }

    fn shown(self, cost: &Cost) -> String {
        let amount = match self {
            Price::Hour => Some(cost.per_hour),
            Price::MillionRequests => cost.per_million_requests,
        };
        amount.map_or("–".to_owned(), |amount| dollars(amount).trim_start_matches('$').to_owned())
    }
}

/// What of the cost is worth a column: nothing without prices, and an hour only where it differs.
fn prices(curve: &[&SweepPoint], whose: Whose<'_>) -> Vec<Price> {
    let hour = |point: &&SweepPoint| Price::Hour.shown(&point.result.cost);
    let differs = curve.windows(2).any(|pair| hour(&pair[0]) != hour(&pair[1]));
    match whose.is_whole() && curve.iter().any(|point| point.result.cost.per_hour > 0.0) {
        true if differs => vec![Price::Hour, Price::MillionRequests],
        true => vec![Price::MillionRequests],
        false => vec![],
    }
}

fn rows(sweep: &SweepResults, curve: &[&SweepPoint], whose: Whose<'_>, form: Form<'_>) -> Table {
    let mut results = curve.iter().filter_map(|point| whose.workload(point));
    let errors = results.any(|result| result.error_rate.value.is_some_and(|rate| rate > 0.0));
    let name = shortened(whose.name(), form.longest);
    let mut head = vec![name.as_str(), "at", "throughput"];
    head.extend(errors.then_some("errors"));
    match whose {
        Whose::All => head.push("mean"),
        Whose::Only(_) | Whose::OneOf(_) => {
            for (index, time) in ["mean", "p99"].into_iter().enumerate() {
                head.push(time);
                head.extend((index < form.halves).then_some("±"));
            }
        }
    }
    if whose.is_whole() {
        head.extend(["bottleneck", "busy"]);
        head.extend(form.prices.iter().map(|price| price.head()));
    }
    let mut table = Table::new(&head);
    for point in curve {
        table.row(row(sweep, point, whose, errors, form));
    }
    table
}

fn row(sweep: &SweepResults, point: &SweepPoint, whose: Whose<'_>, errors: bool, form: Form<'_>) -> Vec<Cell> {
    let remark = if whose.is_whole() { remark(sweep, point) } else { Cell::default() };
    let place = sweep.axis.first().map_or_else(String::new, |axis| label(axis, point.at[0]));
    let is_ordered = sweep.axis.first().is_none_or(|axis| axis.ordered);
    let place = if is_ordered { Cell::from(place) } else { Cell::words(place) };
    let mut cells = vec![remark, place];
    cells.extend(match whose.workload(point) {
        Some(workload) => served(workload, errors, form),
        None => together(point),
    });
    if whose.is_whole() {
        cells.extend(limit(point, form));
        cells.extend(form.prices.iter().map(|price| Cell::from(price.shown(&point.result.cost))));
    }
    cells
}

/// How a workload fares.
fn served(workload: &WorkloadResult, errors: bool, form: Form<'_>) -> Vec<Cell> {
    let mut cells = vec![show(Kind::Rate, workload.throughput.value).into()];
    cells.extend(errors.then(|| failures(workload)));
    let times = [&workload.latency.mean, &workload.latency.p99];
    for (index, time) in times.into_iter().enumerate() {
        cells.extend(duration(time, index < form.halves));
    }
    cells
}

/// How all of them fare: what the knee is about.
fn together(point: &SweepPoint) -> Vec<Cell> {
    let (throughput, latency) = point.totals().unzip();
    vec![show(Kind::Rate, throughput).into(), show(Kind::Time, latency).into()]
}

fn limit(point: &SweepPoint, form: Form<'_>) -> [Cell; 2] {
    let Some(limit) = &point.result.bottleneck else { return Default::default() };
    let busy = show(Kind::Ratio, Some(limit.utilization));
    let station = Cell::left(shortened(&limit.station, form.longest));
    [station, Cell::new(busy, Tone::of_utilization(limit.utilization))]
}

fn duration(time: &Estimate, half: bool) -> Vec<Cell> {
    let (value, width) = estimate(Kind::Time, time);
    let mut cells = vec![Cell::from(value)];
    cells.extend(half.then(|| Cell::new(width, Tone::Dim)));
    cells
}

fn failures(workload: &WorkloadResult) -> Cell {
    let rate = workload.error_rate.value;
    let tone = if rate.is_some_and(|rate| rate > 0.0) { Tone::Bad } else { Tone::Plain };
    Cell::new(show(Kind::Ratio, rate), tone)
}

fn remark(sweep: &SweepResults, point: &SweepPoint) -> Cell {
    if let Some(doubt) = doubt(&point.result) {
        return Cell::new(doubt, if overloaded(&point.result) { Tone::Bad } else { Tone::Close });
    }
    let is_knee = sweep.knee.iter().chain(sweep.knees.iter().flatten()).any(|knee| knee.at == point.at);
    if is_knee { Cell::new("knee →", Tone::Good) } else { Cell::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn long_names_are_cut_where_they_would_not_fit() {
        let mut sweep = fixture::sweep();
        let long = "a-station-with-a-name-that-is-far-too-long-for-any-table.cpu";
        for point in &mut sweep.points {
            if let Some(limit) = &mut point.result.bottleneck {
                limit.station = long.to_owned();
            }
            let workloads = std::mem::take(&mut point.result.workloads);
            point.result.workloads = workloads.into_values().map(|it| (long.to_owned(), it)).collect();
        }
        let text = tables(&sweep, Ink(false)).parts.concat();
        assert!(text.contains("a-stati….cpu") && text.contains('±'), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn values_of_curves_are_never_cut() {
        let mut sweep = fixture::curves();
        sweep.axis[1].path = "station.desk.service-time.hyperexponential.scv".into();
        let text = tables(&sweep, Ink(false)).parts.concat();
        let found = text.lines().filter(|line| line.starts_with("desk.") && line.contains('…'));
        let ends: Vec<&str> = found.filter_map(|line| line.split_once(".scv ").map(|(_, end)| &end[..1])).collect();
        assert_eq!(ends, ["1", "2"], "{text}");
    }

    #[test]
    fn several_workloads_have_one_knee() {
        let mut sweep = fixture::sweep();
        for point in &mut sweep.points {
            let one = point.result.workloads["customers"].clone();
            point.result.workloads.insert("guests".into(), one);
        }
        let text = tables(&sweep, Ink(false)).parts.concat();
        assert_eq!((text.matches("knee →").count(), text.matches("bottleneck").count()), (1, 1), "{text}");
        assert!(text.starts_with("all workloads"), "{text}");
        assert!(text.contains("\ncustomers") && text.contains("\nguests"), "{text}");
        assert!(text.contains("  1.20/s  2.50 s"), "twice 0.6/s are answered at the knee: {text}");
    }

    #[test]
    fn of_many_workloads_a_few_are_shown() {
        let mut sweep = fixture::sweep();
        for point in &mut sweep.points {
            let one = point.result.workloads["customers"].clone();
            point.result.workloads = (0..300).map(|index| (format!("w-{index:03}"), one.clone())).collect();
        }
        let parts = tables(&sweep, Ink(false)).parts;
        assert_eq!(parts.iter().filter(|part| part.starts_with("w-")).count(), 6, "{parts:?}");
        assert_eq!(parts.last().unwrap(), "and 294 more workloads: --format csv and json have all\n");
    }

    #[test]
    fn prices_are_shown_where_there_are_any() {
        let mut sweep = fixture::sweep();
        for point in &mut sweep.points {
            point.result.cost = Cost::default();
        }
        assert!(!tables(&sweep, Ink(false)).parts.concat().contains('$'));
        let price = |sweep: &mut SweepResults, grows: f64| {
            for (index, point) in sweep.points.iter_mut().enumerate() {
                let per_hour = 1.5 + grows * index as f64;
                point.result.cost = Cost { per_hour, per_million_requests: Some(2.5), ..Cost::default() };
            }
            tables(sweep, Ink(false)).parts.concat()
        };
        let same = price(&mut sweep, 0.0);
        assert!(same.contains("$/M") && !same.contains("$/h"), "{same}");
        let differs = price(&mut sweep, 0.1);
        // Here is no room for both and for the half-width of the mean, which matters more.
        assert!(differs.contains("   $/h\n") && differs.contains("  1.60\n") && differs.contains('±'), "{differs}");
        assert!(differs.lines().all(|line| line.chars().count() <= 80), "{differs}");
    }
}
