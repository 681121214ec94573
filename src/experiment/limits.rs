//! What is too much to begin with, and what is said of a run that was stopped at a limit.

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
pub fn admit<'m>(models: impl IntoIterator<Item = &'m Model>, limits: &Limits) -> Result<(), Diagnostics> {
    let mut held = 0;
    models.into_iter().try_for_each(|model| admit_beside(model, &mut held, limits))
}

/// Refuses a model beside others that hold so many bytes already; adds its own to them.
pub(super) fn admit_beside(model: &Model, held: &mut u64, limits: &Limits) -> Result<(), Diagnostics> {
    *held += bytes(model);
    let memory = held.saturating_add(at_rest(model));
    let found = if memory > limits.memory { Some(too_large(model, memory, limits)) } else { too_long(model, limits) };
    let Some(found) = found else { return Ok(()) };
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(found);
    Err(diagnostics)
}

/// The limit that a model that is not admitted would reach: its name in results.
pub(super) fn reached_by(model: &Model, limits: &Limits) -> &'static str {
    word(if bytes(model) + at_rest(model) > limits.memory { Stopped::Memory } else { Stopped::Events })
}

/// What the model itself takes, more or less.
fn bytes(model: &Model) -> u64 {
    let targets = model.balancers.iter().map(|spec| spec.targets.len()).sum::<usize>();
    let warm = model.contents.iter().map(|spec| spec.warm.len()).sum::<usize>();
    let parts = model.program.len() + model.routines.len() + model.streams.len() + model.nodes.len() + model.laws.len();
    64 * (targets + warm + parts + model.stations as usize + 8 * model.groups.len()) as u64
}

fn too_large(model: &Model, memory: u64, limits: &Limits) -> Diagnostic {
    let (needs, most) = (gibibytes(memory), BYTES.write(limits.memory as f64));
    let message = format!("{} takes about {needs} before its first request, and --max-memory is {most}", model.file);
    let largest = model.groups.iter().max_by_key(|group| group.count);
    let largest = largest.map_or_else(String::new, |group| format!("; {} has {} stations", group.name(), group.count));
    Diagnostic::error(Span::default(), message)
        .help(format!("fewer replicas, users or points, or a higher --max-memory{largest}"))
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
        admit([&model], &limits).err().map_or_else(String::new, |found| found.render(false))
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
