//! `knee explain`: every number that it calls exact is the one that is known, for all scenarios of `validation`
//! whose answers are; and it works on every scenario that comes with the program.

use std::fs;
use std::path::{Path, PathBuf};

use knee::experiment::explain::{Explanation, StationPlan};
use knee::experiment::{explain, program};
use knee::model::{self, Model};
use knee::report::{csv, json, mermaid, terminal};
use knee::scenario::Source;
use toml::de::{DeTable, DeValue};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn load(path: &Path, overrides: &[&str]) -> Model {
    let text = fs::read_to_string(path).expect("a scenario");
    let overrides = overrides.iter().map(|text| text.to_string()).collect();
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let source = Source { name, text, overrides };
    let folder = path.parent().expect("a folder");
    let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| error.to_string());
    model::load(&source, &read).0.unwrap_or_else(|| panic!("{}: errors", path.display()))
}

fn case(name: &str, overrides: &[&str]) -> Explanation {
    explain(&load(&Path::new(ROOT).join(format!("validation/{name}.toml")), overrides))
}

/// Scenarios in a folder, without what is expected of them.
fn scenarios(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(ROOT).join(folder)).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    let wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".toml") && !name.ends_with(".expect.toml")
    };
    paths.retain(wanted);
    paths.sort();
    paths
}

fn assert_close(what: &str, actual: f64, expected: f64, tolerance: f64) {
    assert!((actual / expected - 1.0).abs() < tolerance, "{what}: {actual} instead of {expected}");
}

/// What an explanation says of a path of the results, if it says something.
fn stated(it: &Explanation, path: &str) -> Option<f64> {
    let (section, rest) = path.split_once('.')?;
    let (name, metric) = rest.split_once('.')?;
    if section == "workloads" {
        let exact = it.workloads.get(name)?.exact?;
        return match metric {
            "throughput" => Some(exact.throughput),
            "latency.mean" => Some(exact.response_mean_s),
            "in-flight" => Some(exact.in_flight),
            _ => None,
        };
    }
    let station: &StationPlan = it.stations.get(name)?;
    let exact = station.exact.as_ref()?;
    match metric {
        "utilization" => exact.utilization,
        "in-system" => Some(exact.in_system),
        "response.mean" => Some(exact.response_mean_s),
        "wait.mean" => Some(exact.wait_mean_s),
        "throughput" => Some(station.throughput),
        _ => None,
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(number) => number.as_str().parse().ok(),
        DeValue::Integer(number) => number.as_str().parse().ok(),
        _ => None,
    }
}

/// What a run is expected to show that begins empty and ends soon; explain speaks of the long run.
const OTHER_SUBJECTS: [&str; 1] = ["A030-transient-mm1"];

