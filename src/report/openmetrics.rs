//! Results in the OpenMetrics text format 1.0 (OpenMetrics Authors, 2020), which Prometheus and others read.
//!
//! What holds for the whole run has no timestamp; counters are totals over replications. A series has one
//! sample a window, at its end: timestamps are seconds from the end of warm-up, so that time zero is 1970.

use crate::experiment::results::{
    Estimate, Latency, Results, SeriesWindow, StationResult, StationWindow, Times, WorkloadResult, WorkloadWindow,
};

/// The results of a run, ending in `# EOF`.
pub fn run(results: &Results) -> String {
    let mut text = Exposition::default();
    info(results, &mut text);
    workloads(results, &mut text);
    latencies(results, &mut text);
    stations(results, &mut text);
    visits(results, &mut text);
    caches(results, &mut text);
    queues(results, &mut text);
    verdicts(results, &mut text);
    series(&results.series, &mut text);
    text.0 + "# EOF\n"
}

/// Text that grows by whole families.
#[derive(Default)]
struct Exposition(String);

/// Samples of one name: labels, value, and the time of those that have one.
struct Family {
    /// Without the suffix that its kind of metric adds.
    name: &'static str,
    kind: &'static str,
    suffix: &'static str,
    help: &'static str,
    samples: Vec<String>,
}

impl Family {
    fn gauge(name: &'static str, help: &'static str) -> Family {
        Family { name, kind: "gauge", suffix: "", help, samples: Vec::new() }
    }

    fn counter(name: &'static str, help: &'static str) -> Family {
        Family { name, kind: "counter", suffix: "_total", help, samples: Vec::new() }
    }

    fn summary(name: &'static str, help: &'static str) -> Family {
        Family { name, kind: "summary", suffix: "", help, samples: Vec::new() }
    }

    /// Adds a sample, if there is a value.
    fn add(&mut self, labels: &[(&str, &str)], value: Option<f64>) {
        self.add_at(labels, value, None);
    }

