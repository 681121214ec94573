//! CSV that a scenario names: jobs, arrivals, keys and samples; and measurements for `knee law`.

use knee::experiment::law::{self, Answer, Measured};
use knee::report::{csv, json, terminal};

use super::scenario;

/// A scenario for each use of a file.
const USES: [&str; 5] = [
    r#"
[workload.w]
to = "desk"
arrivals = { trace = "arrivals.csv" }
[station.desk]
servers = 3
service-time = "10ms"
"#,
    r#"
[workload.w]
to = "desk"
trace = "jobs.csv"
[station.desk]
service-time = "10ms"
discipline = "priority"
"#,
    r#"
[workload.w]
to = "app"
trace = "jobs.csv"
operations = { browse = 0.9, buy = 0.1 }
[service.app.operation.browse]
steps = [{ wait = "1ms" }]
[service.app.operation.buy]
steps = [{ wait = "2ms" }]
"#,
    r#"
[workload.w]
to = "desk"
arrivals = { poisson = "10/s" }
keys = { trace = "keys.csv" }
[station.desk]
service-time = "10ms"
"#,
    r#"
[workload.w]
to = "desk"
arrivals = { renewal = { empirical = "samples.csv" } }
[station.desk]
service-time = { empirical = "samples.csv" }
"#,
];

/// Whether somebody can use it.
pub(crate) fn try_bytes(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut is_used = measured(text);
    for using in USES {
        is_used |= scenario::try_with(using, &|_| text.to_owned());
    }
    is_used
}

fn measured(text: &str) -> bool {
    let Ok(measured) = Measured::read("measured.csv", text) else { return false };
    let answers = [law::fit_amdahl(&measured, None, &[]), law::fit_usl(&measured, &[])];
    answers.iter().flatten().for_each(tell);
    answers.iter().any(Result::is_ok)
}

fn tell(answer: &Answer) {
    terminal::law(answer, true);
    terminal::drawing::law(answer, true);
    json::object(answer).expect("JSON");
    csv::law(answer).expect("CSV");
}
