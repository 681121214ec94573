//! Disks that are full, have no room for names, or may only be read: real ones, mounted where only this test sees them.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{Ended, files, folder, is_temporary, program};

/// A file system in memory, mounted on a folder `disk` in a mount namespace of its own.
struct Disk {
    /// A shell that lives in the namespace, and keeps it.
    keeper: Child,
    folder: PathBuf,
    as_root: bool,
}

impl Disk {
    /// None, and a complaint, where this machine allows nobody to mount anything.
    fn mount(test: &str, options: &str) -> Option<Disk> {
        let folder = folder(test);
        fs::create_dir_all(folder.join("disk")).expect("a folder");
        for flags in ["--mount", "--mount --map-root-user"] {
            let mut command = Command::new("unshare");
            command.args(flags.split(' ')).arg("sh").current_dir(&folder);
            let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
            let Ok(mut keeper) = piped.spawn() else { continue };
            let (input, output) = (keeper.stdin.as_mut().expect("input"), keeper.stdout.as_mut().expect("output"));
            let script = format!("mount -t tmpfs -o {options} tmpfs disk && echo mounted || exit 1");
            // It may have ended already.
            let _ = writeln!(input, "{script}");
            let mut line = String::new();
            BufReader::new(output).read_line(&mut line).expect("a line");
            if line == "mounted\n" {
                return Some(Disk { keeper, folder, as_root: !flags.contains("map") });
            }
            let _ = keeper.wait();
        }
        eprintln!(
            "SKIPPED: {test}: `unshare --mount` and `unshare --mount --map-root-user` fail, so nothing can be mounted"
        );
        None
    }

    /// The disk as seen from here.
    fn path(&self) -> PathBuf {
        let inside = self.folder.join("disk");
        let root = PathBuf::from(format!("/proc/{}/root", self.keeper.id()));
        root.join(inside.strip_prefix("/").expect("an absolute path"))
    }

