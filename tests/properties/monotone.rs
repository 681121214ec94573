//! More servers, faster service and less load make nothing worse, where theory says so. Under the same random numbers it
//! holds request by request, so nothing here is left to chance, but for the rounding of times to ticks.
//!
//! One station: servers' loads are Kiefer and Wolfowitz's vector (1955), which grows in each service and shrinks in each
//! interval and in the number of servers; so does every wait (Jacobs and Schach, Stochastic order relationships between
//! GI/G/k systems, Annals of Mathematical Statistics 43, 1972). Under processor sharing what is left of each customer's
//! work is less for whoever is there, and there are fewer who share.
//!
//! Networks: of one class of requests, first come, first served at each station, routed by chance. The n-th departure from
//! each station is no later if a service is shorter, a server more is there, or, if the network is closed, a customer more
//! (Shanthikumar and Yao, Stochastic monotonicity in general queueing networks, Journal of Applied Probability 26, 1989).

use std::cell::Cell;

use knee::engine::Job;

use crate::words::{self, Choices, Units};
use crate::{always, decisions, observe, sound};

const UNITS: Units = Units { scale: 1, varied: false };

/// More ticks than roundings add up to: a billionth of a second.
const ROUNDING: u64 = 1_000;

const RUN: &str = "[run]\nduration = \"3s\"\nwarm-up = \"0s\"\nreplications = 1\n";

/// Every request that has ended, in order of issue.
fn requests(text: &str) -> Vec<Job> {
    let mut jobs = observe(&sound(text)).jobs;
    jobs.sort_by_key(|job| job.index);
    jobs
}

/// Counts in how many cases something changes, lest nothing ever does.
#[derive(Default)]
struct Better {
    cases: Cell<u32>,
    better: Cell<u32>,
}

impl Better {
    fn count(&self, is_better: bool) {
        self.cases.set(self.cases.get() + 1);
        self.better.set(self.better.get() + u32::from(is_better));
    }

    fn assert_often(&self) {
        assert!(4 * self.better.get() > self.cases.get(), "{} of {}", self.better.get(), self.cases.get());
    }
}

/// A station, alone, and the same with something better: no request takes longer.
fn assert_nobody_waits_longer(better: &Better, before: &str, after: &str) {
    let (before_jobs, after_jobs) = (requests(before), requests(after));
    assert!(after_jobs.len() > 10 || before_jobs.len() < 20, "{after}");
    let mut total = 0i128;
    let mut later = after_jobs.iter().peekable();
    for job in &before_jobs {
        while later.next_if(|other| other.index < job.index).is_some() {}
        let Some(other) = later.peek().filter(|other| other.index == job.index) else { continue };
        let (response, now) = (job.ended - job.issued, other.ended - other.issued);
        assert!(
            now <= response + ROUNDING,
            "request {} takes {now} and not {response} in\n{after}\nbefore\n{before}",
            job.index
        );
        total += i128::from(response) - i128::from(now);
    }
    better.count(total > i128::from(ROUNDING));
}

#[test]
fn nobody_waits_longer_at_a_better_station() {
    let [servers, speed, load] = [(); 3].map(|()| Better::default());
    always(150, decisions(), |bytes| {
        let mut choices = Choices::new(&bytes);
        let discipline = ["fifo", "fifo", "processor-sharing"][choices.below(3)];
        let arrivals = words::arrivals(&mut choices, UNITS);
        let (count, law) = (1 + choices.below(3), words::law(&mut choices, UNITS));
        let text = |count: usize, more: &str| {
            format!(
                "{RUN}{more}[workload.w]\nto = \"desk\"\n{arrivals}[station.desk]\nservers = {count}\n\
                 service-time = {law}\ndiscipline = \"{discipline}\"\n"
            )
        };
        let before = text(count, "");
        assert_nobody_waits_longer(&servers, &before, &text(count + 1, ""));
        let faster = before.clone() + "[[event]]\nat = \"0s\"\nslow = { what = \"desk\", factor = 0.7 }\n";
        assert_nobody_waits_longer(&speed, &before, &faster);
        // What switches by itself, or is written in a file, does not just come at longer intervals.
        if discipline == "fifo" && !arrivals.contains("mmpp") && !arrivals.contains("trace") {
            assert_nobody_waits_longer(&load, &before, &text(count, "load = 0.8\n"));
        }
    });
    [servers, speed, load].iter().for_each(Better::assert_often);
}

