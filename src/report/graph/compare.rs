//! What a comparison says of each metric: its change as a share of what it was.

use crate::experiment::results::{Change, Difference};
use crate::report::graph::color::{Color, GREY, PALETTE};
use crate::report::quantity::{Kind, show};

/// Changes that are drawn: the first ones.
pub(crate) const MOST: usize = 12;

/// A change as a share of what it was, and its interval.
pub(crate) type Share = (f64, Option<[f64; 2]>);

/// The metrics of a change that can be drawn, each with its change as a share of what it was, and its interval.
pub(crate) fn shares(change: &Change) -> Vec<(&Difference, Share)> {
    change.differences.iter().filter_map(|difference| Some((difference, share(difference)?))).collect()
}

/// Nothing that is measured can be less than nothing, wherever an interval may reach.
const LEAST: f64 = -1.0;

fn share(difference: &Difference) -> Option<Share> {
    let was = difference.before.value.filter(|was| *was != 0.0)?;
    let change = &difference.difference;
    Some((change.value? / was, change.ci95.map(|ci| ci.map(|end| (end / was).max(LEAST)))))
}

/// Green for the better, vermilion for the worse, blue for what is neither.
pub(crate) fn color(difference: &Difference) -> Color {
    match (difference.real, difference.better) {
        (false, _) => GREY,
        (true, Some(true)) => PALETTE[2],
        (true, Some(false)) => PALETTE[1],
        (true, None) => PALETTE[0],
    }
}

/// `-18.2 %`, or that it is within chance.
pub(crate) fn said(share: f64, difference: &Difference) -> String {
    let sign = if share > 0.0 { "+" } else { "" };
    match difference.real {
        true => format!("{sign}{}", show(Kind::Ratio, Some(share))),
        false => "within chance".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::Estimate;

    #[test]
    fn nothing_falls_by_more_than_all_of_it() {
        let estimate = |value, ci95| Estimate { value: Some(value), ci95 };
        let difference = Difference {
            metric: "customers.latency.p95".into(),
            counterpart: None,
            pairs: 5,
            before: estimate(2.0, None),
            after: estimate(1.0, None),
            difference: estimate(-1.0, Some([-3.0, 1.0])),
            relative: Some(-0.5),
            p_value: None,
            adjusted_p: None,
            real: false,
            better: None,
        };
        assert_eq!(share(&difference), Some((-0.5, Some([-1.0, 0.5]))));
    }
}
