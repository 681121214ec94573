//! The small words of random scenarios: numbers, laws, policies, limits.

/// Decisions read from bytes; when there are no more, each is the first alternative.
#[derive(Clone)]
pub(crate) struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    pub(crate) fn new(bytes: &[u8]) -> Choices<'_> {
        Choices(bytes.iter())
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % n
    }

    /// True in one of `n` cases, but not where bytes have run out.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    pub(crate) fn policy(&mut self) -> &'static str {
        const POLICIES: [&str; 13] = [
            "\"random\"",
            "\"round-robin\"",
            "\"least-outstanding\"",
            "\"join-shortest-queue\"",
            "\"join-idle-queue\"",
            "\"power-of-two\"",
            "{ power-of-d = { choices = 3 } }",
            "\"least-response-time\"",
            "\"sticky\"",
            "\"modulo\"",
            "\"consistent-hash\"",
            "\"bounded-load-hash\"",
            "\"random\"",
        ];
        POLICIES[self.below(POLICIES.len())]
    }

    pub(crate) fn losers(&mut self) -> &'static str {
        ["\"abandon\"", "\"cancel-queued\"", "\"cancel\""][self.below(3)]
    }
}

/// How durations and rates are written.
#[derive(Clone, Copy)]
pub(crate) struct Units {
    /// Durations are this many times as long.
    pub(crate) scale: u64,
    /// No constants: then nothing happens at one instant by agreement, only by chance.
    pub(crate) varied: bool,
}

impl Units {
    pub(crate) fn milliseconds(self, count: usize) -> String {
        format!("\"{}ms\"", count as u64 * self.scale)
    }

    pub(crate) fn microseconds(self, count: usize) -> String {
        format!("\"{}us\"", count as u64 * self.scale)
    }

    /// So many kilobytes in a millisecond.
    pub(crate) fn bandwidth(self, per_millisecond: usize) -> String {
        format!("\"{}MB/s\"", per_millisecond as f64 / self.scale as f64)
    }

    /// Times that are not written, such as those in files, are what they are meant to be.
    pub(crate) fn is_usual(self) -> bool {
        self.scale == 1 && !self.varied
    }

    pub(crate) fn rate(self, per_second: usize) -> String {
        format!("\"{}/s\"", per_second as f64 / self.scale as f64)
    }
}

/// A duration, often one that varies.
pub(crate) fn law(choices: &mut Choices<'_>, units: Units) -> String {
    let count = 1 + choices.below(20);
    let (mean, more) = (units.milliseconds(count), units.milliseconds(3 * count));
    match choices.below(15) {
        1 if !units.varied => mean,
        2 => format!("{{ uniform = [{mean}, {more}] }}"),
        3 => format!("{{ erlang = {{ mean = {mean}, stages = 3 }} }}"),
        4 => format!("{{ lognormal = {{ mean = {mean}, cv = 1.5 }} }}"),
        5 => format!("{{ hyperexponential = {{ mean = {mean}, cv = 2.0 }} }}"),
        6 => format!("{{ pareto = {{ mean = {mean}, shape = 2.5 }} }}"),
        7 => format!("{{ weibull = {{ mean = {mean}, shape = 0.7 }} }}"),
        8 => format!("{{ gamma = {{ mean = {mean}, cv = 0.5 }} }}"),
        9 => format!("{{ bounded-pareto = {{ low = {mean}, high = {more}, shape = 1.5 }} }}"),
        10 if !units.varied => {
            format!("{{ mixture = [[0.8, {{ exponential = {mean} }}], [0.2, {more}]] }}")
        }
        11 if !units.varied => "\"0s\"".to_string(),
        12 => format!("{{ lognormal = {{ p50 = {mean}, p99 = {} }} }}", units.milliseconds(9 * count)),
        13 => format!("{{ pareto = {{ low = {mean}, shape = 3.5 }} }}"),
        14 if units.is_usual() => "{ empirical = \"times.csv\" }".to_string(),
        _ => format!("{{ exponential = {mean} }}"),
    }
}

/// A duration that is not always zero.
pub(crate) fn positive_law(choices: &mut Choices<'_>, units: Units) -> String {
    law(choices, units).replace("\"0s\"", &units.milliseconds(30))
}

