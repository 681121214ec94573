//! The language as a whole: everything that may be written is read, everything else is explained.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Span;
use crate::units::{Duration, Rate};

fn source(text: &str, overrides: &[&str]) -> Source {
    let overrides = overrides.iter().map(|text| (*text).to_owned()).collect();
    Source { name: "test.toml".to_owned(), text: text.to_owned(), overrides }
}

fn read(text: &str) -> Scenario {
    let (scenario, diagnostics) = parse(&source(text, &[]));
    assert_eq!(diagnostics.render(false), "");
    scenario
}

fn problems(text: &str, overrides: &[&str]) -> String {
    parse(&source(text, overrides)).1.render(false)
}

const EVERYTHING: &str = include_str!("tests/everything.toml");

#[test]
fn everything_that_may_be_written_is_read() {
    let scenario = read(EVERYTHING);
    assert_eq!(scenario.title.as_deref(), Some("Everything"));
}

#[test]
fn the_smallest_model_has_its_values_and_defaults() {
    let scenario = read(
        "[workload.customers]\nto = \"desk\"\narrivals = { poisson = \"0.8/s\" }\n\
         [station.desk]\nservice-time = { exponential = \"1s\" }\n",
    );
    let workload = scenario.workload.get("customers").unwrap();
    let Some(Arrivals::Poisson(rate)) = workload.arrivals.as_ref().map(|arrivals| &arrivals.value) else {
        panic!("{:?}", workload.arrivals)
    };
    assert_eq!(**rate, Rate(0.8));
    let desk = scenario.station.get("desk").unwrap();
    assert_eq!((*desk.servers, *desk.discipline), (Servers::Finite(1), Discipline::Fifo));
    assert_eq!(desk.servers.span, Span::default());
    assert_eq!(*scenario.run.warm_up, WarmUp::Auto);
    assert_eq!((scenario.run.replications.0, scenario.run.seed), (10, 1));
}

