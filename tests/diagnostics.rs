//! What is said about scenarios with mistakes: `tests/golden/diagnostics/NAME.toml` and, beside it,
//! `NAME.txt` with every word of it. `KNEE_BLESS=1` writes the texts anew: read them before they stay.
//!
//! A line `# --set PATH=VALUE` in a scenario is an override, as on the command line.

use std::fs;
use std::path::{Path, PathBuf};

use knee::diagnostic::Diagnostics;
use knee::model;
use knee::scenario::Source;

#[test]
fn every_mistake_is_told_as_agreed() {
    let bless = std::env::var_os("KNEE_BLESS").is_some();
    let mut different = Vec::new();
    for path in scenarios() {
        let said = diagnose(&path);
        let expected = path.with_extension("txt");
        if bless {
            fs::write(&expected, &said).expect("the golden file can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != said {
            different.push(format!("{}:\n{said}", path.display()));
        }
    }
    assert!(different.is_empty(), "KNEE_BLESS=1 accepts what follows.\n{}", different.join("\n"));
}

#[test]
fn ten_mistakes_are_told_in_one_go() {
    let said = diagnose(&folder().join("mistakes.toml"));
    assert!(said.ends_with("\n\n10 errors\n"), "{said}");
    for words in [
        "unknown key",
        "missing unit",
        "unknown unit",
        "there is no component",
        "is used twice",
        "there is no such distribution",
        "in a circle",
        "zero servers",
        "is not in quotes",
        "do not sum to 1",
    ] {
        assert_eq!(said.matches(words).count(), 1, "`{words}` in\n{said}");
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/diagnostics")
}

fn scenarios() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the golden scenarios are there");
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    let mut scenarios: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    scenarios.sort();
    scenarios
}

fn diagnose(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a readable scenario");
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    let overrides = text.lines().filter_map(|line| line.strip_prefix("# --set ")).map(str::to_string).collect();
    let source = Source { name, text, overrides };
    let (model, diagnostics) = model::load(&source, &read);
    let name = path.display();
    assert!(
        model.is_none() && diagnostics.has_errors() || std::env::var_os("KNEE_BLESS").is_some(),
        "{name}: nothing is wrong"
    );
    render(&diagnostics)
}

/// One file is there, with mistakes of its own.
fn read(path: &str) -> Result<String, String> {
    match path {
        "jobs.csv" => Ok("time,service-time\n0,1\nsoon,1\n".to_string()),
        "bare.csv" => Ok("time\n0\n1\n".to_string()),
        _ => Err("no such file".to_string()),
    }
}

fn render(diagnostics: &Diagnostics) -> String {
    let said = diagnostics.render(false);
    said.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
