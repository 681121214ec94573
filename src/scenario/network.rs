//! The network of a machine, and the step that sends something through it.

use serde_json::{Value as Json, json};

use super::Distribution;
use super::check::{above_zero, require};
use super::link::check_wire;
use crate::diagnostic::Span;
use crate::syntax::{At, Count, Decode, Decoder, Node, SchemaBuilder, Value, table};
use crate::units::{Bandwidth, Bytes, Ratio};

/// Payload of a full packet: an MTU of 1500 bytes without the headers of TCP and IPv4 (RFC 9293).
pub const SEGMENT: f64 = 1460.0;

/// `network = "10Gbit/s"` or `network = { bandwidth = "10Gbit/s", latency = "0.25ms" }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Network(pub NetworkOptions);

table! {
    /// The network interface of a machine and what it is plugged into.
    pub struct NetworkOptions {
        /// How fast it sends; messages wait in line. Default: sending takes no time.
        pub bandwidth: Option<At<Bandwidth>> = None,
        /// How long what was sent is under way, one way. Default: no time.
        pub latency: Option<At<Distribution>> = None,
    } check check_network
}

fn check_network(network: &NetworkOptions, _: Span, cx: &mut Decoder) {
    check_wire(network.bandwidth, At::default(), cx);
}

impl Decode for Network {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Network> {
        let options = match node.value {
            Value::String(_) => NetworkOptions { bandwidth: Some(At::decode(node, cx)?), latency: None },
            _ => return NetworkOptions::decode(node, cx).map(Network),
        };
        check_network(&options, node.span, cx);
        Some(Network(options))
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [Bandwidth::schema(s), NetworkOptions::schema(s)] })
    }

    fn example() -> String {
        Bandwidth::example()
    }
}

/// `network = "200KiB"`: one message; `network = { bytes = "1MB", … }`: a transfer over TCP.
#[derive(Debug, Clone, PartialEq)]
pub enum NetworkStep {
    /// One message.
    Message(At<Bytes>),
    /// A transfer over TCP.
    Transfer(Transfer),
}

table! {
    /// A transfer over TCP through the network of the machine: the connection is opened, then data is sent in rounds of
    /// one window each, and each round is acknowledged after a round trip (twice the latency).
    pub struct Transfer {
        /// How much is sent.
        pub bytes: At<Bytes>,
        /// Round trips before the first byte: 1 opens a connection of TCP (RFC 9293), 0 uses an open one.
        pub handshake: u32 = 1,
        /// The version of TLS: its handshake takes one more round trip (`"1.3"`, RFC 8446) or two (`"1.2"`, RFC 5246).
        pub tls: Option<Tls> = None,
        /// The window begins small and doubles with each round (Jacobson 1988).
        pub slow_start: bool = true,
        /// The first window under slow start, in segments (RFC 6928).
        pub initial_window: Count = Count(10),
        /// Size of a full segment.
        pub mss: At<Bytes> = At::new(Bytes(SEGMENT)),
        /// The largest window. Default: no limit.
        pub window: Option<At<Bytes>> = None,
        /// The share of segments that get lost. It holds the window down to √(3/2) / √loss segments on average
        /// (Mathis, Semke, Mahdavi & Ott 1997).
        pub loss: At<Ratio> = At::new(Ratio(0.0)),
    } check check_transfer
}

fn check_transfer(transfer: &Transfer, _: Span, cx: &mut Decoder) {
    above_zero(transfer.mss.value.0, transfer.mss.span, "`mss`", cx);
    if let Some(window) = transfer.window {
        above_zero(window.value.0, window.span, "`window`", cx);
    }
    require(transfer.loss.0 < 1.0, transfer.loss.span, "everything is lost", "`loss` must be below 1", cx);
}

impl Decode for NetworkStep {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<NetworkStep> {
        match node.value {
            Value::String(_) => At::decode(node, cx).map(NetworkStep::Message),
            _ => Transfer::decode(node, cx).map(NetworkStep::Transfer),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        json!({ "oneOf": [Bytes::schema(s), Transfer::schema(s)] })
    }

    fn example() -> String {
        Bytes::example()
    }
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// 1.2: two round trips before data (RFC 5246).
    V1_2,
    /// 1.3: one round trip (RFC 8446).
    V1_3,
}

impl Tls {
    /// Round trips of its handshake, after that of TCP.
    pub fn round_trips(self) -> u32 {
        match self {
            Tls::V1_2 => 2,
            Tls::V1_3 => 1,
        }
    }
}

impl Decode for Tls {
    fn decode(node: &Node, cx: &mut Decoder) -> Option<Tls> {
        match &node.value {
            Value::String(version) if version == "1.2" => Some(Tls::V1_2),
            Value::String(version) if version == "1.3" => Some(Tls::V1_3),
            _ => cx.mismatch(node, "\"1.2\" or \"1.3\"", "\"1.3\""),
        }
    }

    fn schema(s: &mut SchemaBuilder) -> Json {
        s.define("Tls", "A version of TLS.", json!({ "enum": ["1.2", "1.3"] }))
    }

    fn example() -> String {
        "\"1.3\"".to_owned()
    }
}