/// Each mistake and what has to be said about it.
const MISTAKES: &[(&str, &str)] = &[
    ("[station.x]\nserverz = 1", "unknown key `serverz`"),
    ("[station.x]\nserverz = 1", "did you mean `servers`?"),
    ("[service.x]\nautoscale = 1", "expected a table"),
    ("[run]\nprecision = { metric = \"a.latency.p99\" }", "add `within = "),
    ("[run]\nload = 0", "`load` is zero"),
    ("[statoin.x]", "did you mean `station`?"),
    ("[station.x]\nservers = 0", "zero servers"),
    ("[station.x]\nservers = -1", "-1 is too small"),
    ("[station.x]\nservers = 1.5", "expected a number or \"infinite\", found the number 1.5"),
    ("[station.x]\nservice-time = 5", "missing unit: one of ns, us"),
    ("[station.x]\nservice-time = \"5\"", "missing unit: a duration takes one of"),
    ("[station.x]\nservice-time = \"5m\"", "did you mean `min` or `ms`?"),
    ("[station.x]\nservice-time = { exponentail = \"5ms\" }", "did you mean `exponential`?"),
    ("[station.x]\nservice-time = { erlang = { mean = \"5ms\" } }", "`stages` is missing"),
    ("[station.x]\nservice-time = { erlang = { mean = \"5ms\" } }", "add `stages = 4`"),
    ("[station.x]\nservice-time = { hyperexponential = { mean = \"5ms\", cv = 0.5 } }", "no such distribution"),
    ("[station.x]\nservice-time = { lognormal = { mean = \"5ms\", p50 = \"1ms\" } }", "either `mean` and `cv`"),
    ("[station.x]\nservice-time = { mixture = [[0.5, \"1ms\"]] }", "they sum to 0.5"),
    ("[station.x]\nservice-time = { exponential = \"1s\", constant = \"2s\" }", "exactly one key, found 2"),
    ("[station.x]\ndiscipline = \"fifi\"", "did you mean `fifo`?"),
    ("[station.x]\ndiscipline = \"round-robin\"", "`round-robin` needs a value"),
    ("[station.x]\ndiscipline = \"round-robin\"", "write `discipline = { round-robin = { quantum = \"5ms\" } }`"),
    ("[station.x]\ndiscipline = { fifo = 1 }", "`fifo` takes no value"),
    ("[station.x]\ndiscipline = { round-robin = { quantum = \"0s\" } }", "`quantum` is zero"),
    ("[station.\"a b\"]", "`a b` is not a name"),
    ("[station]\nservers = 1", "`[station]` needs a name"),
    ("[station]\nservers = 1\ncapacity = 2", "write `[station.NAME]`"),
    ("[[station]]\nservers = 1", "write `[station.NAME]`"),
    ("[[workload.w]]\nto = \"x\"", "write `[workload.w]`"),
    ("[workload.w]\nto = \"x\"\npriority = 1.5", "write `priority = 0`"),
    ("[station.x]\nservers = 99999999999999999999", "99999999999999999999 is too large"),
    ("[station.x]\nservers = \"infinte\"", "did you mean `infinite`?"),
    ("[service.s.operation.cpu]\nsteps = []", "`cpu` is the name of a part"),
    ("[service.s]\nsteps = 5", "expected a list"),
    ("[service.s]\nsteps = [{ cpu = 1ms }]", "`1ms` is not in quotes"),
    ("[service.s]\n  steps = [{ cpu = \"1ms\" }\n  replicas = 2", "this `[` is never closed"),
    ("[service.s]\nsteps = [\n  { cpu = \"1ms\",\n]\n[station.x]", "this `{` is never closed"),
    ("[service.s]\nsteps = [{ cpu = \"1ms\" },\nreplicas = 2", "this `[` is never closed"),
    ("[workload.w\nto = \"x\"", "this `[` is never closed"),
    ("[workload.w]\n  to = x\n", "`x` is not in quotes"),
    ("[workload.w]\nto = \"x\"\n[workload.w]\nto = \"y\"", "`w` is written twice"),
    ("[sweep]\naxes = []", "`axes` is empty"),
    ("[sweep]\naxes = [{ vary = \"a.b\" }]", "needs `values`, or `from` and `to`"),
    ("[sweep]\nvary = \"a.b\"\nvalues = [1]\naxes = [{ vary = \"c.d\", values = [1] }]", "`vary` beside `axes`"),
    ("[sweep]\nvalues = [1]", "needs `vary`, or `axes`"),
    ("[sweep]\naxes = [{ vary = \"a.b\", values = [1] }, { vary = \"a.b\", values = [2] }]", "`a.b` is varied twice"),
    ("[sweep]\nvray = \"a.b\"\nvalues = [1]", "did you mean `vary`?"),
    ("[sweep]\nvary = \"a.b\"\nvalues = 5", "expected a list"),
    ("[workload.w]\narrivals = { poisson = \"1/s\" }", "add `to = \"name\"`"),
    ("[workload.w]\nto = \"x\"\noperations = { a = 0.5, b = \"40%\" }", "they sum to 0.9"),
    ("[workload.w]\nto = \"x\"\narrivals = { batch = { rate = \"1/s\", size = 0 } }", "zero size"),
    ("[workload.w]\nto = \"x\"\nprofile = { hours = [1, 2] }", "2 factors for a day"),
    ("[workload.w]\nto = \"x\"\nprofile = { steps = [[\"5s\", 1], [\"1s\", 2]] }", "must increase"),
    ("[workload.w]\nto = \"x\"\narrivals = { mmpp = { rates = [\"1/s\"], dwell = [] } }", "1 rates but 0 dwells"),
    ("[service.s]\nsteps = [{ repeat = { steps = [] } }]", "does not say how often"),
    ("[service.s]\nsteps = [{ repeat = { times = 2, again = 0.5, steps = [] } }]", "both `times` and `again`"),
    ("[service.s]\nsteps = [{ repeat = { again = 1, steps = [] } }]", "never ends"),
    ("[service.s]\nsteps = [{ choose = [[0.5, []], [0.4, []]] }]", "they sum to 0.9"),
    ("[service.s]\nsteps = [{ choose = [[1.5, []]] }]", "1.5 is not a share"),
    ("[service.s]\nsteps = [{ cpu = \"1ms\" }, \"cpu\"]", "`cpu` needs a value"),
    ("[service.s]\nsteps = [{ speedup = {} }]", "add `work = "),
    ("[service.s]\nsteps = [{ parallel = { need = 3, arms = [[], []] } }]", "3 arms are needed of 2"),
    ("[service.s.route]\nstart = { a = 0.7, b = 0.6 }", "they sum to 1.3"),
    ("[run]\nseed = -1", "-1 is too small"),
    ("[run]\nduration = \"until-emtpy\"", "is not a duration"),
    ("[sweep]\nvary = \"a.b\"", "needs `values`, or `from` and `to`"),
    ("[sweep]\nvary = \"a.b\"\nfrom = \"1s\"\nto = \"1/s\"", "different things"),
    ("[run]\nseed =", "a value is missing"),
    ("[run]\nseed = 1\nseed = 2", "`seed` is written twice"),
];