pub(crate) fn discipline(choices: &mut Choices<'_>, units: Units) -> String {
    const WORDS: [&str; 9] = [
        "fifo",
        "lifo",
        "random",
        "processor-sharing",
        "shortest-job-first",
        "shortest-remaining-first",
        "priority",
        "preemptive-priority",
        "preemptive-lifo",
    ];
    match WORDS.get(choices.below(WORDS.len() + 1)) {
        // Shared servers turn the rounding of one into more than that of others.
        Some(&"processor-sharing") if units.varied => "\"fifo\"".to_string(),
        Some(word) => format!("\"{word}\""),
        None if choices.one_in(2) => "{ adaptive-lifo = { threshold = 2 } }".to_string(),
        None => format!("{{ round-robin = {{ quantum = {} }} }}", units.milliseconds(3)),
    }
}

pub(crate) fn arrivals(choices: &mut Choices<'_>, units: Units) -> String {
    let rate = units.rate(10 + choices.below(40));
    let low = units.rate(2);
    let law = positive_law(choices, units);
    let dwell = units.milliseconds(200);
    let arrivals = match choices.below(7) {
        1 if !units.varied => format!("{{ constant = {rate} }}"),
        2 => format!("{{ renewal = {law} }}"),
        3 => format!("{{ batch = {{ rate = {low}, size = 5 }} }}"),
        4 => format!("{{ batch = {{ rate = {low}, size = {{ geometric = 0.25 }} }} }}"),
        6 if units.is_usual() => "{ trace = \"jobs.csv\" }".to_string(),
        5 => format!("{{ mmpp = {{ rates = [{low}, {rate}], dwell = [{dwell}, {dwell}] }} }}"),
        _ => format!("{{ poisson = {rate} }}"),
    };
    format!("arrivals = {arrivals}\n")
}

/// What a caller does when there is no answer: `key = value`, each once.
pub(crate) fn call_options(choices: &mut Choices<'_>, units: Units) -> Vec<String> {
    let mut options = Vec::new();
    if choices.one_in(3) {
        options.push(format!("timeout = {}", units.milliseconds(5 + choices.below(60))));
    }
    let deadline = choices.one_in(3);
    if deadline {
        let time = units.milliseconds(10 + choices.below(200));
        let travels = format!("{{ time = {time}, propagate = true }}");
        options.push(format!("deadline = {}", if choices.one_in(3) { travels } else { time }));
    }
    if choices.one_in(3) {
        options.push(format!("retry = {}", retry(choices, units, deadline)));
    }
    if choices.one_in(4) {
        options.push(format!("hedge = {}", hedge(choices, units)));
    }
    if choices.one_in(4) {
        options.push(format!("breaker = {}", breaker(choices, units)));
    }
    if !options.is_empty() {
        options.push(format!("losers = {}", choices.losers()));
    }
    options
}

fn hedge(choices: &mut Choices<'_>, units: Units) -> String {
    let (most, losers) = (1 + choices.below(3), choices.losers());
    // A percentile of what was seen is not exact: rounding would show.
    let after = match choices.below(3) {
        0 if !units.varied && units.scale == 1 => "\"p80\"".to_string(),
        _ => units.milliseconds(1 + choices.below(20)),
    };
    format!("{{ after = {after}, most = {most}, losers = {losers} }}")
}

fn breaker(choices: &mut Choices<'_>, units: Units) -> String {
    let (open, window) = (units.milliseconds(5 + choices.below(50)), units.milliseconds(100));
    let probes = 1 + choices.below(2);
    match choices.below(2) {
        0 => format!("{{ consecutive = {{ failures = 2, open = {open}, probes = {probes} }} }}"),
        _ => format!(
            "{{ ratio = {{ threshold = 0.3, window = {window}, minimum = 3, open = {open}, probes = {probes} }} }}"
        ),
    }
}

fn retry(choices: &mut Choices<'_>, units: Units, deadline: bool) -> String {
    let jitter = ["none", "full", "equal", "decorrelated"][choices.below(4)];
    let (base, cap) = (units.milliseconds(2), units.milliseconds(30));
    let exponential =
        format!("{{ exponential = {{ base = {base}, factor = 2, cap = {cap}, jitter = \"{jitter}\" }} }}");
    match choices.below(4) {
        0 => {
            let budget = ["", ", budget = 0.2", ", budget = { ratio = 0.1, burst = 3 }"][choices.below(3)];
            format!("{{ attempts = 3{budget} }}")
        }
        1 => format!("{{ attempts = 2, backoff = {{ delay = {} }} }}", law(choices, units)),
        2 if deadline => format!("{{ attempts = \"unlimited\", backoff = {exponential} }}"),
        _ => format!("{{ attempts = 4, backoff = {exponential} }}"),
    }
}
