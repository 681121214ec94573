//! A scenario of what was measured, ready to paste: each number with a comment that says whether it was measured, fitted or
//! assumed.

use crate::measure::{Candidate, Findings, Kind, LEAST, Profile, Share, Times};

/// Requests that each replication of the scenario serves, where the data do not say how long it should be.
const REQUESTS: f64 = 50_000.0;
/// The longest run, in seconds: beyond 100 days the simulator's clock is too coarse for short times.
const LONGEST: f64 = 8.64e6;
/// How wide a line may be.
const WIDTH: usize = 80;
/// Longer names are cut: a heading with them would be wider than that.
const TITLE: usize = 50;
/// More replications of a trace would only draw the same arrivals again.
const REPLICATIONS: u32 = 5;

/// The files that the scenario names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Names {
    /// The file with the arrivals, if they are to be replayed.
    pub trace: Option<String>,
    /// Whether that file brings the service times too.
    pub is_exact: bool,
    /// The file with measured times, without its extension: that of an operation has its name behind it.
    pub empirical: String,
}

impl Names {
    /// The file with the times of an operation, or of all.
    pub fn times(&self, operation: Option<&str>) -> String {
        match operation {
            Some(name) => format!("{}-{name}.csv", self.empirical),
            None => format!("{}.csv", self.empirical),
        }
    }
}

/// The scenario. It runs as it is, next to the files that it names.
pub fn scenario(findings: &Findings, names: &Names) -> String {
    let parts = [head(findings), workload(findings, names), target(findings, names), run(findings, names)];
    parts.join("\n")
}

fn head(findings: &Findings) -> String {
    let files: Vec<&str> = findings.origin.files.iter().map(|file| file.0.as_str()).collect();
    let all = files.join(", ");
    let said = if files.len() > 1 && all.chars().count() > TITLE { format!("{} files", files.len()) } else { all };
    format!("title = {}\n", string(&format!("As measured in {said}")))
}

fn workload(findings: &Findings, names: &Names) -> String {
    let service = has_operations(findings);
    let mut text = String::from("[workload.clients]\nto = \"app\"\n");
    text.push_str(&arrivals(findings, names));
    if service && findings.operations.len() > 1 {
        text.push_str(&operations(&shares(&findings.operations)));
    }
    text
}

/// How often each is asked for: on one line if there is room.
fn operations(shares: &[String]) -> String {
    let line = format!("operations = {{ {} }}", shares.join(", "));
    match line.chars().count() <= WIDTH {
        true => format!("# measured: share of requests\n{line}\n"),
        false => format!("\n[workload.clients.operations] # measured: share of requests\n{}\n", shares.join("\n")),
    }
}

/// Shares that add up to 1 in the digits that are written: the last is the rest.
fn shares(operations: &[Share]) -> Vec<String> {
    const PARTS: f64 = 1e6;
    let mut parts: Vec<f64> = operations.iter().map(|share| (share.share * PARTS).round()).collect();
    let rest = PARTS - parts.iter().sum::<f64>();
    parts.first_mut().into_iter().for_each(|first| *first += rest);
    operations.iter().zip(parts).map(|(share, part)| format!("{} = {}", share.name, part / PARTS)).collect()
}

