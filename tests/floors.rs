//! The shape of the house: who may import whom, who may touch the outside, and how long things are.

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up. A module imports from floors below its own only.
const FLOORS: &[&[&str]] = &[
    &["units", "rng", "arena", "ring", "keymap", "numeric", "diagnostic"],
    &["syntax"],
    &["laws", "stats"],
    &["policy", "distribution"],
    &["measure"],
    &["scenario"],
    &["model"],
    &["engine"],
    &["experiment"],
    &["report"],
    &["cli", "main"],
];

/// Only the command line does any of this.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::process",
    "std::io::stdout",
    "std::io::stderr",
    "std::io::stdin",
    "std::time",
    "println!",
    "eprintln!",
    "print!(",
];

/// The last digits of these differ between platforms; libm's do not.
const PLATFORM: &[&str] = &[
    ".ln()",
    ".exp()",
    ".exp_m1()",
    ".ln_1p()",
    ".powf(",
    ".sin()",
    ".cos()",
    ".tan()",
    ".tanh()",
    ".log10()",
    ".log2()",
];

const MOST_LINES: usize = 400;
const MOST_LINES_OF_A_FUNCTION: usize = 70;

/// One source file, without its tests at the end.
struct File {
    path: PathBuf,
    /// The top-level module that it belongs to.
    module: String,
    lines: Vec<String>,
}

impl File {
    fn read(root: &Path, path: PathBuf) -> File {
        let text = fs::read_to_string(&path).expect("a source file");
        let inside = path.strip_prefix(root).expect("a path inside src");
        let first = inside.iter().next().expect("a name").to_string_lossy();
        let module = first.trim_end_matches(".rs").to_string();
        let lines = text.lines().take_while(|line| !line.starts_with("mod tests {")).map(str::to_string).collect();
        File { path, module, lines }
    }

    /// Numbered lines of code, without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.lines.iter().enumerate();
        numbered.map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default()))
    }

    fn is_test(&self) -> bool {
        self.path.file_stem().is_some_and(|stem| stem == "tests" || stem == "fixture")
    }

    fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path.display())
    }
}

fn sources() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut files) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(File::read(&root, path));
            }
        }
    }
    assert!(files.len() > 50, "the sources are not where they were");
    files
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// Names that follow `crate::` or `knee::` in a line.
fn imports(line: &str) -> Vec<&str> {
    let roots = line.match_indices("crate::").chain(line.match_indices("knee::"));
    let name = |(at, root): (usize, &str)| {
        let rest = &line[at + root.len()..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        &rest[..end]
    };
    roots.map(name).filter(|name| !name.is_empty()).collect()
}

/// Fails with the list, unless it is empty.
fn conclude(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

#[test]
fn every_module_has_a_floor() {
    let homeless = sources().into_iter().filter(|file| file.module != "lib" && floor(&file.module).is_none());
    let homeless: Vec<String> = homeless.map(|file| file.path.display().to_string()).collect();
    conclude("these belong to no floor", &homeless);
}

#[test]
fn imports_point_down() {
    let mut broken = Vec::new();
    for file in sources() {
        let Some(own) = floor(&file.module) else {
            continue;
        };
        // The ground floor is one room: its few modules may know each other.
        let is_allowed = |name: &str| match floor(name) {
            Some(0) | None => true,
            Some(floor) => floor < own || name == file.module,
        };
        for (number, line) in file.code() {
            let up = imports(line).into_iter().filter(|name| !is_allowed(name));
            broken.extend(up.map(|name| format!("{}: imports {name}", file.at(number))));
        }
    }
    conclude("imports point down the floors only", &broken);
}

#[test]
fn only_the_command_line_touches_the_outside() {
    let mut broken = Vec::new();
    for file in sources().iter().filter(|file| !matches!(file.module.as_str(), "cli" | "main") && !file.is_test()) {
        let found = file.code().filter(|(_, line)| OUTSIDE.iter().any(|outside| line.contains(outside)));
        broken.extend(found.map(|(number, line)| format!("{}: {}", file.at(number), line.trim())));
    }
    conclude("files, clocks, processes and the terminal belong to cli/", &broken);
}

#[test]
fn floats_are_the_same_on_every_platform() {
    let mut broken = Vec::new();
    for file in sources().iter().filter(|file| !matches!(file.module.as_str(), "cli" | "report") && !file.is_test()) {
        let found = file.code().filter(|(_, line)| PLATFORM.iter().any(|method| line.contains(method)));
        broken.extend(found.map(|(number, line)| format!("{}: {}", file.at(number), line.trim())));
    }
    conclude("logarithms and the like come from libm", &broken);
}

#[test]
fn files_are_short() {
    let long = sources().into_iter().filter(|file| file.lines.len() > MOST_LINES && !file.is_test());
    let long: Vec<String> = long.map(|file| format!("{}: {} lines", file.path.display(), file.lines.len())).collect();
    conclude("files have at most 400 lines", &long);
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    // Tables of cases may be long.
    for file in sources().iter().filter(|file| !file.is_test()) {
        for (start, line) in file.lines.iter().enumerate() {
            let length = function_length(&file.lines[start..]);
            if length > MOST_LINES_OF_A_FUNCTION {
                long.push(format!("{}: {length} lines: {}", file.at(start + 1), line.trim()));
            }
        }
    }
    conclude("functions have at most 70 lines", &long);
}

/// Lines of the function that begins here, as rustfmt lays it out: up to the brace under its start.
fn function_length(lines: &[String]) -> usize {
    let words = ["pub", "pub(crate)", "pub(super)", "const", "async"];
    let first = lines[0].split_whitespace().find(|word| !words.contains(word));
    let signature = lines.iter().take_while(|line| !line.ends_with([';', '{', '}'])).count();
    let has_body = lines.get(signature).is_some_and(|line| line.ends_with('{'));
    if first != Some("fn") || !has_body {
        return 0;
    }
    let indent: String = lines[0].chars().take_while(|c| *c == ' ').collect();
    let brace = format!("{indent}}}");
    lines.iter().position(|line| *line == brace).map_or(0, |end| end + 1)
}
