//! The step `network`, and what a call passes on its way, compiled to waiting in line and delays.

use super::build::Builder;
use super::lower::Nic;
use super::program::{Choice, ForkSpec, Losers, Op, Place};
use super::steps::{Body, Caller};
use super::wiring::Wire;
use crate::diagnostic::{Diagnostic, Span};
use crate::distribution::Law;
use crate::scenario::{NetworkStep, SEGMENT, Transfer};
use crate::syntax::At;

/// What is passed in one direction: the network of the sender's machine, then a link.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub(super) nic: Option<Nic>,
    pub(super) wire: Option<Wire>,
    pub(super) bytes: f64,
    /// At the end it is seen what this node's copy of data has.
    pub(super) shows: Option<u32>,
}

impl Hop {
    /// Through a network, if that takes any time, and a link that is still to be found.
    pub(super) fn of(nic: Option<Nic>, bytes: f64) -> Hop {
        Hop { nic: nic.filter(|_| bytes > 0.0), wire: None, bytes, shows: None }
    }
}

/// The data of a transfer in rounds of one window each.
#[derive(Debug, Clone, PartialEq, Default)]
struct Rounds {
    /// Windows that grow, in bytes.
    growing: Vec<f64>,
    /// How many full windows follow, and of how many bytes.
    full: (f64, f64),
    /// What is left for the last round.
    last: f64,
}

impl Rounds {
    /// Slow start doubles the window with each round until it reaches its limit
    /// (Jacobson 1988; Cardwell, Savage & Anderson 2000).
    fn of(transfer: &Transfer) -> Rounds {
        let limit = window(transfer);
        let mss = transfer.mss.value.0;
        let mut left = transfer.bytes.value.0;
        let mut next = if transfer.slow_start { f64::from(transfer.initial_window.0) * mss } else { limit };
        let mut rounds = Rounds::default();
        while next < limit && next < left {
            rounds.growing.push(next);
            left -= next;
            next *= 2.0;
        }
        let window = next.min(limit);
        if left > window {
            // The last round is never empty.
            let full = libm::ceil(left / window) - 1.0;
            rounds.full = (full, window);
            left -= full * window;
        }
        rounds.last = left;
        rounds
    }
}

/// The largest window in bytes: that of the receiver, or that which losses allow, √(3/2) / √p segments
/// (Mathis, Semke, Mahdavi & Ott 1997); at least one segment.
fn window(transfer: &Transfer) -> f64 {
    let mss = transfer.mss.value.0;
    let receiver = transfer.window.map_or(f64::INFINITY, |window| window.value.0);
    let loss = transfer.loss.value.0;
    let lossy = if loss > 0.0 { libm::sqrt(1.5 / loss) * mss } else { f64::INFINITY };
    receiver.min(lossy).max(mss)
}

impl<'a> Builder<'a> {
    pub(super) fn compile_network(&mut self, caller: &Caller, step: &'a NetworkStep, span: Span) {
        let Some(nic) = caller.hardware.network else { return self.lacks_network(caller, span) };
        match step {
            NetworkStep::Message(bytes) => self.emit_message(&nic, bytes.value.0, bytes.span),
            NetworkStep::Transfer(transfer) => self.compile_transfer(caller, &nic, transfer),
        }
    }

    /// A machine that is not found has been reported.
    fn lacks_network(&mut self, caller: &Caller, span: Span) {
        let scenario = self.scenario;
        let service = scenario.service.get(&caller.name);
        let host = service.and_then(|service| service.host.as_ref());
        let host = host.map(|host| scenario.host.get(&host.value).map(|host| &host.machine));
        let machine = match host {
            Some(None) => return,
            Some(machine) => machine,
            None => service.and_then(|service| service.machine.as_ref()),
        };
        if machine.is_some_and(|machine| scenario.machine.get(&machine.value).is_none()) {
            return;
        }
        let help = match machine {
            Some(machine) => format!("add `network = \"10Gbit/s\"` to `[machine.{}]`", machine.value),
            None => "give the service a `machine` with a `network`, or use `wait`".to_string(),
        };
        let message = format!("`{}` has no network", caller.name);
        self.diagnostics.push(Diagnostic::error(span, message).help(help));
    }