    fn command(&self, words: &[&str]) -> Ended {
        let mut command = Command::new("nsenter");
        command.arg(format!("--target={}", self.keeper.id())).arg("--mount");
        if !self.as_root {
            command.args(["--user", "--preserve-credentials"]);
        }
        // The folder that the disk covers is not the disk: go there by its name.
        command.args(["sh", "-c", r#"cd "$0" && exec "$@""#]).arg(&self.folder).args(words);
        command.env_remove("CLICOLOR_FORCE").stdin(Stdio::null()).output().expect("it runs").into()
    }

    fn knee(&self, args: &[&str]) -> Ended {
        let program = program();
        self.command(&[&[program.to_str().expect("a path")], args].concat())
    }

    /// Nothing more goes onto it.
    fn fill(&self) {
        let full = self.command(&["sh", "-c", "cat /dev/zero > disk/filler"]);
        assert!(full.err.contains("No space left on device"), "{full:?}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Its namespace, and what is mounted there, go with it.
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}

/// Commands that write, and what they write over.
const COMMANDS: [&[&str]; 13] = [
    &["run", "queue.toml", "--output", "disk"],
    &["run", "queue.toml", "--jobs", "disk/jobs.csv"],
    &["run", "queue.toml", "--trace", "disk/trace.json"],
    &["run", "queue.toml", "--metrics", "disk/metrics.txt"],
    &["run", "queue.toml", "--plot", "disk/plot.svg"],
    &["run", "queue.toml", "--report", "disk/report.html"],
    &["sweep", "queue.toml", "--vary", "run.load=0.5,1", "--output", "disk"],
    &["capacity", "queue.toml", "--resolution", "0.2", "--output", "disk"],
    &["compare", "queue.toml", "--with", "run.load=0.9", "--output", "disk"],
    &["optimize", "queue.toml", "--over", "service.desk.replicas=1,2", "--output", "disk"],
    &["explain", "queue.toml", "--mermaid", "disk/architecture.mmd"],
    &["fit", "times.csv", "--output", "disk"],
    &["law", "usl", "--fit", "scaling.csv", "--output", "disk"],
];

/// Results of before.
fn put_old_files(disk: &Path) {
    for name in ["result.json", "report.html", "plot.svg", "jobs.csv", "trace.json", "metrics.txt", "architecture.mmd"]
    {
        fs::write(disk.join(name), "old").expect("room for so little");
    }
}

#[test]
fn a_full_disk_keeps_what_was_there_and_results_are_printed_all_the_same() {
    let Some(disk) = Disk::mount("full", "size=128k") else { return };
    put_old_files(&disk.path());
    fs::create_dir(disk.path().join("points")).expect("a folder");
    disk.fill();
    let before = files(&disk.path());
    for args in COMMANDS {
        let ended = disk.knee(args).with(4, ": No space left on device (os error 28); make room, or write elsewhere\n");
        assert!(!ended.out.is_empty(), "{args:?}: the results are printed");
        assert_eq!(files(&disk.path()), before, "{args:?}");
    }
    let ended = disk.knee(&["new", "disk/shop"]).with(4, "cannot write disk/shop.toml: No space left on device");
    assert_eq!(ended.out, "");
    assert_eq!(files(&disk.path()), before, "no half of a new file");
}

#[test]
fn a_disk_that_becomes_full_while_points_are_kept_costs_no_result() {
    // Room for some points, not for all, and not for the results.
    let Some(disk) = Disk::mount("filling", "size=64k") else { return };
    let vary = ["--vary", "workload.customers.arrivals.poisson=200/s..900/s:12"];
    let sweep = [&["sweep", "queue.toml"], &vary[..]].concat();
    let whole = disk.knee(&sweep).with(0, "");
    let ended = disk.knee(&[&sweep[..], &["--output", "disk"]].concat());
    let ended = ended.with(4, "the same command would simulate such points again");
    let table = |text: &str| text.split("\nnext: ").next().expect("a table").to_owned();
    assert_eq!(table(&ended.out).trim_end(), table(&whole.out).trim_end());
    let kept = files(&disk.path());
    assert!((1..12).contains(&kept.len()), "{:?}", kept.keys());
    assert!(kept.keys().all(|path| path.extension().is_some_and(|end| end == "point")), "{:?}", kept.keys());
    let again = disk.knee(&[&sweep[..], &["--output", "disk"]].concat());
    again.with(4, &format!("{} of 12 points were finished before", kept.len()));
}

#[test]
fn a_disk_without_room_for_names_is_found_out_before_the_run() {
    let Some(disk) = Disk::mount("inodes", "nr_inodes=10") else { return };
    put_old_files(&disk.path());
    let _ = [0, 1, 2].map(|n| fs::write(disk.path().join(format!("filler-{n}")), ""));
    let before = files(&disk.path());
    for args in COMMANDS {
        let ended = disk.knee(args).with(4, "No space left on device (os error 28); make room, or write elsewhere\n");
        assert_eq!(ended.out, "", "{args:?}: nothing is simulated");
        assert_eq!(files(&disk.path()), before, "{args:?}");
    }
}

#[test]
fn a_disk_that_may_only_be_read_is_found_out_before_the_run() {
    let Some(disk) = Disk::mount("read-only", "size=1m") else { return };
    put_old_files(&disk.path());
    let before = files(&disk.path());
    disk.command(&["mount", "-o", "remount,ro", "disk"]).with(0, "");
    for args in COMMANDS.iter().chain(&[&["new", "disk/shop"][..], &["verify", "A001", "--output", "disk"]]) {
        let ended = disk.knee(args).with(4, ": Read-only file system (os error 30); write where you may\n");
        assert_eq!(ended.out, "", "{args:?}: nothing is simulated");
        assert_eq!(files(&disk.path()), before, "{args:?}");
        assert!(!before.keys().any(|path| is_temporary(path)));
    }
}
