//! Every combination of the values of several axes: the points of a sweep, each a model of its own.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fingerprint::Fingerprint;
use super::limits::admit_beside;
use super::replicate::Options;
use super::results::Axis;
use super::size::Held;
use crate::diagnostic::{Diagnostics, Span};
use crate::model::source::TraceRow;
use crate::model::{Model, Read, SourceSpec, Workload, load};
use crate::scenario::{Source, SweepAxis, canonical, check_axes};
use crate::syntax::Node;

/// The points of a sweep, before any is run.
pub struct Grid {
    /// What is varied.
    pub axes: Vec<Axis>,
    /// One for each combination of values; those of the last axis change first.
    pub points: Vec<GridPoint>,
    /// Whether all of them are there. Otherwise somebody wanted no more.
    pub whole: bool,
}

/// A scenario with one combination of values.
pub struct GridPoint {
    /// The value on each axis.
    pub at: Vec<f64>,
    /// The scenario there.
    pub model: Model,
    /// What its results depend on, except options: the scenario, the files that it names, the version of knee.
    pub(super) depends_on: Fingerprint,
}

/// Builds the model at every point, without running any.
///
/// # Errors
/// What is wrong with the axes, or with the scenario at one of the points.
pub fn grid(source: &Source, axes: &[SweepAxis], read: Read<'_>, options: &Options) -> Result<Grid, Diagnostics> {
    grid_for(None, source, axes, read, options, &|| true)
}

/// The same for a search, which runs at most so many replications of one point at a time; and as long as it is to go on, but for
/// the first point.
pub(super) fn grid_for(
    search: Option<u32>,
    source: &Source,
    axes: &[SweepAxis],
    read: Read<'_>,
    options: &Options,
    go_on: &dyn Fn() -> bool,
) -> Result<Grid, Diagnostics> {
    let values = values(axes)?;
    let files = Files { read, texts: RefCell::default(), named: RefCell::default(), replayed: RefCell::default() };
    let mut held = Held::default();
    let points: Result<Vec<GridPoint>, Diagnostics> = combinations(&values)
        .enumerate()
        .take_while(|(index, _)| *index == 0 || go_on())
        .map(|(_, indices)| {
            let point = point(source, axes, &values, &indices, &files)?;
            admit_beside(&point.model, search, &mut held, options)?;
            Ok(point)
        })
        .collect();
    let axes: Vec<Axis> = axes.iter().zip(&values).map(|(axis, values)| described(axis, values)).collect();
    let points = points?;
    let whole = points.len() == combinations(&values).count();
    Ok(Grid { axes, points, whole })
}

/// The values of every axis.
fn values(axes: &[SweepAxis]) -> Result<Vec<Vec<Node>>, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let values = axes.iter().map(|axis| axis.points(&mut diagnostics)).collect();
    check_axes(axes, Span::default()).into_iter().for_each(|found| diagnostics.push(found));
    // The places are those of another text than this one's.
    diagnostics.list.iter_mut().for_each(|found| (found.span, found.notes) = (None, Vec::new()));
    if diagnostics.has_errors() { Err(diagnostics) } else { Ok(values) }
}

/// For each combination of values, the index of the value on each axis.
fn combinations(values: &[Vec<Node>]) -> impl Iterator<Item = Vec<usize>> {
    let sizes: Vec<usize> = values.iter().map(Vec::len).collect();
    let count: usize = sizes.iter().product();
    (0..count).map(move |mut rest| {
        let mut indices = vec![0; sizes.len()];
        for (index, size) in indices.iter_mut().zip(&sizes).rev() {
            (*index, rest) = (rest % size, rest / size);
        }
        indices
    })
}

/// The model with every path of each axis set to its value.
fn point(
    source: &Source,
    axes: &[SweepAxis],
    values: &[Vec<Node>],
    indices: &[usize],
    files: &Files<'_>,
) -> Result<GridPoint, Diagnostics> {
    let said = source.changes();
    let mut source = source.clone();
    let mut at = Vec::new();
    for ((axis, values), &index) in axes.iter().zip(values).zip(indices) {
        let set = axis.vary.value.0.iter().map(|path| format!("{}={}", path.value, values[index].to_toml()));
        source.overrides.extend(set);
        at.push(number(index, &values[index]));
    }
    files.named.take();
    let (model, diagnostics) = load(&source, &|name| files.text(name));
    let mut model = model.ok_or(diagnostics)?;
    model.workloads.iter_mut().for_each(|workload| files.share(workload));
    // What the axes set is where the point is, and no change of the scenario.
    model.set = said;
    Ok(GridPoint { at, model, depends_on: depends_on(&source, files) })
}

