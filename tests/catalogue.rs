//! Every scenario is where it can be found: in the program, in docs/scenarios.md and, like every page, in docs/SUMMARY.md.
//! `KNEE_BLESS=1` writes the lists anew.

#[path = "pages/files.rs"]
mod files;

use std::fs;
use std::path::Path;

use files::{ROOT, below, pages};

const CATALOGUE: &str = "docs/scenarios.md";
const SUMMARY: &str = "docs/SUMMARY.md";
const SHIPPED: &str = "src/cli/shipped.rs";
/// Folders of scenarios.
const GROUPS: [&str; 3] = ["lessons", "ladder", "growth"];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names of the scenarios in a folder of `scenarios/`, or of those in none.
fn names(group: Option<&str>) -> Vec<String> {
    let files = below("scenarios", ".toml").into_iter().filter_map(|path| {
        let name = path.strip_prefix("scenarios/")?.strip_suffix(".toml")?;
        (name.split_once('/').map(|(folder, _)| folder) == group).then(|| name.to_owned())
    });
    let mut names: Vec<String> = files.collect();
    names.sort();
    names
}

/// Whether a file has this text between these lines; writes it there when asked to.
fn holds(file: &str, start: &str, end: &str, part: &str) {
    let text = read(file);
    let (before, rest) = text.split_once(start).unwrap_or_else(|| panic!("{file} lacks {start}"));
    let (found, after) = rest.split_once(end).unwrap_or_else(|| panic!("{file} lacks {end}"));
    if std::env::var_os("KNEE_BLESS").is_some() && found != part {
        fs::write(Path::new(ROOT).join(file), format!("{before}{start}{part}{end}{after}")).expect("it can be written");
    } else {
        assert!(found == part, "{file} is out of date: KNEE_BLESS=1 cargo test --test catalogue\n{part}");
    }
}

/// The heading of a page.
fn heading(page: &str) -> String {
    let text = read(page);
    let first = text.lines().find_map(|line| line.strip_prefix("# "));
    first.unwrap_or_else(|| panic!("{page} has no heading")).to_owned()
}

#[test]
fn the_program_has_every_scenario() {
    let lists = GROUPS.iter().map(|group| {
        let names: String = names(Some(group)).iter().map(|name| format!("    \"{name}\",\n")).collect();
        let names = if names.is_empty() { names } else { format!("\n{names}") };
        format!("const {}: &[Scenario] = scenarios![{names}];\n", group.to_uppercase())
    });
    holds(SHIPPED, "// <written>\n", "// </written>", &lists.collect::<String>());
    let main = read(SHIPPED);
    for name in names(None) {
        assert!(main.contains(&format!("    \"{name}\",\n")), "{name} is missing in MAIN of {SHIPPED}");
    }
    for path in below("scenarios", "") {
        let folder = path.trim_start_matches("scenarios/").rsplit_once('/').map(|(folder, _)| folder);
        assert!(path.ends_with(".toml"), "{path}: the program has only scenarios with it, not what they name");
        assert!(folder.is_none_or(|folder| GROUPS.contains(&folder)), "{path} is in no group");
    }
}

/// Links from docs/ to the pages that show this scenario, lessons and stories before the rest.
fn users(name: &str, pages: &[(String, String)]) -> String {
    let file = format!("scenarios/{name}.toml");
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.'));
    let is_run = |line: &str| line.contains("knee ") && line.split(&format!(" {name}")).skip(1).any(ends);
    let shows = |text: &str| text.contains(&file) || text.lines().any(is_run);
    let mut users: Vec<&String> = pages.iter().filter(|(_, text)| shows(text)).map(|(page, _)| page).collect();
    users.sort_by_key(|page| !page.trim_start_matches("docs/").contains('/'));
    let links = users.iter().take(3).map(|page| {
        let target = page.trim_start_matches("docs/");
        format!("[{}]({target})", heading(page).replace('|', "\\|"))
    });
    links.collect::<Vec<_>>().join(", ")
}

#[test]
fn the_catalogue_has_every_scenario() {
    let pages = pages().into_iter().filter(|page| page.starts_with("docs/") && page != CATALOGUE);
    let pages: Vec<(String, String)> = pages.map(|page| (page.clone(), read(&page))).collect();
    let row = |name: String| {
        let text = read(&format!("scenarios/{name}.toml"));
        let question = text.lines().next().and_then(|line| line.strip_prefix("# Question: "));
        let question = question.unwrap_or_else(|| panic!("{name} asks no question")).replace('|', "\\|");
        format!("| [{name}](../scenarios/{name}.toml) | {question} | {} |\n", users(&name, &pages))
    };
    for (group, mark) in
        [(None, "main"), (Some("lessons"), "lessons"), (Some("ladder"), "ladder"), (Some("growth"), "growth")]
    {
        let rows: String = names(group).into_iter().map(row).collect();
        let table = format!("\n| scenario | question | pages |\n|---|---|---|\n{rows}\n");
        let start = format!("<!-- {mark}: written by KNEE_BLESS=1 cargo test --test catalogue -->\n");
        holds(CATALOGUE, &start, &format!("<!-- end of {mark} -->"), &table);
    }
}

#[test]
fn the_summary_has_every_page() {
    for group in GROUPS.iter().filter(|group| Path::new(ROOT).join("docs").join(group).is_dir()) {
        let mut pages = pages();
        pages.retain(|page| page.starts_with(&format!("docs/{group}/")));
        // What opens the others comes first, and they below it.
        pages.sort_by_key(|page| !page.ends_with("README.md"));
        let is_opened = pages.first().is_some_and(|page| page.ends_with("README.md"));
        let line = |(index, page): (usize, &String)| {
            let indent = if is_opened && index > 0 { "  " } else { "" };
            format!("{indent}- [{}]({})\n", heading(page), page.trim_start_matches("docs/"))
        };
        let lines: String = pages.iter().enumerate().map(line).collect();
        let start = format!("<!-- {group}: written by KNEE_BLESS=1 cargo test --test catalogue -->\n");
        holds(SUMMARY, &start, &format!("<!-- end of {group} -->"), &lines);
    }
    let summary = read(SUMMARY);
    for page in pages().iter().filter_map(|page| page.strip_prefix("docs/")) {
        assert!(summary.contains(&format!("]({page})")), "docs/{page} is not in {SUMMARY}");
    }
}