fn arrivals(findings: &Findings, names: &Names) -> String {
    if let Some(users) = findings.users {
        let label = if findings.users_are_known { "measured" } else { "fitted, as rate × mean latency" };
        let said = remark(&format!("{label}: clients that ask again as soon as they have their answer"));
        return format!("{said}users = {users}\n");
    }
    if let Some(file) = &names.trace {
        let what = if names.is_exact { "instants and service times" } else { "instants" };
        return format!("# measured: {what} as they were\ntrace = {}\n", string(file));
    }
    let Some(rate) = findings.rate.filter(|rate| *rate > 0.0) else {
        return "# assumed: these data do not say how often requests come\narrivals = { poisson = \"1/s\" }\n".into();
    };
    let Some(found) = &findings.arrivals else {
        let (word, why) =
            if findings.steady { ("constant", "measured") } else { ("poisson", "measured rate; assumed: Poisson") };
        return format!("# {why}\narrivals = {{ {word} = \"{}\" }}\n", per_second(rate));
    };
    let interval = found
        .rate
        .ci95
        .map_or(String::new(), |[low, high]| format!(", 95 % interval {} to {}", per_second(low), per_second(high)));
    let mut text = remark(&format!("measured: {} requests in {}{interval}", found.count, duration(found.span_s)));
    text.push_str(&match (found.kind, &found.interarrival) {
        (Kind::Constant, _) => format!("arrivals = {{ constant = \"{}\" }}\n", per_second(rate)),
        (Kind::Renewal, Some(law)) => {
            format!("# fitted: the law of interarrival times\narrivals = {{ renewal = {} }}\n", law_of(law))
        }
        (Kind::Poisson, _) => {
            let p = found.poisson.map_or(String::new(), |test| format!(" (Lewis' test: p = {:.2})", test.p_value));
            format!("# fitted: a Poisson process{p}\narrivals = {{ poisson = \"{}\" }}\n", per_second(rate))
        }
        (Kind::Few, _) => format!("# assumed: Poisson\narrivals = {{ poisson = \"{}\" }}\n", per_second(rate)),
        _ => {
            let said = remark("assumed: Poisson, though arrivals come in bursts that it lacks; --trace replays them");
            format!("{said}arrivals = {{ poisson = \"{}\" }}\n", per_second(rate))
        }
    });
    text.push_str(&found.profile.as_ref().map_or(String::new(), profile));
    text
}

fn profile(profile: &Profile) -> String {
    match profile {
        Profile::Hours(factors) => {
            let factors: Vec<String> = factors.iter().map(|factor| format!("{factor:.3}")).collect();
            let rows: Vec<String> = factors.chunks(8).map(|row| format!("  {},\n", row.join(", "))).collect();
            format!("# measured: by the hour, in UTC\nprofile = {{ hours = [\n{}] }}\n", rows.concat())
        }
        Profile::Steps(steps) => {
            let steps: Vec<String> =
                steps.iter().map(|(at, factor)| format!("[\"{}\", {factor:.3}]", duration(*at))).collect();
            format!("# measured: the rate over time\nprofile = {{ steps = [\n  {},\n] }}\n", steps.join(",\n  "))
        }
    }
}

/// Whether requests need steps of their own: they are of several kinds, or some fail.
fn has_operations(findings: &Findings) -> bool {
    findings.operations.len() > 1 || findings.origin.failed > 0
}

fn target(findings: &Findings, names: &Names) -> String {
    let all = findings.times.as_ref();
    if !has_operations(findings) {
        let (label, law) = labelled(findings, all, names, None);
        return format!("[station.app]\n{}{label}{}", servers(findings), assigned("service-time", &law));
    }
    let mut text = String::from("# What requests do.\n");
    let several = findings.operations.len() > 1;
    for share in findings.operations.iter().filter(|_| several) {
        let own = share.times.as_ref();
        let (mut label, law) = labelled(findings, own.or(all), names, own.map(|_| share.name.as_str()));
        if own.is_none() && all.is_some() {
            label.push_str(&remark("assumed: as all requests, since it has too few values of its own"));
        }
        text.push_str(&remark(&comment(&share.measured_as)));
        text.push_str(&steps(&format!("service.app.operation.{}", share.name), &label, &law, share.error_rate));
    }
    if !several {
        let (label, law) = labelled(findings, all, names, None);
        text.push_str(&steps("service.app", &label, &law, overall(findings)));
    }
    text + &format!("[station.servers]\n{}", servers(findings))
}

/// The steps of an operation, each as a table of its own: as a list they would not fit the lines.
fn steps(of: &str, label: &str, law: &str, error_rate: f64) -> String {
    let law = assigned("visit.service-time", law);
    let mut text = format!("[[{of}.steps]]\n{label}visit.station = \"servers\"\n{law}\n");
    if error_rate > 0.0 {
        let rate = significant(error_rate.min(1.0));
        text.push_str(&format!("[[{of}.steps]]\nfail = {rate} # measured: status 5xx, or no answer\n\n"));
    }
    text
}