fn depends_on(source: &Source, files: &Files<'_>) -> Fingerprint {
    let mut all = Fingerprint::default();
    [env!("CARGO_PKG_VERSION"), &source.name, &canonical(source)].into_iter().for_each(|text| all.add(text.as_bytes()));
    let texts = files.texts.borrow();
    for name in files.named.borrow().iter() {
        all.add(name.as_bytes());
        all.add(&texts.get(name).map_or([0; 16], |(_, print)| print.bytes()));
    }
    all
}

fn described(axis: &SweepAxis, values: &[Node]) -> Axis {
    let label = |value: &Node| value.as_text().map_or_else(|| value.to_toml(), str::to_owned);
    Axis {
        path: axis.vary.value.0.first().map_or(String::new(), |path| path.value.clone()),
        with: axis.vary.value.0.iter().skip(1).map(|path| path.value.clone()).collect(),
        values: values.iter().enumerate().map(|(index, value)| number(index, value)).collect(),
        labels: values.iter().map(label).collect(),
        ordered: values.iter().all(|value| value.number().is_some()),
    }
}

/// The value as a number; of a word, its index.
fn number(index: usize, value: &Node) -> f64 {
    value.number().unwrap_or(index as f64)
}

/// What is in a file, or why it cannot be read, and the fingerprint of it.
type Text = (Result<String, String>, Fingerprint);

/// The files that scenarios name: each is read once, however many points there are.
struct Files<'a> {
    read: Read<'a>,
    texts: RefCell<BTreeMap<String, Text>>,
    /// Those that the point under way names.
    named: RefCell<BTreeSet<String>>,
    /// What points replay.
    replayed: RefCell<Vec<Arc<[TraceRow]>>>,
}

