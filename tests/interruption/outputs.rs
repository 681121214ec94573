//! Outputs that cannot be what they are asked to be: refused before anything is simulated, and nothing is touched.

use std::fs;

use super::{end, files, folder, is_temporary, knee};

/// What fails, the exit code, and what is said.
const REFUSED: [(&[&str], i32, &str); 19] = [
    // Over what was read.
    (&["run", "queue.toml", "--metrics", "queue.toml"], 2, "queue.toml is one of the inputs"),
    (&["run", "queue.toml", "--jobs", "./times.csv"], 2, "times.csv is one of the inputs"),
    (&["run", "queue.toml", "--trace", "link.toml"], 2, "link.toml is one of the inputs"),
    (&["run", "link.toml", "--metrics", "queue.toml"], 2, "queue.toml is one of the inputs"),
    (&["explain", "queue.toml", "--mermaid", "queue.toml"], 2, "queue.toml is one of the inputs"),
    (&["law", "usl", "--fit", "law/data.csv", "--output", "law"], 2, "law/data.csv is one of the inputs"),
    (&["fit", "times.csv", "--trace", "times.csv"], 2, "times.csv is one of the inputs"),
    // Twice.
    (&["run", "queue.toml", "--jobs", "a.csv", "--metrics", "./a.csv"], 2, "a.csv would be written twice"),
    (&["run", "queue.toml", "--output", "all", "--plot", "all/plot.svg"], 2, "all/plot.svg would be written twice"),
    (&["explain", "queue.toml", "--output", "all", "--report", "all/report.html"], 2, "would be written twice"),
    // Outside of the folder that was named: without its ending, the name is `..`.
    (
        &["run", "...toml", "queue.toml", "--output", "law/inner"],
        2,
        "...toml cannot have a folder of its name: give it another name, or run it alone",
    ),
    // A folder, or none.
    (&["run", "queue.toml", "--metrics", "law"], 4, "cannot write law: is a directory; name a file"),
    (
        &["run", "queue.toml", "--jobs", "no/a.csv"],
        4,
        "cannot write no/a.csv: No such file or directory (os error 2); make its folder first",
    ),
    (&["run", "queue.toml", "--jobs", "times.csv/a.csv"], 4, "; make its folder first"),
    (
        &["sweep", "queue.toml", "--vary", "run.load=1,2", "--output", "times.csv"],
        4,
        "cannot make the folder times.csv: ",
    ),
    (&["run", "queue.toml", "--output", "taken"], 4, "cannot write taken/report.html: is a directory; name a file"),
    (&["compare", "queue.toml", "--with", "run.load=1.1", "--output", "taken"], 4, "; name a file"),
    (&["verify", "A001", "--output", "taken"], 4, "cannot write taken/validation.md: is a directory; name a file"),
    (
        &["new", "no/shop"],
        4,
        "cannot write no/shop.toml: No such file or directory (os error 2); make its folder first",
    ),
];

#[test]
fn outputs_that_cannot_be_are_refused_before_the_run() {
    let folder = folder("refused");
    fs::create_dir_all(folder.join("taken/report.html")).unwrap();
    fs::create_dir_all(folder.join("taken/validation.md")).unwrap();
    fs::create_dir_all(folder.join("law")).unwrap();
    fs::copy(folder.join("scaling.csv"), folder.join("law/data.csv")).unwrap();
    fs::copy(folder.join("queue.toml"), folder.join("...toml")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("queue.toml", folder.join("link.toml")).unwrap();
    let before = files(&folder);
    for (args, code, said) in REFUSED {
        let ended = end(knee(&folder, args)).with(code, said);
        assert_eq!(ended.out, "", "{args:?}: nothing was simulated");
        assert_eq!(files(&folder), before, "{args:?}: nothing was written");
    }
}

#[test]
fn what_is_refused_leaves_no_folders() {
    let folder = folder("no-folders");
    for args in [
        &["sweep", "queue.toml", "--vary", "nothing.there=1,2", "--output", "new/inner"][..],
        &["optimize", "queue.toml", "--over", "nothing.there=1,2", "--output", "new/inner"],
        &["run", "queue.toml", "--output", "new/inner", "--jobs", "no/jobs.csv"],
        &["run", "queue.toml", "link.toml", "--output", "new/inner"],
        &["run", "queue.toml", "--output", "new/inner", "--plot", "new/inner/plot.svg"],
    ] {
        let ended = end(knee(&folder, args));
        assert!(ended.code == Some(2) || ended.code == Some(4), "{ended:?}");
        assert!(!folder.join("new").exists(), "{args:?}");
    }
}

#[test]
#[cfg(unix)]
fn a_temporary_name_that_is_taken_is_left_alone() {
    let folder = folder("taken-names");
    // A program has one of these numbers.
    let mut child = knee(&folder, &["run", "-", "--metrics", "metrics.txt"]);
    let mut child = child.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let taken = folder.join(format!(".metrics.txt.{}.part", child.id()));
    std::os::unix::fs::symlink("elsewhere", &taken).unwrap();
    let scenario = super::QUEUE.replace("empirical = \"times.csv\"", "exponential = \"1ms\"");
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), scenario.as_bytes()).unwrap();
    super::Ended::from(child.wait_with_output().unwrap()).with(0, "");
    assert!(folder.join("metrics.txt").is_file() && taken.is_symlink());
    assert!(!folder.join("elsewhere").exists());
}

