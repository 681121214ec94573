//! `replication = { … }` of a database: how many copies, and when they have what is written.

use super::check::at_most;
use super::{Balance, Distribution, Failover};
use crate::diagnostic::{Diagnostic, Span};
use crate::syntax::{At, Count, Decoder, choice, table};

table! {
    /// Copies of a database's data.
    pub struct Replication {
        /// When a write is done, and who may write.
        pub mode: At<Mode> = At::new(Mode::Async),
        /// Copies besides the primary; with `multi-primary`, primaries. Default: 1; of primaries 2.
        pub replicas: Option<At<u32>> = None,
        /// Nodes that have a copy, with `quorum`.
        pub n: Option<At<Count>> = None,
        /// Answers that a read waits for, with `quorum`. Default: more than half of `n`.
        pub r: Option<At<Count>> = None,
        /// Acknowledgements that a write waits for, with `quorum`. Default: more than half of `n`.
        pub w: Option<At<Count>> = None,
        /// Where writes and reads go, with `quorum`. Default: to all nodes.
        pub spread: Option<At<Spread>> = None,
        /// Replicas whose acknowledgement a write waits for, with `semi-sync`. Default: 1.
        pub acks: Option<At<Count>> = None,
        /// How long a write takes until a copy has it, each by itself; the newest wins. Default: the
        /// copy does the steps of `write`.
        pub lag: Option<At<Distribution>> = None,
        /// How long a copy takes to apply a write, one at a time, in order.
        pub apply: Option<At<Distribution>> = None,
        /// How long a write is on its way to a copy. Default: no time.
        pub write: Option<At<Distribution>> = None,
        /// How long an acknowledgement is on its way back. Default: no time.
        pub ack: Option<At<Distribution>> = None,
        /// How long a read is on its way to a node. Default: no time.
        pub read: Option<At<Distribution>> = None,
        /// How long its answer is on its way back. Default: no time.
        pub response: Option<At<Distribution>> = None,
        /// Which nodes are read. Default: the primary; any, where there are several primaries.
        pub reads: Option<At<Reads>> = None,
        /// Which primary takes a write, with `multi-primary`. Default: any.
        pub writes: Option<At<PrimaryWrites>> = None,
        /// How one of several nodes is picked. Default: at random.
        pub balance: Option<Balance> = None,
        /// How a replica takes the place of the primary when that crashes. Default: writes fail until it is back.
        pub failover: Option<At<Failover>> = None,
    } check check_replication
}

choice! {
    /// When a write is done, and who may write.
    #[derive(Copy, Eq)]
    pub enum Mode {
        /// When the primary has it; the replicas get it afterwards.
        Async,
        /// When the primary and all replicas have it.
        Sync,
        /// When the primary and the first `acks` of the replicas have it.
        SemiSync,
        /// Nobody is primary: when `w` of `n` nodes have it; a read asks all and waits for `r`.
        Quorum,
        /// Several primaries take writes; each write reaches the others afterwards.
        MultiPrimary,
    }
}

choice! {
    /// Which nodes are read.
    #[derive(Copy)]
    pub enum Reads {
        /// The primary.
        Primary,
        /// One of the replicas.
        Replicas,
        /// One of all nodes.
        Any,
        /// The primary of the reader's workload: the first workload by name has the first one, and so on.
        Home,
        /// The node nearest to the reader, by mean latency; the primary is one of them.
        Nearest,
        /// All nodes, of which the first `r` answer; only with `quorum`.
        Quorum,
    }
}

choice! {
    /// Which primary takes a write.
    #[derive(Copy)]
    pub enum PrimaryWrites {
        /// One of them.
        Any,
        /// The primary of the writer's workload: the first workload by name has the first one, and so on.
        Home,
        /// The one nearest to the writer, by mean latency.
        Nearest,
    }
}

choice! {
    /// Where writes and reads of a quorum go.
    #[derive(Copy)]
    pub enum Spread {
        /// To all nodes: those that are not waited for get the write as well.
        All,
        /// To as many nodes as are waited for, chosen at random for each; the others never get the write.
        Quorum,
    }
}