    /// Waits in line, is sent, and is under way.
    fn emit_message(&mut self, nic: &Nic, bytes: f64, span: Span) {
        self.emit_sending(nic.sends, bytes, span);
        self.emit_latency(nic.latency);
    }

    fn emit_sending(&mut self, sends: Option<(Place, f64)>, bytes: f64, span: Span) {
        let Some((place, bandwidth)) = sends.filter(|_| bytes > 0.0) else { return };
        let law = self.sending(bytes, bandwidth, span);
        self.emit(Op::Visit { place, law, own: false });
    }

    /// The law of how long sending takes.
    fn sending(&mut self, bytes: f64, bandwidth: f64, span: Span) -> u32 {
        let seconds = bytes / bandwidth;
        self.check_resolution(seconds, span);
        let law = Law::constant(seconds * self.ticks_per_second).unwrap_or(Law::Constant(Default::default()));
        self.add_law(law)
    }

    fn emit_latency(&mut self, latency: Option<(u32, u32)>) {
        if let Some((law, stream)) = latency {
            self.emit_delay(law, stream);
        }
    }

    /// Time passes: along a lane if it is always the same.
    pub(super) fn emit_delay(&mut self, law: u32, stream: u32) {
        match self.laws[law as usize].as_constant() {
            Some(ticks) => {
                let lane = self.lane(ticks.round() as u64);
                self.emit(Op::Delay { lane });
            }
            None => self.emit(Op::Wait { law, stream }),
        }
    }

    pub(super) fn compile_hop(&mut self, hop: &Hop) {
        if let Some(nic) = &hop.nic {
            self.emit_message(nic, hop.bytes, Span::default());
        }
        if let Some(wire) = &hop.wire {
            self.emit_sending(wire.sends, hop.bytes, Span::default());
            if wire.loss > 0.0 {
                self.emit_losses(wire, hop.bytes);
            }
            self.emit_latency(wire.latency);
        }
        self.program.extend(hop.shows.map(|copies| Op::Show { copies }));
        self.emit(Op::Return);
    }

    /// If any packet of the message is lost, one is sent again after a while, until it is not lost.
    fn emit_losses(&mut self, wire: &Wire, bytes: f64) {
        let packets = libm::ceil(bytes / SEGMENT).max(1.0);
        // 1 − (1 − p)^n
        let any = -libm::expm1(packets * libm::log1p(-wire.loss));
        let stream = self.stream(&format!("{}.{}", wire.link, wire.direction), "loss");
        let first = self.emit_chance(any, stream);
        let again = self.here();
        self.emit(Op::Delay { lane: wire.patience });
        self.emit_sending(wire.sends, bytes.min(SEGMENT), Span::default());
        let next = self.emit_chance(wire.loss, stream);
        let through = self.here();
        for choice in [first, next] {
            self.choices[choice as usize].targets = vec![again, through];
        }
    }

    /// A branch whose first way is taken with this probability.
    fn emit_chance(&mut self, chance: f64, stream: u32) -> u32 {
        let choice = self.choices.len() as u32;
        self.choices.push(Choice { cumulative: vec![chance, 1.0], targets: Vec::new() });
        self.emit(Op::Branch { choice, stream });
        choice
    }

    fn compile_transfer(&mut self, caller: &Caller, nic: &Nic, transfer: &'a Transfer) {
        if transfer.mss.value.0 <= 0.0 {
            return;
        }
        let rounds = Rounds::of(transfer);
        let Some(full) = self.whole(rounds.full.0, transfer.bytes) else { return };
        let before = transfer.handshake.saturating_add(transfer.tls.map_or(0, |tls| tls.round_trips()));
        self.emit_times(before, |builder| builder.emit_round_trip(nic));
        for bytes in rounds.growing {
            self.emit_round(caller, nic, bytes, transfer.bytes.span);
        }
        self.emit_times(full, |builder| builder.emit_round(caller, nic, rounds.full.1, transfer.bytes.span));
        self.emit_sending(nic.sends, rounds.last, transfer.bytes.span);
        self.emit_round_trip(nic);
    }

