//! A verification as a page: `docs/validation.md`.

use std::fmt::Write;

use crate::experiment::results::{Form, KindCounts, VerifiedCase, VerifyResults};
use crate::experiment::verify::coverage::{self, ELSEWHERE, EVIDENCE, Elsewhere, MODELS};
use crate::report::verification as words;

/// What is done, and how to read it.
const OPENING: &str = "\
# Validation

A simulator is worth as much as the reasons to believe it. Here are those of `knee`: models whose answers are known, from
theory or in print, each simulated and compared. The program carries them with it, so anybody can do this again:

```text
knee verify                all of them, in a minute or so on a few cores
knee verify A045           those whose names contain this, value by value
knee verify --list         what there is: names, formulas and sources
knee verify --long         again, with intervals of about 1 %
knee verify --format markdown > validation.md      this page
```

It was written by the last command, and a test holds it to what that prints. Seeds are part of the cases, so what was
simulated is the same bytes everywhere. A case is a scenario in the folder `validation`, `NAME.toml`, with what is
known about it beside it, `NAME.expect.toml`.

## How to read it

± is half of the 95 % confidence interval around what was simulated. When a known value *agrees* depends on what is known:

| kind | the value | agrees when |
|---|---|---|
| exact, numeric | follows from a formula, or from an exact model solved numerically | it lies in the interval |
| simulation | was simulated by a program written independently | it lies in the interval, widened by that simulation's own |
| asymptotic, published | holds in a limit, or was printed | it lies in the interval, widened by the bias or rounding stated |
| upper bound, lower bound | cannot be exceeded, or fallen short of | the interval is not all on the wrong side |

Of true values, 5 % lie outside their 95 % intervals *by chance*: that is what 95 % means. So not every value can agree, and
if all did, the intervals would be too wide. Two rules hold instead. No value may be *impossible*: outside its interval
widened by t(1 − 0.005/m) / t(0.975), where m is the number of values in the suite; if all values are true, one of them is
called impossible in at most one suite of a hundred (Bonferroni 1936). And of the whole suite at most 8 % may miss. Where
nothing is random there is no interval, and what was simulated must be equal to nine digits. Otherwise `knee verify` exits
with code 1. Neither a model, nor a seed, nor a tolerance is ever changed to make a value agree.
";

/// The results as a page; what covers the reference models only for the whole suite.
pub fn verify(results: &VerifyResults) -> String {
    let mut page = String::from(OPENING);
    shares(&mut page, results);
    if results.whole {
        evidence(&mut page);
        covered(&mut page, results);
    }
    page.push_str("\n## Value by value\n\nTimes are in seconds, rates per second.\n");
    for case in &results.cases {
        section(&mut page, case);
    }
    page
}

fn shares(page: &mut String, results: &VerifyResults) {
    let form = if results.form == Form::Long { "long" } else { "short" };
    let cases = results.counts.cases;
    let _ = writeln!(page, "\n## How many agree\n\n{cases} scenarios, {form} form: **{}.**", words::verdict(results));
    if let Some(chance) = words::chance(&results.chance) {
        let independent = results.chance.independent;
        let _ = writeln!(
            page,
            "\n{chance}\nExact is what a formula or an exact model says. The interval is that of Wilson (1927). Values of one case come from\n\
             the same runs and miss together, so they count as {independent:.0} independent ones (Kish 1965). Where a quantity is a sum or a\n\
             quotient of others, half-widths are added, which is at least as wide as the truth; so somewhat less than 5 % is to be\n\
             expected, and of the kinds with a tolerance of their own still less."
        );
    }
    page.push_str("\n| kind | estimated | miss | share | not random | differ |\n|---|---:|---:|---:|---:|---:|\n");
    for kind in &results.kinds {
        page.push_str(&row_of(kind));
    }
}

fn row_of(counts: &KindCounts) -> String {
    let KindCounts { kind, estimated, miss, fixed, differ } = *counts;
    let share = if estimated > 0 { words::percent(miss as f64 / estimated as f64) } else { String::new() };
    format!("| {} | {estimated} | {miss} | {share} | {fixed} | {differ} |\n", words::kind(kind))
}