const FAILOVER: &str = "failover";

/// Most copies of one shard.
pub const MOST_COPIES: u32 = 1000;
/// Most primaries of one shard: who has seen what is a set of them.
const MOST_PRIMARIES: u32 = 64;

impl Replication {
    /// Nodes of one shard.
    pub fn nodes(&self) -> u32 {
        match self.mode.value {
            Mode::Quorum => self.n.map_or(3, |n| n.0),
            Mode::MultiPrimary => self.replicas(),
            _ => self.replicas().saturating_add(1),
        }
    }

    /// Copies besides the primary; primaries, where there are several.
    pub fn replicas(&self) -> u32 {
        let default = if self.mode.value == Mode::MultiPrimary { 2 } else { 1 };
        self.replicas.map_or(default, |replicas| replicas.value)
    }

    /// The size of a read or write quorum.
    pub fn quorum(&self, written: Option<At<Count>>) -> u32 {
        written.map_or(self.nodes() / 2 + 1, |written| written.0)
    }
}

fn check_replication(replication: &Replication, _: Span, cx: &mut Decoder) {
    check_fields(replication, cx);
    check_counts(replication, cx);
    check_routing(replication, cx);
    if let (Some(lag), Some(apply)) = (&replication.lag, &replication.apply) {
        let found = Diagnostic::error(apply.span, "a copy has a `lag`, or applies writes one at a time");
        let help = "leave one of them out; a time on the way to an `apply` is `write`";
        cx.push(found.label("this or the other").note(lag.span, "the other").help(help));
    }
}

/// Fields of other modes mean nothing: they are mistakes.
fn check_fields(replication: &Replication, cx: &mut Decoder) {
    use Mode::{MultiPrimary, Quorum, SemiSync};
    let mode = replication.mode.value;
    let fields = [
        ("n", replication.n.map(|n| n.span), mode == Quorum),
        ("r", replication.r.map(|r| r.span), mode == Quorum),
        ("w", replication.w.map(|w| w.span), mode == Quorum),
        ("spread", replication.spread.map(|spread| spread.span), mode == Quorum),
        ("replicas", replication.replicas.map(|replicas| replicas.span), mode != Quorum),
        ("acks", replication.acks.map(|acks| acks.span), mode == SemiSync),
        ("writes", replication.writes.map(|writes| writes.span), mode == MultiPrimary),
        ("lag", replication.lag.as_ref().map(|lag| lag.span), mode != Quorum),
        ("apply", replication.apply.as_ref().map(|apply| apply.span), mode != Quorum),
        ("ack", replication.ack.as_ref().map(|ack| ack.span), mode != Mode::Async && mode != MultiPrimary),
        ("balance", replication.balance.as_ref().map(|balance| balance.0.name.span), mode != Quorum),
        (FAILOVER, replication.failover.as_ref().map(|failover| failover.span), mode != Quorum && mode != MultiPrimary),
    ];
    for (name, span, applies) in fields {
        let Some(span) = span.filter(|_| !applies) else { continue };
        let found = Diagnostic::error(span, format!("`{name}` means nothing with `mode = \"{}\"`", word(mode)));
        let found = if replication.mode.span.is_written() {
            found.note(replication.mode.span, "the mode is said here")
        } else {
            found
        };
        cx.push(found.help(advice(name)));
    }
}

fn word(mode: Mode) -> &'static str {
    match mode {
        Mode::Async => "async",
        Mode::Sync => "sync",
        Mode::SemiSync => "semi-sync",
        Mode::Quorum => "quorum",
        Mode::MultiPrimary => "multi-primary",
    }
}

