//! The program as people run it: exit codes, forms, files, pipes.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::CommandCargoExt;
use serde_json::Value;

/// A second's work for the simulator: one queue at 80 % load.
const QUICK: [&str; 3] = ["run", "queue.toml", "--no-progress"];

const QUEUE: &str = r#"
[workload.customers]
to = "desk"
arrivals = { poisson = "0.8/s" }

[station.desk]
service-time = { exponential = "1s" }

[[objective]]
name = "half an hour is enough"
require = "customers.latency.mean < 30min"

[sweep]
vary = "workload.customers.arrivals.poisson"
values = ["0.2/s", "0.5/s", "0.8/s", "1.2/s"]

[run]
duration = "2000s"
warm-up = "100s"
replications = 4
"#;

/// An empty folder of this test's own, with the queue in it.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("queue.toml"), QUEUE).unwrap();
    folder
}

fn knee(folder: &Path, args: &[&str]) -> Output {
    command(folder).args(args).output().unwrap()
}

fn command(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("knee").unwrap();
    command.current_dir(folder).env_remove("CLICOLOR_FORCE");
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_run_that_meets_its_objectives_succeeds() {
    let output = knee(&folder("succeeds"), &QUICK);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).starts_with("desk is the bottleneck at "), "{}", out(&output));
    assert!(out(&output).contains("✓ half an hour is enough"));
    assert!(out(&output).contains("\nnext: knee sweep queue.toml"));
}