fn evidence(page: &mut String) {
    page.push_str("\n## What else is tested\n\nThe suite asks whether numbers are right. Beside it there are tests of another kind:\n\n");
    page.push_str("| at least | tests | in |\n|---:|---|---|\n");
    for evidence in EVIDENCE {
        let places: Vec<String> = evidence.at.iter().map(|at| format!("`{at}`")).collect();
        let _ = writeln!(page, "| {} | {} | {} |", evidence.tests, evidence.what, places.join(", "));
    }
    let faults = coverage::FAULTS;
    let _ = writeln!(
        page,
        "\nThat they catch faults was tried with {faults} that were [put in on purpose](mutants.md): all are caught."
    );
}

fn covered(page: &mut String, results: &VerifyResults) {
    let models = coverage::by_model(&results.cases);
    let (all, suite) = (MODELS.len(), models.len());
    let without = ELSEWHERE.iter().filter(|one| one.tests.is_empty()).count();
    let _ = writeln!(
        page,
        "\n## What is covered\n\nThe reference is a list of {all} models. {suite} of them are simulated here; {} are held by other tests to\n\
         what is known of them, since they are no number that a scenario has; {without} is not covered, and its line says why.\n\n\
         | model | what it is | where |\n|---|---|---|",
        all - suite - without
    );
    for model in MODELS {
        if let Some(cases) = models.get(model) {
            let links: Vec<String> = cases.iter().map(|case| link(case)).collect();
            let title = cases.first().map_or("", |case| &case.title);
            let _ = writeln!(page, "| {model} | {} | {} |", escape(title), links.join(", "));
        } else if let Some(one) = ELSEWHERE.iter().find(|one| one.model == *model) {
            let _ = writeln!(page, "| {model} | {} | {} |", one.title, elsewhere(one));
        }
    }
}

/// A link to the section of a case.
fn link(case: &VerifiedCase) -> String {
    format!("[{}](#{})", case.name, case.name.to_lowercase())
}

fn elsewhere(one: &Elsewhere) -> String {
    let tests: Vec<String> = one.tests.iter().map(|(file, name)| format!("`{name}` in `{file}`")).collect();
    match tests.is_empty() {
        true => format!("not covered: {}", one.why),
        false => format!("{}; {}", tests.join(", "), one.why),
    }
}

fn section(page: &mut String, case: &VerifiedCase) {
    let [title, source] = [&case.title, &case.source].map(|text| escape(text));
    let formula = case.formula.trim_end_matches('.');
    let name = &case.name;
    let _ = writeln!(
        page,
        "\n### {name}\n\n[{title}](../validation/{name}.toml). Formula: `{formula}`. Source: {source}.\n\n\
         | quantity | kind | predicted | simulated | ± | agrees |\n|---|---|---:|---:|---:|---|"
    );
    for value in &case.values {
        let [predicted, simulated] =
            [&value.predicted, &value.simulated].map(|reading| escape(&words::reading(reading)));
        let (quantity, kind, half) = (escape(&value.quantity), words::kind(value.kind), words::half_width(value));
        let agrees = match (value.agrees, value.possible) {
            (true, _) => "yes",
            (_, true) => "no",
            _ => "impossible",
        };
        let _ = writeln!(page, "| {quantity} | {kind} | {predicted} | {simulated} | {half} | {agrees} |");
    }
}

/// A text as it is, in a cell of a table.
fn escape(text: &str) -> String {
    let text = text.trim_end_matches('.').replace(['\n', '\r'], " ");
    text.replace('|', "\\|").replace('<', "&lt;").replace('*', "\\*")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_page_of_some_cases_has_no_coverage() {
        let page = verify(&fixture::verify());
        assert!(page.contains("**2 of 3 known values agree (66.7 %), and none is impossible.**"));
        assert!(page.contains("| exact | 3 | 1 | 33.3 % | 0 | 0 |"));
        assert!(page.contains("| P99 | exact | 4.60517 | 4.70000 | 0.050 | no |"));
        assert!(!page.contains("## What is covered"));
    }

    #[test]
    fn the_whole_suite_has_a_line_per_model() {
        let page = verify(&crate::experiment::VerifyResults { whole: true, ..fixture::verify() });
        assert!(page.contains("| A001 | M/M/1 | [A001-mm1](#a001-mm1) |"));
        assert!(page.contains("not covered: the trace may not be published"));
        assert!(ELSEWHERE.iter().all(|one| page.contains(&format!("\n| {} | {} |", one.model, one.title))));
    }
}
