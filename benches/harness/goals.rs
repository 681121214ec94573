//! Goals, and whether they hold.

use super::simulation::Way;
use super::versus::Versus;
use super::{Arguments, features, memory, parts, scale};

/// One goal: what was wanted and what was measured.
pub(crate) struct Goal {
    name: String,
    bound: Bound,
    unit: &'static str,
    measured: f64,
}

#[derive(Clone, Copy)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    pub(super) fn at_least(name: impl Into<String>, least: f64, unit: &'static str, measured: f64) -> Goal {
        Goal { name: name.into(), bound: Bound::AtLeast(least), unit, measured }
    }

    pub(super) fn at_most(name: impl Into<String>, most: f64, unit: &'static str, measured: f64) -> Goal {
        Goal { name: name.into(), bound: Bound::AtMost(most), unit, measured }
    }

    fn holds(&self) -> bool {
        match self.bound {
            Bound::AtLeast(least) => self.measured >= least,
            Bound::AtMost(most) => self.measured <= most,
        }
    }

    fn print(&self) {
        let (sign, bound) = match self.bound {
            Bound::AtLeast(least) => ('≥', least),
            Bound::AtMost(most) => ('≤', most),
        };
        let wanted = format!("{sign} {}", quantity(bound, self.unit));
        let holds = if self.holds() { "holds" } else { "misses" };
        println!("{:<62}{wanted:>14}{:>14}{holds:>9}", self.name, quantity(self.measured, self.unit));
    }
}

/// A number and its unit, with as many digits as are worth reading.
fn quantity(value: f64, unit: &str) -> String {
    match unit {
        "×" => format!("{value:.2} {unit}"),
        "bytes" => format!("{value:.0} {unit}"),
        _ => format!("{value:.1} {unit}"),
    }
}

/// The goals that are asked for, printed as they are measured.
pub(crate) struct Goals<'a> {
    arguments: &'a Arguments,
    any: bool,
}

impl<'a> Goals<'a> {
    /// Measures and prints all that are asked for, given how scenarios compare with loops.
    pub(crate) fn print(arguments: &'a Arguments, versus: &[Versus]) {
        let mut goals = Goals { arguments, any: false };
        goals.against_loops(versus);
        let rounds = arguments.rounds(15);
        goals.ask("timeout", || features::timeouts(rounds));
        goals.ask("attempts", || features::attempts(rounds));
        goals.ask("hedge", || features::hedge(rounds));
        goals.ask("threads", || scale::threads(arguments.rounds(7)));
        goals.ask("cache", || parts::cache(arguments.rounds(7)));
        goals.ask("statistics", || features::statistics(rounds));
        goals.ask("stations", || scale::stations(arguments.rounds(3)));
        goals.ask("events", || scale::events(arguments.rounds(3)));
        goals.ask("start", || parts::start(arguments.rounds(31)));
        goals.ask("compile", || parts::compile_components(arguments.rounds(7)));
        goals.ask("flight", memory::in_flight);
        goals.ask("memory", memory::served);
    }

    fn against_loops(&mut self, versus: &[Versus]) {
        for (word, name) in [("mm1", "M/M/1"), ("mmc", "M/M/16"), ("power-of-two", "power of two of 100")] {
            let Some(row) = versus.iter().find(|row| row.word == word && row.agrees()) else { continue };
            self.report(Goal::at_least(format!("{name}, to the best loop"), 1.0, "×", row.ratio(Way::Usual)));
            let general = format!("{name}, general path, to the best loop");
            self.report(Goal::at_least(general, 0.7, "×", row.ratio(Way::General)));
        }
    }

    fn ask(&mut self, word: &str, measure: impl FnOnce() -> Vec<Goal>) {
        if self.arguments.want(word) {
            measure().into_iter().for_each(|goal| self.report(goal));
        }
    }

    fn report(&mut self, goal: Goal) {
        if !self.any {
            println!("\n{:<62}{:>14}{:>14}{:>9}", "goal", "wanted", "measured", "");
            self.any = true;
        }
        goal.print();
    }
}
