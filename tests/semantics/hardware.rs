use super::*;

/// Jobs that replay a trace through these steps, on a machine with these keys.
fn on_machine(machine: &str, steps: &str) -> String {
    app(&format!("machine = \"box\"\nsteps = [{steps}]\n[machine.box]\n{machine}\n"))
}

fn close(values: &[f64], expected: &[f64]) {
    assert_eq!(values.len(), expected.len(), "{values:?}");
    assert!(values.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{values:?}, expected {expected:?}");
}

const READ: &str = "{ disk = { read = \"1MB\" } }";
const WRITE: &str = "{ disk = { write = \"1MB\" } }";

#[test]
fn h1_a_disk_that_does_one_thing_at_a_time_is_one_service() {
    let disk = r#"disk = { latency = "1ms", write-latency = "3ms", bandwidth = "1GB/s" }"#;
    let results = replay(&on_machine(disk, READ), "time\n0\n0\n");
    close(&ends(&results), &[0.002, 0.004]);
    close(&ends(&replay(&on_machine(disk, WRITE), "time\n0\n0\n")), &[0.004, 0.008]);
    assert!(results.stations.get("app.disk").is_some() && results.stations.get("app.disk-transfer").is_none());
}

#[test]
fn h2_a_spinning_disk_seeks_turns_and_transfers() {
    let parts = r#"disk = { seek = { uniform = ["2ms", "4ms"] }, rotation = "8ms", bandwidth = "1GB/s" }"#;
    let results = replay(&on_machine(parts, READ), &format!("time\n{}", "0\n".repeat(2000)));
    let ends = ends(&results);
    let services: Vec<f64> = std::iter::once(ends[0]).chain(ends.windows(2).map(|pair| pair[1] - pair[0])).collect();
    assert!(services.iter().all(|service| (0.003..0.013).contains(service)));
    let mean = services.iter().sum::<f64>() / 2000.0;
    assert!((mean - 0.008).abs() < 0.0002, "{mean}");
}

#[test]
fn h3_a_disk_with_channels_works_on_several_and_transfers_one() {
    let jobs = "time\n0\n0\n0\n";
    let disk = |more: &str| on_machine(&format!("disk = {{ latency = \"4ms\", bandwidth = \"1GB/s\", {more} }}"), READ);
    close(&ends(&replay(&disk("channels = 2"), jobs)), &[0.005, 0.006, 0.009]);
    close(&ends(&replay(&disk("queue-depth = 2"), jobs)), &[0.005, 0.006, 0.009]);
    close(&ends(&replay(&disk("channels = 8, queue-depth = 2"), jobs)), &[0.005, 0.006, 0.009]);
    close(&ends(&replay(&disk("channels = 2, queue-depth = 8"), jobs)), &[0.005, 0.006, 0.009]);
    assert!(replay(&disk("channels = 2"), jobs).stations.get("app.disk-transfer").is_some());
    // Without a bandwidth there is nothing to transfer.
    let plain = on_machine("disk = { latency = \"4ms\", channels = 2 }", READ);
    close(&ends(&replay(&plain, jobs)), &[0.004, 0.004, 0.008]);
}

#[test]
fn h4_a_preset_may_have_keys_replaced() {
    let ssd = |disk: &str| ends(&replay(&on_machine(&format!("disk = {disk}"), READ), "time\n0\n"));
    close(&ssd("\"ssd\""), &[0.0021]);
    close(&ssd("{ ssd = { bandwidth = \"1GB/s\" } }"), &[0.0011]);
    close(&ssd("{ nvme = { latency = \"1ms\", bandwidth = \"1GB/s\" } }"), &[0.002]);
    let problem = problems(&on_machine("disk = { ssd = { seek = \"1ms\" } }", READ));
    assert!(problem.contains("a disk that seeks or rotates does one thing at a time"), "{problem}");
}

/// Visits to the disks of an array of constant disks: how many each of some writes makes, and how long one takes.
fn array(raid: u32, disks: u32, step: &str) -> (f64, f64) {
    let machine = format!("disk = {{ latency = \"1ms\", raid = {raid}, disks = {disks} }}");
    let alone = ends(&replay(&on_machine(&machine, step), "time\n0\n"))[0];
    let jobs = format!("time\n{}", (0..100).map(|job| format!("{job}\n")).collect::<String>());
    (served(&replay(&on_machine(&machine, step), &jobs), "app.disk") / 100.0, alone)
}

#[test]
fn h5_a_read_is_of_one_disk_and_a_write_of_as_many_as_keep_it() {
    for (raid, disks) in [(0, 4), (1, 3), (5, 5), (6, 5), (10, 6)] {
        assert_eq!(array(raid, disks, READ), (1.0, 0.001), "RAID {raid}");
    }
    assert_eq!(array(0, 4, WRITE), (1.0, 0.001));
    assert_eq!(array(1, 3, WRITE), (3.0, 0.001));
    assert_eq!(array(10, 6, WRITE), (2.0, 0.001));
    // The old data and the old parity are read, then both are written.
    assert_eq!(array(5, 5, WRITE), (4.0, 0.002));
    assert_eq!(array(6, 5, WRITE), (6.0, 0.002));
}

#[test]
fn h6_each_machine_has_an_array_of_its_own() {
    let text = on_machine("disk = { latency = \"1s\", raid = 10, disks = 4 }", &format!("{READ}, {WRITE}"));
    let text = text.replace("machine = \"box\"\n", "machine = \"box\"\nreplicas = 2\nbalance = \"round-robin\"\n");
    let results = replay(&text, "time\n0\n100\n200\n");
    let of_machine =
        |machine| (0..4).map(|disk| served(&results, &format!("app[{machine}].disk[{disk}]"))).sum::<f64>();
    assert_eq!([of_machine(0), of_machine(1)], [6.0, 3.0]);
    let pairs = on_machine("disk = { latency = \"1s\", raid = 10, disks = 4 }", WRITE);
    let pairs = replay(&pairs, &format!("time\n{}", "0\n".repeat(50)));
    let disk = |disk| served(&pairs, &format!("app.disk[{disk}]"));
    assert!(disk(0) == disk(1) && disk(2) == disk(3) && disk(0) > 10.0 && disk(0) + disk(2) == 50.0);
    // One machine that replicas share has one array.
    let host =
        text.replace("machine = \"box\"\nreplicas", "host = \"one\"\nreplicas") + "[host.one]\nmachine = \"box\"\n";
    assert_eq!(served(&replay(&host, "time\n0\n100\n200\n"), "one.disk"), 9.0);
}

const LADDER: &str = r#"memory-hierarchy = [
  { name = "l1", size = "1KiB", latency = "1ns", miss = 1.0 },
  { name = "l2", size = "2KiB", latency = "4ns", miss = 0.0 },
  { name = "ram", size = "8KiB", latency = "100ns" },
]"#;