#[test]
fn a_failed_objective_is_exit_1() {
    let folder = folder("objective");
    let strict = QUEUE.replace("< 30min", "< 10ms");
    fs::write(folder.join("strict.toml"), strict).unwrap();
    let output = knee(&folder, &["run", "strict.toml"]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(out(&output).starts_with("1 of 1 objectives failed; "));
}

#[test]
fn wrong_usage_and_bad_scenarios_are_exit_2_and_name_the_fix() {
    let folder = folder("usage");
    fs::write(folder.join("bad.toml"), QUEUE.replace("service-time", "service-tme")).unwrap();
    for (args, said) in [
        (&["run"][..], "FILE"),
        (&["run", "queue.toml", "--seeed", "1"], "--seed"),
        (&["run", "queue.toml", "--set", "x"], "--set"),
        (&["run", "queue.toml", "--plot", "x.jpg"], ".svg or .png"),
        (&["run", "queue.toml", "queue.toml", "--jobs", "x.csv"], "--jobs"),
        (&["run", "single-queu"], "did you mean the built-in single-queue?"),
        (&["run", "bad.toml"], "service-time"),
        (&["check", "bad.toml"], "service-time"),
        (&["sweep", "queue.toml", "--vary", "x"], "--vary"),
    ] {
        let output = knee(&folder, args);
        assert_eq!(code(&output), 2, "{args:?}: {}", err(&output));
        assert!(err(&output).contains(said), "{args:?}: {}", err(&output));
        assert!(out(&output).is_empty());
    }
}

/// What never ends is neither read for ever nor kept in memory.
#[test]
#[cfg(target_os = "linux")]
fn what_has_no_end_is_refused() {
    let output = knee(&folder("endless"), &["check", "/dev/zero"]);
    assert_eq!(
        (code(&output), err(&output).contains("there is more of it than 16 MiB")),
        (2, true),
        "{}",
        err(&output)
    );
}

#[test]
fn a_file_that_cannot_be_written_is_exit_4() {
    let output = knee(&folder("unwritable"), &[&QUICK[..], &["--plot", "no/such/x.svg"]].concat());
    assert_eq!(code(&output), 4, "{}", err(&output));
    assert!(err(&output).starts_with("error: cannot write no/such/x.svg: "));
}

#[test]
fn json_has_the_names_of_the_contract() {
    let folder = folder("json");
    let output = knee(&folder, &["run", "queue.toml", "--format", "json", "--seed", "7"]);
    let value: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(value["scenario"]["seed"], 7);
    assert_eq!(value["scenario"]["replications"], 4);
    let workload = &value["workloads"]["customers"];
    for name in ["offered", "throughput", "error-rate", "in-flight"] {
        assert!(workload[name]["value"].is_number(), "{name}");
        assert!(workload[name]["ci95"].is_array(), "{name}");
    }
    for name in ["mean", "p50", "p90", "p95", "p99"] {
        assert!(workload["latency"][name]["value"].is_number(), "{name}");
    }
    // Too few requests in so short a run: the name is there, the value is withheld.
    let short = ["run", "queue.toml", "--format", "json", "--duration", "50s", "--replications", "1"];
    let short: Value = serde_json::from_str(&out(&knee(&folder, &short))).unwrap();
    assert!(short["workloads"]["customers"]["latency"]["p99.9"]["value"].is_null());
    assert!(value["stations"]["desk"]["wait"]["probability"]["value"].is_number());
    assert_eq!(value["checks"]["little"], true);
    assert_eq!(value["bottleneck"]["station"], "desk");
}

#[test]
fn several_files_are_an_array() {
    let folder = folder("several");
    let output = knee(&folder, &["run", "queue.toml", "queue.toml", "--format", "json"]);
    let value: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(value.as_array().map(Vec::len), Some(2));
}

#[test]
fn the_order_of_files_changes_no_byte_of_any() {
    let folder = folder("order");
    fs::write(folder.join("other.toml"), QUEUE.replace("0.8/s", "0.5/s")).unwrap();
    let results = |files: [&str; 2]| -> Vec<Value> {
        serde_json::from_str(&out(&knee(&folder, &["run", files[0], files[1], "--format", "json"]))).unwrap()
    };
    let mut turned = results(["other.toml", "queue.toml"]);
    turned.reverse();
    assert_eq!(results(["queue.toml", "other.toml"]), turned);
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let folder = folder("threads");
    let with = |threads: &str| {
        let args = ["run", "queue.toml", "--format", "json", "--threads", threads];
        out(&knee(&folder, &args))
    };
    assert!(with("1").starts_with('{'));
    assert_eq!(with("1"), with("2"));
    assert_eq!(with("1"), with("8"));
}

#[test]
fn a_sweep_reports_every_point() {
    let folder = folder("sweep");
    let output = knee(&folder, &["sweep", "queue.toml", "--format", "json"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let value: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(value["points"].as_array().map(Vec::len), value["axis"][0]["values"].as_array().map(Vec::len));
    assert!(value["knee"]["at"].is_array());
}

#[test]
fn pipes_get_neither_colour_nor_progress() {
    let output = knee(&folder("plain"), &["run", "queue.toml"]);
    assert!(!out(&output).contains('\u{1b}'), "{}", out(&output));
    assert!(!err(&output).contains('\u{1b}'), "{}", err(&output));
}

#[test]
fn a_closed_pipe_is_success() {
    let folder = folder("pipe");
    let mut child =
        command(&folder).args(["completions", "bash"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{said}");
    assert_eq!(said, "");
}

#[test]
fn output_is_a_folder_of_whole_files() {
    let folder = folder("output");
    let output = knee(&folder, &[&QUICK[..], &["--output", "all", "--jobs", "jobs.csv"]].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    let names = sorted(&folder.join("all"));
    let mut expected = vec!["data.csv", "metrics.txt", "result.json", "summary.txt"];
    if cfg!(feature = "plot") {
        expected = vec!["data.csv", "metrics.txt", "plot.png", "plot.svg", "report.html", "result.json", "summary.txt"];
    }
    assert_eq!(names, expected);
    let jobs = fs::read_to_string(folder.join("jobs.csv")).unwrap();
    assert!(jobs.starts_with("replication,index,workload,operation,issued-s,ended-s,latency-s,outcome\n"));
    assert!(jobs.lines().count() > 1);
}

#[test]
fn what_cannot_be_written_whole_leaves_nothing() {
    let folder = folder("whole");
    fs::create_dir_all(folder.join("all/data.csv/in-the-way")).unwrap();
    let output = knee(&folder, &[&QUICK[..], &["--output", "all"]].concat());
    assert_eq!(code(&output), 4, "{}", err(&output));
    assert!(sorted(&folder.join("all")).iter().all(|name| !name.ends_with(".part")));
}

fn sorted(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_new_scenario_runs_and_is_never_overwritten() {
    let folder = folder("new");
    assert_eq!(code(&knee(&folder, &["new", "shop"])), 0);
    let checked = knee(&folder, &["check", "shop.toml"]);
    assert_eq!(code(&checked), 0, "{}", err(&checked));
    assert_eq!(out(&checked), "shop.toml: no problems\n\nnext: knee run shop.toml\n");
    let run = knee(&folder, &["run", "shop.toml", "--duration", "20s"]);
    assert_eq!(code(&run), 0, "{}{}", out(&run), err(&run));
    let again = knee(&folder, &["new", "shop"]);
    assert_eq!(code(&again), 2);
    assert!(err(&again).contains("shop.toml exists"));
}

/// What `knee new` writes: what runs as it is, and the blocks that are commented out.
fn starter(folder: &Path) -> (String, Vec<String>) {
    assert_eq!(code(&knee(folder, &["new", "shop"])), 0);
    let text = fs::read_to_string(folder.join("shop.toml")).unwrap();
    let (live, rest) = text.split_once("# What else there is").expect("a second half");
    let blocks = rest.split("\n\n").skip(1);
    // As the file says: the first # of each line is taken away.
    let block = |block: &str| block.lines().map(|line| format!("{}\n", &line[1..])).collect();
    (live.to_owned(), blocks.map(block).collect())
}

#[test]
fn every_part_of_a_new_scenario_can_be_switched_on() {
    let folder = folder("blocks");
    let (live, blocks) = starter(&folder);
    let mut names = Vec::new();
    for block in blocks.iter().chain([&blocks.concat()]) {
        assert!(block.starts_with("# "), "each block says what it is:\n{block}");
        names.push(format!("{}.toml", names.len()));
        fs::write(folder.join(names.last().unwrap()), format!("{live}\n{block}")).unwrap();
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let checked = knee(&folder, &[&["check"], names.as_slice()].concat());
    let silent: String = names.iter().map(|name| format!("{name}: no problems\n")).collect();
    assert_eq!((out(&checked), err(&checked)), (silent, String::new()));
    let short = ["--duration", "1s", "--warm-up", "0s", "--replications", "1", "--quiet"];
    let run = knee(&folder, &[&["run", names[names.len() - 1]], &short[..]].concat());
    assert!(matches!(code(&run), 0 | 1), "{}", err(&run));
    assert_eq!(err(&run), "");
}

#[test]
fn a_new_scenario_shows_every_table_and_every_step() {
    let folder = folder("tables");
    let (live, blocks) = starter(&folder);
    let text = live + &blocks.concat();
    let schema: Value = serde_json::from_str(&out(&knee(&folder, &["schema"]))).unwrap();
    let tables = schema["$defs"]["Scenario"]["properties"].as_object().expect("tables");
    for table in tables.keys().filter(|key| *key != "title") {
        let shown = [format!("[{table}."), format!("[{table}]")].iter().any(|head| text.contains(head));
        assert!(shown, "`knee new` does not show `{table}`");
    }
    let steps = schema["$defs"]["Step"]["oneOf"].as_array().expect("steps");
    for step in steps.iter().map(|step| step["required"][0].as_str().expect("a word")) {
        assert!(text.contains(&format!("{{ {step} = ")), "`knee new` does not show the step `{step}`");
    }
}

/// The first word of each line up to a blank one, unless the line goes on with the one above.
fn names(list: &str) -> Vec<String> {
    let lines = list.lines().take_while(|line| !line.is_empty()).filter(|line| !line.starts_with(' '));
    lines.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn every_built_in_scenario_is_listed_and_checks() {
    let folder = folder("list");
    let list = out(&knee(&folder, &["list"]));
    assert!(list.lines().all(|line| line.chars().count() <= 80), "{list}");
    let parts: Vec<&str> = list.split("\n\n").collect();
    let [main, groups, next] = parts.as_slice() else { panic!("scenarios, groups, and what next: {list}") };
    assert!(next.starts_with("next: knee run "), "{next}");
    let mut listed = names(main);
    for line in groups.lines().filter(|line| line.starts_with("knee")) {
        let (command, about) = line.split_once("  ").expect("a command, and what it lists");
        let of_group = names(&out(&knee(&folder, &command.split(' ').skip(1).collect::<Vec<_>>())));
        assert!(about.trim_start().starts_with(&format!("{} more: ", of_group.len())), "{line}");
        listed.extend(of_group);
    }
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for folder in fs::read_dir(&scenarios).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let group = folder.file_name().unwrap().to_str().unwrap();
        for file in fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()) {
            let name = format!("{group}/{}", file.file_stem().unwrap().to_str().unwrap());
            assert!(listed.contains(&name), "`knee list {group}` lacks {name}");
        }
    }
    for file in fs::read_dir(&scenarios).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(listed.contains(&name), "`knee list` lacks {name}");
    }
    let names: Vec<&str> = listed.iter().map(String::as_str).collect();
    let checked = knee(&folder, &[&["check"], names.as_slice()].concat());
    assert_eq!(code(&checked), 0, "{}", err(&checked));
}

#[test]
fn scenarios_of_groups_are_run_and_copied_by_their_names() {
    let folder = folder("groups");
    let short = ["--duration", "2s", "--warm-up", "1s", "--replications", "2", "--no-progress"];
    let run = knee(&folder, &[&["run", "lessons/hockey-stick"], short.as_slice()].concat());
    assert!(out(&run).contains("(lessons/hockey-stick)"), "{}", err(&run));
    let copied = knee(&folder, &["new", "mine", "--from", "lessons/hockey-stick"]);
    assert_eq!(out(&copied), "wrote mine.toml\nnext: knee run mine.toml\n", "{}", err(&copied));
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/lessons/hockey-stick.toml");
    assert_eq!(fs::read(folder.join("mine.toml")).unwrap(), fs::read(shipped).unwrap());
    let unknown = knee(&folder, &["list", "nothing"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("the groups are lessons, ladder, growth"), "{}", err(&unknown));
    let short = knee(&folder, &["run", "hockey-stick"]);
    assert!(err(&short).contains("did you mean the built-in lessons/hockey-stick?"), "{}", err(&short));
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let folder = folder("man");
    let page = |names: &[&str]| {
        let output = knee(&folder, &[&["man"], names].concat());
        assert_eq!(code(&output), 0, "{names:?}: {}", err(&output));
        out(&output)
    };
    let main = page(&[]);
    assert!(main.contains("\n.TH knee 1 ") && main.contains("Exit codes:"), "{main}");
    let commands: Vec<&str> =
        main.lines().filter_map(|line| line.strip_prefix("knee\\-")?.strip_suffix("(1)")).collect();
    assert!(commands.len() > 10, "{commands:?}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        assert!(page(&[command]).contains(&format!("\n.TH knee-{command} 1 ")), "{command}");
    }
    let queue = page(&["law", "queue"]);
    assert!(queue.contains("\n.TH knee-law-queue 1 ") && queue.contains("\\-\\-service\\-time"), "{queue}");
    let unknown = knee(&folder, &["man", "law", "nothing"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("there is no command nothing; there are amdahl, "), "{}", err(&unknown));
}

#[test]
fn standard_input_is_a_scenario() {
    let folder = folder("stdin");
    let queue = fs::File::open(folder.join("queue.toml")).unwrap();
    let output = command(&folder).args(["check", "-"]).stdin(queue).output().unwrap();
    assert_eq!(out(&output), "-: no problems\n");
}

#[test]
fn help_and_schema_and_completions_print() {
    let folder = folder("help");
    for args in [
        &["--help"][..],
        &["run", "--help"],
        &["sweep", "--help"],
        &["check", "--help"],
        &["new", "--help"],
        &["list", "--help"],
        &["schema"],
        &["completions", "zsh"],
    ] {
        let output = knee(&folder, args);
        assert_eq!(code(&output), 0, "{args:?}");
        assert!(!out(&output).is_empty(), "{args:?}");
    }
}

#[test]
fn folders_that_would_be_the_same_are_refused() {
    let folder = folder("stems");
    fs::create_dir_all(folder.join("a")).unwrap();
    fs::write(folder.join("a/queue.toml"), QUEUE).unwrap();
    let output = knee(&folder, &["run", "queue.toml", "a/queue.toml", "--output", "col"]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(err(&output).contains("queue.toml and a/queue.toml"), "{}", err(&output));
    assert!(!folder.join("col").exists());
}

#[test]
fn any_number_of_threads_is_taken() {
    let output = knee(&folder("crowd"), &[&QUICK[..], &["--threads", "20000"]].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
}

#[test]
fn a_knee_is_inside_and_among_quantities() {
    let folder = folder("ends");
    for vary in ["station.desk.discipline=fifo,lifo,random", "workload.customers.arrivals.poisson=0.1/s..0.3/s:3"] {
        let output = knee(&folder, &["sweep", "queue.toml", "--vary", vary, "--format", "json"]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        let value: Value = serde_json::from_str(&out(&output)).unwrap();
        assert!(value["knee"].is_null(), "{vary}");
        assert_eq!(value["partial"], false);
    }
}

#[test]
fn a_check_announces_overload_and_tries_the_sweep() {
    let folder = folder("check");
    fs::write(folder.join("over.toml"), QUEUE.replace("0.8/s\" }", "1.5/s\" }")).unwrap();
    let over = knee(&folder, &["check", "over.toml"]);
    assert_eq!(code(&over), 0, "{}", err(&over));
    assert!(err(&over).contains("warning: desk: offered load 1.50 of capacity"), "{}", err(&over));
    fs::write(folder.join("beyond.toml"), QUEUE.replace("\"1.2/s\"]", "\"two\"]")).unwrap();
    let beyond = knee(&folder, &["check", "beyond.toml"]);
    assert_eq!(code(&beyond), 2, "{}", err(&beyond));
    assert!(err(&beyond).contains("two"), "{}", err(&beyond));
}

#[test]
fn hints_can_be_copied_into_a_shell() {
    let output = knee(&folder("quotes"), &["new", "x y"]);
    assert!(out(&output).contains("next: knee run 'x y.toml'"), "{}", out(&output));
}

#[test]
fn what_happens_over_time_is_written_where_it_is_asked_for() {
    let folder = folder("monitoring");
    let more = ["--series", "--output", "all", "--trace", "trace.json", "--trace-requests", "5", "--metrics", "m.txt"];
    let output = knee(&folder, &[&QUICK[..], &more].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert!(read("all/series.csv").starts_with("at-s,to-s,section,name,metric,value,low,high\n"));
    assert!(read("all/metrics.txt").ends_with("# EOF\n") && read("m.txt") == read("all/metrics.txt"));
    assert!(read("trace.json").starts_with("{\"displayTimeUnit\""));
    let two = knee(&folder, &["run", "single-queue", "priority-traffic", "--trace", "two.json"]);
    assert_eq!(code(&two), 2, "{}", err(&two));
}

#[test]
fn the_cheapest_configuration_is_found_or_it_is_exit_1() {
    let folder = folder("optimize");
    let short = ["optimize", "scale-out", "--over", "service.app.replicas=6,12,14", "--duration=5s", "--warm-up=1s"];
    let output = knee(&folder, &[&short[..], &["--format", "json", "--plot", "cost.svg"]].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    let value: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(value["cheapest"]["written"], serde_json::json!(["12"]));
    assert_eq!(value["counts"]["overloaded"], 1);
    assert_eq!((&value["counts"]["dearer"], &value["ended-by"]), (&1.into(), &"found".into()));
    assert!(fs::read_to_string(folder.join("cost.svg")).unwrap().starts_with("<svg"));
    let strict = knee(&folder, &[&short[..], &["--require", "clients.latency.p50 < 1ms"]].concat());
    assert_eq!(code(&strict), 1, "{}", err(&strict));
    assert!(out(&strict).starts_with("no configuration meets every objective: app.replicas 14"), "{}", out(&strict));
    let unpriced = knee(&folder, &["optimize", "queue.toml", "--over", "station.desk.servers=1,2"]);
    assert_eq!(code(&unpriced), 2);
    assert!(err(&unpriced).contains("give machines a `price`"), "{}", err(&unpriced));
}

#[test]
fn an_explanation_takes_no_run_and_has_every_form() {
    let folder = folder("explain");
    let files = ["--plot", "it.svg", "--mermaid", "it.mmd", "--output", "out"];
    let done = knee(&folder, &[&["explain", "queue.toml", "--format", "json"][..], &files].concat());
    assert_eq!(code(&done), 0, "{}", err(&done));
    let it: Value = serde_json::from_str(&out(&done)).unwrap();
    assert_eq!(it["workloads"]["customers"]["bounds"]["throughput-high"], 1.0);
    assert_eq!(it["bottleneck"]["station"], "desk");
    assert!(it.get("program").is_none());
    let mermaid = fs::read_to_string(folder.join("it.mmd")).unwrap();
    assert!(mermaid.starts_with("flowchart LR\n") && mermaid.contains("-->|\"0.800/s\"|"), "{mermaid}");
    assert!(fs::read_to_string(folder.join("it.svg")).unwrap().starts_with("<svg"));
    assert!(folder.join("out/architecture.mmd").is_file() && folder.join("out/plot.png").is_file());
    let csv = out(&knee(&folder, &["explain", "queue.toml", "--program", "--format", "csv"]));
    assert!(csv.contains("workloads,customers,exact.response-mean-s,5.") && csv.contains("visit desk"), "{csv}");
    let several = knee(&folder, &["explain", "queue.toml", "single-queue", "--mermaid", "it.mmd"]);
    assert_eq!(code(&several), 2);
    assert_eq!(code(&knee(&folder, &["explain", "queue.toml", "--set", "station.desk.servers=0"])), 2);
}

#[test]
fn why_is_said_only_where_it_is_asked_and_changes_nothing_else() {
    let folder = folder("why");
    let json = |more: &[&str]| -> Value {
        serde_json::from_str(&out(&knee(&folder, &[&QUICK[..], &["--format", "json"], more].concat()))).unwrap()
    };
    let (plain, mut told) = (json(&[]), json(&["--why"]));
    let why = told.as_object_mut().unwrap().remove("why").expect("why");
    assert_eq!(plain, told);
    assert!(why["workloads"]["customers"]["mean"]["parts"][0]["share"].as_f64().unwrap() > 0.5, "{why}");
    assert_eq!(why["faster"][0]["station"], "desk");
}

#[test]
fn curves_are_drawn_in_the_terminal_and_nowhere_else() {
    let folder = folder("drawn");
    let drawn = knee(&folder, &[&QUICK[..], &["--plot", "-"]].concat());
    assert_eq!(code(&drawn), 0, "{}", err(&drawn));
    let (summary, rest) =
        out(&drawn).split_once("\n\nHow long requests take").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert!(out(&knee(&folder, &QUICK)).starts_with(&summary));
    assert!(rest.contains('┤') && rest.contains("\n\nnext: knee "), "{rest}");
    assert!(!folder.join("-").exists());
    for form in ["json", "csv"] {
        let mixed = knee(&folder, &[&QUICK[..], &["--plot", "-", "--format", form]].concat());
        assert_eq!((code(&mixed), out(&mixed).as_str()), (2, ""));
        assert!(err(&mixed).contains("--plot - would draw into what --format is to print"), "{}", err(&mixed));
    }
    let explained = knee(&folder, &["explain", "queue.toml", "--plot", "-"]);
    assert_eq!(code(&explained), 0);
    assert_eq!(out(&explained), out(&knee(&folder, &["explain", "queue.toml"])), "the text shows it already");
}

#[test]
fn help_is_no_wider_than_a_terminal() {
    let folder = folder("narrow");
    let commands = [
        "run",
        "sweep",
        "explain",
        "capacity",
        "compare",
        "law",
        "optimize",
        "check",
        "fit",
        "new",
        "list",
        "schema",
        "completions",
    ];
    let laws = ["amdahl", "gustafson", "usl", "speedup", "staffing", "queue", "repairman"];
    let all = commands.map(|command| vec![command]).into_iter().chain(laws.map(|law| vec!["law", law])).chain([vec![]]);
    for words in all {
        for help in ["--help", "-h"] {
            let output = command(&folder).env_remove("COLUMNS").args(&words).arg(help).output().unwrap();
            let wide: Vec<String> =
                out(&output).lines().filter(|line| line.chars().count() > 80).map(str::to_owned).collect();
            assert!(wide.is_empty(), "knee {} {help}:\n{}", words.join(" "), wide.join("\n"));
        }
    }
}

#[test]
fn colours_are_for_terminals_unless_somebody_asks_for_them() {
    let folder = folder("colours");
    let told = |variables: &[(&str, &str)]| {
        let mut command = command(&folder);
        command.args(QUICK).args(["--plot", "-"]).envs(variables.iter().copied());
        out(&command.output().unwrap())
    };
    let plain = told(&[]);
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let coloured = told(&[("CLICOLOR_FORCE", "1")]);
    for code in ["\u{1b}[1m", "\u{1b}[2m", "\u{1b}[32m", "\u{1b}[33m", "\u{1b}[94m"] {
        assert!(coloured.contains(code), "{code:?}\n{coloured}");
    }
    assert_eq!(told(&[("NO_COLOR", "1")]), plain);
}

#[test]
fn a_report_is_one_page_and_the_same_each_time() {
    let folder = folder("page");
    let run = ["run", "queue.toml", "--duration", "200s", "--replications", "2", "--report", "page.html"];
    assert_eq!(code(&knee(&folder, &run)), 0);
    let first = fs::read_to_string(folder.join("page.html")).expect("a page");
    assert!(first.starts_with("<!DOCTYPE html>") && first.trim_end().ends_with("</html>"));
    for heading in ["The architecture", "Over time", "Where the time went", "How to get this again"] {
        assert!(first.contains(&format!(">{heading}</h2>")), "{heading}");
    }
    assert!(first.contains("knee run queue.toml --duration 200s") && first.contains("[station.desk]"));
    assert_eq!(code(&knee(&folder, &run)), 0);
    assert!(first == fs::read_to_string(folder.join("page.html")).expect("a page"), "the same bytes");
}

#[test]
fn a_report_is_of_one_scenario_and_has_a_name_that_browsers_know() {
    let folder = folder("page-refused");
    let several = knee(&folder, &["run", "queue.toml", "queue.toml", "--report", "page.html"]);
    assert_eq!(code(&several), 2);
    assert!(err(&several).contains("--report takes the results of one scenario"), "{}", err(&several));
    let named = knee(&folder, &["run", "queue.toml", "--report", "page.pdf"]);
    assert_eq!(code(&named), 2);
    assert!(err(&named).contains("ends in .html"), "{}", err(&named));
    let nowhere = knee(&folder, &["run", "queue.toml", "--report", "no/such/page.html", "--plot", "plot.svg"]);
    assert_eq!(code(&nowhere), 4);
    assert!(!folder.join("plot.svg").exists(), "all or nothing");
}

#[test]
fn a_run_that_reaches_a_limit_is_exit_3_and_reported() {
    let folder = folder("limits");
    let overload = ["--set", "workload.customers.arrivals.poisson=2/s", "--duration=365day", "--max-in-flight=500"];
    let output = knee(&folder, &[&QUICK[..], &["--format", "json"], &overload].concat());
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((code(&output), &found["scenario"]["stopped"]), (3, &Value::from("in-flight")));
    assert_eq!(found["scenario"]["partial"], Value::from(true));
    assert!(err(&output).contains("more than 500 requests were in flight"), "{}", err(&output));
    let told = knee(&folder, &[&QUICK[..], &overload].concat());
    let start = "stopped early in 1 replication; overloaded: desk: offered load 2.00 of capacity";
    assert!(out(&told).starts_with(start), "{}", out(&told));
}

#[test]
fn a_run_that_takes_too_long_is_given_up_and_one_that_would_is_refused() {
    let folder = folder("time");
    let output = knee(&folder, &[&QUICK[..], &["--duration=10000day", "--warm-up=0s", "--max-time=500ms"]].concat());
    assert_eq!(code(&output), 3);
    let said = "stopping after 500ms, the limit of --max-time, and reporting what is finished\n";
    assert!(err(&output).starts_with(said), "{}", err(&output));
    assert!(out(&output).starts_with("interrupted after 0 replications"), "{}", out(&output));
    let output = knee(&folder, &[&QUICK[..], &["--max-events=1000", "--quiet"]].concat());
    assert_eq!((code(&output), out(&output)), (2, String::new()));
    assert!(err(&output).contains("queue.toml would have about 1.7e3 requests"), "{}", err(&output));
    let output = knee(&folder, &[&QUICK[..], &["--max-memory=1kB"]].concat());
    assert!(code(&output) == 2 && err(&output).contains("--max-memory is 1kB"), "{}", err(&output));
}
