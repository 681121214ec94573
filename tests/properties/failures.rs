//! Random databases of which nodes crash and networks fail, for a while: then all is well again, and quiet.

use crate::words::{Choices, Units};

/// A database in trouble, and what is known of it.
pub(crate) struct Failing {
    pub(crate) text: String,
    pub(crate) mode: &'static str,
    pub(crate) fails_over: bool,
}

/// Writes stop after 40 s, trouble before 90 s; reads begin after 150 s.
pub(crate) fn scenario(bytes: &[u8]) -> Failing {
    let mut choices = Choices::new(bytes);
    let mode = ["async", "sync", "semi-sync", "multi-primary", "quorum"][choices.below(5)];
    let single = !matches!(mode, "multi-primary" | "quorum");
    let fails_over = single && choices.one_in(2);
    let placed = choices.one_in(2);
    let replication = replication(&mut choices, mode, fails_over);
    let regions = if placed { "regions = [\"eu\", \"us\"]\n" } else { "" };
    let shards = if choices.one_in(3) { "sharding = { shards = 2, by = \"modulo\" }\n" } else { "" };
    let mut text = format!(
        "[run]\nduration = \"300s\"\nwarm-up = \"0s\"\nreplications = 1\n[region.eu]\n[region.us]\n\
         [link.sea]\nbetween = [\"eu\", \"us\"]\nlatency = \"40ms\"\nloss = 0.01\n[machine.box]\ncores = 2\n\
         [database.d]\nmachine = \"box\"\nread = [{{ cpu = \"1ms\" }}]\nwrite = [{{ cpu = {{ exponential = \"4ms\" }} }}]\n\
         {regions}{shards}replication = {{ {replication} }}\n"
    );
    for (name, region) in [("here", "eu"), ("there", "us")] {
        let losers = ["abandon", "cancel", "cancel-queued"][choices.below(3)];
        let retry = if choices.one_in(3) { "retry = { attempts = 2 }\n" } else { "" };
        let steps = "profile = { steps = [[\"0s\", 1.0], [\"40s\", 0.0]] }";
        text += &client(name, region, &format!("to = \"d.write\"\n{steps}\nlosers = \"{losers}\"\n{retry}"));
    }
    text +=
        &client("late", "eu", "to = \"d\"\nprofile = { steps = [[\"0s\", 0.0], [\"150s\", 1.0], [\"250s\", 0.0]] }");
    for _ in 0..1 + choices.below(4) {
        text += &event(&mut choices, single, mode);
    }
    Failing { text, mode, fails_over }
}

fn client(name: &str, region: &str, keys: &str) -> String {
    format!(
        "[workload.{name}]\nregion = \"{region}\"\narrivals = {{ poisson = \"4/s\" }}\nkeys = {{ uniform = 10 }}\n\
         timeout = \"2s\"\n{keys}\n"
    )
}

fn replication(choices: &mut Choices<'_>, mode: &str, fails_over: bool) -> String {
    let mut text = format!("mode = \"{mode}\"");
    if mode == "quorum" {
        return text + ", n = 3";
    }
    text += &format!(", replicas = {}", 2 + choices.below(2));
    text += ["", ", lag = { exponential = \"50ms\" }", ", lag = \"300ms\"", ", apply = \"2ms\""][choices.below(4)];
    if mode != "multi-primary" {
        text += ["", ", reads = \"replicas\"", ", reads = \"any\""][choices.below(3)];
    }
    if fails_over {
        let detect = ["\"1s\"", "{ every = \"500ms\", missed = 3 }", "\"0s\""][choices.below(3)];
        let promote = ["1s", "0s", "4s"][choices.below(3)];
        text += &format!(", failover = {{ detect = {detect}, promote = \"{promote}\" }}");
    }
    text
}

fn event(choices: &mut Choices<'_>, single: bool, mode: &str) -> String {
    let units = Units { scale: 1, varied: false };
    let (at, length) = (units.milliseconds(500 + 1000 * choices.below(40)), 1000 * (1 + choices.below(40)));
    let nodes = match mode {
        "quorum" => ["d.replica[0]", "d.replica[1]", "d", "d.replica[2]"],
        "multi-primary" => ["d.primary[0]", "d.primary[1]", "d", "d.primary"],
        _ => ["d.primary", "d.replica[0]", "d", "d.replica"],
    };
    let node = nodes[choices.below(if single { 4 } else { 3 })];
    let what = match choices.below(6) {
        0 => format!("crash = \"{node}\""),
        1 => format!("crash = {{ what = \"{node}\", silent = true }}"),
        2 => "partition = [[\"eu\"], [\"us\"]]".to_string(),
        3 => "drop = { link = \"sea\", share = 0.3 }".to_string(),
        4 => format!("pause = \"{node}\""),
        _ => "crash = \"d\"".to_string(),
    };
    format!("[[event]]\nat = {at}\nfor = {}\n{what}\n", units.milliseconds(length))
}