fn advice(field: &str) -> &'static str {
    match field {
        "n" | "r" | "w" | "spread" => "leave it out, or use `mode = \"quorum\"`",
        "replicas" => "a quorum has `n` nodes",
        "acks" => "leave it out, or use `mode = \"semi-sync\"`",
        "writes" => "leave it out, or use `mode = \"multi-primary\"`",
        "ack" => "leave it out: nobody waits for an acknowledgement",
        "balance" => "leave it out: a quorum asks all nodes",
        FAILOVER => "leave it out: there is no single primary whose place another node could take",
        _ => "leave it out: how long a write takes to a node is `write`, and what it does there the database's `write`",
    }
}

fn check_counts(replication: &Replication, cx: &mut Decoder) {
    let nodes = replication.nodes();
    if let Some(failover) = replication.failover.as_ref().filter(|_| replication.replicas() == 0) {
        let found = Diagnostic::error(failover.span, "there is no replica that could take the primary's place");
        cx.push(found.help("let `replicas` be at least 1, or leave `failover` out"));
    }
    if let Some(replicas) = replication.replicas {
        let most = if replication.mode.value == Mode::MultiPrimary { MOST_PRIMARIES } else { MOST_COPIES };
        at_most(replicas.value, most, replicas.span, "replicas", cx);
        if replicas.value == 0 && replication.mode.value == Mode::MultiPrimary {
            let found = Diagnostic::error(replicas.span, "there is no primary to write to");
            cx.push(found.label("at least 1"));
        }
    }
    replication.n.iter().for_each(|n| at_most(n.0, MOST_COPIES, n.span, "nodes", cx));
    if replication.mode.value == Mode::Quorum {
        for (what, size) in [("answers", replication.r), ("acknowledgements", replication.w)] {
            let Some(size) = size.filter(|size| size.0 > nodes) else { continue };
            let found = Diagnostic::error(size.span, format!("{} {what} are waited for of {nodes} nodes", size.0));
            cx.push(found.label("more than there are"));
        }
    }
    if let Some(acks) = replication.acks.filter(|acks| acks.0 > replication.replicas()) {
        let message = format!("{} acknowledgements are waited for of {} replicas", acks.0, replication.replicas());
        cx.push(Diagnostic::error(acks.span, message).label("more than there are"));
    }
}

fn check_routing(replication: &Replication, cx: &mut Decoder) {
    let only_primary = matches!(replication.reads.map(|reads| reads.value), None | Some(Reads::Primary));
    let one_primary = !matches!(replication.mode.value, Mode::MultiPrimary | Mode::Quorum);
    if let Some(balance) = replication.balance.as_ref().filter(|_| only_primary && one_primary) {
        let found = Diagnostic::error(balance.0.name.span, "there is nothing to balance: the primary does it all");
        cx.push(found.help("let `reads` go to `\"replicas\"` or to `\"any\"`, or leave `balance` out"));
    }
    let nearest = matches!(replication.reads.map(|reads| reads.value), Some(Reads::Nearest));
    let write_nearest = matches!(replication.writes.map(|writes| writes.value), Some(PrimaryWrites::Nearest));
    if let Some(balance) = replication.balance.as_ref().filter(|_| nearest && (one_primary || write_nearest)) {
        let found = Diagnostic::error(balance.0.name.span, "there is nothing to balance: the nearest node is picked");
        cx.push(found.help("leave `balance` out, or let `reads` go to `\"any\"`"));
    }
    let Some(reads) = replication.reads else { return };
    let mode = replication.mode.value;
    let problem = match (reads.value, mode) {
        (Reads::Quorum, Mode::Quorum) => return,
        (_, Mode::Quorum) => "a read of a quorum asks all nodes: leave `reads` out",
        (Reads::Quorum, _) => "one node is read, unless the mode is `quorum`",
        (Reads::Home, Mode::MultiPrimary) => return,
        (Reads::Home, _) => "only one of several primaries can be a home: `mode = \"multi-primary\"`",
        (Reads::Primary | Reads::Replicas, Mode::MultiPrimary) => {
            "every node is a primary: use `any`, `home` or `nearest`"
        }
        (Reads::Replicas, _) if replication.replicas() == 0 => "there are no replicas to read",
        _ => return,
    };
    cx.push(Diagnostic::error(reads.span, "reads cannot go there").label(problem));
}
