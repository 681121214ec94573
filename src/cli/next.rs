//! What to try next: a command that works as it stands, with paths of the user's own scenario.

use knee::experiment::results::{CapacityResults, Results};
use knee::model::Model;
use knee::scenario::{Knob, parse};

use super::input::Input;
use super::terminal::quoted;

/// A scenario with the flags that it was run with.
pub(crate) struct Subject<'a> {
    /// As it was named.
    pub(crate) file: &'a str,
    /// The flags that change it, as they are typed, each behind a blank.
    pub(crate) said: String,
    /// Its text.
    pub(crate) input: &'a Input,
    /// What it means.
    pub(crate) model: &'a Model,
}

impl Subject<'_> {
    /// A command about this scenario with these further flags, each behind a blank.
    pub(crate) fn command(&self, verb: &str, flags: &str) -> String {
        format!("knee {verb} {}{}{flags}", quoted(self.file), self.said)
    }

    /// After a run: what to do about what is wrong, or else the curve of which this run is a point.
    pub(crate) fn after_run(&self, result: &Results, why: bool) -> String {
        let failed = result.objectives.iter().any(|objective| objective.met == Some(false));
        match (result.scenario.partial, result.unstable.is_empty()) {
            (true, _) if result.scenario.stopped.is_none() => self.command("run", ""),
            (_, false) => self.limit(),
            // There is no answer whose time could be followed, or not all was seen.
            (partial, _) if partial || is_mute(result) => self.command("explain", ""),
            _ if failed && !why => self.command("run", " --why"),
            _ if failed => self.remedy(result),
            _ if self.model.sweep.is_some() => self.command("sweep", ""),
            _ => self.curve(result).unwrap_or_else(|| self.command("explain", "")),
        }
    }

    /// How much it can take, if that can be asked.
    pub(crate) fn limit(&self) -> String {
        match self.model.objectives.is_empty() && !is_open(self.model) {
            true => self.command("explain", ""),
            false => self.command("capacity", ""),
        }
    }

    /// After a search for the highest load: what it takes to bear half as much again. None where no size is known.
    pub(crate) fn more(&self, results: &CapacityResults, requires: &str) -> Option<String> {
        let limit = results.capacity.filter(|_| results.path == "run.load")?;
        let size = self.size(&results.bottleneck.as_ref()?.station, false)?;
        // Less than today is no answer.
        let load = short((1.5 * limit.value).max(1.0));
        Some(self.command("capacity", &format!("{requires} --over {} --load {load}", quoted(&size.flag))))
    }

    /// After an objective failed: more of what is the bottleneck, as cheap as it can be had.
    fn remedy(&self, result: &Results) -> String {
        let is_priced = result.cost.per_hour > 0.0;
        let size = result.bottleneck.as_ref().and_then(|limit| self.size(&limit.station, is_priced));
        let Some(size) = size else { return self.limit() };
        match is_priced {
            true => self.command("optimize", &format!(" --over {}={}..{}:8", size.path, size.today, size.today + 7)),
            false => self.command("capacity", &format!(" --over {}", quoted(&size.flag))),
        }
    }

    /// Five loads up to where the bottleneck is nearly busy; of users, to twice as many.
    fn curve(&self, result: &Results) -> Option<String> {
        let busy = result.bottleneck.as_ref().map_or(0.5, |limit| limit.utilization).max(0.01);
        let today = Knob::load(&self.input.source).today.unwrap_or(1.0);
        let most = today * if is_open(self.model) { 0.95 / busy } else { 2.0 };
        let ends = [most / 5.0, most].map(short);
        ends.iter().all(|end| self.accepts(&[format!("run.load={end}")])).then_some(())?;
        Some(self.command("sweep", &format!(" --vary run.load={}..{}:5", ends[0], ends[1])))
    }

    /// The number in the scenario that says how much there is of a station: one that is written before one that is not,
    /// or with a price, of which more cost more.
    fn size(&self, station: &str, is_priced: bool) -> Option<Size> {
        let end = station.find(['.', '[']).unwrap_or(station.len());
        let (name, part) = (&station[..end], station.rsplit('.').next().unwrap_or_default());
        let kind = self.model.components.iter().find(|(component, _)| component == name)?.1;
        let paths: Vec<String> = match (kind, part) {
            ("station", _) => vec![format!("station.{name}.servers")],
            ("pool", _) => vec![format!("pool.{name}.size")],
            (_, "threads" | "connections") => {
                vec![format!("{kind}.{name}.{part}"), format!("{kind}.{name}.replicas")]
            }
            _ => vec![format!("{kind}.{name}.replicas")],
        };
        let machine = self.machine(name).map(|machine| format!("machine.{machine}.cores"));
        let machine = machine.filter(|_| !is_priced);
        let mut known: Vec<Size> = paths.into_iter().chain(machine).filter_map(|path| self.known(path)).collect();
        known.sort_by_key(|size| !is_priced && size.flag != size.path);
        known.into_iter().next()
    }

    /// The kind of machine that a component runs on.
    fn machine(&self, name: &str) -> Option<String> {
        let scenario = parse(&self.input.source).0;
        let service = scenario.service.entries.get(name).and_then(|entry| entry.value.machine.clone());
        let database = scenario.database.entries.get(name).and_then(|entry| entry.value.machine.clone());
        let cache = scenario.cache.entries.get(name).and_then(|entry| entry.value.machine.clone());
        service.or(database).or(cache).map(|machine| machine.value)
    }

    /// A whole number at this path of which there may be one more; one that is not written is one.
    fn known(&self, path: String) -> Option<Size> {
        let source = &self.input.source;
        let range = format!("{path}=1..32");
        let written = Knob::from_flag(&path, source).ok().and_then(|knob| Some((knob.today?, knob.whole)));
        let (today, flag) = match written {
            Some((today, true)) => (today, path.clone()),
            Some(_) => return None,
            None => (1.0, Knob::from_flag(&range, source).is_ok_and(|knob| knob.whole).then_some(range)?),
        };
        let more = self.accepts(&[format!("{path}={}", today + 1.0)]);
        more.then_some(Size { path, flag, today: today as u64 })
    }

    /// Whether the scenario has no error with these further values.
    fn accepts(&self, values: &[String]) -> bool {
        let overrides = self.input.source.overrides.iter().chain(values).cloned().collect();
        self.input.with(overrides).model().0.is_some()
    }
}

/// Whether nothing is answered.
fn is_mute(result: &Results) -> bool {
    result.workloads.values().all(|workload| workload.throughput.value == Some(0.0))
}

/// How much there is of something.
struct Size {
    path: String,
    /// What `--over` takes.
    flag: String,
    today: u64,
}

/// A station of a workload that comes whatever the system does may be overloaded: a limit in itself.
pub(crate) fn is_open(model: &Model) -> bool {
    model.forecast.groups.iter().any(|group| group.open_load > 0.0)
}

/// Two significant digits.
fn short(x: f64) -> f64 {
    format!("{x:.1e}").parse().unwrap_or(x)
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn loads_are_short() {
        assert_eq!([1.1875, 0.2375, 19.4, 312.0].map(short), [1.2, 0.24, 19.0, 310.0]);
    }
}
