//! Standard streams that are full, closed or gone, devices and pipes as files, and a folder that is not there any more.

use std::fs::{self, OpenOptions};
use std::io::Read;
use std::os::unix::fs::FileTypeExt;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{Ended, await_that, end, files, folder, is_temporary, knee, program};

/// Every way to print: all of them end the same where nothing can be printed.
const PRINTING: [&[&str]; 17] = [
    &["run", "queue.toml"],
    &["run", "queue.toml", "--format", "json"],
    &["run", "queue.toml", "--plot", "-"],
    &["sweep", "queue.toml", "--vary", "run.load=0.5,1"],
    &["capacity", "queue.toml", "--resolution", "0.2"],
    &["compare", "queue.toml", "--with", "run.load=0.9"],
    &["optimize", "queue.toml", "--over", "service.desk.replicas=1,2"],
    &["explain", "queue.toml"],
    &["check", "queue.toml"],
    &["fit", "times.csv"],
    &["law", "usl", "--fit", "scaling.csv"],
    &["list"],
    &["schema"],
    &["man"],
    &["completions", "bash"],
    &["run", "--help"],
    &["--version"],
];

#[test]
fn a_device_that_is_full_takes_no_results() {
    let folder = folder("dev-full");
    for args in PRINTING {
        let mut command = knee(&folder, args);
        command.stdout(OpenOptions::new().write(true).open("/dev/full").expect("a device"));
        let said =
            "cannot write to standard output: No space left on device (os error 28); make room, or write elsewhere\n";
        end(command).with(4, said);
    }
}

#[test]
fn results_that_cannot_be_printed_are_written_all_the_same() {
    let folder = folder("dev-full-files");
    let mut command = knee(&folder, &["run", "queue.toml", "--output", "all"]);
    command.stdout(OpenOptions::new().write(true).open("/dev/full").expect("a device"));
    end(command).with(4, "cannot write to standard output");
    assert!(folder.join("all/result.json").is_file());
}

/// Runs so many replications in a session whose terminal vanishes as soon as some of them are finished: `script` is the
/// terminal, and is killed. What became of the run: whether it is partial.
fn after_the_terminal_vanished(test: &str, on_hang_up: &str, replications: u32) -> bool {
    let folder = folder(test);
    // The shell outlives its terminal to tell how the program ended; `wait` returns for a signal, too.
    let session = format!(
        r#"trap '{on_hang_up}' HUP; env --default-signal=INT,HUP,TERM "$knee" run queue.toml --output all \
           --set run.replications={replications} & wait "$!"; wait "$!"; echo "$?" >code"#
    );
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--command", &session, "/dev/null"]).current_dir(&folder).env("knee", program());
    let mut terminal = terminal.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("`script` runs");
    // The bar moves.
    let (mut screen, mut shown) = (terminal.stdout.take().expect("a screen"), String::new());
    while shown.matches("left").count() < 20 {
        let mut bytes = [0; 256];
        let count = screen.read(&mut bytes).expect("the bar");
        assert!(count > 0, "{shown}");
        shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    terminal.kill().expect("it can be killed");
    terminal.wait().expect("it ends");
    await_that("the program ends", || fs::read_to_string(folder.join("code")).is_ok_and(|code| code.ends_with('\n')));
    // There is no terminal to print to, but the files are there.
    assert_eq!(fs::read_to_string(folder.join("code")).expect("a code"), "4\n");
    let kept = files(&folder.join("all"));
    assert!(kept.keys().all(|path| !is_temporary(path)));
    let result: Value = serde_json::from_slice(&kept[&folder.join("all/result.json")]).expect("whole");
    result["scenario"]["partial"].as_bool().expect("whether it is partial")
}

#[test]
fn a_terminal_that_vanishes_ends_the_run_and_keeps_what_is_finished() {
    assert!(after_the_terminal_vanished("terminal", r#"kill -HUP "$!""#, 1_000_000));
}

#[test]
fn a_run_that_its_shell_protects_goes_on_without_a_terminal() {
    assert!(!after_the_terminal_vanished("protected", "true", 300));
}

#[test]
fn nobody_is_at_the_other_end() {
    let folder = folder("closed");
    let shell = |script: &str| -> Ended {
        let mut command = Command::new("bash");
        command.args(["-c", script]).env("knee", program()).env_remove("CLICOLOR_FORCE").current_dir(&folder);
        command.output().expect("it runs").into()
    };
    shell(r#"exec "$knee" run - <&-"#).with(2, "error: ");
    shell(r#"exec "$knee" fit - <&-"#).with(2, "error: ");
    shell(r#"exec "$knee" run queue.toml <&-"#).with(0, "");
    shell(r#"exec "$knee" run queue.toml --metrics metrics.txt >&-"#).with(0, "");
    assert!(folder.join("metrics.txt").is_file());
    shell(r#"exec "$knee" run queue.toml --set run.load=1.9 2>&-"#).with(0, "");
    let one = shell(r#"set -o pipefail; "$knee" sweep queue.toml --vary run.load=0.5,1 -q | head -1"#).with(0, "");
    assert_eq!((one.out.lines().count(), one.err.as_str()), (1, ""));
    // More than a pipe holds: the program is still writing when `head` ends.
    let one = shell(r#"set -o pipefail; "$knee" sweep queue.toml --vary run.seed=1..40:40 --format json | head -1"#);
    assert_eq!((one.code, one.out.as_str(), one.err.as_str()), (Some(0), "{\n", ""));
}

#[test]
fn a_folder_that_is_gone_takes_no_files() {
    let folder = folder("gone");
    let inside = |args: &str| -> Ended {
        let script = format!(r#"mkdir inside && cd inside && rmdir ../inside && exec "$knee" {args}"#);
        let mut command = Command::new("sh");
        command.args(["-c", &script]).env("knee", program()).current_dir(&folder).stdin(Stdio::null());
        command.output().expect("it runs").into()
    };
    inside("run ../queue.toml").with(0, "");
    inside("run queue.toml").with(2, "cannot read queue.toml: No such file or directory");
    inside("run single-queue --duration 10s").with(0, "");
    for args in ["--output all", "--metrics metrics.txt", "--report page.html"] {
        let ended = inside(&format!("run single-queue --duration 10s {args}"));
        assert_eq!(ended.with(4, "No such file or directory (os error 2); make its folder first\n").out, "", "{args}");
    }
    inside("new shop").with(4, "; make its folder first");
}

#[test]
fn devices_and_pipes_are_written_to_and_stay_what_they_are() {
    let folder = folder("devices");
    end(knee(&folder, &["run", "queue.toml", "--metrics", "/dev/null"])).with(0, "");
    assert!(fs::metadata("/dev/null").expect("a device").file_type().is_char_device());
    end(knee(&folder, &["run", "queue.toml", "--metrics", "/dev/full"]))
        .with(4, "cannot write /dev/full: No space left");
    assert!(fs::metadata("/dev/full").expect("a device").file_type().is_char_device());
    let piped = end(knee(&folder, &["run", "queue.toml", "-q", "--metrics", "/dev/stdout"])).with(0, "");
    assert!(piped.out.contains("# EOF\n") && piped.out.contains("bottleneck"), "{}", piped.out);
}
