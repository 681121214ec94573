//! Durations to ticks, distributions to laws, names to random streams, delays to lanes, paths to text.

use super::build::{Builder, FINE, Lane};
use crate::diagnostic::{Diagnostic, Span};
use crate::distribution::Law;
use crate::scenario::Distribution;
use crate::syntax::{At, FilePath};

impl Builder<'_> {
    /// The number of a random stream.
    pub(super) fn stream(&mut self, owner: &str, purpose: &str) -> u32 {
        let next = self.streams.len() as u32;
        *self.streams.entry(format!("{owner}/{purpose}")).or_insert(next)
    }

    /// A duration in ticks; one that is not zero must not become it.
    pub(super) fn ticks(&mut self, seconds: f64, span: Span) -> u64 {
        self.check_resolution(seconds, span);
        (seconds * self.ticks_per_second).round() as u64
    }

    pub(super) fn check_resolution(&mut self, seconds: f64, span: Span) {
        if seconds > 0.0 && seconds * self.ticks_per_second < 1.0 {
            let tick = if self.ticks_per_second == FINE { "1 ps" } else { "1 ns, as the run is longer than 100 days" };
            let message = format!("shorter than the simulator's clock resolves ({tick})");
            self.diagnostics.push(Diagnostic::error(span, message).help("use a longer duration, or 0"));
        }
    }

    /// The number of a law; `faster` divides its durations.
    pub(super) fn law(&mut self, written: &At<Distribution>, faster: f64) -> u32 {
        let law = self.resolve(&written.value, written.span);
        self.check_resolution(law.mean() / faster, written.span);
        self.add_law(law.scaled(self.ticks_per_second / faster))
    }

    pub(super) fn add_law(&mut self, law: Law) -> u32 {
        let next = self.laws.len() as u32;
        let alike = self.known.laws.entry(law.mean().to_bits()).or_default();
        if let Some(&known) = alike.iter().find(|&&known| self.laws[known as usize] == law).filter(|_| !self.changes) {
            return known;
        }
        alike.push(next);
        self.laws.push(law);
        next
    }

    /// A law, with its samples read where it needs them. In seconds.
    pub(super) fn resolve(&mut self, written: &Distribution, span: Span) -> Law {
        let law = match written {
            Distribution::Law(law) => return law.clone(),
            Distribution::Empirical(path) => self.measured(path),
            Distribution::Mixture(arms) => {
                let arms = arms.iter().map(|(share, arm)| (*share, self.resolve(arm, span))).collect();
                Law::mixture(arms)
            }
        };
        law.unwrap_or_else(|problem| {
            if !problem.is_empty() {
                self.diagnostics.push(Diagnostic::error(span, problem));
            }
            Law::Constant(Default::default())
        })
    }

    /// The law of the samples in a file, which is read once, however many are as it says.
    fn measured(&mut self, path: &At<FilePath>) -> Result<Law, String> {
        if let Some(known) = self.known.samples.get(&path.value.0) {
            return Ok(known.clone());
        }
        let text = self.file(path).ok_or_else(String::new)?;
        let samples = super::trace::samples(&text, self.rows_left());
        let samples = samples.map_err(|problem| format!("`{}`: {problem}", path.value.0))?;
        self.known.rows += samples.len();
        let law = Law::empirical(samples)?;
        self.known.samples.insert(path.value.0.clone(), law.clone());
        Ok(law)
    }

    /// Rows of files that may still be read.
    pub(super) fn rows_left(&self) -> usize {
        super::trace::MOST_ROWS - self.known.rows
    }

    /// The text of a file that the scenario names; what is wrong with it is said once.
    pub(super) fn file(&mut self, path: &At<FilePath>) -> Option<String> {
        let name = &path.value.0;
        if let Some(known) = self.files.get(name) {
            return known.clone();
        }
        let text = (self.read)(name).map_err(|problem| {
            let message = format!("cannot read `{name}`: {problem}");
            let help = "paths are relative to the scenario's file";
            self.diagnostics.push(Diagnostic::error(path.span, message).help(help));
        });
        self.files.insert(name.clone(), text.clone().ok());
        text.ok()
    }

    /// The lane of a constant delay.
    pub(super) fn lane(&mut self, ticks: u64) -> u32 {
        self.lane_of(ticks, Lane::Wait)
    }

    /// The lane of a deadline. A lane is in order of time only, and what is done at a deadline is in time: so
    /// deadlines share no lane with what may be done.
    pub(super) fn deadline_lane(&mut self, ticks: u64) -> u32 {
        self.lane_of(ticks, Lane::Deadline)
    }

    /// The lane of a timer of a first copy, which rings after deadlines.
    pub(super) fn timer_lane(&mut self, ticks: u64) -> u32 {
        self.lane_of(ticks, Lane::Timer)
    }

    /// The lane of a copy that is sent unless there is an answer, which may come at that instant too.
    pub(super) fn copy_lane(&mut self, ticks: u64) -> u32 {
        self.lane_of(ticks, Lane::Copy)
    }

    fn lane_of(&mut self, ticks: u64, what: Lane) -> u32 {
        let next = self.lanes.len() as u32;
        if self.changes {
            self.lanes.push(ticks);
            return next;
        }
        let lane = *self.known.lanes.entry((ticks, what)).or_insert(next);
        if lane == next {
            self.lanes.push(ticks);
        }
        lane
    }
}
