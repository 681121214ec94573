//! Whole logs, from their lines to what is found in them.

use super::*;
use crate::distribution::Law;
use crate::rng;

fn read(text: &str) -> Log {
    let mut log = Log::default();
    let mut reader = log.reader("log", None, Hints::default()).unwrap();
    text.lines().for_each(|line| reader.line(line).unwrap());
    reader.end().unwrap();
    log
}

const SERVICE: About = About { servers: None, as_response: false, operations: 8 };

fn found(text: &str, about: &About) -> Findings {
    findings(read(text), about).unwrap()
}

/// Rows of a Poisson stream of two operations, one of which is four times as slow.
fn rows(count: usize) -> String {
    let (gap, law) = (Law::exponential(0.01).unwrap(), Law::gamma(0.004, 0.5).unwrap());
    let mut random = rng::stream(1, 0, "rows");
    let (mut now, mut text) = (0.0, String::from("time_s,latency_s,operation,status\n"));
    for index in 0..count {
        now += gap.sample(&mut random);
        let is_slow = index % 4 == 0;
        let took = law.sample(&mut random) * if is_slow { 4.0 } else { 1.0 };
        let status = if index % 100 == 1 { 503 } else { 200 };
        let name = if is_slow { "POST /orders/:id" } else { "GET /" };
        text.push_str(&format!("{now},{took},{name},{status}\n"));
    }
    text
}

#[test]
fn a_log_tells_arrivals_operations_and_times() {
    let found = found(&rows(20_000), &SERVICE);
    assert_eq!((found.origin.requests, found.origin.failed), (20_000, 200));
    let arrivals = found.arrivals.as_ref().unwrap();
    assert_eq!((arrivals.kind, arrivals.profile.as_ref()), (Kind::Poisson, None));
    assert!((arrivals.rate.value / 100.0 - 1.0).abs() < 0.05);
    let names: Vec<&str> = found.operations.iter().map(|share| share.name.as_str()).collect();
    assert_eq!(names, ["get", "post-orders-id"]);
    assert!((found.operations[0].share - 0.75).abs() < 1e-12);
    assert!((found.operations[0].error_rate - 200.0 / 15_000.0).abs() < 1e-12);
    let means = found.operations.iter().map(|share| share.times.as_ref().unwrap().mean_s).collect::<Vec<_>>();
    assert!((means[0] / 0.004 - 1.0).abs() < 0.05 && (means[1] / 0.016 - 1.0).abs() < 0.05, "{means:?}");
    assert!((found.in_flight.unwrap() / 0.7 - 1.0).abs() < 0.05, "{:?}", found.in_flight);
    assert!(found.notes.is_empty(), "{:?}", found.notes);
}

#[test]
fn the_most_frequent_operations_are_kept() {
    let found = found(&rows(2000), &About { operations: 1, ..SERVICE });
    let names: Vec<&str> = found.operations.iter().map(|share| share.name.as_str()).collect();
    // Two operations are as short as one and the others.
    assert_eq!(names, ["get", "post-orders-id"]);
    let text: String = (0..60).map(|i| format!("{i},0.5,op{}\n", i % 6)).collect();
    let found = self::found(&format!("time,latency,operation\n{text}"), &About { operations: 2, ..SERVICE });
    assert_eq!(found.operations.len(), 3);
    assert_eq!((found.operations[2].name.as_str(), found.operations[2].requests), ("other", 40));
    assert!(found.trace.iter().all(|row| row.1 < 3));
}

