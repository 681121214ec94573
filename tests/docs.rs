//! What the pages say is so: the generated parts are those of this version, the scenarios run, the
//! commands work. `KNEE_BLESS=1` writes the generated parts anew.

mod pages;

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;
use knee::policy::{balance, evict, partition};
use knee::scenario;

use pages::files::{ROOT, below};
use pages::{on_every_page, words};

const LANGUAGE: &str = "docs/scenario.md";
const REFERENCE: &str = "docs/reference.md";

/// A scenario that commands on the pages use: the first of the language, which takes it step by step.
const QUEUE: &str = "queue.toml";

fn read(page: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(page)).expect("the page can be read")
}

/// The code blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let blocks = text.split(fence.as_str()).skip(1);
    blocks.filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}

/// The text with what is between the marks of a part replaced.
fn with_part(text: &str, name: &str, part: &str) -> String {
    let start = format!("<!-- {name}: written by KNEE_BLESS=1 cargo test --test docs -->\n");
    let end = format!("<!-- end of {name} -->");
    let (before, rest) = text.split_once(&start).expect("a start mark");
    let (_, after) = rest.split_once(&end).expect("an end mark");
    format!("{before}{start}{part}{end}{after}")
}

/// A table of words and what they mean.
fn table(head: &str, rows: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    let head = format!("| word | {head} |\n|---|---|\n");
    rows.fold(head, |table, (name, doc)| table + &format!("| `{name}` | {doc} |\n"))
}

fn policies() -> String {
    let rows = balance::REGISTRY.iter().map(|entry| (entry.name, entry.doc));
    table("which target gets the next request", rows)
}

fn evictions() -> String {
    let rows = evict::REGISTRY.iter().map(|entry| (entry.name, entry.doc));
    table("which entry goes when there is no more room", rows)
}

/// The partitions of keys, and whatever else data can be sharded by.
fn shardings() -> String {
    let partitions = partition::REGISTRY.iter().map(|entry| (entry.name, entry.doc));
    let region = balance::find("region").map(|entry| (entry.name, entry.doc));
    table("which shard has a key", partitions.chain(region))
}

#[test]
fn generated_parts_are_of_this_version() {
    let language = [("policies", policies()), ("evictions", evictions()), ("shardings", shardings())];
    let reference = [("reference", format!("\n{}\n", scenario::reference()))];
    for (page, parts) in [(LANGUAGE, language.as_slice()), (REFERENCE, reference.as_slice())] {
        let written = read(page);
        let expected = parts.iter().fold(written.clone(), |page, (name, part)| with_part(&page, name, part));
        if std::env::var_os("KNEE_BLESS").is_some() {
            fs::write(Path::new(ROOT).join(page), &expected).expect("the page can be written");
        } else {
            assert!(written == expected, "{page} is out of date: KNEE_BLESS=1 cargo test --test docs");
        }
    }
}

#[test]
fn every_word_of_the_language_is_explained() {
    let page = read(LANGUAGE);
    let schema = scenario::schema();
    for step in schema["$defs"]["Step"]["oneOf"].as_array().expect("a choice") {
        let name = step["required"][0].as_str().expect("a word");
        assert!(page.contains(&format!("{{ {name} = ")), "the step {name} is not shown in {LANGUAGE}");
    }
    for table in schema["$defs"]["Scenario"]["properties"].as_object().expect("tables").keys() {
        let shown = [format!("[{table}."), format!("[{table}]"), format!("{table} = ")];
        assert!(shown.iter().any(|form| page.contains(form)), "{table} is not shown in {LANGUAGE}");
    }
    for word in schema["$defs"]["ShardBy"]["oneOf"][0]["enum"].as_array().expect("words") {
        let name = word.as_str().expect("a word");
        assert!(shardings().contains(&format!("| `{name}` |")), "{name} is not explained in {LANGUAGE}");
    }
    for table in ["Discipline", "Family", "Mode", "Writes", "Admission", "Shed"] {
        let words = schema["$defs"][table]["oneOf"].as_array().expect("a choice");
        for word in words {
            let name = word["const"].as_str().or_else(|| word["required"][0].as_str()).expect("a word");
            assert!(page.contains(&format!("| `{name}` |")), "{name} is not explained in {LANGUAGE}");
        }
    }
}

