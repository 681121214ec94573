//! Inputs of somebody who means no good: files that are none, names that a terminal would take for something else.

use std::fs;
use std::process::Command;

use super::{QUEUE, end, files, folder, knee};

#[test]
fn a_scenario_names_files_and_nothing_else() {
    let folder = folder("no-files");
    let made = Command::new("mkfifo").arg(folder.join("pipe.csv")).status();
    assert!(made.expect("mkfifo").success());
    for name in ["pipe.csv", "/dev/zero", "/dev/stdin", "."] {
        fs::write(folder.join("queue.toml"), QUEUE.replace("times.csv", name)).unwrap();
        end(knee(&folder, &["check", "queue.toml"])).with(2, "it is not a regular file");
    }
}

#[test]
fn of_a_file_of_another_kind_little_is_told() {
    let folder = folder("other-kind");
    fs::write(folder.join("secret"), "root:x:0:0:this-is-about-root:/root:/bin/bash\n").unwrap();
    fs::write(folder.join("shaded"), "\u{1b}[31mred,\"two\nlines\"\n").unwrap();
    let workload = |name: &str| format!("[workload.w]\nto = \"desk\"\narrivals = {{ trace = \"{name}\" }}\n");
    for (name, told) in [
        ("secret", "unknown column `root:x:0:0:this-is-about-root:/root:/bin…` (known"),
        ("shaded", r"unknown column `\u{1b}[31mred` (known"),
    ] {
        let scenario = workload(name) + "[station.desk]\nservice-time = \"1ms\"\n";
        fs::write(folder.join("replay.toml"), scenario).unwrap();
        let ended = end(knee(&folder, &["check", "replay.toml"])).with(2, told);
        assert!(!ended.err.contains('\u{1b}'), "{ended:?}");
    }
}

#[test]
fn names_of_files_are_spelt_where_they_cannot_be_shown() {
    let folder = folder("spelt");
    let name = "a\u{1b}]0;b\u{7}\n✓ met\u{202e}.toml";
    fs::write(folder.join(name), QUEUE).unwrap();
    fs::copy(folder.join("queue.toml"), folder.join("c\u{1b}.toml")).unwrap();
    for args in [
        &["run", name, "--output", "all", "--metrics", "metrics.txt"][..],
        &["run", name, "--format", "csv"],
        &["check", name],
        &["explain", name],
        &["compare", name, "c\u{1b}.toml"],
        &["sweep", name, "--vary", "run.load=0.5,1"],
        &["run", "no\u{1b}[31m\nfile"],
        &["law", "usl", "--fit", name],
        &["fit", name],
    ] {
        let ended = end(knee(&folder, args));
        let written = files(&folder.join("all")).into_iter().filter(|(path, _)| !path.ends_with("plot.png"));
        let written = written.map(|(_, bytes)| String::from_utf8(bytes).expect("text"));
        for text in [ended.out, ended.err].into_iter().chain(written) {
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']) && !text.contains("\n✓ met"), "{args:?}: {text}");
        }
    }
}
