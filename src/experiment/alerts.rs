//! Alerts: in which windows a condition held, hence when somebody was told.

use super::estimate::mean;
use super::results::{AlertFiring, AlertSummary};
use super::series::WindowNumbers;
use crate::model::{AlertSpec, ClockSpec, Model};

/// From when to when an alert was on, in ticks from the end of warm-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Firing {
    pub(super) at: u64,
    pub(super) until: u64,
}

/// When an alert was on in one replication, whose run was over at `end`.
pub(super) fn firings(
    alert: &AlertSpec,
    clocks: &[ClockSpec],
    windows: &[Vec<WindowNumbers>],
    end: u64,
) -> Vec<Firing> {
    let every = clocks[alert.clock].every;
    // The last window may be shorter than the others, and is not like them.
    let whole = windows[alert.clock].iter().filter(|window| window.to - window.from == every);
    let bad = |window: &WindowNumbers| alert.relation.holds(window.value(&alert.metric, alert.of), alert.limit);
    runs(whole.map(|window| (window.to, bad(window))), alert.windows, end)
}

/// From when to when a condition has held in so many windows one after another, each given by its end: from the
/// end of the last of those to the end of the first in which it does not hold.
fn runs(windows: impl Iterator<Item = (u64, bool)>, needed: usize, end: u64) -> Vec<Firing> {
    let (mut firings, mut held): (Vec<Firing>, usize) = (Vec::new(), 0);
    for (to, bad) in windows {
        match (bad, firings.last_mut()) {
            (false, Some(firing)) if held >= needed => firing.until = to,
            (true, _) if held + 1 == needed => firings.push(Firing { at: to, until: end }),
            _ => {}
        }
        held = if bad { held + 1 } else { 0 };
    }
    firings
}

/// What happened in one replication, in order of time and then of the file.
pub(super) fn in_order(model: &Model, alerts: &[Vec<Firing>]) -> Vec<AlertFiring> {
    let named = model.monitor.alerts.iter().zip(alerts);
    let mut all: Vec<(&str, Firing)> =
        named.flat_map(|(alert, firings)| firings.iter().map(|firing| (alert.name.as_str(), *firing))).collect();
    all.sort_by_key(|(_, firing)| firing.at);
    let result = |(name, firing): (&str, Firing)| AlertFiring {
        name: name.to_owned(),
        at_s: model.seconds(firing.at as f64),
        for_s: model.seconds((firing.until - firing.at) as f64),
    };
    all.into_iter().map(result).collect()
}

/// What each alert did, from the length of each replication's window in seconds and what it did there.
pub(super) fn summaries<'a>(
    model: &Model,
    own: impl Iterator<Item = (f64, &'a Vec<Vec<Firing>>)> + Clone,
) -> Vec<AlertSummary> {
    let summary = |(index, alert): (usize, &AlertSpec)| {
        let each = own.clone().map(move |(window, alerts)| (window, &alerts[index]));
        let first = each.clone().filter_map(|(_, firings)| firings.first()).map(|first| model.seconds(first.at as f64));
        let on = |firings: &[Firing]| firings.iter().map(|firing| firing.until - firing.at).sum::<u64>();
        let replications = own.clone().count() as f64;
        AlertSummary {
            name: alert.name.clone(),
            when: alert.when.clone(),
            share: first.clone().count() as f64 / replications,
            firings: mean(each.clone().map(|(_, firings)| firings.len() as f64)),
            active: mean(each.map(|(window, firings)| model.seconds(on(firings) as f64) / window)),
            first_at_s: mean(first),
        }
    };
    model.monitor.alerts.iter().enumerate().map(summary).collect()
}

#[cfg(test)]
mod tests {
    use super::{Firing, runs};

    #[test]
    fn it_is_on_once_it_has_held_long_enough_until_it_holds_no_more() {
        let windows = |bad: &str| bad.chars().zip(1u64..).map(|(bad, to)| (10 * to, bad == 'x')).collect::<Vec<_>>();
        let fired = |bad: &str, needed| runs(windows(bad).into_iter(), needed, 75);
        assert_eq!(fired(".xx.x.x", 2), [Firing { at: 30, until: 40 }]);
        assert_eq!(fired(".xx.x..", 1), [Firing { at: 20, until: 40 }, Firing { at: 50, until: 60 }]);
        assert_eq!(fired("....xxx", 2), [Firing { at: 60, until: 75 }]);
        assert_eq!(fired("xxxxxxx", 8), []);
    }
}