#[test]
fn every_mistake_is_explained_once() {
    for (text, expected) in MISTAKES {
        let shown = problems(text, &[]);
        assert!(shown.contains(expected), "{text}\nshould say: {expected}\nbut says:\n{shown}");
        assert!(shown.ends_with("\n1 error\n"), "{text}\nsays more than once:\n{shown}");
        assert!(shown.contains("--> test.toml:"), "{text}\nhas no place:\n{shown}");
    }
}

#[test]
fn all_mistakes_of_a_file_are_told_in_one_go() {
    let text: String = MISTAKES[..MISTAKES.len() - 3]
        .iter()
        .enumerate()
        .filter(|(_, (text, _))| text.starts_with("[station.x]"))
        .map(|(index, (text, _))| text.replace("[station.x]", &format!("[station.x{index}]")) + "\n")
        .collect();
    let count = text.matches("[station.").count();
    assert!(problems(&text, &[]).ends_with(&format!("\n{count} errors\n")));
}

#[test]
fn a_broken_part_hides_nothing_else() {
    let (scenario, found) = parse(&source(
        "[station.a]\nservice-time = \"5\"\nservers = 3\n[workload.w]\nto = 5\n[station.b\n[station.c]\n",
        &[],
    ));
    let a = &scenario.station.entries["a"];
    assert_eq!((*a.value.servers, a.complete), (Servers::Finite(3), false));
    assert!(scenario.station.entries["c"].complete);
    assert!(scenario.workload.contains("w") && scenario.workload.get("w").is_none());
    assert_eq!(found.list.len(), 3, "{}", found.render(false));
}

#[test]
fn overrides_change_what_is_written() {
    let text = "[workload.w]\nto = \"s\"\narrivals = { poisson = \"1/s\" }\n\
                [service.s.operation.buy]\nsteps = [{ cpu = \"1ms\" }]\n";
    let overrides = [
        "workload.w.arrivals.poisson=100/s",
        "service.s.replicas=8",
        "service.s.operation.buy.steps[0].cpu={ exponential = \"2ms\" }",
        "run.duration=10s",
        "run.warm-up = \"1s\"",
    ];
    let (scenario, found) = parse(&source(text, &overrides));
    assert_eq!(found.render(false), "");
    let workload = scenario.workload.get("w").unwrap();
    assert!(matches!(workload.arrivals.as_deref(), Some(Arrivals::Poisson(rate)) if **rate == Rate(100.0)));
    assert_eq!(scenario.service.get("s").unwrap().replicas.0, 8);
    assert_eq!(scenario.run.duration.map(|it| it.value), Some(RunDuration::For(Duration(10.0))));
    assert_eq!(*scenario.run.warm_up, WarmUp::For(Duration(1.0)));
}

#[test]
fn overrides_take_out_what_is_written() {
    let text = "[workload.w]\nto = \"s\"\narrivals = { poisson = \"1/s\" }\ntimeout = \"1s\"\n[service.s]\nreplicas = 3\n\
                steps = [{ cpu = \"1ms\" }, { wait = \"1s\" }]\n[run]\nduration = \"1s\"\n";
    let overrides = ["-workload.w.timeout", "-service.s.replicas", "-service.s.steps[0]", "-run", "run.seed=4"];
    let changed = source(text, &overrides);
    let (scenario, found) = parse(&changed);
    assert_eq!(found.render(false), "");
    assert!(scenario.workload.get("w").unwrap().timeout.is_none());
    let service = scenario.service.get("s").unwrap();
    assert_eq!((service.replicas.0, service.steps.as_ref().unwrap().len()), (1, 1));
    assert!(scenario.run.duration.is_none() && scenario.run.seed == 4);
    assert_eq!(changed.changes(), overrides[..4]);
    for (change, expected) in [
        ("-workload.w.timeuot", "there is no `timeuot` to take out"),
        ("-workload.w.timeuot", "did you mean `timeout`?"),
        ("-service.s.steps[2]", "`steps` has no item 2"),
        ("-service.s.replicas.most", "only a table has keys"),
        ("-workload.w.to", "`to` is missing"),
    ] {
        let shown = problems(text, &[change]);
        assert!(shown.contains(expected), "{change}\nshould say: {expected}\nbut says:\n{shown}");
    }
}