#[test]
#[cfg(unix)]
fn names_may_be_as_long_as_file_systems_take() {
    let folder = folder("long-names");
    let name = "é".repeat(125) + ".txt";
    end(knee(&folder, &["run", "queue.toml", "--metrics", &name])).with(0, "");
    assert!(folder.join(name).is_file());
}

#[test]
#[cfg(unix)]
fn what_may_not_be_written_is_not_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("read-only");
    fs::write(folder.join("metrics.txt"), "old").unwrap();
    fs::set_permissions(folder.join("metrics.txt"), fs::Permissions::from_mode(0o444)).unwrap();
    end(knee(&folder, &["run", "queue.toml", "--metrics", "metrics.txt"]))
        .with(4, "cannot write metrics.txt: permission denied");
    assert_eq!(fs::read_to_string(folder.join("metrics.txt")).unwrap(), "old");
}

#[test]
fn what_is_refused_takes_no_time() {
    let folder = folder("no-time");
    // It would take days.
    let long = ["run", "queue.toml", "--duration", "500h", "--metrics", "no/such"];
    end(knee(&folder, &long)).with(4, "make its folder first");
}

#[test]
fn what_is_left_of_killed_programs_is_swept_up_and_nothing_else() {
    let folder = folder("left-over");
    let all = folder.join("all");
    fs::create_dir_all(&all).unwrap();
    // The last one is of another file; those before are nobody's.
    let kept = ["notes.part", ".result.json.part", ".result.json.draft.part", ".other.json.4711.part"];
    for name in kept.iter().chain(&[".result.json.4711.part", ".report.html.1.part"]) {
        fs::write(all.join(name), "half").unwrap();
    }
    // Somebody is at work on this one.
    let held = fs::File::create(all.join(".data.csv.4712.part")).unwrap();
    held.lock().unwrap();
    end(knee(&folder, &["run", "queue.toml", "--output", "all"])).with(0, "");
    let mut left: Vec<String> = files(&all)
        .into_keys()
        .filter(|path| is_temporary(path))
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    left.sort();
    let mut expected = [&kept[..], &[".data.csv.4712.part"]].concat();
    expected.sort_unstable();
    assert_eq!(left, expected);
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link() {
    let folder = folder("link");
    fs::create_dir_all(folder.join("elsewhere")).unwrap();
    fs::write(folder.join("elsewhere/metrics.txt"), "old").unwrap();
    std::os::unix::fs::symlink("elsewhere/metrics.txt", folder.join("metrics.txt")).unwrap();
    end(knee(&folder, &["run", "queue.toml", "--metrics", "metrics.txt"])).with(0, "");
    assert!(folder.join("metrics.txt").is_symlink());
    assert!(fs::read_to_string(folder.join("elsewhere/metrics.txt")).unwrap().ends_with("# EOF\n"));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder("reader");
    let strict = super::QUEUE.replace("< 10s", "< 1us");
    fs::write(folder.join("strict.toml"), strict).unwrap();
    for (args, code) in [
        (&["run", "queue.toml", "-q"][..], 0),
        (&["run", "queue.toml", "-q", "--format", "json", "--states"], 0),
        (&["run", "strict.toml", "-q"], 1),
        (&["sweep", "queue.toml", "--vary", "run.load=0.5,1", "-q"], 0),
        (&["explain", "queue.toml"], 0),
        (&["check", "queue.toml"], 0),
        (&["law", "usl", "--fit", "scaling.csv"], 0),
        (&["verify", "--list"], 0),
        (&["verify", "A001", "-q"], 0),
        (&["list"], 0),
        (&["schema"], 0),
        (&["man"], 0),
        (&["completions", "bash"], 0),
        (&["help"], 0),
        (&["run", "--help"], 0),
        (&["--version"], 0),
        (&["new", "shop"], 0),
    ] {
        let mut child = knee(&folder, args).spawn().unwrap();
        drop(child.stdout.take());
        let ended = super::Ended::from(child.wait_with_output().unwrap());
        assert_eq!((ended.code, ended.err.as_str()), (Some(code), ""), "{args:?}");
    }
}

#[test]
fn nobody_needs_to_hear_complaints() {
    let folder = folder("deaf");
    let overloaded = ["run", "queue.toml", "--set", "run.load=9", "--metrics", "metrics.txt"];
    let mut child = knee(&folder, &overloaded).spawn().unwrap();
    drop(child.stderr.take());
    let ended = super::Ended::from(child.wait_with_output().unwrap());
    assert!(ended.code == Some(0) || ended.code == Some(1), "{ended:?}");
    assert!(folder.join("metrics.txt").is_file());
}
