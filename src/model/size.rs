//! What a model takes, in bytes: estimated from numbers that are the same everywhere, not measured.

use std::sync::Arc;

use super::source::TraceRow;
use super::{KeySpec, Model, SourceSpec, Workload};

/// An op, a target, a station: whatever there is one of, more or less.
const PART: u64 = 64;

impl Model {
    /// What it takes with its variants, without the jobs that it replays: models may share them.
    pub fn bytes(&self) -> u64 {
        let keys = self.workloads.iter().map(Workload::key_bytes);
        let files = keys.chain(self.laws.iter().map(|law| law.bytes()));
        let all = self.variants.iter().chain([self]).map(Model::part_bytes);
        files.chain(all).fold(0, u64::saturating_add)
    }

    /// What a variant does not share.
    fn part_bytes(&self) -> u64 {
        let targets = self.balancers.iter().map(|spec| spec.targets.len()).sum::<usize>();
        let warm = self.contents.iter().map(|spec| spec.warm.len()).sum::<usize>();
        let lists = self.program.len() + self.routines.len() + self.streams.len() + self.nodes.len() + self.laws.len();
        let parts = targets + warm + lists + self.timeline.len() + 8 * self.groups.len();
        let tables = self.balancers.iter().map(|spec| spec.policy.bytes()).sum::<u64>();
        PART * (parts as u64 + u64::from(self.stations)) + tables
    }

    /// The jobs that it replays, in its variants as well.
    pub fn traces(&self) -> impl Iterator<Item = &Arc<[TraceRow]>> {
        let all = self.variants.iter().flat_map(|variant| &variant.workloads).chain(&self.workloads);
        all.filter_map(|workload| match &workload.source {
            SourceSpec::Trace(rows) => Some(rows),
            _ => None,
        })
    }
}

impl Workload {
    fn key_bytes(&self) -> u64 {
        match &self.keys {
            Some(KeySpec::Trace(keys)) => size_of_val(&**keys) as u64,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::load;
    use crate::scenario::Source;

    /// What many desks take, with these keys and what else there is.
    fn bytes(keys: &str, more: &str) -> (u64, usize) {
        let text = format!(
            "[workload.v]\nto = \"one\"\ntrace = \"jobs.csv\"\n[station.one]\nservice-time = \"1ms\"\n\
             [workload.w]\nto = \"desk\"\narrivals = {{ poisson = \"1/s\" }}\n\
             [station.desk]\nreplicas = 1000\nservice-time = \"1ms\"\n{keys}\n[run]\nduration = \"10s\"\nwarm-up = \"0s\"\n{more}"
        );
        let source = Source { name: "it.toml".into(), text, overrides: Vec::new() };
        let (model, said) = load(&source, &|_| Ok("time\n1\n2\n3\n".into()));
        let model = model.unwrap_or_else(|| panic!("{}", said.render(false)));
        let first = model.traces().next().expect("jobs");
        assert!(model.traces().all(|rows| std::sync::Arc::ptr_eq(rows, first)), "variants share jobs");
        (model.bytes(), first.len())
    }

    #[test]
    fn tables_and_variants_count() {
        let (plain, rows) = bytes("", "");
        assert!(plain > 64_000 && rows == 3, "{plain} {rows}");
        let (ring, _) = bytes("balance = { consistent-hash = { virtual-nodes = 100 } }", "");
        assert!(ring >= plain + 1_200_000, "{ring} against {plain}");
        let event =
            |at: u32| format!("[[event]]\nat = \"{at}s\"\nset = {{ \"station.desk.service-time\" = \"{at}s\" }}\n");
        let (two, _) = bytes("", &format!("{}{}", event(2), event(3)));
        assert!(two > 2 * plain, "{two} against {plain}");
    }
}