fn overall(findings: &Findings) -> f64 {
    findings.origin.failed as f64 / findings.origin.requests.max(1) as f64
}

fn servers(findings: &Findings) -> String {
    match findings.servers {
        Some(servers) => format!("servers = {servers} # assumed: as --servers says\n"),
        None => {
            let said = "assumed: nobody waits for a server: these data do not say how many there are";
            remark(said) + "servers = \"infinite\"\n"
        }
    }
}

/// Where a law is from, as comments, and the law.
fn labelled(findings: &Findings, times: Option<&Times>, names: &Names, operation: Option<&str>) -> (String, String) {
    let Some(times) = times else {
        return (remark("assumed: these data do not say how long requests take"), "\"10ms\"".into());
    };
    let assumed = match findings.treated_as {
        "response" => "assumed: served in order of arrival, by which waiting was taken off",
        _ => "assumed: measured at low load, so that response time is service time",
    };
    let counted = if times.count == 1.0 { "1 value".into() } else { format!("{} values", times.count) };
    let (said, law) = match times.best() {
        Some(best) if best.family == "constant" => (format!("measured: {counted}, all the same"), law_of(best)),
        Some(best) if times.evidence == "values" => {
            (format!("fitted: {} by maximum likelihood, to {counted}", best.family), law_of(best))
        }
        Some(best) => (format!("fitted: {} to {}", best.family, times.evidence), law_of(best)),
        None => {
            let why = if times.count < LEAST { "too few to choose a family by" } else { "no family describes them" };
            (format!("measured: {counted}; {why}"), format!("{{ empirical = {} }}", string(&names.times(operation))))
        }
    };
    (remark(&said) + &remark(assumed), law)
}

/// A fitted law in the language.
///
/// ```
/// use knee::measure::{Points, candidates};
/// let found = candidates(&Points::of(&[0.25; 40]).unwrap());
/// assert_eq!(knee::report::toml::law_of(&found[0]), "\"250ms\"");
/// ```
pub fn law_of(candidate: &Candidate) -> String {
    let value = |index: usize| {
        let parameter = &candidate.parameters[index];
        match (parameter.is_time, parameter.name) {
            (true, _) => format!("\"{}\"", duration(parameter.number.value)),
            (false, "stages") => format!("{}", parameter.number.value),
            _ => significant(parameter.number.value),
        }
    };
    let family = candidate.family;
    match family {
        "constant" => value(0),
        "uniform" => format!("{{ uniform = [{}, {}] }}", value(0), value(1)),
        _ if candidate.parameters.len() == 1 => format!("{{ {family} = {} }}", value(0)),
        _ => {
            let named = candidate.parameters.iter().enumerate();
            let keys: Vec<String> = named.map(|(index, it)| format!("{} = {}", it.name, value(index))).collect();
            format!("{{ {family} = {{ {} }} }}", keys.join(", "))
        }
    }
}

fn run(findings: &Findings, names: &Names) -> String {
    let mut text = String::from("[run]\n");
    if names.trace.is_some() && findings.users.is_none() {
        let replications = if names.is_exact { 1 } else { REPLICATIONS };
        return text + &format!("duration = \"until-empty\"\nreplications = {replications}\n");
    }
    let found = findings.arrivals.as_ref().filter(|_| findings.users.is_none());
    match found.and_then(|found| found.profile.as_ref().map(|profile| (found, profile))) {
        Some((found, Profile::Steps(_))) => {
            text.push_str(&format!(
                "duration = \"{}\" # as long as was measured\nwarm-up = \"0s\"\n",
                duration(found.span_s.min(LONGEST))
            ));
        }
        Some((_, Profile::Hours(_))) => text.push_str("duration = \"1day\" # assumed\nwarm-up = \"0s\"\n"),
        None => {
            let rate = findings.rate.filter(|rate| *rate > 0.0).unwrap_or(1.0);
            text.push_str(&format!(
                "duration = \"{}\" # assumed: some 50,000 requests\n",
                duration((REQUESTS / rate).min(LONGEST))
            ));
        }
    }
    text
}

