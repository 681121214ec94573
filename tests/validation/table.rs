//! The table of predicted and simulated values: `docs/validation.md`.

use std::fmt::Write;

use super::case::{Case, Kind};
use super::judge::Verdict;

const HEAD: &str = "\
# Validation

Written by `KNEE_BLESS=1 cargo test --test validation`; do not edit. Every scenario is a file of that
name in `tests/validation/`, its expectations beside it. ± is the half-width of the 95 % interval; of
values that are all true about one in twenty lies outside it by chance. The rules of agreement are at
the top of `tests/validation.rs`. Times are in seconds, rates per second.
";

/// All cases as a page of tables.
pub(crate) fn markdown(results: &[(Case, Vec<Verdict>)], long: bool) -> String {
    let count: usize = results.iter().map(|(_, verdicts)| verdicts.len()).sum();
    let agree: usize = results.iter().map(|(_, verdicts)| verdicts.iter().filter(|v| v.agrees).count()).sum();
    let form = if long { "long" } else { "short" };
    let mut page = format!(
        "{HEAD}\n{} scenarios, {count} expectations, {agree} agree ({:.1} %); {form} form.\n",
        results.len(),
        100.0 * agree as f64 / count as f64
    );
    for (case, verdicts) in results {
        section(&mut page, case, verdicts);
    }
    page
}

fn section(page: &mut String, case: &Case, verdicts: &[Verdict]) {
    let known = &case.known;
    let _ = writeln!(
        page,
        "\n## {}\n\nFormula: `{}`. Source: {}.\n",
        case.name,
        known.formula.trim_end_matches('.'),
        escape(&known.source)
    );
    page.push_str("| quantity | kind | predicted | simulated | ± | agrees |\n|---|---|---:|---:|---:|---|\n");
    for (expect, verdict) in known.expect.iter().zip(verdicts) {
        let [predicted, simulated, half] = &verdict.cells;
        let agrees = if verdict.agrees { "yes" } else { "no" };
        let quantity = escape(&expect.quantity);
        let _ =
            writeln!(page, "| {quantity} | {} | {predicted} | {simulated} | {half} | {agrees} |", word(expect.kind));
    }
}

fn escape(text: &str) -> String {
    text.trim_end_matches('.').replace('|', "\\|").replace('<', "&lt;").replace('*', "\\*")
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Exact => "exact",
        Kind::Numeric => "numeric",
        Kind::Sim => "simulation",
        Kind::Asymptotic => "asymptotic",
        Kind::Published => "published",
        Kind::BoundUpper => "upper bound",
        Kind::BoundLower => "lower bound",
    }
}
