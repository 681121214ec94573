//! The scenarios that come with the program.

/// A scenario and its name on the command line.
#[derive(Debug)]
pub(crate) struct Scenario {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its text, a TOML file.
    pub(crate) text: &'static str,
}

/// Defines [`SCENARIOS`] from names of files in `scenarios/`.
macro_rules! scenarios {
    ($($name:literal),+ $(,)?) => {
        /// Every built-in scenario, in the order of `knee list`: simple ones first.
        pub(crate) const SCENARIOS: &[Scenario] = &[$(Scenario {
            name: $name,
            text: include_str!(concat!("../../scenarios/", $name, ".toml")),
        }),+];
    };
}

scenarios![
    "single-queue",
    "scale-up",
    "scale-out",
    "web-and-database",
    "closed-users",
    "priority-traffic",
    "connection-pool",
    "overload",
    "noisy-neighbour",
    "lock-contention",
    "memory-ladder",
    "cache-and-database",
    "cache-stampede",
    "local-and-shared-cache",
    "cdn",
    "hot-shard",
    "resharding",
    "cross-shard-query",
    "hot-and-cold",
    "work-queue",
    "outbox",
    "autoscaler-too-slow",
    "microservices",
    "sticky-sessions",
    "distributed-lock",
    "tail-at-scale",
    "circuit-breaker",
    "two-regions",
    "read-replicas",
    "sync-async",
    "quorum",
    "multi-primary",
    "geo-replication",
    "failover",
    "partition",
    "failure-headroom",
    "region-lost",
    "rolling-deployment",
    "gc-pauses",
    "cache-restart",
    "retry-storm",
];

impl Scenario {
    /// The question that it answers, which its first line asks.
    pub(crate) fn question(&self) -> &'static str {
        let first = self.text.lines().next().unwrap_or_default();
        first.trim_start_matches("# ").trim_start_matches("Question: ")
    }
}

/// The scenario of this name, with or without `.toml`.
pub(crate) fn find(name: &str) -> Option<&'static Scenario> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}

/// What to say after a name that was not found.
pub(crate) fn closest(name: &str) -> String {
    let likeness = |scenario: &&Scenario| strsim::jaro_winkler(scenario.name, name);
    let closest = SCENARIOS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match closest.filter(|scenario| likeness(scenario) > 0.85) {
        Some(scenario) => format!("; did you mean the built-in {}?", scenario.name),
        None => "; `knee list` names the built-in scenarios".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_opens_with_its_question() {
        for scenario in SCENARIOS {
            let first = scenario.text.lines().next().unwrap_or_default();
            assert!(first.starts_with("# Question: "), "{}", scenario.name);
            assert!(!scenario.question().is_empty());
        }
    }

    #[test]
    fn names_are_found_and_guessed() {
        assert!(find("single-queue").is_some() && find("single-queue.toml").is_some());
        assert!(closest("single-queu").contains("did you mean the built-in single-queue?"));
        assert!(closest("xyz").contains("knee list"));
    }
}
