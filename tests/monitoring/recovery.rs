//! A retry storm after a stop (Bronson et al., HotOS 2021): 60 a second come to a desk that works 100, which
//! stops for ten seconds. Work that clients have given up on goes on.

use super::{load, run};
use knee::experiment::results::Recovery;
use knee::model::{ClockSpec, Trigger};

/// What becomes of clients who wait for a second, and make so many attempts.
fn after_a_stop(attempts: u32) -> Recovery {
    let text = format!(
        "[workload.clients]\nto = \"desk\"\narrivals = {{ poisson = \"60/s\" }}\ntimeout = \"1s\"\n\
         retry = {{ attempts = {attempts} }}\n\
         [station.desk]\nservice-time = \"10ms\"\npauses = {{ every = \"900s\", for = \"10s\" }}\n\
         [run]\nwarm-up = \"800s\"\nduration = \"600s\"\nreplications = 4\n"
    );
    let mut model = load(&text);
    let second = model.ticks(1.0);
    model.triggers.push(Trigger { name: "a stop".into(), from: 100 * second, until: Some(110 * second) });
    model.monitor.clocks.push(ClockSpec { every: 600 * second / 1000, percentiles: false, groups: Vec::new() });
    model.monitor.recovery = Some(0);
    run(&model).recovery.remove(0)
}

#[test]
fn without_retries_goodput_is_back_when_the_fluid_model_says() {
    // 600 wait when the desk goes on, and 40 a second go: whoever comes 12.5 s later finds 100 before him, and is
    // answered in time, a second later.
    let recovery = after_a_stop(1);
    let time = recovery.time_to_recover_s.value.expect("a time");
    assert!((time - 13.5).abs() < 1.5, "{recovery:?}");
    assert_eq!((recovery.recovered, recovery.share), (Some(true), Some(1.0)));
    assert!((recovery.before.value.expect("a value") - 60.0).abs() < 2.0, "{recovery:?}");
}

#[test]
fn with_a_retry_it_never_is() {
    let recovery = after_a_stop(2);
    assert_eq!((recovery.recovered, recovery.share), (Some(false), Some(0.0)));
    assert!(recovery.after.value < Some(1.0), "{recovery:?}");
    assert_eq!(recovery.verdict, "metastable: overloaded 490 s after the trigger ended");
}

#[test]
fn the_timeline_has_all_that_happens_in_order() {
    let text = "[workload.clients]\nto = \"desk\"\narrivals = { poisson = \"6/s\" }\n\
        profile = { steps = [[\"0s\", 1.0], [\"2s\", 3.0], [\"4s\", 1.0]] }\n\
        [station.desk]\nreplicas = 2\nservice-time = \"10ms\"\n\
        [[event]]\nat = \"5s\"\nscale = { desk = 1 }\n\
        [[event]]\nat = \"1s\"\nfor = \"2s\"\npause = \"desk\"\n\
        [[event]]\nat = \"50s\"\npause = \"desk\"\n\
        [run]\nwarm-up = \"0s\"\nduration = \"10s\"\nreplications = 1\n";
    let told: Vec<(String, f64, Option<f64>)> =
        run(&load(text)).timeline.into_iter().map(|planned| (planned.what, planned.at_s, planned.until_s)).collect();
    let expected =
        [("pause of desk", 1.0, Some(3.0)), ("burst of clients", 2.0, Some(4.0)), ("scaling of desk to 1", 5.0, None)];
    assert_eq!(told, expected.map(|(what, at, until)| (what.to_owned(), at, until)));
}