#[test]
fn overrides_that_lead_nowhere_are_explained() {
    let text = "[station.desk]\nservice-time = \"1s\"\n[workload.w]\nto = \"desk\"\n[[objective]]\nname = \"n\"\nrequire = \"r\"\n";
    for (change, expected) in [
        ("station.dsek.servers=2", "did you mean `desk`?"),
        ("station.desk.service-time.exponential=1s", "`service-time` is the text \"1s\""),
        ("objective[1].name=x", "it has 1, counted from 0"),
        ("objective[x].name=x", "`[x]` is not an index"),
        ("station.desk[0].servers=1", "`desk` is a table"),
        ("station.desk.servers", "expected PATH=VALUE"),
        ("station..servers=1", "this path has an empty step"),
        ("station.desk.servers=", "this value is not TOML"),
        ("station.desk.servers={", "this value is not TOML"),
        ("station.desk.servers=0", "zero servers"),
        ("station.desk.servers=x", "expected a number or \"infinite\""),
        ("station.desk.serverz=1", "did you mean `servers`?"),
    ] {
        let shown = problems(text, &[change]);
        assert!(shown.contains(expected), "{change}\nshould say: {expected}\nbut says:\n{shown}");
        assert!(shown.contains("--> --set:1:") && shown.ends_with("\n1 error\n"), "{shown}");
    }
}

#[test]
fn a_range_is_divided_as_it_is_written() {
    for (flag, expected) in [
        ("p=500/s..1500/s:3", "\"500/s\" \"1000/s\" \"1500/s\""),
        ("p=1..1000:4:log", "1 10 100 1000"),
        ("p=0.0..1:5", "0.0 0.25 0.5 0.75 1.0"),
        ("p=1..8:4", "1 3 6 8"),
        ("p=1..10:4:log", "1 2 5 10"),
        ("p=4..1:9", "4 3 2 1"),
        ("p=0.1..0.3:3:linear", "0.1 0.2 0.3"),
        ("p=500ms..2s:4", "\"500ms\" \"1000ms\" \"1500ms\" \"2000ms\""),
        ("p=1..5:1", "1"),
        ("p,q=fifo,lifo", "\"fifo\" \"lifo\""),
        ("p=1,2,4", "1 2 4"),
    ] {
        let points = SweepAxis::from_flag(flag).unwrap().points(&mut Diagnostics::default());
        let shown: Vec<String> = points.iter().map(Node::to_toml).collect();
        assert_eq!(shown.join(" "), expected, "{flag}");
    }
    for flag in [
        "p",
        "=1",
        "p=",
        "p=1..",
        "p=1..2:0",
        "p=1..2:x",
        "p=1..2:3:cubic",
        "p=0..2:3:log",
        "p=1s..2/s",
        "p=1..2:3:log:4",
        "p=a..b",
    ] {
        assert!(SweepAxis::from_flag(flag).is_err(), "{flag}");
    }
}

#[test]
fn schema_and_reference_describe_the_same_language() {
    let schema = schema();
    assert_eq!(schema["$ref"], "#/$defs/Scenario");
    let station = &schema["$defs"]["Station"]["properties"];
    assert_eq!(station["servers"]["default"], 1);
    assert_eq!(station["service-time"]["$ref"], "#/$defs/Distribution");
    assert_eq!(schema["$defs"]["Workload"]["required"], serde_json::json!(["to"]));
    let text = schema.to_string();
    for reference in text.split("\"#/$defs/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(schema["$defs"].get(reference).is_some(), "{reference}");
    }
    let reference = reference();
    assert!(reference.contains("| `warm-up` | [warm up](#warm-up) | `\"auto\"` |"), "{reference}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_scenarios_never_panic(
        edits in prop::collection::vec((0_usize..EVERYTHING.len(), 0_usize..12, "[\\[\\]{}=\",.#\n a-z0-9µ-]{0,4}"), 1..5),
    ) {
        let mut text = EVERYTHING.to_owned();
        for (place, length, insert) in edits {
            let start = text.floor_char_boundary(place);
            let end = text.floor_char_boundary(start + length).max(start);
            text.replace_range(start..end, &insert);
        }
        let (_, found) = parse(&source(&text, &["run.seed=3"]));
        found.render(false);
    }

    #[test]
    fn overrides_never_panic(change in "(station|workload|run|service)?[.\\[\\]a-z0-9=é]{0,20}=?.{0,8}") {
        let (_, found) = parse(&source(EVERYTHING, &[&change]));
        found.render(true);
    }
}
