//! What is too much to begin with, and what is said of a run that was stopped at a limit.

use super::replicate::Options;
use super::size::{self, Held};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::engine::{Limits, Stopped, at_rest};
use crate::model::{Horizon, Model, SourceSpec, WarmUp};
use crate::units::{self, BYTES};

/// The limit's name in results.
pub(super) fn word(why: Stopped) -> &'static str {
    match why {
        Stopped::Livelock => "livelock",
        Stopped::Events => "events",
        Stopped::InFlight => "in-flight",
        Stopped::Memory => "memory",
    }
}

/// What the limit was, when it was reached, and what to do.
pub(super) fn warning(why: Stopped, limits: &Limits, model: &Model, window: u64) -> String {
    let reason = match why {
        Stopped::Livelock => {
            "requests went round without time passing; give `think-time`, a service time, a back-off or \
                              `redeliver-after`"
                .to_owned()
        }
        Stopped::Events => {
            format!("a replication had {} events; shorten `duration`, or raise --max-events", limits.events)
        }
        Stopped::InFlight => {
            format!(
                "more than {} requests were in flight; shorten `duration`, or raise --max-in-flight",
                limits.in_flight
            )
        }
        Stopped::Memory => {
            let most = BYTES.write(limits.memory as f64);
            format!("a replication took more than {most}; shorten `duration`, or raise --max-memory")
        }
    };
    match window {
        0 => format!("stopped early, before anything was measured: {reason}"),
        ticks => format!("stopped early, after {}: {reason}", units::duration(model.seconds(ticks as f64))),
    }
}

/// Refuses models that take more memory before anybody comes, or are certain to have more events, than they may.
///
/// # Errors
/// What is too much, and what to do about it.
pub fn admit<'m>(models: impl IntoIterator<Item = &'m Model>, options: &Options) -> Result<(), Diagnostics> {
    let mut held = Held::default();
    models.into_iter().try_for_each(|model| admit_beside(model, None, &mut held, options))
}

/// Refuses a model beside others that are there already; adds it to them, and its results. In a search only those of one model
/// are there, of at most so many replications.
pub(super) fn admit_beside(
    model: &Model,
    search: Option<u32>,
    held: &mut Held,
    options: &Options,
) -> Result<(), Diagnostics> {
    let limits = &options.limits;
    let precise = model.precision.as_ref().map(|precision| precision.most);
    let replications = search.or(precise).unwrap_or(0).max(model.replications);
    held.add(model);
    let memory = held.models.saturating_add(at_rest(model));
    let results = held.results.saturating_add(size::results(model, options, replications));
    let all = memory.saturating_add(results).saturating_add(size::numbers(model, options, replications));
    if search.is_none() {
        held.results = results;
    }
    let found = match () {
        () if memory > limits.memory => Some(too_large(model, memory, limits)),
        () if all > limits.memory => Some(too_many(model, replications, all, limits)),
        () => too_long(model, limits),
    };
    let Some(found) = found else { return Ok(()) };
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(found);
    Err(diagnostics)
}

/// The limit that a model that is not admitted would reach: its name in results.
pub(super) fn reached_by(model: &Model, limits: &Limits) -> &'static str {
    word(if too_long(model, limits).is_some() { Stopped::Events } else { Stopped::Memory })
}

fn too_large(model: &Model, memory: u64, limits: &Limits) -> Diagnostic {
    let (needs, most) = (gibibytes(memory), BYTES.write(limits.memory as f64));
    let message = format!("{} takes about {needs} before its first request, and --max-memory is {most}", model.file);
    let largest = model.groups.iter().filter(|group| group.count > 1).max_by_key(|group| group.count);
    let largest = largest.map_or_else(String::new, |group| format!("; {} has {} stations", group.name(), group.count));
    Diagnostic::error(Span::default(), message)
        .help(format!("fewer replicas, users, rows of files or points, or a higher --max-memory{largest}"))
}

fn too_many(model: &Model, replications: u32, memory: u64, limits: &Limits) -> Diagnostic {
    let (needs, most) = (gibibytes(memory), BYTES.write(limits.memory as f64));
    let file = &model.file;
    let message = format!(
        "{file} takes about {needs} with the results of {replications} replications, and --max-memory is {most}"
    );
    Diagnostic::error(Span::default(), message).help("fewer replications or points, or a higher --max-memory")
}

