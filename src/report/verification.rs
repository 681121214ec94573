//! Words and numbers that every form of a verification shares.

use crate::experiment::results::{Knowledge, MissShare, Reading, VerifiedValue, VerifyResults};
use crate::report::reading::cut_short_first;

/// The verdict in one sentence, without its full stop.
pub(super) fn verdict(results: &VerifyResults) -> String {
    let counts = &results.counts;
    let partial = cut_short_first(results.partial, results.stopped.as_deref());
    if counts.values == 0 {
        return format!("{partial}nothing was compared");
    }
    let share = percent(counts.agree as f64 / counts.values as f64);
    let agree = format!("{partial}{} of {} known values agree ({share})", counts.agree, counts.values);
    match (counts.impossible, counts.miss) {
        (0, 0) => agree,
        (0, _) if !results.agrees => format!("{agree}: more miss than chance explains"),
        (0, _) => format!("{agree}, and none is impossible"),
        (1, _) => format!("{agree}, but one is impossible"),
        (count, _) => format!("{agree}, but {count} are impossible"),
    }
}

/// What the share of misses is, and what it means.
pub(super) fn chance(chance: &MissShare) -> Option<String> {
    let (share, [low, high]) = (chance.share.value?, chance.share.ci95?);
    let [share, from, to] = [share, low, high].map(percent);
    let meaning = match (low > 0.05, high < 0.05) {
        (true, _) => "only 5 % of true values do: intervals are too narrow, or values are wrong",
        (_, true) => "5 % of true values do: the intervals are wider than they need be",
        _ => "5 % of true values do: there is no sign of anything else",
    };
    let (miss, values) = (chance.miss, chance.values);
    Some(format!(
        "Of {values} exact values that are estimated, {miss} miss: {share} (95 % interval: {from} to {to}). By chance {meaning}."
    ))
}

/// A share in per cent, with a digit behind the point.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A number, or the text that is there instead.
pub(super) fn reading(reading: &Reading) -> String {
    match reading {
        Reading::Number(x) => digits(*x, 6),
        Reading::Text(text) => text.clone(),
    }
}

/// Half of the interval; nothing where nothing is random.
pub(super) fn half_width(value: &VerifiedValue) -> String {
    if value.half_width > 0.0 { digits(value.half_width, 2) } else { String::new() }
}

/// A number with so many significant digits.
fn digits(x: f64, count: i32) -> String {
    let magnitude = if x == 0.0 { 0 } else { x.abs().log10().floor() as i32 };
    format!("{x:.*}", (count - 1 - magnitude).max(0) as usize)
}

/// The kind of knowledge, in words.
pub(super) fn kind(kind: Knowledge) -> &'static str {
    match kind {
        Knowledge::Exact => "exact",
        Knowledge::Numeric => "numeric",
        Knowledge::Sim => "simulation",
        Knowledge::Asymptotic => "asymptotic",
        Knowledge::Published => "published",
        Knowledge::BoundUpper => "upper bound",
        Knowledge::BoundLower => "lower bound",
    }
}

/// How many values of a case agree.
pub(super) fn agreeing(values: &[VerifiedValue]) -> usize {
    values.iter().filter(|value| value.agrees).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn numbers_have_six_digits() {
        assert_eq!(reading(&Reading::Number(0.000_104_366_25)), "0.000104366");
        assert_eq!(reading(&Reading::Number(0.0)), "0.00000");
        assert_eq!(digits(1_234_567.0, 2), "1234567");
    }

    #[test]
    fn the_verdict_says_what_is_wrong() {
        let mut results = fixture::verify();
        assert_eq!(verdict(&results), "2 of 3 known values agree (66.7 %), and none is impossible");
        results.counts.impossible = 1;
        results.partial = true;
        assert_eq!(verdict(&results), "interrupted; 2 of 3 known values agree (66.7 %), but one is impossible");
        results.counts = Default::default();
        assert_eq!(verdict(&results), "interrupted; nothing was compared");
    }

    #[test]
    fn the_share_of_misses_is_held_to_five_per_cent() {
        let mut share = fixture::verify().chance;
        assert!(chance(&share).unwrap().contains("no sign of anything else"));
        share.share.ci95 = Some([0.01, 0.04]);
        assert!(chance(&share).unwrap().contains("wider than they need be"));
        share.share.ci95 = Some([0.06, 0.1]);
        assert!(chance(&share).unwrap().contains("too narrow"));
        share.share.ci95 = None;
        assert_eq!(chance(&share), None);
    }
}
