//! `knee verify` in the tests: every model with a known answer agrees, as far as chance allows, and `docs/validation.md` is
//! what it prints. The rules of agreement are at the top of `src/experiment/verify/mod.rs`.
//!
//! Environment: `KNEE_LONG=1` runs the long form (intervals of about 1 %), and `KNEE_BLESS=1` writes `docs/validation.md`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use knee::experiment::verify::coverage::{ELSEWHERE, EVIDENCE, FAULTS};
use knee::experiment::verify::{Case, Verification, suite};
use knee::experiment::{Control, Form, Limits, VerifyResults, verify};
use knee::report::{markdown, terminal};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn is_set(variable: &str) -> bool {
    std::env::var(variable).is_ok_and(|value| value == "1")
}

fn verified(form: Form) -> VerifyResults {
    let cases = suite().expect("the suite can be read");
    let family = cases.iter().map(Case::expectations).sum();
    let verification =
        Verification { cases: &cases, family, whole: true, form, threads: None, limits: Limits::default() };
    verify(&verification, &Control { progress: &|_| (), cancelled: &AtomicBool::new(false) })
}

#[test]
fn simulations_agree_with_what_is_known() {
    let form = if is_set("KNEE_LONG") { Form::Long } else { Form::Short };
    let results = verified(form);
    println!("{}", terminal::verify(&results, false, false));
    assert!(results.agrees, "{}", terminal::verify(&results, false, false));
    let (page, written) = (root().join("docs/validation.md"), markdown::verify(&results));
    if is_set("KNEE_BLESS") {
        fs::write(&page, &written).expect("the page can be written");
    }
    // The page is that of the short form.
    if form == Form::Short {
        let there = fs::read_to_string(page).expect("the page");
        let first = there.lines().zip(written.lines()).find(|(there, now)| there != now);
        assert!(there == written, "KNEE_BLESS=1 writes docs/validation.md anew; the first difference: {first:?}");
    }
}

#[test]
fn the_suite_is_all_that_is_in_the_folder() {
    let listed: BTreeSet<String> = suite().expect("the suite").into_iter().map(|case| case.name).collect();
    let names: Vec<String> = files(&root().join("validation"));
    let cases = names.iter().filter_map(|name| name.strip_suffix(".expect.toml")).map(String::from);
    assert_eq!(listed, cases.collect(), "src/experiment/verify/suite.rs lists the cases");
    let scenarios = names.iter().filter(|name| !name.ends_with(".expect.toml"));
    let scenarios = scenarios.filter_map(|name| name.strip_suffix(".toml")).map(String::from);
    assert_eq!(listed, scenarios.collect(), "each has a scenario");
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_test_that_is_said_to_cover_a_model_is_there() {
    ELSEWHERE.iter().flat_map(|one| one.tests).for_each(|(file, name)| assert_test(file, name));
}

#[test]
fn every_test_that_is_said_to_catch_a_fault_is_there() {
    let page = fs::read_to_string(root().join("docs/mutants.md")).expect("the page");
    let mut faults = 0;
    for row in page.lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        let caught = row.rsplit("| ").next().and_then(|cell| cell.trim_end_matches(" |").split_once(": "));
        let (file, name) = caught.unwrap_or_else(|| panic!("no test in {row}"));
        assert_test(file.trim_matches('`'), name.trim_matches('`'));
        faults += 1;
    }
    assert_eq!(faults, FAULTS);
    assert!(page.contains(&format!("All {faults} were caught")));
}

fn assert_test(file: &str, name: &str) {
    let text = fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    // What proptest declares has arguments.
    let at = text.find(&format!("fn {name}(")).unwrap_or_else(|| panic!("{file} has no {name}"));
    assert!(text[..at].trim_end().ends_with("#[test]"), "{file}: {name} is no test");
}

#[test]
fn there_are_as_many_other_tests_as_is_said() {
    for evidence in EVIDENCE {
        let texts = evidence.at.iter().flat_map(|at| texts(&root().join(at)));
        let count: usize = texts.map(|text| text.matches("#[test]").count()).sum();
        assert!(count >= evidence.tests, "{:?}: {count} tests", evidence.at);
        assert!(count < 2 * evidence.tests, "{:?}: {count} tests, and only {} are said", evidence.at, evidence.tests);
    }
}

/// The text of a file, or of those in a folder.
fn texts(path: &Path) -> Vec<String> {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.is_file() {
        return vec![read(path)];
    }
    files(path).iter().map(|name| read(&path.join(name))).collect()
}