/// Of a model that is overloaded nobody knows how far it comes.
fn too_long(model: &Model, limits: &Limits) -> Option<Diagnostic> {
    let Horizon::Ticks(window) = model.horizon else { return None };
    let warm_up = if let WarmUp::Ticks(ticks) = model.warm_up { ticks } else { 0 };
    let open = model
        .workloads
        .iter()
        .zip(&model.forecast.rates)
        .filter(|(workload, _)| matches!(workload.source, SourceSpec::Open { .. }));
    let requests = open.map(|(_, rate)| rate).sum::<f64>() * model.seconds(window as f64 + warm_up as f64);
    let is_certain = requests > CERTAIN * limits.events as f64 && model.forecast.unstable.is_empty();
    let (file, most) = (&model.file, limits.events);
    let message =
        format!("{file} would have about {requests:.1e} requests in each replication, and --max-events is {most}");
    let help = "a shorter `duration`, or a higher --max-events";
    is_certain.then(|| Diagnostic::error(Span::default(), message).help(help))
}

/// A request is one event at least; chance does not make it fewer by so much.
const CERTAIN: f64 = 1.1;

/// For people: `6.2 GiB`.
fn gibibytes(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::load;
    use crate::scenario::Source;

    fn refused(text: &str, limits: Limits) -> String {
        let source = Source { name: "one.toml".into(), text: text.into(), overrides: vec![] };
        let (model, diagnostics) = load(&source, &|_| Err("no files".into()));
        let model = model.unwrap_or_else(|| panic!("{}", diagnostics.render(false)));
        admit([&model], &Options { limits, ..Options::default() })
            .err()
            .map_or_else(String::new, |found| found.render(false))
    }

    /// A queue with these keys of the run, and what else there is.
    fn queue(run: &str, more: &str) -> String {
        format!(
            "[workload.w]\nto = \"desk\"\narrivals = {{ poisson = \"9/s\" }}\n[station.desk]\nservice-time = \"1ms\"\n\
             [run]\nduration = \"1s\"\nwarm-up = \"0s\"\n{run}\n{more}"
        )
    }

    #[test]
    fn what_replications_leave_counts() {
        let small = Limits { memory: 8 << 20, ..Limits::default() };
        assert_eq!(refused(&queue("replications = 1000", ""), small), "");
        let precise = |most: u32| {
            let metric = "metric = \"w.latency.mean\", within = \"1%\"";
            format!("replications = 10\nprecision = {{ {metric}, most = {most} }}")
        };
        assert_eq!(refused(&queue(&precise(1000), ""), small), "");
        for run in ["replications = 50000", &precise(50_000)] {
            let found = refused(&queue(run, ""), small);
            assert!(found.contains("GiB with the results of 50000 replications, and --max-memory is 8MiB"), "{found}");
        }
    }

    #[test]
    fn what_is_certainly_too_much_is_refused() {
        let text = |rate: u32, replicas: u32, duration: &str| {
            format!(
                "[workload.w]\nto = \"desk\"\narrivals = {{ poisson = \"{rate}/s\" }}\n[station.desk]\nreplicas = {replicas}\n\
                 service-time = \"1ms\"\n[run]\nduration = \"{duration}\"\nwarm-up = \"0s\"\n"
            )
        };
        let usual = Limits::default();
        assert_eq!(refused(&text(100, 100_000, "1h"), usual), "");
        let small = Limits { memory: 16 << 20, ..usual };
        let found = refused(&text(100, 100_000, "1h"), small);
        assert!(found.contains("before its first request, and --max-memory is 16MiB"), "{found}");
        assert!(found.contains("desk has 100000 stations"), "{found}");
        let found = refused(&text(900, 1, "1000day"), usual);
        assert!(
            found.contains(
                "one.toml would have about 7.8e10 requests in each replication, and --max-events is 10000000000"
            ),
            "{found}"
        );
        assert_eq!(refused(&text(1100, 1, "1000day"), usual), "", "overloaded: it is stopped early, and says why");
    }
}
