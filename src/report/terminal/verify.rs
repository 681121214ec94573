//! The summary of a verification: whether all is as chance allows, and a line per case or per value.

use super::ink::{Ink, Tone};
use super::table::{Cell, Table};
use super::{WIDTH, wrap};
use crate::experiment::results::{VerifiedCase, VerifiedValue, VerifyResults};
use crate::report::verification as words;

/// The verdict, then every value (`all`), or a line per case with the values that miss.
pub(super) fn summary(results: &VerifyResults, all: bool, ink: Ink) -> String {
    let mut text = verdict(results, ink);
    match all {
        true => results.cases.iter().for_each(|case| text.push_str(&values(case, ink))),
        false => text.push_str(&cases(results, ink)),
    }
    text
}

fn verdict(results: &VerifyResults, ink: Ink) -> String {
    let tone = if results.agrees && !results.partial { Tone::Head } else { Tone::Bad };
    let said = wrap(&words::verdict(results), 2);
    let mut lines: Vec<String> = said.lines().map(|line| ink.paint(tone, line)).collect();
    if let Some(chance) = words::chance(&results.chance) {
        lines.extend(wrap(&chance, 2).lines().map(|line| ink.paint(Tone::Dim, line)));
    }
    lines.join("\n") + "\n"
}

fn cases(results: &VerifyResults, ink: Ink) -> String {
    let longest = results.cases.iter().map(|case| case.name.chars().count()).max().unwrap_or(0);
    let mut text = String::from("\n");
    for case in &results.cases {
        let count = format!("{} of {}", words::agreeing(&case.values), case.values.len());
        // The mark, the name, the count and what is between them.
        let room = WIDTH.saturating_sub(longest + 16);
        let title = cut(&case.title, room);
        let mark = mark(&case.values, ink);
        text.push_str(&format!("{mark} {:longest$}  {count:>8}  {}\n", case.name, ink.paint(Tone::Dim, &title)));
        for value in case.values.iter().filter(|value| !value.agrees) {
            text.push_str(&miss(value, ink));
        }
    }
    text
}

/// A cross for what is impossible, a question mark for a miss, a tick for all else.
fn mark(values: &[VerifiedValue], ink: Ink) -> String {
    let possible = values.iter().all(|value| value.possible);
    let agrees = values.iter().all(|value| value.agrees);
    ink.mark(if possible { agrees.then_some(true) } else { Some(false) })
}

fn miss(value: &VerifiedValue, ink: Ink) -> String {
    let half = words::half_width(value);
    let half = if half.is_empty() { half } else { format!(" ± {half}") };
    let [predicted, simulated] = [&value.predicted, &value.simulated].map(words::reading);
    let verdict = if value.possible { "" } else { ": impossible" };
    let line = format!("{}: {predicted} predicted, {simulated}{half} simulated{verdict}", value.quantity);
    let tone = if value.possible { Tone::Dim } else { Tone::Bad };
    // Blanks at the start would be lost.
    let broken = wrap(&format!("____{}", line.lines().next().unwrap_or_default()), 6).replacen("____", "    ", 1);
    broken.lines().map(|line| ink.paint(tone, line) + "\n").collect()
}

fn values(case: &VerifiedCase, ink: Ink) -> String {
    let head = format!("{}: {}", case.name, case.title);
    let from = wrap(&format!("{}; {}", case.formula.trim_end_matches('.'), case.source), 2);
    let dim: Vec<String> = from.lines().map(|line| ink.paint(Tone::Dim, line)).collect();
    let mut table = Table::new(&["", "", "", "predicted", "simulated", "±"]);
    for value in &case.values {
        let short = |text: String| Cell::from(cut(text.lines().next().unwrap_or_default(), MOST));
        table.row(vec![
            Cell::new(mark_of(value), tone(value)),
            Cell::left(cut(&value.quantity, QUANTITY)),
            Cell::left(words::kind(value.kind)),
            short(words::reading(&value.predicted)),
            short(words::reading(&value.simulated)),
            Cell::new(words::half_width(value), Tone::Dim),
        ]);
    }
    format!("\n{}\n{}\n{}", ink.paint(Tone::Head, &wrap(&head, 2)), dim.join("\n"), table.render(ink))
}

/// The start of a sentence, if it is longer than there is room for.
fn cut(text: &str, longest: usize) -> String {
    match text.chars().count() > longest {
        true => text.chars().take(longest.saturating_sub(1)).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// Most characters of a quantity, and of a number.
const QUANTITY: usize = 30;
const MOST: usize = 12;

fn mark_of(value: &VerifiedValue) -> &'static str {
    match (value.agrees, value.possible) {
        (true, _) => "✓",
        (_, true) => "?",
        _ => "✗",
    }
}

fn tone(value: &VerifiedValue) -> Tone {
    Tone::of(if value.possible { value.agrees.then_some(true) } else { Some(false) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_line_per_case_and_its_misses() {
        let text = summary(&fixture::verify(), false, Ink(false));
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("2 of 3 known values agree"));
        assert!(lines.contains(&"? A001-mm1    2 of 3  M/M/1"));
        assert!(lines.contains(&"    P99: 4.60517 predicted, 4.70000 ± 0.050 simulated"));
    }

    #[test]
    fn every_value_in_eighty_columns() {
        let mut results = fixture::verify();
        results.cases[0].values[0].quantity = "a quantity with a name that goes on and on".into();
        let text = summary(&results, true, Ink(false));
        assert!(text.contains("1/(mu - lambda); Erlang 1909"));
        assert!(text.contains("✓  a quantity with a name that g…  exact"));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    }

    #[test]
    fn what_is_impossible_is_marked() {
        let mut results = fixture::verify();
        results.cases[0].values[2].possible = false;
        let text = summary(&results, false, Ink(false));
        assert!(text.contains("✗ A001-mm1") && text.contains("simulated: impossible"));
        assert!(summary(&results, true, Ink(true)).contains("\u{1b}["));
    }
}