    fn whole(&mut self, rounds: f64, bytes: At<crate::units::Bytes>) -> Option<u32> {
        if rounds < f64::from(u32::MAX) {
            return Some(rounds as u32);
        }
        let message = format!("this transfer takes {rounds} round trips");
        self.diagnostics.push(Diagnostic::error(bytes.span, message).help("make `window` larger or `loss` smaller"));
        None
    }

    fn emit_times(&mut self, times: u32, body: impl FnOnce(&mut Self)) {
        if times == 0 {
            return;
        }
        self.emit(Op::Loop { times });
        let back = self.here();
        body(self);
        self.emit(Op::Next { back });
    }

    fn emit_round_trip(&mut self, nic: &Nic) {
        self.emit_latency(nic.latency);
        self.emit_latency(nic.latency);
    }

    /// A window is sent, while the first acknowledgement is under way: the longer of the two counts
    /// (Kurose & Ross, Computer Networking, section on TCP latency).
    fn emit_round(&mut self, caller: &Caller, nic: &Nic, bytes: f64, span: Span) {
        let (Some((place, bandwidth)), Some(_)) = (nic.sends, nic.latency) else {
            self.emit_sending(nic.sends, bytes, span);
            return self.emit_round_trip(nic);
        };
        let law = self.sending(bytes, bandwidth, span);
        let arms = vec![
            self.routine(format!("{}/window", caller.name), Body::Window { place, law }),
            self.routine(format!("{}/round trip", caller.name), Body::RoundTrip { nic: *nic }),
        ];
        self.forks.push(ForkSpec { arms, need: 2, losers: Losers::Cancel });
        self.emit(Op::Fork { fork: self.forks.len() as u32 - 1 });
    }

    pub(super) fn compile_round_trip(&mut self, nic: &Nic) {
        self.emit_round_trip(nic);
        self.emit(Op::Join);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Bytes, Ratio};

    fn transfer(bytes: f64) -> Transfer {
        Transfer {
            bytes: At::new(Bytes(bytes)),
            handshake: 1,
            tls: None,
            slow_start: true,
            initial_window: crate::syntax::Count(10),
            mss: At::new(Bytes(SEGMENT)),
            window: None,
            loss: At::default(),
        }
    }

    fn count(rounds: &Rounds) -> f64 {
        rounds.growing.len() as f64 + rounds.full.0 + 1.0
    }

    #[test]
    fn slow_start_takes_as_many_rounds_as_the_formula() {
        // The least k with iw (2^k − 1) ≥ bytes.
        for (bytes, rounds) in [(1.0, 1.0), (14_600.0, 1.0), (14_601.0, 2.0), (43_800.0, 2.0), (1e6, 7.0)] {
            let of = Rounds::of(&transfer(bytes));
            assert_eq!(count(&of), rounds, "{bytes}");
            assert_eq!(of.growing.iter().sum::<f64>() + of.last, bytes);
        }
    }

    #[test]
    fn a_window_is_filled_again_and_again_once_it_is_reached() {
        let limited = Transfer { window: Some(At::new(Bytes(29_200.0))), ..transfer(100_000.0) };
        let rounds = Rounds::of(&limited);
        assert_eq!(rounds, Rounds { growing: vec![14_600.0], full: (2.0, 29_200.0), last: 27_000.0 });
        let exact =
            Transfer { slow_start: false, ..Transfer { window: Some(At::new(Bytes(2000.0))), ..transfer(6000.0) } };
        assert_eq!(Rounds::of(&exact), Rounds { growing: vec![], full: (2.0, 2000.0), last: 2000.0 });
    }

    #[test]
    fn losses_hold_the_window_down() {
        let lossy = Transfer { loss: At::new(Ratio(1e-4)), ..transfer(1e6) };
        // Mathis et al. 1997: 122.4744871 segments.
        assert!((window(&lossy) / SEGMENT - 122.474_487_1).abs() < 1e-7);
        assert_eq!(
            window(&Transfer { loss: At::new(Ratio(0.9)), ..transfer(1.0) }),
            1460.0_f64.max(1460.0 * 1.5_f64.sqrt() / 0.9_f64.sqrt())
        );
    }
}
