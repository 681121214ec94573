use super::*;

/// One service, `app`, that does these steps optimistically on `row`.
fn row(steps: &str, keys: &str) -> String {
    app(&format!("steps = [{{ optimistic = {{ on = \"row\", {keys} steps = {steps} }} }}]\n"))
}

/// The service `app` with two operations, and a workload `jobs` that replays a trace of them.
fn operations(first: &str, second: &str, rest: &str) -> String {
    format!(
        "[workload.jobs]\nto = \"app\"\ntrace = \"jobs.csv\"\noperations = {{ first = 0.5, second = 0.5 }}\n\
         [service.app.operation.first]\nsteps = [{first}]\n[service.app.operation.second]\nsteps = [{second}]\n{rest}\n"
    )
}

const WRITE: &str = r#"{ optimistic = { on = "row", steps = [{ wait = "1s" }] } }"#;
const SECOND: &str = r#"[{ wait = "1s" }]"#;

#[test]
fn o1_an_attempt_is_made_again_if_another_committed_since_it_began() {
    assert_eq!(ends(&replay(&row(SECOND, ""), "time\n0\n0.5\n")), [1.0, 2.5]);
    assert_eq!(ends(&replay(&row(SECOND, ""), "time\n0\n1\n")), [1.0, 2.0]);
    // Both attempts end at the same instant: the first one commits.
    assert_eq!(ends(&replay(&row(SECOND, ""), "time\n0\n0\n")), [1.0, 2.0]);
}

#[test]
fn o1_each_attempt_draws_anew() {
    let text = row(r#"[{ wait = { exponential = "1s" } }]"#, "");
    let results = replay(&text, "time\n0\n0\n0\n0\n0\n0\n0\n0\n");
    let last = ends(&results).into_iter().fold(0.0, f64::max);
    let written = results.optimistic["row"];
    assert!(written.aborts.value > Some(0.0), "eight at once conflict");
    // If an attempt took as long as the one before, the last would be a multiple of its first.
    assert!(ends(&results).iter().all(|&end| end == last || (last / end).fract() != 0.0));
}

#[test]
fn o2_requests_conflict_by_key_if_the_lock_or_the_step_says_so() {
    let jobs = "time,key\n0,a\n0.5,a\n0.5,b\n";
    let lock = format!("{}\n[lock.row]\nby = \"key\"", row(SECOND, ""));
    for text in [lock, row(SECOND, "by = \"key\",")] {
        assert_eq!(ends(&replay(&text, jobs)), [1.0, 2.5, 1.5]);
    }
    let all = format!("{}\n[lock.row]", row(SECOND, ""));
    for text in [all, row(SECOND, "")] {
        let ends = ends(&replay(&text, jobs));
        assert_eq!(ends[0], 1.0);
        assert!(ends[1..].iter().all(|&end| end > 1.5), "{ends:?}");
    }
}

#[test]
fn o2_nothing_is_locked() {
    let hold = r#"{ hold = { of = "row", steps = [{ wait = "1.5s" }] } }"#;
    let results = replay(&operations(hold, WRITE, "[lock.row]"), "time,operation\n0,first\n1,second\n");
    assert_eq!(ends(&results), [1.5, 2.0]);
}

#[test]
fn o3_after_the_last_attempt_the_request_has_failed() {
    let results = replay(&row(SECOND, "attempts = 2,"), "time\n0\n0.1\n0.2\n");
    assert_eq!(ends(&results), [1.0, 2.1, 2.2]);
    assert_eq!(outcomes(&results), ["ok", "ok", "failed"]);
}

#[test]
fn o4_what_fails_commits_nothing() {
    let fail = r#"{ optimistic = { on = "row", steps = [{ wait = "1s" }, { fail = 1.0 }] } }"#;
    let results = replay(&operations(fail, WRITE, ""), "time,operation\n0,first\n0.5,second\n");
    assert_eq!(ends(&results), [1.0, 1.5]);
}

#[test]
fn o4_abandoned_work_commits_and_cancelled_work_does_not() {
    for (losers, end) in [("abandon", 2.5), ("cancel", 1.5)] {
        let hasty = format!("{{ call = {{ to = \"writer\", timeout = \"0.7s\", losers = \"{losers}\" }} }}");
        let writer = format!("[service.writer]\nsteps = [{WRITE}]");
        let text = operations(&hasty, r#"{ call = "writer" }"#, &writer);
        let results = replay(&text, "time,operation\n0,first\n0.5,second\n");
        assert_eq!(ends(&results), [0.7, end], "{losers}");
        assert_eq!(outcomes(&results), ["timed-out", "ok"]);
    }
}

#[test]
fn o5_a_commit_of_ones_own_aborts_nothing() {
    let inner = r#"[{ wait = "1s" }, { optimistic = { on = "row", steps = [{ wait = "1s" }] } }]"#;
    let results = replay(&row(inner, ""), "time\n0\n");
    assert_eq!(ends(&results), [2.0]);
    assert_eq!(results.optimistic["row"].aborts.value, Some(0.0));
    // The arms conflict with each other, and not with what they are arms of.
    let arms = r#"[{ parallel = [[{ optimistic = { on = "row", steps = [{ wait = "1s" }] } }],
        [{ optimistic = { on = "row", steps = [{ wait = "1.5s" }] } }]] }]"#;
    let results = replay(&row(arms, ""), "time\n0\n");
    assert_eq!(ends(&results), [3.0]);
    assert_eq!(results.optimistic["row"].abort_ratio.value, Some(0.25));
}

#[test]
fn o6_commits_and_aborts_are_counted_when_attempts_end() {
    let results = replay(&row(SECOND, ""), "time\n0\n0.5\n");
    let written = results.optimistic["row"];
    assert_eq!(written.commits.value, Some(2.0 / 2.5));
    assert_eq!(written.aborts.value, Some(1.0 / 2.5));
    assert_eq!(written.abort_ratio.value, Some(1.0 / 3.0));
}
