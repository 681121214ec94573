//! What was watched over time: alerts, and whether the system came back.

use super::ink::Ink;
use super::marked;
use crate::experiment::results::{AlertSummary, Recovery};
use crate::report::quantity::{Kind, show};

/// A line per alert: whether it went off, and when.
pub(super) fn alerts(alerts: &[AlertSummary], ink: Ink) -> String {
    let line = |alert: &AlertSummary| {
        let quiet = match alert.share {
            0.0 => Some(true),
            1.0 => Some(false),
            _ => None,
        };
        marked(&ink.mark(quiet), &format!("alert {}: {}: {}", alert.name, alert.when, said(alert)))
    };
    alerts.iter().map(line).collect()
}

fn said(alert: &AlertSummary) -> String {
    if alert.share == 0.0 {
        return "never went off".into();
    }
    let often = show(Kind::Count, alert.firings.value);
    let often = if alert.firings.value == Some(1.0) { "once".into() } else { format!("{often} times on average") };
    let first = show(Kind::Time, alert.first_at_s.value);
    let active = show(Kind::Ratio, alert.active.value);
    let some = match alert.share {
        1.0 => String::new(),
        share => format!(" (in {} of replications)", show(Kind::Ratio, Some(share))),
    };
    format!("went off {often}, first at {first}, on for {active} of the time{some}")
}

/// A line per trigger and workload: whether it came back, and its goodput.
pub(super) fn recovery(recoveries: &[Recovery], ink: Ink) -> String {
    let line = |recovery: &Recovery| {
        let [before, during, after] =
            [recovery.before, recovery.during, recovery.after].map(|estimate| show(Kind::Rate, estimate.value));
        let goodput = format!("goodput {before} before, {during} during, {after} after");
        let Recovery { trigger, workload, verdict, .. } = recovery;
        marked(&ink.mark(recovery.recovered), &format!("{trigger}: {workload} {verdict}: {goodput}"))
    };
    recoveries.iter().map(line).collect()
}