#[test]
fn the_schema_defines_what_it_did() {
    let schema = scenario::schema();
    let keys = |value: &serde_json::Value| -> String {
        let names = value.as_object().expect("a table").keys().map(String::as_str);
        names.collect::<Vec<_>>().join("\n") + "\n"
    };
    let found = format!("{}\n{}", keys(&schema["$defs"]["Scenario"]["properties"]), keys(&schema["$defs"]));
    let golden = Path::new(ROOT).join("tests/golden/schema.txt");
    if std::env::var_os("KNEE_BLESS").is_some() {
        fs::write(&golden, &found).expect("the golden file can be written");
    }
    assert_eq!(found, fs::read_to_string(&golden).unwrap_or_default(), "KNEE_BLESS=1 accepts it");
}

fn knee(folder: &Path, args: &[String]) -> (Option<i32>, String) {
    let mut command = Command::cargo_bin("knee").expect("the program");
    let output = command.current_dir(folder).args(args).output().expect("it starts");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn every_scenario_on_the_pages_runs() {
    let counts = on_every_page("docs-scenarios", |page, text, folder| {
        // Where pages have scenarios of their own, they show parts of them: `tests/fragments.rs` looks for those.
        let of_files = ["docs/lessons/", "docs/ladder/", "docs/growth/"].iter().any(|place| page.contains(place));
        let scenarios = blocks(text, "toml").into_iter().filter(|text| text.contains("[workload.") && !of_files);
        let short = words("run it.toml --quiet --replications 2 --duration 5s --warm-up 1s");
        let run = |text: String| {
            fs::write(folder.join("it.toml"), &text).expect("a file");
            let (code, said) = knee(folder, &short);
            // A short run may miss an objective.
            assert!(matches!(code, Some(0 | 1)), "{page}:\n{text}\n{said}");
        };
        scenarios.map(run).count()
    });
    assert!(counts.iter().sum::<usize>() > 5);
}

/// The commands that a page shows in its shell blocks, without their comments. What follows a prompt is a session, which
/// `tests/sessions.rs` repeats.
fn commands(text: &str) -> Vec<String> {
    let blocks = blocks(text, "sh").into_iter().chain(blocks(text, ""));
    let blocks: Vec<String> = blocks.map(|block| block.replace("\\\n", " ")).collect();
    let lines = blocks.iter().flat_map(|block| block.lines()).filter(|line| line.starts_with("knee "));
    lines.map(|line| line.split(" #").next().unwrap_or(line).trim().to_owned()).collect()
}

/// Shorter than on the page, where it simulates; without what happens to its output.
fn arguments(command: &str) -> Vec<String> {
    let program = [" | ", " > "].iter().filter_map(|mark| command.split_once(mark)).map(|(program, _)| program);
    let program = program.min_by_key(|program| program.len()).unwrap_or(command);
    let mut arguments = words(program).split_off(1);
    if matches!(arguments[0].as_str(), "run" | "sweep") {
        arguments.extend(words("--duration 5s --warm-up 1s --replications 2"));
    }
    arguments
}

#[test]
fn every_command_on_the_pages_works() {
    let scenario = blocks(&read(LANGUAGE), "toml").swap_remove(0);
    on_every_page("docs-commands", |page, text, folder| {
        fs::write(folder.join(QUEUE), &scenario).expect("a file");
        // What README.md has its readers write, and what this page does: knee overwrites no file.
        let commands = commands(text);
        if !commands.iter().any(|command| command.starts_with("knee new shop")) {
            knee(folder, &words("new shop"));
        }
        for command in commands {
            let (code, said) = knee(folder, &arguments(&command));
            let runs = command.starts_with("knee run");
            assert!(code == Some(0) || (runs && code == Some(1)), "{page}: {command}: {code:?}\n{said}");
        }
    });
}

#[test]
fn every_sentence_has_one_number_and_a_test() {
    let text = read("docs/semantics.md");
    let numbers: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("- **")?.split("**").next()).collect();
    let tests: String = below("tests/semantics", ".rs").iter().map(|file| read(file)).collect();
    let pinned = |number: &str| tests.contains(&format!("fn {}_", number.to_lowercase()));
    let (mut seen, mut wrong) = (std::collections::BTreeSet::new(), Vec::new());
    for number in numbers {
        if !seen.insert(number) || !pinned(number) {
            wrong.push(number);
        }
    }
    assert!(seen.len() > 100, "the sentences are not where they were");
    assert!(wrong.is_empty(), "given twice, or pinned by no test: {wrong:?}");
}