    fn add_at(&mut self, labels: &[(&str, &str)], value: Option<f64>, seconds: Option<f64>) {
        let Some(value) = value else { return };
        let labels: Vec<String> = labels.iter().map(|(name, text)| format!("{name}=\"{}\"", escaped(text))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let time = seconds.map_or_else(String::new, |seconds| format!(" {seconds}"));
        self.samples.push(format!("{}{}{labels} {value}{time}\n", self.name, self.suffix));
    }
}

impl Exposition {
    /// Adds a family, unless it is empty. A name that ends in a base unit has that unit.
    fn push(&mut self, family: Family) {
        let Family { name, kind, help, samples, .. } = family;
        if samples.is_empty() {
            return;
        }
        self.0.push_str(&format!("# TYPE {name} {kind}\n"));
        if let Some(unit) = ["seconds", "ratio"].iter().find(|unit| name.ends_with(&format!("_{unit}"))) {
            self.0.push_str(&format!("# UNIT {name} {unit}\n"));
        }
        self.0.push_str(&format!("# HELP {name} {}\n", escaped(help)));
        samples.iter().for_each(|sample| self.0.push_str(sample));
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn info(results: &Results, text: &mut Exposition) {
    let run = &results.scenario;
    let mut family = Family { suffix: "_info", kind: "info", ..Family::gauge("knee_run", "What was run.") };
    let (seed, replications) = (run.seed.to_string(), run.replications.to_string());
    let labels = [
        ("title", run.title.as_str()),
        ("file", &run.file),
        ("seed", &seed),
        ("replications", &replications),
        ("version", run.version),
    ];
    family.add(&labels, Some(1.0));
    text.push(family);
}

fn workloads(results: &Results, text: &mut Exposition) {
    let mut gauge = |name, help, value: fn(&WorkloadResult) -> Estimate| {
        let mut family = Family::gauge(name, help);
        results.workloads.iter().for_each(|(name, own)| family.add(&[("workload", name)], value(own).value));
        text.push(family);
    };
    gauge("knee_workload_offered_per_second", "First attempts issued per second.", |own| own.offered);
    gauge("knee_workload_throughput_per_second", "Successes per second.", |own| own.throughput);
    gauge("knee_workload_error_ratio", "Errors over errors plus successes.", |own| own.error_rate);
    gauge("knee_workload_in_flight", "Requests issued and unanswered.", |own| own.in_flight);
    let mut errors = Family::counter("knee_workload_errors", "Requests that failed, by kind.");
    for (name, own) in &results.workloads {
        let kinds = [
            ("rejected", own.errors.rejected),
            ("timed-out", own.errors.timed_out),
            ("failed", own.errors.failed),
            ("abandoned", own.errors.abandoned),
        ];
        kinds.iter().for_each(|(kind, count)| {
            errors.add(&[("workload", name), ("kind", kind)], Some(*count as f64));
        });
    }
    text.push(errors);
}

/// Quantiles of a latency.
fn add_quantiles(family: &mut Family, labels: &[(&str, &str)], quantiles: &[(&str, Option<f64>)]) {
    for (quantile, value) in quantiles {
        family.add(&[labels, &[("quantile", quantile)]].concat(), *value);
    }
}

fn of_latency(latency: &Latency) -> [(&'static str, Option<f64>); 5] {
    let Latency { p50, p90, p95, p99, p99_9, .. } = latency;
    [("0.5", p50.value), ("0.9", p90.value), ("0.95", p95.value), ("0.99", p99.value), ("0.999", p99_9.value)]
}

fn of_times(times: &Times) -> [(&'static str, Option<f64>); 4] {
    let value = |estimate: Option<Estimate>| estimate.and_then(|estimate| estimate.value);
    [("0.5", value(times.p50)), ("0.9", value(times.p90)), ("0.95", value(times.p95)), ("0.99", value(times.p99))]
}

fn latencies(results: &Results, text: &mut Exposition) {
    let mut mean = Family::gauge("knee_workload_latency_mean_seconds", "Mean latency of successes.");
    let mut all = Family::summary("knee_workload_latency_seconds", "Latency of successes.");
    let mut each = Family::summary("knee_operation_latency_seconds", "Latency of successes, by operation.");
    for (name, own) in &results.workloads {
        mean.add(&[("workload", name)], own.latency.mean.value);
        add_quantiles(&mut all, &[("workload", name)], &of_latency(&own.latency));
        for (operation, own) in &own.operations {
            let labels = [("workload", name.as_str()), ("operation", operation.as_str())];
            add_quantiles(&mut each, &labels, &of_latency(&own.latency));
        }
    }
    [mean, all, each].into_iter().for_each(|family| text.push(family));
}

fn stations(results: &Results, text: &mut Exposition) {
    let mut gauge = |name, help, value: fn(&StationResult) -> Option<f64>| {
        let mut family = Family::gauge(name, help);
        results.stations.0.iter().for_each(|(name, own)| family.add(&[("station", name)], value(own)));
        text.push(family);
    };
    gauge("knee_station_servers", "Number of servers; infinite where there is no limit.", |own| {
        Some(own.servers.map_or(f64::INFINITY, |servers| servers as f64))
    });
    gauge("knee_station_utilization_ratio", "Busy over available server-seconds.", |own| own.utilization.value);
    gauge("knee_station_throughput_per_second", "Completions per second.", |own| own.throughput.value);
    gauge("knee_station_in_system", "Customers waiting and in service.", |own| own.in_system.value);
    gauge("knee_station_queue_length", "Customers in system less busy servers.", |own| own.queue_length?.value);
    gauge("knee_station_wait_mean_seconds", "Mean wait per visit.", |own| own.wait.mean.value);
    gauge("knee_station_service_mean_seconds", "Mean service per visit.", |own| own.service.mean.value);
    gauge("knee_station_response_mean_seconds", "Mean response time per visit.", |own| own.response.mean.value);
}

fn visits(results: &Results, text: &mut Exposition) {
    let mut wait = Family::summary("knee_station_wait_seconds", "Wait per visit, zeros included.");
    let mut response = Family::summary("knee_station_response_seconds", "Response time per visit.");
    let mut rejected = Family::counter("knee_station_rejected", "Arrivals turned away.");
    let mut abandoned = Family::counter("knee_station_abandoned", "Customers that ran out of patience.");
    for (name, own) in &results.stations.0 {
        let labels = [("station", name.as_str())];
        add_quantiles(&mut wait, &labels, &of_times(&own.wait));
        add_quantiles(&mut response, &labels, &of_times(&own.response));
        rejected.add(&labels, own.rejected.map(|count| count as f64));
        abandoned.add(&labels, own.abandoned.map(|count| count as f64));
    }
    [wait, response, rejected, abandoned].into_iter().for_each(|family| text.push(family));
}

fn caches(results: &Results, text: &mut Exposition) {
    let mut ratio = Family::gauge("knee_cache_hit_ratio", "Hits over lookups.");
    let mut counts = [
        Family::counter("knee_cache_hits", "Lookups that found the entry."),
        Family::counter("knee_cache_misses", "Lookups that did not."),
        Family::counter("knee_cache_evictions", "Entries that made room for others."),
        Family::counter("knee_cache_expired", "Entries found too old."),
        Family::counter("knee_cache_coalesced", "Misses that waited for another."),
    ];
    for (name, own) in &results.caches {
        ratio.add(&[("cache", name)], own.hit_ratio.value);
        let values = [own.hits, own.misses, own.evictions, own.expired, own.coalesced];
        counts.iter_mut().zip(values).for_each(|(family, value)| family.add(&[("cache", name)], Some(value as f64)));
    }
    std::iter::once(ratio).chain(counts).for_each(|family| text.push(family));
}

fn queues(results: &Results, text: &mut Exposition) {
    let mut depth = Family::gauge("knee_queue_depth", "Messages that wait for delivery.");
    let mut lag = Family::gauge("knee_queue_lag_mean_seconds", "Mean time from publication to first delivery.");
    let mut counts = [
        Family::counter("knee_queue_delivered", "Deliveries."),
        Family::counter("knee_queue_redelivered", "Deliveries of messages delivered before."),
        Family::counter("knee_queue_duplicates", "Effects of messages that had had theirs."),
        Family::counter("knee_queue_dead_lettered", "Messages given up after too many deliveries."),
        Family::counter("knee_queue_lost", "Messages whose only delivery failed."),
    ];
    for (name, own) in &results.queues {
        depth.add(&[("queue", name)], own.depth.value);
        lag.add(&[("queue", name)], own.lag.value);
        let values = [own.delivered, own.redelivered, own.duplicates, own.dead_lettered, own.lost];
        counts.iter_mut().zip(values).for_each(|(family, value)| family.add(&[("queue", name)], Some(value as f64)));
    }
    [depth, lag].into_iter().chain(counts).for_each(|family| text.push(family));
}

fn verdicts(results: &Results, text: &mut Exposition) {
    let mut met = Family::gauge("knee_objective_met", "1 where the objective is met, 0 where not.");
    for objective in &results.objectives {
        let value = objective.met.map(|met| f64::from(u8::from(met)));
        met.add(&[("objective", &objective.name), ("require", &objective.require)], value);
    }
    let mut fired = Family::gauge("knee_alert_fired_ratio", "Share of replications in which the alert went off.");
    let mut active = Family::gauge("knee_alert_active_ratio", "Share of time in which the alert was on.");
    for alert in &results.alert_summary {
        let labels = [("alert", alert.name.as_str()), ("when", alert.when.as_str())];
        fired.add(&labels, Some(alert.share));
        active.add(&labels, alert.active.value);
    }
    let mut back = Family::gauge("knee_recovery_seconds", "Time from the end of a trigger until goodput was back.");
    let mut recovered = Family::gauge("knee_recovered_ratio", "Share of replications in which goodput came back.");
    for recovery in &results.recovery {
        let labels = [("trigger", recovery.trigger.as_str()), ("workload", recovery.workload.as_str())];
        back.add(&labels, recovery.time_to_recover_s.value);
        recovered.add(&labels, recovery.share);
    }
    let mut cost = Family::gauge("knee_cost_dollars_per_hour", "What the machines cost.");
    cost.add(&[], Some(results.cost.per_hour));
    [met, fired, active, back, recovered, cost].into_iter().for_each(|family| text.push(family));
}

fn series(windows: &[SeriesWindow], text: &mut Exposition) {
    let Some(first) = windows.first() else { return };
    let mut workload = |name, help, value: fn(&WorkloadWindow) -> Estimate| {
        let mut family = Family::gauge(name, help);
        for name in first.workloads.keys() {
            for window in windows {
                family.add_at(&[("workload", name)], value(&window.workloads[name]).value, Some(window.to_s));
            }
        }
        text.push(family);
    };
    workload("knee_series_offered_per_second", "First attempts issued per second, by window.", |own| own.offered);
    workload("knee_series_throughput_per_second", "Successes per second, by window.", |own| own.throughput);
    workload("knee_series_error_ratio", "Errors over errors plus successes, by window.", |own| own.error_rate);
    workload("knee_series_in_flight", "Requests issued and unanswered, by window.", |own| own.in_flight);
    workload("knee_series_latency_mean_seconds", "Mean latency, by window.", |own| own.latency_mean);
    workload("knee_series_latency_p99_seconds", "99th percentile of latency, by window.", |own| own.latency_p99);
    let mut station = |name, help, value: fn(&StationWindow) -> Estimate| {
        let mut family = Family::gauge(name, help);
        for name in first.stations.keys() {
            for window in windows {
                family.add_at(&[("station", name)], value(&window.stations[name]).value, Some(window.to_s));
            }
        }
        text.push(family);
    };
    station("knee_series_utilization_ratio", "Busy over available server-seconds, by window.", |own| own.utilization);
    station("knee_series_queue_length", "In system less busy servers, by window.", |own| own.queue_length);
    station("knee_series_in_system", "Waiting and in service, by window.", |own| own.in_system);
    station("knee_series_completed_per_second", "Completions per second, by window.", |own| own.throughput);
    station("knee_series_response_mean_seconds", "Mean response time, by window.", |own| own.response_mean);
}
