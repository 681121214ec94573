//! `kill -9`, at any moment: the same command goes on, and in the end nothing tells that it was killed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, SystemTime};

use knee::rng;

use super::{Ended, assert_same, await_that, end, files, folder, is_temporary, knee, program};

/// 36 points, and all forms of output.
const SWEEP: [&str; 10] = [
    "sweep",
    "queue.toml",
    "--vary",
    "workload.customers.arrivals.poisson=200/s..900/s:18",
    "--vary",
    "service.desk.replicas=1,2",
    "--output=all",
    "--report=page.html",
    "--plot=plot.svg",
    "--no-progress",
];

const POINTS: usize = 36;

/// The same where a point takes long enough to be killed in the middle of it.
fn slow_sweep() -> Vec<&'static str> {
    [&SWEEP[..], &["--duration=60s"]].concat()
}

/// The points that are finished, and when each was written.
fn points(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let found = fs::read_dir(folder.join("all/points")).into_iter().flatten().flatten();
    let points = found.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "point"));
    points.map(|path| (path.clone(), path.metadata().and_then(|about| about.modified()).expect("a time"))).collect()
}

/// Whether something is in it: the first temporary files are only a trial.
fn is_begun(path: &Path) -> bool {
    is_temporary(path) && path.metadata().is_ok_and(|about| about.len() > 0)
}

/// Kills the program as soon as it has begun to write a file in this folder; whether it was still at work.
fn kill_at_writing(mut child: Child, folder: &Path) -> bool {
    let names = || fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    while child.try_wait().expect("a state").is_none() && !names().any(|path| is_begun(&path)) {}
    killed(child)
}

fn temporary(folder: &Path) -> Vec<PathBuf> {
    files(folder).into_keys().filter(|path| is_temporary(path)).collect()
}

/// Kills it; whether it was still at work.
fn killed(mut child: Child) -> bool {
    // It may have ended.
    let _ = child.kill();
    child.wait().expect("it ends").code().is_none()
}

/// The last run: what was there is found, and left as it is.
fn resume(folder: &Path, sweep: &[&str], whole: &Ended) {
    let before = points(folder);
    let ended = end(knee(folder, sweep)).with(0, "");
    assert!(
        ended.err.contains(&format!("{} of {POINTS} points were finished before\n", before.len())),
        "{}",
        ended.err
    );
    let after = points(folder);
    assert_eq!(after.len(), POINTS);
    assert!(before.iter().all(|(path, at)| after[path] == *at), "no point is simulated twice");
    assert_eq!(ended.out, whole.out);
}

#[test]
fn a_sweep_that_is_killed_at_ten_random_moments_ends_in_the_same_bytes() {
    let (once, often) = (folder("killed-never"), folder("killed-often"));
    let sweep = slow_sweep();
    let whole = end(knee(&once, &sweep)).with(0, "");
    let mut moments = rng::stream(8, 0, "kill");
    let mut before = points(&often);
    for kill in 0..10 {
        // After none to three points more, and some part of the next.
        let (more, part) = (rng::below(&mut moments, 4) as usize, rng::unit(&mut moments));
        let child = knee(&often, &sweep).spawn().expect("it starts");
        await_that("points", || points(&often).len() >= before.len() + more);
        std::thread::sleep(Duration::from_secs_f64(0.05 * part));
        assert!(killed(child), "kill {kill} came too late: {} points", points(&often).len());
        let now = points(&often);
        assert!(
            before.iter().all(|(path, at)| now.get(path) == Some(at)),
            "kill {kill}: a point was lost or run again"
        );
        before = now;
    }
    resume(&often, &sweep, &whole);
    assert_same(&once, &often);
}

/// The system ends the program in the middle of a write, as soon as a file would have more than so many KiB: nothing is
/// tidied up. Asserts that a part of a file is left over.
#[cfg(unix)]
fn end_while_writing(folder: &Path, args: &[&str], most: u32) {
    use std::os::unix::process::ExitStatusExt;
    let mut command = std::process::Command::new("bash");
    command.args(["-c", r#"ulimit -c 0; ulimit -f "$0"; exec "$@""#, &most.to_string()]).arg(program()).args(args);
    let output = command.current_dir(folder).output().expect("it runs");
    // SIGXFSZ.
    assert_eq!(output.status.signal(), Some(25), "at {most} KiB: {output:?}");
    let sizes: Vec<usize> =
        files(folder).into_iter().filter(|(path, _)| is_temporary(path)).map(|(_, bytes)| bytes.len()).collect();
    assert!(sizes.contains(&(most as usize * 1024)), "at {most} KiB: {sizes:?}");
}

#[test]
#[cfg(unix)]
fn a_sweep_that_is_killed_while_it_writes_ends_in_the_same_bytes() {
    let (once, often) = (folder("writing-never"), folder("writing-often"));
    let whole = end(knee(&once, &SWEEP)).with(0, "");
    // Points, and then one file of results after the other.
    for most in [1, 4, 6, 20, 50, 200, 400] {
        end_while_writing(&often, &SWEEP, most);
        for (path, bytes) in files(&often).into_iter().filter(|(path, _)| !is_temporary(path)) {
            let other = once.join(path.strip_prefix(&often).expect("inside"));
            assert!(fs::read(&other).expect("a file") == bytes, "{} is not whole", path.display());
        }
    }
    resume(&often, &SWEEP, &whole);
    assert_eq!(temporary(&often), Vec::<PathBuf>::new());
    assert_same(&once, &often);
}

/// What is there already is old or new, never a mixture within a file.
#[test]
#[cfg(unix)]
fn results_that_are_killed_while_they_replace_others_are_old_or_new() {
    let (old, new) = (folder("replaced-old"), folder("replaced-new"));
    let run = |seed: &'static str| ["run", "queue.toml", "--output=all", "--no-progress", "--seed", seed];
    end(knee(&old, &run("1"))).with(0, "");
    end(knee(&new, &run("2"))).with(0, "");
    let all = old.join("all");
    let [was, will_be] = [&all, &new.join("all")].map(|folder| files(folder));
    for most in [1, 8, 40, 100] {
        end_while_writing(&old, &run("2"), most);
        assert!(was.iter().all(|(path, bytes)| fs::read(path).expect("a file") == *bytes), "at {most} KiB");
    }
    // And as soon as something is seen to be written.
    for _ in 0..3 {
        kill_at_writing(knee(&old, &run("2")).spawn().expect("it starts"), &all);
        for (path, bytes) in files(&all).into_iter().filter(|(path, _)| !is_temporary(path)) {
            let other = new.join("all").join(path.file_name().expect("a name"));
            assert!(bytes == was[&path] || bytes == will_be[&other], "{} is a mixture", path.display());
        }
        end(knee(&old, &run("1"))).with(0, "");
        assert_eq!(temporary(&old), Vec::<PathBuf>::new());
        assert_eq!(files(&all), was);
    }
}