/// Stations that requests go through by chance, from earlier to later ones, and back to the same; `i` is only left by `r{i}`.
fn network(choices: &mut Choices<'_>) -> (Vec<usize>, String) {
    let stations = 1 + choices.below(4);
    let servers: Vec<usize> = (0..stations).map(|_| 1 + choices.below(3)).collect();
    let mut text = String::new();
    for index in 0..stations {
        let visit = format!("{{ visit = \"s{index}\" }}");
        let visit = match choices.below(3) {
            2 => format!("{{ repeat = {{ again = 0.3, steps = [{visit}] }} }}"),
            _ => visit,
        };
        let mut next = || match index + 1 + choices.below(stations - index) {
            onwards if onwards < stations => format!("[{{ call = \"r{onwards}\" }}]"),
            _ => "[]".to_string(),
        };
        let (one, other) = (next(), next());
        text += &format!("[service.r{index}]\nsteps = [{visit}, {{ choose = [[0.6, {one}], [0.4, {other}]] }}]\n");
    }
    let laws: Vec<String> = (0..stations).map(|_| words::law(choices, UNITS)).collect();
    for (index, law) in laws.iter().enumerate() {
        text += &format!("[station.s{index}]\nservice-time = {law}\nservers = SERVERS{index}\n");
    }
    (servers, text)
}

/// When requests end, the first one first.
fn ends(text: &str) -> Vec<u64> {
    let mut ends: Vec<u64> = requests(text).iter().map(|job| job.ended).collect();
    ends.sort_unstable();
    ends
}

fn assert_nothing_ends_later(better: &Better, before: &str, after: &str) {
    let (one, other) = (ends(before), ends(after));
    assert!(one.len() <= other.len(), "{} end, and not {}, in\n{after}", other.len(), one.len());
    for (index, (one, other)) in one.iter().zip(&other).enumerate() {
        assert!(*other <= one + ROUNDING, "end {index} is at {other} and not {one} in\n{after}\nbefore\n{before}");
    }
    let sum = |ends: &[u64]| ends.iter().map(|&end| u128::from(end)).sum::<u128>();
    better.count(other.len() > one.len() || sum(&other) + u128::from(ROUNDING) < sum(&one));
}

#[test]
fn nothing_ends_later_in_a_better_network() {
    let [servers, speed, users] = [(); 3].map(|()| Better::default());
    always(150, decisions(), |bytes| {
        let mut choices = Choices::new(&bytes);
        let (counts, stations) = network(&mut choices);
        let at = choices.below(counts.len());
        let (population, closed) = (1 + choices.below(6), choices.one_in(2));
        let arrivals = words::arrivals(&mut choices, UNITS);
        let think = words::positive_law(&mut choices, UNITS);
        let text = |more_users: usize, more_servers: usize| {
            let source = match closed {
                true => format!("users = {}\nthink-time = {think}\n", population + more_users),
                false => arrivals.clone(),
            };
            let mut text = format!("{RUN}[workload.w]\nto = \"r0\"\n{source}{stations}");
            for (index, count) in counts.iter().enumerate() {
                let count = count + if index == at { more_servers } else { 0 };
                text = text.replace(&format!("SERVERS{index}"), &count.to_string());
            }
            text
        };
        let before = text(0, 0);
        assert_nothing_ends_later(&servers, &before, &text(0, 1));
        let faster = before.clone() + &format!("[[event]]\nat = \"0s\"\nslow = {{ what = \"s{at}\", factor = 0.7 }}\n");
        assert_nothing_ends_later(&speed, &before, &faster);
        if closed {
            assert_nothing_ends_later(&users, &before, &text(1, 0));
        }
    });
    [servers, speed, users].iter().for_each(Better::assert_often);
}