#[test]
fn h7_every_level_that_is_looked_at_is_paid_and_the_last_one_hits() {
    let step = |keys: &str| format!("{{ memory = {{ bytes = \"64B\", {keys} }} }}");
    close(&ends(&replay(&on_machine(LADDER, &step("")), "time\n0\n")), &[5e-9]);
    close(&ends(&replay(&on_machine(LADDER, &step("accesses = 10")), "time\n0\n")), &[50e-9]);
    let all = LADDER.replace("miss = 0.0", "miss = 1.0");
    close(&ends(&replay(&on_machine(&all, &step("")), "time\n0\n")), &[105e-9]);
}

#[test]
fn h8_a_working_set_hits_by_the_share_of_it_that_fits() {
    let ladder = LADDER.replace(", miss = 1.0", "").replace(", miss = 0.0", "");
    let step = "{ memory = { bytes = \"64B\", accesses = 10000, working-set = \"4KiB\" } }";
    let results = replay(&on_machine(&ladder, step), "time\n0\n");
    let looks = ["app.memory.l1", "app.memory.l2", "app.memory.ram"].map(|level| served(&results, level) / 10_000.0);
    // A quarter is in the first level, a half in the first two.
    assert!(looks[0] == 1.0 && (looks[1] - 0.75).abs() < 0.02 && (looks[2] - 0.5).abs() < 0.02, "{looks:?}");
    for (working_set, levels) in [("1KiB", 1), ("1B", 1)] {
        let step = format!("{{ memory = {{ bytes = \"64B\", accesses = 1000, working-set = \"{working_set}\" }} }}");
        let results = replay(&on_machine(&ladder, &step), "time\n0\n");
        close(&ends(&results), &[1e-6 * f64::from(levels)]);
    }
}

#[test]
fn h9_without_working_set_or_miss_a_level_holds_what_was_used_last() {
    let ladder = "memory-hierarchy = [{ name = \"l1\", size = \"128B\", latency = \"1ns\" }, \
                  { name = \"l2\", size = \"192B\", latency = \"4ns\" }, { name = \"ram\", latency = \"90ns\" }]";
    let jobs = "time,key\n0,1\n1,2\n2,1\n3,3\n4,2\n5,4\n6,1\n";
    let results = replay(&on_machine(ladder, "{ memory = { bytes = \"64B\" } }"), jobs);
    let times: Vec<f64> = ends(&results).iter().enumerate().map(|(at, end)| end - at as f64).collect();
    // Two lines fit the first level, three the second: 2 has left the first when it is used again, and 1 both.
    close(&times, &[95e-9, 95e-9, 1e-9, 95e-9, 5e-9, 95e-9, 95e-9]);
    let everything = ladder.replace(", size = \"128B\"", "");
    close(&ends(&replay(&on_machine(&everything, "{ memory = { bytes = \"1GB\" } }"), "time\n0\n")), &[1e-9]);
}