/// Seconds with four digits, in the largest unit of which there is at least one.
fn duration(seconds: f64) -> String {
    let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns")];
    let (size, name) = units.into_iter().find(|(size, _)| seconds >= *size).unwrap_or((1e-9, "ns"));
    if seconds == 0.0 { "0s".into() } else { format!("{}{name}", significant(seconds / size)) }
}

fn per_second(rate: f64) -> String {
    format!("{}/s", significant(rate))
}

/// Four significant digits, without an exponent and without zeros that say nothing.
fn significant(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".into();
    }
    let magnitude = libm::floor(libm::log10(value.abs())) as i32;
    let decimals = usize::try_from((3 - magnitude).clamp(0, 12)).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A text in quotes.
fn string(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A key with its law, whose parameters have lines of their own if one is too short.
fn assigned(key: &str, law: &str) -> String {
    let line = format!("{key} = {law}\n");
    let inside =
        law.strip_prefix("{ ").and_then(|law| law.strip_suffix(" } }")).and_then(|law| law.split_once(" = { "));
    match inside.filter(|_| line.chars().count() > WIDTH) {
        Some((family, parameters)) => {
            parameters.split(", ").map(|parameter| format!("{key}.{family}.{parameter}\n")).collect()
        }
        None => line,
    }
}

/// Comments of as many lines as it takes.
fn remark(text: &str) -> String {
    let mut lines = vec![String::from("#")];
    for word in text.split(' ') {
        let width = lines.last().map_or(0, |line| line.chars().count());
        if width > 1 && width + 1 + word.chars().count() > WIDTH {
            lines.push("#".into());
        }
        lines.last_mut().into_iter().for_each(|line| *line += &format!(" {word}"));
    }
    lines.join("\n") + "\n"
}

/// A text that may stand in a comment.
fn comment(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_quoted() {
        assert_eq!(string("a\\b\n\"c\""), "\"a\\\\b\\\"c\\\"\"");
        let names = Names { empirical: "x/times".into(), ..Names::default() };
        assert_eq!([names.times(None), names.times(Some("get"))], ["x/times.csv", "x/times-get.csv"]);
    }

    #[test]
    fn long_comments_and_lists_are_broken() {
        let long = remark(&"words ".repeat(30));
        assert!(long.lines().count() == 3 && long.lines().all(|line| line.starts_with("# ") && line.len() <= WIDTH));
        let law = "{ bounded-pareto = { low = \"17.71ms\", high = \"177.1ms\", shape = 0.6124 } }";
        assert_eq!(assigned("x", law), format!("x = {law}\n"));
        let broken = assigned("visit.service-time", law);
        assert!(
            broken.starts_with("visit.service-time.bounded-pareto.low = \"17.71ms\"\n") && broken.lines().count() == 3
        );
        let shares: Vec<String> = (0..8).map(|index| format!("operation-{index} = 0.125")).collect();
        assert!(operations(&shares).lines().all(|line| line.len() <= WIDTH));
        assert!(operations(&shares[..2]).ends_with("operations = { operation-0 = 0.125, operation-1 = 0.125 }\n"));
    }

    #[test]
    fn shares_add_up_to_one() {
        let share = |share: f64| Share {
            name: "op".into(),
            measured_as: String::new(),
            requests: 1,
            share,
            error_rate: 0.0,
            times: None,
        };
        let written = shares(&[share(1.0 / 3.0), share(1.0 / 3.0), share(1.0 / 3.0)]);
        assert_eq!(written, ["op = 0.333334", "op = 0.333333", "op = 0.333333"]);
    }

    #[test]
    fn numbers_have_four_digits() {
        assert_eq!(
            [duration(0.0123456), duration(90.0), duration(0.0), duration(2e-6)],
            ["12.35ms", "90s", "0s", "2us"]
        );
        assert_eq!(
            [significant(1234.56), significant(0.000123456), significant(12345.6)],
            ["1235", "0.0001235", "12346"]
        );
    }
}
