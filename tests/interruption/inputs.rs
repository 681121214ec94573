//! Inputs of somebody who means no good: files that are none, names that a terminal would take for something else.

use std::fs;

use super::{QUEUE, end, files, folder, knee};

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