#[test]
fn what_is_called_exact_is_what_is_known() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for path in scenarios("validation") {
        let it = explain(&load(&path, &[]));
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let expected = fs::read_to_string(path.with_extension("expect.toml")).unwrap_or_default();
        let expected = DeTable::parse(&expected).expect("expectations");
        if !it.solution.exact || OTHER_SUBJECTS.contains(&name.as_str()) {
            continue;
        }
        let lines = expected.get_ref().get("expect").and_then(|lines| lines.get_ref().as_array());
        for line in lines.into_iter().flatten().filter_map(|line| line.get_ref().as_table()) {
            let word = |key: &str| line.get(key).and_then(|value| value.get_ref().as_str());
            let number = |key: &str| line.get(key).and_then(|value| number(value.get_ref()));
            let path = word("path").filter(|_| line.get("over").is_none());
            let Some(said) = path.and_then(|path| stated(&it, path)) else { continue };
            let (said, known) = (said * number("times").unwrap_or(1.0), number("value").expect("a value"));
            let fits = match word("kind") {
                Some("bound_upper") => said <= known * (1.0 + 1e-9),
                Some("bound_lower") => said >= known * (1.0 - 1e-9),
                Some("asymptotic") => (said / known - 1.0).abs() < 0.02,
                // Rates are given to six digits in some files.
                _ => (said / known - 1.0).abs() < 3e-6,
            };
            compared += 1;
            if !fits {
                wrong.push(format!("{name}: {path:?} {said} instead of {known}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 180, "only {compared} numbers were compared");
}

#[test]
fn a045_the_interactive_system_of_lazowska() {
    let it = case("A045-closed-n20", &[]);
    let plan = &it.workloads["customers"];
    let exact = plan.exact.expect("exact");
    assert_close("X", exact.throughput, 0.474516328, 1e-8);
    assert_close("R", exact.response_mean_s, 27.14818083, 1e-8);
    assert_close("D", plan.demand_s, 4.055, 1e-9);
    for (name, utilization, number, residence) in [
        ("cpu", 0.2870823784, 0.4021401033, 0.8474736898),
        ("disk1", 0.9964842888, 10.73843752, 22.63028032),
        ("disk2", 0.6405970428, 1.74167746, 3.670426826),
    ] {
        let station = it.stations.get(name).and_then(|station| station.exact.clone()).expect("exact");
        assert_close(name, station.utilization.expect("servers"), utilization, 1e-8);
        assert_close(name, station.in_system, number, 1e-8);
        assert_close(name, station.residence_s["customers"], residence, 1e-8);
    }
    assert_close("visits", it.stations.get("disk1").expect("disk1").visits["customers"], 70.0, 1e-9);
    assert_close("upper bound", plan.bounds.throughput_high.expect("bounded"), 0.4761904762, 1e-9);
    assert_close("knee", plan.bounds.knee_users.expect("a knee"), 9.073809524, 1e-9);
    let narrow = plan.bounds.balanced_job.expect("single servers");
    assert_close("balanced job bound", narrow.throughput_low, 0.3793114983, 1e-9);
    assert_eq!(it.bottleneck.expect("one").station, "disk1");
    assert_eq!(it.next_bottleneck.expect("another").station, "disk2");
    for (users, throughput, response) in [
        (1, 0.05247966413, 4.055),
        (2, 0.1030859375, 4.401288376),
        (3, 0.1515164923, 4.799824782),
        (5, 0.2404655362, 5.793000437),
        (10, 0.4002046229, 9.98721761),
    ] {
        let set = format!("workload.customers.users={users}");
        let exact = case("A045-closed-n20", &[&set]).workloads["customers"].exact.expect("exact");
        assert_close("X", exact.throughput, throughput, 1e-8);
        assert_close("R", exact.response_mean_s, response, 1e-8);
    }
}

#[test]
fn a046_to_a048_and_a052_single_classes() {
    let bounds = |name: &str| {
        let it = case(name, &[]);
        let plan = it.workloads["customers"].bounds;
        let narrow = plan.balanced_job.expect("single servers").throughput_low;
        [plan.throughput_high.expect("bounded"), plan.knee_users.expect("a knee"), narrow]
    };
    for (name, known) in
        [("A046-closed-jain", [0.3333333333, 3.333333333, 0.3069306931]), ("A047-central-server", [12.5, 3.0, 9.375])]
    {
        bounds(name).into_iter().zip(known).for_each(|(said, known)| assert_close(name, said, known, 1e-9));
    }
    let repairman = case("A048-repairman", &[]);
    let (name, shop) = repairman.stations.0.iter().find(|(_, station)| station.exact.is_some()).expect("a shop");
    let busy = shop.exact.as_ref().and_then(|exact| exact.utilization).expect("servers");
    assert_close(name, 1.0 - busy, 0.7905545137, 1e-8);
    // The theorem of Baskett, Chandy, Muntz and Palacios: the law of a shared station does not matter …
    let shared = case("A052-bcmp-ps", &[]);
    assert_close("X", shared.workloads["customers"].exact.expect("exact").throughput, 8.355059238, 1e-8);
    // … and that of a line does.
    let line = case("A052-bcmp-ps", &["station.cpu.discipline=fifo"]);
    assert!(!line.solution.exact);
    assert_eq!(line.solution.because, ["cpu: service times are not exponential"]);
    assert!(line.workloads["customers"].exact.is_none() && line.workloads["customers"].bounds.balanced_job.is_none());
}

#[test]
fn a049_two_classes() {
    let it = case("A049a-two-classes", &[]);
    for (class, throughput, response, cpu, disk) in
        [("a", 0.1578947368, 6.333333333, 1.333333333, 5.0), ("b", 0.1052631579, 9.5, 2.5, 7.0)]
    {
        let exact = it.workloads[class].exact.expect("exact");
        assert_close(class, exact.throughput, throughput, 1e-8);
        assert_close(class, exact.response_mean_s, response, 1e-8);
        let residence =
            |name: &str| it.stations.get(name).and_then(|at| at.exact.clone()).expect("exact").residence_s[class];
        assert_close(class, residence("cpu"), cpu, 1e-8);
        assert_close(class, residence("disk"), disk, 1e-8);
    }
    let it = case("A049b-two-classes", &[]);
    let batch = it.workloads["batch"].exact.expect("exact");
    assert_close("batch", batch.response_mean_s, 0.933744668, 1e-8);
}

#[test]
fn a050_and_a051_published_models() {
    for (users, throughput, response) in [
        (1, 24.37835202, 0.01302),
        (2, 45.94923136, 0.01552629937),
        (4, 78.29120834, 0.02309130495),
        (7, 98.76324818, 0.04287656723),
        (10, 101.8508787, 0.07018275626),
        (20, 102.0408158, 0.1680000011),
    ] {
        let set = format!("workload.customers.users={users}");
        let it = case("A050-three-tiers-n01", &[&set]);
        let exact = it.workloads["customers"].exact.expect("exact");
        assert_close("X", exact.throughput, throughput, 1e-8);
        assert_close("R", exact.response_mean_s, response, 1e-8);
        assert_close("1 / Dmax", it.bottleneck.expect("web").throughput["customers"], 102.0408163, 1e-9);
    }
    let it = case("A051-bookstore", &[]);
    let desk = it.stations.get("desk").and_then(|desk| desk.exact.clone()).expect("exact");
    assert_close("wait in minutes", desk.wait_mean_s / 60.0, 1.135254989, 1e-8);
    assert_close("number at the desk", desk.in_system, 3.423503326, 1e-8);
    assert_close("number in the store", it.workloads["customers"].exact.expect("exact").in_flight, 33.42350333, 1e-8);
}

#[test]
fn a070_a_hot_shard_is_the_limit() {
    // The hot shard at load 0.9, to all digits.
    let it = case("A070-hot-shard", &["workload.customers.arrivals.poisson=407.87185779/s"]);
    let shard = it.stations.get("shard").expect("the shards");
    let (hottest, coldest) = (shard.hottest.as_ref().expect("uneven"), shard.coldest.as_ref().expect("uneven"));
    assert_eq!(hottest.station, "shard[0]");
    assert_close("share", hottest.share, 0.2206575381, 1e-9);
    assert_close("max over mean", hottest.share * 8.0, 1.765260305, 1e-9);
    assert_close("load", hottest.load.expect("servers"), 0.9, 1e-8);
    assert_close("coldest", coldest.load.expect("servers"), 0.3684458654, 1e-8);
    assert_close("limit", it.highest.expect("a limit").rates["customers"], 453.1909531, 1e-9);
    assert_close("sojourn", it.workloads["customers"].exact.expect("exact").response_mean_s, 0.03718374417, 1e-8);
}

#[test]
fn every_scenario_is_explained_in_every_form() {
    let shipped = scenarios("scenarios");
    assert!(shipped.len() > 30);
    for path in shipped {
        let model = load(&path, &[]);
        let it = Explanation { program: program(&model), ..explain(&model) };
        let name = path.display();
        let text = terminal::explanation(&it, false);
        let wide = text.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "{name}: wider than a terminal");
        assert!(text.contains("◀ bottleneck") == it.bottleneck.is_some(), "{name}: {text}");
        assert!(it.solution.exact || !it.solution.because.is_empty(), "{name}");
        assert!(
            json::several(std::slice::from_ref(&it)).is_ok() && csv::explanations(std::slice::from_ref(&it)).is_ok()
        );
        let chart = mermaid::architecture(&it);
        assert_eq!(chart.matches("-->").count(), it.links.len(), "{name}");
        // What the forecast says of loads, explain says as well.
        for (forecast, group) in model.forecast.groups.iter().zip(&model.groups) {
            let station = it.stations.get(&group.name());
            assert_eq!(station.is_some(), forecast.visits > 0.0, "{name}: {}", group.name());
            let station = station.filter(|_| !it.solution.exact);
            if let (Some(known), Some(load)) = (forecast.load, station.and_then(|station| station.load)) {
                assert!((known - load).abs() < 1e-9 * (1.0 + known), "{name}: {}: {load}, not {known}", group.name());
            }
        }
    }
}

/// A system of a thousand components is folded to what a reader takes in.
#[test]
fn a_thousand_components_are_folded() {
    let mut text =
        String::from("[workload.users]\nto = \"s0\"\narrivals = { poisson = \"10/s\" }\n[machine.m]\ncores = 1\n");
    for index in 0..1000 {
        let calls = [2 * index + 1, 2 * index + 2].into_iter().filter(|child| *child < 1000);
        let calls: String = calls.map(|child| format!(", {{ call = \"s{child}\" }}")).collect();
        let busy = 10 + index * 7919 % 1000;
        text.push_str(&format!("[service.s{index}]\nmachine = \"m\"\nsteps = [{{ cpu = \"{busy}us\" }}{calls}]\n"));
    }
    let source = Source { name: "big.toml".into(), text, overrides: Vec::new() };
    let model = model::load(&source, &|_| Err("no files".into())).0.expect("a model");
    let it = explain(&model);
    assert_eq!((it.components.len(), it.links.len()), (1001, 1000));
    let text = terminal::explanation(&it, false);
    assert!(text.lines().count() < 110, "{text}");
    assert!(text.contains("◀ bottleneck") && text.contains("more, less busy"), "{text}");
}

#[test]
fn names_that_are_cut_have_the_numbers_of_whole_ones() {
    let text = |a: &str, b: &str| {
        let source = Source {
            name: "names.toml".into(),
            text: format!(
                "[workload.{a}]\nto = \"{b}\"\narrivals = {{ poisson = \"10/s\" }}\n\
                 [workload.{a}-b]\nto = \"{b}\"\narrivals = {{ poisson = \"5/s\" }}\n\
                 [station.{b}]\nreplicas = 100\nbalance = \"random\"\nservice-time = {{ exponential = \"1s\" }}\n"
            ),
            overrides: Vec::new(),
        };
        let model = model::load(&source, &|_| Err("no files".into())).0.expect("a model");
        terminal::explanation(&explain(&model), false)
    };
    let long = text("the-customers-of-the-northern-region-aaa", "the-application-server-of-the-northern-a");
    assert!(!long.contains(" 0 s"), "{long}");
    assert!(long.contains("no room for"), "{long}");
    let rows = |text: &str| -> Vec<Vec<String>> {
        let shares = text.lines().skip_while(|line| !line.starts_with("station")).filter(|line| line.starts_with("  "));
        shares.map(|line| line.split("  ").map(|cell| cell.trim().to_owned()).collect()).collect()
    };
    let numbers = |row: &Vec<String>| row.iter().filter(|cell| cell.starts_with(|c: char| c.is_ascii_digit())).count();
    let long: Vec<usize> = rows(&long).iter().map(numbers).collect();
    assert_eq!(long, [3, 3], "visits, demand and residence");
}
