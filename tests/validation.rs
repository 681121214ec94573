//! Models with known answers: every scenario in `tests/validation/` is simulated and compared
//! with what theory, or print, says about it.
//!
//! Beside each `NAME.toml` stands `NAME.expect.toml`: the formula, its source, and expectations.
//! An expectation names a place in the JSON of `knee run` and a value, of one of these kinds:
//!
//! | kind | agrees when |
//! |---|---|
//! | `exact`, `numeric` | the value is in the simulation's 95 % interval |
//! | `sim` | it is within the sum of that half-width and the reference simulation's own |
//! | `asymptotic`, `published` | it is within that half-width plus `rel-tol`, the finite-size bias or the rounding |
//! | `bound_upper`, `bound_lower` | the interval is not all on the wrong side of it |
//!
//! Of m true values about 5 % lie outside their 95 % intervals by chance. So two rules hold, and
//! nothing is loosened beyond them: at most 8 % of the expectations may miss, and none may be
//! outside its interval widened by t(1 − 0.005/m) / t(0.975) (Bonferroni 1936: at most one false
//! alarm in a hundred random suites). Where nothing is random there is no interval, and values
//! must be equal to 1e-9.
//!
//! A bare number of the JSON, such as the probability of a state, has no interval of its own: its
//! scenario is also run with ten other seeds, once each, and the interval is that of the ten.
//!
//! Environment: `KNEE_LONG=1` runs the long form (intervals of about 1 %), `KNEE_CASE=A04` only the
//! cases whose name contains that, and `KNEE_BLESS=1` writes `docs/validation.md`.

#[path = "validation/case.rs"]
mod case;
#[path = "validation/judge.rs"]
mod judge;
#[path = "validation/measure.rs"]
mod measure;
#[path = "validation/table.rs"]
mod table;

use std::path::Path;

use case::Case;
use judge::{Verdict, judge};

/// At most this share of the expectations may lie outside their 95 % intervals.
const MISSES: f64 = 0.08;

fn is_set(variable: &str) -> bool {
    std::env::var(variable).is_ok_and(|value| value == "1")
}

#[test]
fn simulations_agree_with_what_is_known() {
    let long = is_set("KNEE_LONG");
    let only = std::env::var("KNEE_CASE").unwrap_or_default();
    let all = case::all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validation"));
    let family = all.iter().map(|case| case.known.expect.len()).sum();
    let chosen = all.into_iter().filter(|case| case.name.contains(&only));
    let results: Vec<(Case, Vec<Verdict>)> = chosen
        .map(|case| {
            let verdicts = check(&case, long, family);
            (case, verdicts)
        })
        .collect();
    if is_set("KNEE_BLESS") {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/validation.md");
        std::fs::write(file, table::markdown(&results, long)).unwrap();
    }
    conclude(&results, only.is_empty());
}

/// Simulates one case and judges its expectations.
fn check(case: &Case, long: bool, family: usize) -> Vec<Verdict> {
    #[expect(clippy::disallowed_methods, reason = "how long each case takes is worth knowing")]
    let start = std::time::Instant::now();
    let runs = measure::Runs::of(case, long);
    let verdicts: Vec<Verdict> = case.known.expect.iter().map(|e| judge(e, &runs, family)).collect();
    let missed = verdicts.iter().filter(|v| !v.agrees).count();
    println!("{}: {missed} of {} miss, {:.2} s", case.name, verdicts.len(), start.elapsed().as_secs_f64());
    verdicts
}

/// Fails if a value is impossible, or if too many are improbable.
fn conclude(results: &[(Case, Vec<Verdict>)], whole_suite: bool) {
    let mut impossible = Vec::new();
    let (mut count, mut missed) = (0, 0);
    for (case, verdicts) in results {
        for (expect, verdict) in case.known.expect.iter().zip(verdicts) {
            count += 1;
            missed += usize::from(!verdict.agrees);
            let line = format!("{}: {}: {}", case.name, expect.quantity, verdict.line);
            if !verdict.possible {
                impossible.push(line);
            } else if !verdict.agrees {
                println!("misses its 95 % interval: {line}");
            }
        }
    }
    assert!(impossible.is_empty(), "these disagree with what is known:\n{}", impossible.join("\n"));
    let share = missed as f64 / count as f64;
    println!("{missed} of {count} expectations miss their 95 % intervals");
    assert!(!whole_suite || share <= MISSES, "{missed} of {count} expectations miss: more than chance explains");
}
