//! Models with known answers: simulated, and compared with what theory, or print, says about them.
//!
//! A case is a scenario, `NAME.toml`, and beside it `NAME.expect.toml`: the formula, its source, and expectations. An
//! expectation names a place in the JSON of `knee run` and a value, of one of these kinds:
//!
//! | kind | agrees when |
//! |---|---|
//! | `exact`, `numeric` | the value is in the simulation's 95 % interval |
//! | `sim` | it is within the sum of that half-width and the reference simulation's own |
//! | `asymptotic`, `published` | it is within that half-width plus `rel-tol`, the finite-size bias or the rounding |
//! | `bound_upper`, `bound_lower` | the interval is not all on the wrong side of it |
//!
//! Of m true values about 5 % lie outside their 95 % intervals by chance. So two rules hold, and nothing is loosened
//! beyond them: of the whole suite at most [`MISSES`] may miss, and none may be outside its interval widened by
//! t(1 − 0.005/m) / t(0.975) (Bonferroni 1936: at most one false alarm in a hundred random suites), however few of the
//! cases are run. Where nothing is random there is no interval, and values must be equal to 1e-9.
//!
//! A bare number of the JSON, such as the probability of a state, has no interval of its own: its scenario is also run
//! with ten other seeds, once each, and the interval is that of the ten.

mod case;
pub mod coverage;
mod judge;
mod measure;
mod suite;
mod tally;

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

pub use case::Case;
pub use suite::suite;
pub use tally::MISSES;

use super::replicate::{Control, Options, in_pool};
use super::results::{Form, VerifiedCase, VerifyResults};
use crate::engine::Limits;
use judge::{judge, refuted};
use measure::Runs;

/// Which cases are run, and how.
#[derive(Debug, Clone, Copy)]
pub struct Verification<'a> {
    /// The cases.
    pub cases: &'a [Case],
    /// How many values the suite has from which they are.
    pub family: usize,
    /// They are the whole suite.
    pub whole: bool,
    /// How long the simulations are.
    pub form: Form,
    /// How many threads work at once.
    pub threads: Option<usize>,
    /// What one replication may use.
    pub limits: Limits,
}

/// Simulates cases of the suite and compares them with what is known. Their seeds are part of them: the result is the
/// same wherever and however often this is done.
pub fn verify(verification: &Verification<'_>, control: &Control<'_>) -> VerifyResults {
    let options = Options { threads: verification.threads, ..Options::default() };
    let done = AtomicUsize::new(0);
    let one = |case: &Case| {
        let checked = check(case, verification, control);
        let count = done.fetch_add(1, Ordering::Relaxed) + 1;
        (control.progress)(count as f64 / verification.cases.len() as f64);
        checked
    };
    let checked: Vec<Result<VerifiedCase, Cut>> =
        in_pool(&options, || verification.cases.par_iter().with_max_len(1).map(one).collect());
    tally::conclude(checked, verification)
}

/// Why a case was not finished.
#[derive(Debug, PartialEq)]
enum Cut {
    Interrupted,
    /// A run was stopped at this limit.
    Stopped(String),
}

/// Simulates one case and judges its expectations.
fn check(case: &Case, verification: &Verification<'_>, control: &Control<'_>) -> Result<VerifiedCase, Cut> {
    if control.is_cancelled() {
        return Err(Cut::Interrupted);
    }
    let quiet = Control { progress: &|_| (), cancelled: control.cancelled };
    let runs = Runs::of(case, verification, &quiet);
    // Whatever was going on then lacks replications.
    if control.is_cancelled() {
        return Err(Cut::Interrupted);
    }
    if let Some(limit) = runs.as_ref().ok().and_then(|runs| runs.stopped.clone()) {
        return Err(Cut::Stopped(limit));
    }
    let (title, values) = match runs {
        Ok(runs) => {
            let values = case.known.expect.iter().map(|e| judge(e, &runs, verification.family));
            (runs.results.scenario.title.clone(), values.collect())
        }
        Err(problem) => {
            let values = case.known.expect.iter().map(|e| refuted(e, e.value, problem.clone()));
            (case.name.clone(), values.collect())
        }
    };
    let (formula, source) = (case.known.formula.clone(), case.known.source.clone());
    Ok(VerifiedCase { name: case.name.clone(), title, formula, source, values })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::experiment::results::Reading;

    const SCENARIO: &str = "\
        [workload.customers]\nto = \"desk\"\narrivals = { constant = \"0.5/s\" }\n\
        [station.desk]\nservice-time = \"1s\"\n[run]\nduration = \"100s\"\nreplications = 1\n";

    fn case(scenario: &str, value: f64) -> Case {
        let known = format!(
            "formula = 'S'\nsource = 'none'\n[[expect]]\nquantity = 'mean'\n\
             path = 'workloads.customers.latency.mean'\nkind = 'exact'\nvalue = {value}\n"
        );
        Case::parse("one", scenario, &known).unwrap()
    }

    fn results(case: Case, cancelled: bool) -> VerifyResults {
        let verification = Verification {
            cases: &[case],
            family: 1,
            whole: true,
            form: Form::Short,
            threads: Some(1),
            limits: Limits::default(),
        };
        verify(&verification, &Control { progress: &|_| (), cancelled: &AtomicBool::new(cancelled) })
    }

    #[test]
    fn a_true_value_agrees_and_a_false_one_is_impossible() {
        let right = results(case(SCENARIO, 1.0), false);
        assert!(right.agrees && right.counts.agree == 1 && !right.partial);
        let wrong = results(case(SCENARIO, 1.5), false);
        assert!(!wrong.agrees && wrong.counts.impossible == 1);
    }

    #[test]
    fn a_scenario_that_is_wrong_disagrees_and_says_why() {
        let results = results(case("[station.desk]\n", 1.0), false);
        let Reading::Text(problem) = &results.cases[0].values[0].simulated else { panic!("a number") };
        assert!(!results.agrees && problem.contains("error"), "{problem}");
    }

    #[test]
    fn what_was_interrupted_is_left_out() {
        let results = results(case(SCENARIO, 1.0), true);
        assert!(results.partial && results.cases.is_empty());
    }
}