#[test]
fn h10_a_level_with_a_bandwidth_is_a_queue_of_its_channels() {
    let ram = |more: &str| {
        format!("memory-hierarchy = [{{ name = \"ram\", latency = \"80ns\", bandwidth = \"25.6GB/s\"{more} }}]")
    };
    let jobs = "time\n0\n0\n0\n";
    let line = "{ memory = { bytes = \"64B\" } }";
    close(&ends(&replay(&on_machine(&ram(""), line), jobs)), &[80e-9, 82.5e-9, 85e-9]);
    close(&ends(&replay(&on_machine(&ram(", channels = 2"), line), jobs)), &[80e-9, 80e-9, 82.5e-9]);
    let kilobyte = "{ memory = { bytes = \"1024B\" } }";
    close(&ends(&replay(&on_machine(&ram(""), kilobyte), jobs)), &[117.5e-9, 157.5e-9, 197.5e-9]);
}

#[test]
fn h11_a_parallel_job_does_its_serial_part_alone() {
    let job = |keys: &str| on_machine("cores = 4\nspeed = 2.0", &format!("{{ speedup = {{ {keys} }} }}"));
    // Amdahl: 0.25 + 0.75 / 4 of 16 s, on a machine that is twice as fast.
    close(&ends(&replay(&job("work = \"16s\", serial = 0.25"), "time\n0\n")), &[3.5]);
    close(&ends(&replay(&job("work = \"16s\""), "time\n0\n")), &[2.0]);
    close(&ends(&replay(&job("work = \"16s\", serial = 1.0"), "time\n0\n")), &[8.0]);
    // The last part of the first waits for the serial one of the second.
    let two = replay(&job("work = \"16s\", serial = 0.25"), "time\n0\n1\n");
    close(&ends(&two), &[4.5, 6.0]);
    assert_eq!(two.stations.get("app.cpu").expect("cores").servers, Some(4));
}

#[test]
fn h12_the_work_of_a_parallel_job_is_drawn_once() {
    let text = on_machine("cores = 4", "{ speedup = { work = { exponential = \"1s\" }, serial = 0.5 } }");
    let results =
        replay(&text, &format!("time\n{}", (0..500).map(|job| format!("{}\n", job * 100)).collect::<String>()));
    let times: Vec<f64> = results.jobs.iter().map(|job| job.ended_s - job.issued_s).collect();
    let busy = results.stations.get("app.cpu").expect("cores").utilization.value.expect("a share") * 4.0;
    // 0.5 + 0.5 / 4 of the work of each job, so that all jobs together keep the cores busy for 1 / 0.625 as long.
    let work = times.iter().sum::<f64>() / 0.625;
    assert!((busy * results.scenario.duration_s / work - 1.0).abs() < 1e-9);
}

#[test]
fn h13_a_step_needs_its_part_of_the_machine() {
    for (step, part) in [(READ, "disk"), ("{ memory = { bytes = \"64B\" } }", "memory hierarchy")] {
        let problem = problems(&on_machine("cores = 1", step));
        assert!(problem.contains(&format!("`app` has no {part}")) && problem.contains("[machine.box]"), "{problem}");
    }
}

#[test]
fn h14_offered_loads_count_every_access() {
    let text = r#"
        [workload.jobs]
        to = "app"
        arrivals = { poisson = "100/s" }
        [machine.box]
        cores = 4
        disk = { latency = { exponential = "5ms" }, bandwidth = "1GB/s", raid = 5, disks = 5 }
        memory-hierarchy = [
          { name = "l1", size = "1MiB", latency = "1ns" },
          { name = "ram", latency = "1us", bandwidth = "1MB/s" },
        ]
        [service.app]
        machine = "box"
        steps = [
          { disk = { write = "1MB" } },
          { memory = { bytes = "64B", accesses = 20, working-set = "2MiB" } },
          { speedup = { work = { exponential = "20ms" }, serial = 0.2 } },
        ]
        [run]
        duration = "400s"
        warm-up = "20s"
        replications = 4
    "#;
    let (model, _) = load(text, &[]);
    let model = model.expect("a model");
    let results = run(text, &[]);
    // Four accesses of 6 ms on five disks, ten of 64 us, and 20 ms on four cores, 100 times a second.
    for (name, load) in [("app.disk", 0.48), ("app.memory.ram", 0.064), ("app.cpu", 0.5)] {
        let group = model.groups.iter().position(|group| group.name() == name).expect("a group");
        let forecast = model.forecast.groups[group].load.expect("a load");
        assert!((forecast - load).abs() < 1e-9, "{name}: {forecast}");
        let busy = results.stations.get(name).expect("a station").utilization.value.expect("a share");
        assert!((busy / load - 1.0).abs() < 0.02, "{name}: {busy}");
    }
}