/// nginx: whole seconds, at the end of a request.
#[test]
fn instants_of_whole_seconds_are_spread() {
    let (gap, law) = (Law::exponential(0.05).unwrap(), Law::gamma(0.04, 0.5).unwrap());
    let mut random = rng::stream(6, 0, "seconds");
    let (mut now, mut ends) = (1.7e9, Vec::new());
    for _ in 0..6000 {
        now += gap.sample(&mut random);
        let took = law.sample(&mut random);
        ends.push((now + took, took));
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let line = |(end, took): (f64, f64)| {
        let date = clock::show((end * 1e9) as i64);
        let (day, time) = (&date[8..10], &date[11..19]);
        format!("10.0.0.1 - - [{day}/Nov/2023:{time} +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\" {took:.3}\n")
    };
    let text: String = ends.into_iter().map(line).collect();
    let found = found(&text, &SERVICE);
    let arrivals = found.arrivals.unwrap();
    assert_eq!((arrivals.kind, arrivals.rounded_to_s), (Kind::Poisson, Some(1.0)));
    assert_eq!(found.origin.from.as_deref().map(|date| &date[..8]), Some("2023-11-"));
    let about = About { servers: Some(1), as_response: true, operations: 8 };
    assert!(findings(read(&text), &about).unwrap_err().contains("rounded to 1 s"));
}

/// One server at 70 % load: its service times come back, and without taking the waiting off one is warned.
#[test]
fn waiting_is_noticed_and_taken_off() {
    let (gap, law) = (Law::exponential(0.01).unwrap(), Law::gamma(0.007, 0.5).unwrap());
    let mut random = rng::stream(4, 0, "line");
    let (mut now, mut free, mut text) = (0.0f64, 0.0f64, String::from("time_s,latency_s\n"));
    for _ in 0..20_000 {
        now += gap.sample(&mut random);
        free = now.max(free) + law.sample(&mut random);
        text.push_str(&format!("{now},{}\n", free - now));
    }
    let taken = found(&text, &SERVICE);
    assert!(taken.notes.iter().any(|note| note.contains("--as response")), "{:?}", taken.notes);
    let about = About { servers: Some(1), as_response: true, operations: 8 };
    let off = found(&text, &about);
    let times = off.times.as_ref().unwrap();
    assert_eq!(times.chosen, "erlang", "{:?}", times.candidates[0]);
    assert!((times.mean_s / 0.007 - 1.0).abs() < 0.02 && off.notes.is_empty(), "{:?}", off.notes);
    assert!((off.utilization.unwrap() - 0.7).abs() < 0.03);
    // Two servers would have been free sooner: some of those who waited cannot have.
    let wrong = found(&text, &About { servers: Some(2), ..about });
    assert!(wrong.times.unwrap().mean_s > times.mean_s);
}

#[test]
fn summaries_have_no_instants() {
    let text = "Running 30s test @ http://x\n  2 threads and 10 connections\n    Latency  2.50ms  1.0ms  9ms  70%
     50%  2.20ms\n     90%  4.10ms\n     99%  7.00ms\n  1000 requests in 30.00s, 1MB read\nRequests/sec:  33.3";
    let found = found(text, &SERVICE);
    assert_eq!((found.users, found.rate, found.origin.requests), (Some(10), Some(33.3), 1000));
    let times = found.times.unwrap();
    assert!(times.evidence == "percentiles" && (times.p50_s / 0.0022 - 1.0).abs() < 1e-12);
    assert!(times.best().unwrap().goodness.errors[2].abs() < 0.1);
}

#[test]
fn what_cannot_be_fitted_is_refused_with_a_reason() {
    let problem = |text: &str, about: &About| findings(read(text), about).unwrap_err();
    let bad = format!("latency_ms\n1\n{}", "x\n".repeat(9));
    assert_eq!(problem(&bad, &SERVICE), "9 of 10 lines could not be read; the first: log:3: `x` is not a number");
    let about = About { servers: Some(1), as_response: true, operations: 8 };
    assert!(problem("latency_ms\n1\n2", &about).contains("an instant and a latency"));
    assert!(problem("latency_ms", &SERVICE).contains("no requests"));
    assert!(problem("le,count\n1,0\n2,0", &SERVICE).contains("no requests"));
    assert!(problem("latency_s\n0\n0.0", &SERVICE).contains("all latencies are 0"));
    let wrk = "Running 30s test @ http://x\n     50%  0.00us\n     99%  0.00us\n  1000 requests in 30.00s, 1MB read";
    assert!(problem(wrk, &SERVICE).contains("all latencies are 0"));
    assert!(problem(&wrk.replace("1000", "0"), &SERVICE).contains("no requests"));
}

fn refused(text: &str) -> String {
    let mut log = Log::default();
    let mut reader = log.reader("log", None, Hints::default()).unwrap();
    let read = text.lines().try_for_each(|line| reader.line(line)).and_then(|()| reader.end());
    read.unwrap_err()
}

/// Numbers near the greatest there is, in every format that has counts.
#[test]
fn counts_that_nobody_can_have_counted_are_refused() {
    let most = u64::MAX;
    let bins = format!("upper_ms,count\n1,5\n2,{most}\n3,{most}");
    assert!(refused(&bins).starts_with("log:3: more than 10^15"));
    assert!(refused(&bins.replace("upper", "latency")).starts_with("log:3: more than 10^15"));
    let hey = "Summary:\n  Slowest: 0.1 secs\nLatency distribution:\n  50% in 0.0065 secs\n";
    let wrk = "Running 30s test @ http://x\n     50%  2.20ms\n";
    let vegeta = "Requests  [total, rate, throughput]  30, 1.0, 9.9\nLatencies  [min, mean, 50]  1ms, 2ms, 2ms\n";
    let json = "{\"latencies\":{\"50th\":738765},\"requests\":30,\"status_codes\":";
    for report in [
        format!("{hey}  [200]\t{most} responses\n  [502]\t{most} responses\n  [503]\t{most} responses"),
        format!("{wrk}  Socket errors: connect {most}, read {most}\n  Non-2xx or 3xx responses: {most}"),
        format!("{vegeta}Status Codes  [code:count]  500:{most}  502:{most}"),
        format!("{json}{{\"500\":{most},\"502\":{most}}}}}"),
    ] {
        assert!(refused(&report).contains("more than 10^15"), "{report}");
    }
}

/// Counts of `le` are of all up to a bound.
#[test]
fn cumulative_counts_never_go_down() {
    let what = refused("le,count\n1,5\n2,9\n3,4\n4,9\n5,9");
    assert!(what.contains("line 4: 4 after 9"), "{what}");
}

/// A law that nothing can be held against is no finding.
#[test]
fn counts_that_say_nothing_are_not_fitted() {
    for text in ["le,count\n0.1,500", "upper_ms,count\n1,0\n2,70\n3,0"] {
        let found = found(text, &SERVICE);
        assert!(found.times.is_none() && found.origin.requests >= 70, "{text}");
        assert!(found.notes.iter().any(|note| note.contains("do not say how long")), "{:?}", found.notes);
    }
    // Two bins tell one number, and no family is held to be good that puts a percentile into another bin.
    let coarse = found("le,count\n0.1,50\n0.2,50\n0.3,100", &SERVICE);
    let times = coarse.times.unwrap();
    assert!(times.candidates.iter().all(|candidate| candidate.parameters.len() == 1));
    assert!(coarse.notes.iter().any(|note| note.contains("no family describes these bins")), "{:?}", coarse.notes);
}

#[test]
fn times_that_nobody_waits_for_cannot_be_read() {
    let found = found("latency_s\n1e300\n0.1\n0.2\n0.3\ninf\n1e-300\n0.2", &SERVICE);
    let lines: Vec<u64> = found.origin.problems.iter().map(|problem| problem.line).collect();
    assert_eq!((lines, found.origin.malformed), (vec![2, 6, 7], 3));
    assert!((found.times.unwrap().mean_s - 0.2).abs() < 1e-12);
}

/// Whatever is in a file, it is read or refused, and nothing panics.
#[test]
fn nonsense_does_not_panic() {
    let lines = [
        "",
        "\u{feff}",
        "1",
        "-1",
        "nan",
        "inf",
        "1e308",
        "1e-320",
        "a,b",
        "\"",
        "[",
        "{",
        "{}",
        "18446744073709551615,18446744073709551615",
        "  [500]\t18446744073709551615 responses",
        "  50% in 0.1 secs",
        "{\"metric\":\"x\",\"type\":\"Point\"}",
        "1,2,3",
        ",,,",
        "9e18,1",
        "time,latency",
        "latency_ms",
        "le,count",
        "0.1,5",
        "+Inf,9",
        "é,ü",
        "Running 1s test @ x",
        "10.0.0.7 - - [02/Jul/2018:22:23:00 +0000] \"GET / HTTP/1.1\" 200 5 1e300",
        "response-time,DNS+dialup,DNS,",
        "Summary:",
        "Slowest:",
        "https 2018-07-02T22:23:00Z a b c -1 -1 -1 502 - 0 0 \"GET / HTTP/1.1\"",
        "Requests [total, rate] 1, 2",
        "\"latency\":1",
    ];
    let mut random = rng::stream(9, 0, "nonsense");
    for round in 0..3000 {
        let count = rng::below(&mut random, 6) + 1;
        let text: Vec<&str> = (0..count).map(|_| lines[rng::below(&mut random, lines.len() as u32) as usize]).collect();
        let from = REGISTRY.get(round % 20).map(|format| format.name);
        let mut log = Log::default();
        let mut reader = log.reader("log", from, Hints::default()).unwrap();
        let read = text.iter().try_for_each(|line| reader.line(line)).and_then(|()| reader.end());
        let about = About { as_response: round % 3 == 0, servers: Some(2), ..SERVICE };
        let _ = read.and_then(|()| findings(log, &about));
    }
}
