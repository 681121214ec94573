//! Scenarios against hand-written loops of the same model.

use knee::model::Model as Compiled;

use super::arguments::Arguments;
use super::clock::{median, timed};
use super::simulation::{Way, compile, run};
use crate::hand::{Answer, Chains, FanOut, Hedges, Holed, Mm1, Mmc, Model, Pending, PowerOfTwo, Retries, Std};
use crate::hand::{Tiers, Timeouts};

/// Customers of a round.
const CUSTOMERS: u32 = 200_000;
const ROUNDS: u64 = 15;

/// What came out for one model.
pub(crate) struct Versus {
    /// The word that asks for it.
    pub(crate) word: &'static str,
    name: &'static str,
    /// Medians of nanoseconds a customer, by side.
    costs: [f64; SIDES],
    agreement: Agreement,
}

/// The scenario as it is usually run and on the general path, the loop with the best heap and with the standard one.
const SIDES: usize = 4;

/// Whether both give the same answer.
struct Agreement {
    /// Mean response times of the scenario and of the loop, over all rounds, in seconds.
    means: [f64; 2],
    /// Their difference may be this much, in seconds.
    margin: f64,
    /// Both paths of the engine agree to the last tick, and so do both heaps.
    is_exact: bool,
}

impl Versus {
    /// How often a loop with the best heap takes the time of the scenario.
    pub(crate) fn ratio(&self, way: Way) -> f64 {
        self.costs[2] / self.costs[usize::from(way == Way::General)]
    }

    /// Whether the scenario and the loop give the same answer.
    pub(crate) fn agrees(&self) -> bool {
        self.agreement.holds()
    }

    fn print(&self) {
        let Agreement { means, margin, is_exact } = &self.agreement;
        print!("{:<29}", self.name);
        if !self.agrees() {
            println!(" disagree: {:.4} s, by hand {:.4} ± {margin:.4} s; exact: {is_exact}", means[0], means[1]);
            return;
        }
        let [usual, general, best, std] = self.costs;
        let off = format!("{:+.1} ±{:.1}", (means[0] / means[1] - 1.0) * 100.0, margin / means[1] * 100.0);
        println!(
            "{usual:>8.1}{general:>9.1}{best:>9.1}{std:>9.1}{:>8.2}{:>9.2}{:>7.2}{off:>11}",
            best / usual,
            best / general,
            std / usual
        );
    }
}

impl Agreement {
    fn holds(&self) -> bool {
        let apart = (self.means[0] - self.means[1]).abs();
        // A margin too wide says nothing.
        self.is_exact && apart <= self.margin && self.margin <= 0.1 * self.means[1]
    }

    /// Means of replications may differ by four standard errors of their difference.
    fn of(answers: &[Vec<Answer>; SIDES]) -> Agreement {
        let [usual, general, best, std] = answers;
        let same = |one: &[Answer], other: &[Answer]| one.iter().zip(other).all(|(one, other)| one.sum == other.sum);
        let (scenario, hand) = (moments(usual), moments(best));
        Agreement {
            means: [scenario.0, hand.0],
            margin: 4.0 * libm::sqrt(scenario.1 + hand.1),
            is_exact: same(usual, general) && same(best, std),
        }
    }
}

/// The mean over replications, and the variance of that mean.
fn moments(answers: &[Answer]) -> (f64, f64) {
    let n = answers.len() as f64;
    let mean = answers.iter().map(Answer::mean).sum::<f64>() / n;
    let squares: f64 = answers.iter().map(|answer| (answer.mean() - mean) * (answer.mean() - mean)).sum();
    (mean, squares / (n - 1.0) / n)
}

/// Compares all models that are asked for, and prints the table.
pub(crate) fn compare(arguments: &Arguments) -> Vec<Versus> {
    let mut table = Table { arguments, rows: Vec::new() };
    table.row("mm1", "M/M/1 at 80 %", ROUNDS, &Mm1 { load: 0.8, customers: CUSTOMERS });
    table.row("mmc", "M/M/16 at 90 %", ROUNDS, &Mmc { servers: 16, load: 0.9, customers: CUSTOMERS });
    let power_of_two = PowerOfTwo { servers: 100, load: 0.9, customers: CUSTOMERS };
    table.row("power-of-two", "power of two of 100 at 90 %", ROUNDS, &power_of_two);
    table.row("tiers", "three tiers with a cache", ROUNDS, &Tiers::new(CUSTOMERS));
    let timeouts = Timeouts { load: 0.8, timeout: 20.0, customers: CUSTOMERS };
    table.row("timeouts", "a timeout on every request", ROUNDS, &timeouts);
    let retries = Retries { rate: 0.7, failing: 0.1, customers: CUSTOMERS };
    table.row("retries", "a tenth fails, 3 attempts", ROUNDS, &retries);
    let hedges = Hedges { servers: 10, load: 0.5, after: 4.0, customers: CUSTOMERS };
    table.row("hedges", "hedges after 4 s", ROUNDS, &hedges);
    table.row("fan-out", "fan-out to 10", ROUNDS, &FanOut { leaves: 10, load: 0.7, customers: CUSTOMERS / 5 });
    table.row("pending", "a million pending", ROUNDS / 3, &Pending { pending: 1_000_000, seconds: 1.0 });
    // More than elsewhere, since what is done once for each component is part of the run.
    let chains = Chains { chains: 2500, load: 0.7, customers: 500_000 };
    table.row("components", "10,000 components", ROUNDS / 5, &chains);
    table.rows
}

struct Table<'a> {
    arguments: &'a Arguments,
    rows: Vec<Versus>,
}

impl Table<'_> {
    fn row(&mut self, word: &'static str, name: &'static str, rounds: u64, model: &impl Model) {
        if !self.arguments.want(word) {
            return;
        }
        if self.rows.is_empty() {
            print_head();
        }
        let (costs, answers) = measure(model, self.arguments.rounds(rounds));
        let row = Versus { word, name, costs, agreement: Agreement::of(&answers) };
        row.print();
        self.rows.push(row);
    }
}

fn print_head() {
    println!("Nanoseconds a customer of a scenario with all statistics and of a loop that computes the mean,");
    println!("medians of interleaved rounds. Ratios are loop to scenario: 1 is as fast, 2 is twice as fast.\n");
    println!("{:<29}{:^17}{:^18}{:^24}{:>11}", "", "scenario, ns", "by hand, ns", "ratio", "mean apart");
    println!(
        "{:<29}{:>8}{:>9}{:>9}{:>9}{:>8}{:>9}{:>7}{:>11}",
        "model", "usual", "general", "best", "std", "best", "general", "std", "%"
    );
}

/// Each round is a replication of its own on every side, so that the rounds tell how sure the means are.
fn measure(model: &impl Model, rounds: u64) -> ([f64; SIDES], [Vec<Answer>; SIDES]) {
    let scenario: Compiled = compile(&model.scenario());
    let sides: [&dyn Fn(u64) -> Answer; SIDES] = [
        &|round| run(&scenario, round, Way::Usual),
        &|round| run(&scenario, round, Way::General),
        &|round| model.by_hand::<Holed>(round),
        &|round| model.by_hand::<Std>(round),
    ];
    let (mut costs, mut answers) = ([const { Vec::new() }; SIDES], [const { Vec::new() }; SIDES]);
    for round in 0..rounds {
        for turn in 0..SIDES {
            let side = (turn + round as usize) % SIDES;
            let (nanoseconds, answer) = timed(|| sides[side](round));
            costs[side].push(nanoseconds / answer.offered as f64);
            answers[side].push(answer);
        }
    }
    (costs.map(median), answers)
}
