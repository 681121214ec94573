//! What all cases together say: how many values miss, and whether chance explains it.

use super::{Cut, Verification};
use crate::experiment::results::{
    Estimate, KindCounts, Knowledge, MissShare, VerifiedCase, VerifiedValue, VerifyCounts, VerifyResults,
};
use crate::stats::{independent, share_interval};

/// At most this share of the suite's values may lie outside their 95 % intervals.
pub const MISSES: f64 = 0.08;

const KINDS: [Knowledge; 7] = [
    Knowledge::Exact,
    Knowledge::Numeric,
    Knowledge::Sim,
    Knowledge::Asymptotic,
    Knowledge::Published,
    Knowledge::BoundUpper,
    Knowledge::BoundLower,
];

/// The results of a verification.
pub(super) fn conclude(checked: Vec<Result<VerifiedCase, Cut>>, of: &Verification<'_>) -> VerifyResults {
    let partial = checked.iter().any(Result::is_err);
    let stopped = checked.iter().find_map(|one| match one {
        Err(Cut::Stopped(limit)) => Some(limit.clone()),
        _ => None,
    });
    let cases: Vec<VerifiedCase> = checked.into_iter().flatten().collect();
    let counts = counts(&cases);
    let is_whole = of.whole && !partial;
    let too_many = is_whole && counts.miss as f64 > MISSES * counts.values as f64;
    VerifyResults {
        agrees: counts.impossible == 0 && !too_many,
        form: of.form,
        whole: is_whole,
        counts,
        chance: chance(&cases),
        kinds: KINDS.into_iter().filter_map(|kind| of_kind(&cases, kind)).collect(),
        cases,
        partial,
        stopped,
        version: env!("CARGO_PKG_VERSION"),
    }
}

fn values(cases: &[VerifiedCase]) -> impl Iterator<Item = &VerifiedValue> {
    cases.iter().flat_map(|case| &case.values)
}

fn counts(cases: &[VerifiedCase]) -> VerifyCounts {
    let count = |is: &dyn Fn(&VerifiedValue) -> bool| values(cases).filter(|value| is(value)).count();
    VerifyCounts {
        cases: cases.len(),
        values: count(&|_| true),
        agree: count(&|value| value.agrees),
        miss: count(&|value| !value.agrees),
        impossible: count(&|value| !value.possible),
    }
}

/// Of the exact values that were estimated, the share that misses. The values of a case are from the same runs and
/// miss together, so the case is what is independent.
fn chance(cases: &[VerifiedCase]) -> MissShare {
    let by_chance =
        |value: &&VerifiedValue| matches!(value.kind, Knowledge::Exact | Knowledge::Numeric) && value.half_width > 0.0;
    let cluster = |case: &VerifiedCase| {
        let values: Vec<_> = case.values.iter().filter(by_chance).collect();
        (values.iter().filter(|value| !value.agrees).count() as f64, values.len() as f64)
    };
    let clusters: Vec<(f64, f64)> = cases.iter().map(cluster).collect();
    let (miss, values): (f64, f64) = clusters.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let independent = if values > 0.0 { independent(&clusters) } else { 0.0 };
    let interval = share_interval(miss / values.max(1.0) * independent, independent);
    let share = Estimate { value: interval.map(|(share, _)| share), ci95: interval.map(|(_, ends)| ends) };
    MissShare { values: values as usize, miss: miss as usize, share, independent }
}

fn of_kind(cases: &[VerifiedCase], kind: Knowledge) -> Option<KindCounts> {
    let mut counts = KindCounts { kind, estimated: 0, miss: 0, fixed: 0, differ: 0 };
    for value in values(cases).filter(|value| value.kind == kind) {
        let misses = usize::from(!value.agrees);
        if value.half_width > 0.0 {
            counts.estimated += 1;
            counts.miss += misses;
        } else {
            counts.fixed += 1;
            counts.differ += misses;
        }
    }
    (counts.estimated + counts.fixed > 0).then_some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Limits;
    use crate::experiment::results::{Form, Reading};

    fn value(half_width: f64, agrees: bool, possible: bool) -> VerifiedValue {
        VerifiedValue {
            quantity: "q".into(),
            kind: Knowledge::Exact,
            predicted: Reading::Number(1.0),
            simulated: Reading::Number(1.0),
            half_width,
            agrees,
            possible,
        }
    }

    fn concluded(values: Vec<VerifiedValue>, whole: bool) -> VerifyResults {
        let case = |value| VerifiedCase {
            name: "a".into(),
            title: "A".into(),
            formula: String::new(),
            source: String::new(),
            values: vec![value],
        };
        let of = Verification {
            cases: &[],
            family: 100,
            whole,
            form: Form::Short,
            threads: None,
            limits: Limits::default(),
        };
        conclude(values.into_iter().map(case).map(Ok).collect(), &of)
    }

    #[test]
    fn too_many_misses_disagree_only_in_the_whole_suite() {
        let values = |misses: usize| (0..100).map(|i| value(0.1, i >= misses, true)).collect::<Vec<_>>();
        assert!(concluded(values(8), true).agrees);
        assert!(!concluded(values(9), true).agrees);
        assert!(concluded(values(9), false).agrees);
    }

    #[test]
    fn an_impossible_value_always_disagrees() {
        assert!(!concluded(vec![value(0.1, false, false)], false).agrees);
    }

    #[test]
    fn the_share_is_of_what_is_random() {
        let mut values: Vec<_> = (0..100).map(|i| value(0.1, i >= 5, true)).collect();
        values.push(value(0.0, true, true));
        let results = concluded(values, true);
        assert_eq!((results.chance.values, results.chance.miss), (100, 5));
        let [low, high] = results.chance.share.ci95.unwrap();
        // Nearly that of 100 independent ones; with a case each, the 100 count as 99.
        assert!((low - 0.0215).abs() < 1e-3 && (high - 0.1118).abs() < 1e-3);
        assert_eq!((results.kinds[0].estimated, results.kinds[0].fixed), (100, 1));
        assert_eq!(concluded(vec![], false).chance.share.value, None);
    }
}
