//! Where the numbers of a report are from.

use crate::experiment::Explanation;

/// What a report says of how its numbers came about.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The command that makes them, as it is typed.
    pub command: String,
    /// The scenarios; none for answers that need none.
    pub scenarios: Vec<ScenarioText>,
    /// What is known of the first without a run.
    pub explanation: Option<Explanation>,
}

/// A scenario as it was read.
#[derive(Debug, Clone)]
pub struct ScenarioText {
    /// The file's name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

#[cfg(feature = "plot")]
impl About {
    /// What the first scenario asks: the first paragraph of its first comment.
    pub(crate) fn question(&self) -> Option<String> {
        let text = &self.scenarios.first()?.text;
        let comment = text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
        let first: Vec<&str> = comment.take_while(|line| !line.is_empty()).collect();
        let question = first.join(" ");
        let question = question.trim_start_matches("Question: ");
        (!question.is_empty()).then(|| question.to_owned())
    }
}
