//! Where the parts of random scenarios are, and what lies between.
//!
//! There are two regions and a link between them, and a zone that nothing happens to.

use crate::generate::Writer;

pub(crate) fn tables(writer: &mut Writer<'_>) -> Vec<String> {
    let latency = writer.law();
    let mut link = format!("[link.sea]\nbetween = [\"north\", \"south\"]\nlatency = {latency}\n");
    // What is constant is not varied.
    if !writer.wanted.varied {
        link += &writer.maybe(2, |it| format!("bandwidth = {}", it.units.bandwidth(8)));
        link += &writer.maybe(2, |it| format!("loss = 0.05\nretransmit-after = {}", it.units.milliseconds(20)));
    }
    vec!["[region.north]\n".into(), "[region.south]\n".into(), "[zone.hall]\n".into(), link]
}

fn region(writer: &mut Writer<'_>) -> &'static str {
    ["north", "south"][writer.choices.below(2)]
}

/// Where something is, or clients are.
pub(crate) fn one(writer: &mut Writer<'_>) -> String {
    writer.maybe(3, |it| format!("region = \"{}\"", region(it)))
}

/// Where all replicas are, or each by itself; and with what they are lost.
pub(crate) fn several(writer: &mut Writer<'_>) -> String {
    let region = match writer.choices.below(5) {
        3 => format!("region = \"{}\"\n", region(writer)),
        4 => "regions = [\"north\", \"south\"]\n".to_string(),
        _ => String::new(),
    };
    region + ["", "", "zone = \"hall\"\n", "zones = [\"hall\"]\n"][writer.choices.below(4)]
}

/// How much is asked and answered, besides other options of a call.
pub(crate) fn sizes(writer: &mut Writer<'_>) -> Vec<String> {
    let mut sizes = Vec::new();
    for key in ["request", "response"] {
        if !writer.wanted.varied && writer.choices.one_in(4) {
            sizes.push(format!("{key} = \"{}kB\"", 1 + writer.choices.below(4)));
        }
    }
    sizes
}

/// The network of a machine.
pub(crate) fn network(writer: &mut Writer<'_>) -> String {
    let latency = writer.law();
    match writer.choices.below(3) {
        1 if !writer.wanted.varied => format!("network = {}\n", writer.units.bandwidth(16)),
        2 if !writer.wanted.varied => {
            format!("network = {{ bandwidth = {}, latency = {latency} }}\n", writer.units.bandwidth(16))
        }
        _ => format!("network = {{ latency = {latency} }}\n"),
    }
}

/// A transfer through the network of the machine.
pub(crate) fn transfer(writer: &mut Writer<'_>) -> String {
    let bytes = format!("\"{}kB\"", 1 + writer.choices.below(30));
    match writer.choices.below(4) {
        1 => format!("network = {{ bytes = {bytes}, tls = \"1.3\", window = \"8kB\" }}"),
        2 => format!("network = {{ bytes = {bytes}, handshake = 0, initial-window = 2, mss = \"1000B\" }}"),
        3 => format!("network = {{ bytes = {bytes}, tls = \"1.2\", slow-start = false, loss = 0.01 }}"),
        _ => format!("network = {bytes}"),
    }
}