impl Files<'_> {
    /// Jobs that another point replays too are kept once for all points: there may be millions.
    fn share(&self, workload: &mut Workload) {
        let SourceSpec::Trace(rows) = &mut workload.source else { return };
        let mut replayed = self.replayed.borrow_mut();
        match replayed.iter().find(|known| *known == rows) {
            Some(known) => *rows = known.clone(),
            None => replayed.push(rows.clone()),
        }
    }

    fn text(&self, name: &str) -> Result<String, String> {
        self.named.borrow_mut().insert(name.to_owned());
        let mut texts = self.texts.borrow_mut();
        let (text, _) = texts.entry(name.to_owned()).or_insert_with(|| {
            let text = (self.read)(name);
            let mut print = Fingerprint::default();
            print.add(text.as_ref().map_or(&[], |text| text.as_bytes()));
            (text, print)
        });
        text.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUEUE: &str = "[workload.w]\nto = \"desk\"\narrivals = { poisson = \"8/s\" }\n\
        [station.desk]\nservice-time = { empirical = \"times.csv\" }\n";

    fn key(text: &str, overrides: &[&str], file: &str, axes: &[&str]) -> Vec<[u8; 16]> {
        let overrides = overrides.iter().map(|&one| one.to_owned()).collect();
        let source = Source { name: "queue.toml".into(), text: text.into(), overrides };
        let axes: Vec<SweepAxis> = axes.iter().map(|axis| SweepAxis::from_flag(axis).unwrap()).collect();
        let found = grid(&source, &axes, &|_| Ok(file.to_owned()), &Options::default());
        let found = found.unwrap_or_else(|problems| panic!("{}", problems.render(false)));
        found.points.iter().map(|point| point.depends_on.bytes()).collect()
    }

    #[test]
    fn the_last_axis_changes_first() {
        let source = Source { name: "queue.toml".into(), text: QUEUE.into(), overrides: Vec::new() };
        let axes = ["workload.w.arrivals.poisson=1/s,2/s", "station.desk.servers=3,4,5"];
        let axes = axes.map(|axis| SweepAxis::from_flag(axis).unwrap());
        let found = grid(&source, &axes, &|_| Ok("0.01\n".into()), &Options::default()).ok().unwrap();
        let at: Vec<&[f64]> = found.points.iter().map(|point| point.at.as_slice()).collect();
        assert_eq!(at, [[1.0, 3.0], [1.0, 4.0], [1.0, 5.0], [2.0, 3.0], [2.0, 4.0], [2.0, 5.0]]);
        assert_eq!(found.axes[1].labels, ["3", "4", "5"]);
    }

    #[test]
    fn whatever_changes_a_result_changes_what_it_depends_on() {
        let axis = ["station.desk.servers=1,2"];
        let base = key(QUEUE, &[], "0.01\n", &axis);
        assert_ne!(base[0], base[1], "the point");
        let changed = [
            ("the seed", key(QUEUE, &["run.seed=2"], "0.01\n", &axis)),
            ("the scenario", key(&QUEUE.replace("8/s", "9/s"), &[], "0.01\n", &axis)),
            ("a file", key(QUEUE, &[], "0.02\n", &axis)),
        ];
        for (what, changed) in changed {
            assert!(changed.iter().all(|key| !base.contains(key)), "{what}");
        }
    }

    #[test]
    fn what_changes_no_result_changes_nothing() {
        let base = key(QUEUE, &[], "0.01\n", &["station.desk.servers=1,2"]);
        let sweep = format!("# said\n{QUEUE}[sweep]\nvary = \"run.seed\"\nvalues = [1]\n");
        assert_eq!(key(&sweep, &[], "0.01\n", &["station.desk.servers=2,3,1"])[2], base[0]);
        assert_eq!(key(QUEUE, &[], "0.01\n", &["station.desk.servers=2"])[0], base[1]);
    }

    #[test]
    fn too_many_points_are_refused_before_any_is_built() {
        let source = Source { name: "queue.toml".into(), text: QUEUE.into(), overrides: Vec::new() };
        let axes = ["workload.w.arrivals.poisson=1/s..2/s:101", "station.desk.servers=1..100:100"];
        let axes = axes.map(|axis| SweepAxis::from_flag(axis).unwrap());
        let refused = |axes: &[SweepAxis]| {
            grid(&source, axes, &|_| unreachable!(), &Options::default()).err().unwrap().render(false)
        };
        let many = refused(&axes);
        assert!(many.contains("too many points: 10100, and at most 10000"), "{many}");
        let values: Vec<String> = (1..=10_001).map(|value| value.to_string()).collect();
        for values in ["1..20000:10001", &values.join(",")] {
            let one = [SweepAxis::from_flag(&format!("station.desk.servers={values}")).unwrap()];
            let many = refused(&one);
            assert!(many.contains("too many points: 10001, and at most 10000"), "{many}");
        }
    }

    #[test]
    fn results_of_all_points_count_and_of_a_search_those_of_one() {
        let source = Source { name: "queue.toml".into(), text: QUEUE.into(), overrides: Vec::new() };
        let axes = [SweepAxis::from_flag("station.desk.servers=1..300:300").unwrap()];
        let limits = crate::engine::Limits { memory: 2 << 20, ..Default::default() };
        let options = Options { limits, ..Options::default() };
        let found = grid(&source, &axes, &|_| Ok("0.01\n".into()), &options).err().unwrap().render(false);
        assert!(found.contains("with the results of 10 replications, and --max-memory is 2MiB"), "{found}");
        assert!(grid_for(Some(10), &source, &axes, &|_| Ok("0.01\n".into()), &options, &|| true).is_ok());
    }

    #[test]
    fn points_share_the_jobs_that_they_replay() {
        let text = "[workload.w]\nto = \"desk\"\narrivals = { trace = \"jobs.csv\" }\n\
                    [station.desk]\nservice-time = \"1s\"\n";
        let source = Source { name: "it.toml".into(), text: text.into(), overrides: Vec::new() };
        let axes = [SweepAxis::from_flag("station.desk.servers=1,2,3").unwrap()];
        let found = grid(&source, &axes, &|_| Ok("time,key\n1,a\n2,b\n".into()), &Options::default());
        let found = found.unwrap_or_else(|problems| panic!("{}", problems.render(false)));
        let rows = |point: &GridPoint| match &point.model.workloads[0].source {
            SourceSpec::Trace(rows) => rows.clone(),
            other => panic!("{other:?}"),
        };
        let first = rows(&found.points[0]);
        assert!(found.points.iter().all(|point| Arc::ptr_eq(&rows(point), &first)));
    }
}
