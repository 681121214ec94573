//! Summaries keep to the 80 columns of a terminal, also where names are long.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Makes every name longer than 40 characters.
const MORE: &str = "-with-a-name-that-is-very-long-and-goes-on";
/// Each with tables that others do not have.
const SCENARIOS: [&str; 9] = [
    "web-and-database",
    "geo-replication",
    "circuit-breaker",
    "work-queue",
    "cache-and-database",
    "autoscaler-too-slow",
    "resharding",
    "failover",
    "gc-pauses",
];
const QUICK: [&str; 7] = ["--replications", "2", "--duration", "300ms", "--warm-up", "10ms", "--no-progress"];

/// Names of `[kind.name]` tables.
fn names(text: &str) -> Vec<String> {
    let headers = text.lines().filter_map(|line| line.strip_prefix('[')?.split_once('.'));
    let mut names: Vec<String> =
        headers.map(|(_, rest)| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect()).collect();
    names.sort_by_key(|name: &String| std::cmp::Reverse(name.len()));
    names.dedup();
    names
}

/// The same line with this name made longer where it is a whole word, but not a key or in a sentence.
fn longer(line: &str, name: &str) -> String {
    let (mut made, mut rest) = (String::new(), line);
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let opened = format!("{made}{before}").ends_with(['.', '"', '[', ',', '{', ' ']);
        let closed = after.starts_with(['.', '"', ']', ',', '}', '[', ' ']) && !after.starts_with(" =");
        made += before;
        made += name;
        made += if opened && closed { MORE } else { "" };
        rest = after;
    }
    made + rest
}

/// A scenario in which every component has a long name.
fn scenario(folder: &Path, name: &str) -> PathBuf {
    let text = fs::read_to_string(Path::new(ROOT).join(format!("scenarios/{name}.toml"))).expect("a scenario");
    let names = names(&text);
    let line = |line: &str| match line.starts_with('#') || line.starts_with("title") || line.starts_with("name") {
        true => line.to_owned(),
        false => names.iter().fold(line.to_owned(), |line, name| longer(&line, name)),
    };
    let path = folder.join(format!("{name}.toml"));
    fs::write(&path, text.lines().map(|it| line(it) + "\n").collect::<String>()).expect("a file");
    path
}

/// What a command prints, which is no wider than a terminal but for the command to try next.
fn check(words: &[&str]) -> String {
    let output = Command::cargo_bin("knee").expect("the program").args(words).output().expect("it starts");
    let said = String::from_utf8(output.stdout).expect("text");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!([Some(0), Some(1)].contains(&output.status.code()), "{}: {errors}", words.join(" "));
    let is_wide = |line: &&str| line.chars().count() > 80 && !line.starts_with("next: ");
    let wide: Vec<&str> = said.lines().filter(is_wide).collect();
    assert!(wide.is_empty(), "{}:\n{}", words.join(" "), wide.join("\n"));
    said
}

#[test]
fn long_names_are_cut_and_columns_left_out() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("narrow");
    fs::create_dir_all(&folder).expect("a folder");
    for name in SCENARIOS {
        let path = scenario(&folder, name);
        let file = path.to_str().expect("a name");
        let run = check(&[&["run", file, "--why", "--series", "100ms", "--plot", "-"], &QUICK[..]].concat());
        assert!(run.contains('…'), "{name}: the names are long\n{run}");
        let vary = ["--vary", "run.load=0.5,1", "--vary", "run.seed=1,2", "--plot", "-"];
        check(&[&["sweep", file], &vary[..], &QUICK].concat());
        check(&[&["compare", file, "--with", "run.load=0.5", "--plot", "-"], &QUICK[..]].concat());
        check(&["explain", file, "--program"]);
    }
    let file = scenario(&folder, "web-and-database");
    let file = file.to_str().expect("a name");
    check(&[&["capacity", file, "--most", "4", "--plot", "-"], &QUICK[..]].concat());
    let over = format!("service.web{MORE}.replicas=1..3:3");
    check(&[&["optimize", file, "--most-replications", "4", "--over", &over, "--plot", "-"], &QUICK[..]].concat());
}
