//! The scenarios that come with the program.

use super::shipped::{GROUPS, MAIN};

/// A scenario and its name on the command line.
#[derive(Debug)]
pub(crate) struct Scenario {
    /// Its name; that of one in a group begins with the group's, as in `ladder/03-ssd`.
    pub(crate) name: &'static str,
    /// Its text, a TOML file.
    pub(crate) text: &'static str,
}

/// Scenarios that belong together.
#[derive(Debug)]
pub(crate) struct Group {
    /// Its name: a folder in `scenarios/`.
    pub(crate) name: &'static str,
    /// What they are for.
    pub(crate) about: &'static str,
    /// The scenarios, by name.
    pub(crate) scenarios: &'static [Scenario],
}

impl Scenario {
    /// The question that it answers, which its first line asks.
    pub(crate) fn question(&self) -> &'static str {
        let first = self.text.lines().next().unwrap_or_default();
        first.trim_start_matches("# ").trim_start_matches("Question: ")
    }

    /// The name without that of its group.
    fn short_name(&self) -> &'static str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }
}

/// Every scenario: those of no group first.
fn all() -> impl Iterator<Item = &'static Scenario> {
    MAIN.iter().chain(GROUPS.iter().flat_map(|group| group.scenarios))
}

/// The scenario of this name, with or without `.toml`.
pub(crate) fn find(name: &str) -> Option<&'static Scenario> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    all().find(|scenario| scenario.name == name)
}

/// What to say after a name that was not found.
pub(crate) fn closest(name: &str) -> String {
    let likeness = |scenario: &&Scenario| {
        let [whole, short] = [scenario.name, scenario.short_name()].map(|known| strsim::jaro_winkler(known, name));
        whole.max(short)
    };
    let closest = all().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
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
        for scenario in all() {
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
        for scenario in all().filter(|scenario| scenario.name.contains('/')) {
            assert!(find(&format!("{}.toml", scenario.name)).is_some() && find(scenario.short_name()).is_none());
            assert!(closest(scenario.short_name()).contains(&format!("built-in {}?", scenario.name)));
        }
    }
}
