//! Deliveries: when a queue lets messages out, what their consumer's end or failure means, and what
//! becomes of messages that were not acknowledged.

use super::Engine;
use super::calendar::Class;
use super::interpret::Flow;
use super::messages::{Delivery, Receipt};
use super::task::{Client, FrameKind, NONE};
use crate::model::program::Pull;

impl Engine<'_> {
    /// Lets out what consumers can take.
    pub(super) fn deliver(&mut self, queue: u32, partition: u32) {
        let spec = &self.model.messages.queues[queue as usize];
        let room = spec.room + partition;
        while self.may_deliver(queue, partition) {
            let size = spec.batch.min(self.loads[room as usize]);
            if spec.batch > 1 {
                self.groups[spec.group as usize].count_batch(u64::from(size));
            }
            let Some(first) = self.let_out(room) else { return };
            let client = self.tasks.tasks[first].client;
            let first = self.hand_out(first, queue);
            let mut more = Vec::new();
            for _ in 1..size {
                let next = self.let_out(room).and_then(|next| self.hand_out(next, queue));
                more.extend(next);
            }
            let delivery = Delivery { queue, partition, first, more };
            self.start_work(client, delivery);
            self.admit_publishers(spec.topic, partition);
        }
    }

    /// Whether a consumer is free, the broker is there, and a call is full or has lingered long enough.
    fn may_deliver(&mut self, queue: u32, partition: u32) -> bool {
        let spec = &self.model.messages.queues[queue as usize];
        let at = &self.brokers.queues[queue as usize];
        let room = spec.room + partition;
        let waiting = self.loads[room as usize];
        if waiting == 0 || at.free.is_some_and(|free| free <= 0) || spec.ordered && at.out[partition as usize] > 0 {
            return false;
        }
        if self.nodes.troubled > 0 && !self.has_consumer(queue, partition) {
            return false;
        }
        if let Some(until) = self.outage(spec.topic) {
            self.resume_after(queue, until);
            return false;
        }
        if spec.linger == 0 || waiting >= spec.batch {
            return true;
        }
        let Some(first) = self.first_in_line(room) else { return false };
        let ready = self.tasks.tasks[first].arrived.saturating_add(spec.linger);
        if ready > self.now && self.brokers.queues[queue as usize].timers[partition as usize] == NONE {
            let timer = self.start_timer(spec.timer, ready, partition);
            self.brokers.queues[queue as usize].timers[partition as usize] = timer;
        }
        ready <= self.now
    }

    /// Whether a replica of the consumer is there that would take a message of a partition.
    fn has_consumer(&self, queue: u32, partition: u32) -> bool {
        let spec = &self.model.messages.queues[queue as usize];
        let Some(nodes) = spec.consumers else { return true };
        match spec.balancer {
            Some(balancer) if spec.ordered => self.balancers[balancer as usize].absent.has(partition as usize),
            _ => (nodes.first..nodes.first + nodes.count).any(|node| !self.nodes.is_down(node)),
        }
    }

    /// A node takes no messages any more.
    pub(super) fn stop_pulling(&mut self, node: u32) {
        if !self.nodes.idles(node, true) {
            return;
        }
        for &Pull { queue, target, slots } in &self.node(node).pulls {
            if let Some((balancer, target)) = target {
                self.balancers[balancer as usize].absent.take_out(target);
            }
            let free = &mut self.brokers.queues[queue as usize].free;
            *free = free.zip(slots).map(|(free, slots)| free - i64::from(slots)).or(*free);
        }
    }

    /// A node takes messages again, and those that have waited for it.
    pub(super) fn pull_again(&mut self, node: u32) {
        if !self.nodes.idles(node, false) {
            return;
        }
        for &Pull { queue, target, slots } in &self.node(node).pulls {
            if let Some((balancer, target)) = target {
                self.balancers[balancer as usize].absent.put_back(target);
            }
            let at = &mut self.brokers.queues[queue as usize];
            at.free = at.free.zip(slots).map(|(free, slots)| free + i64::from(slots)).or(at.free);
            let partitions = at.out.len() as u32;
            (0..partitions).for_each(|partition| self.deliver(queue, partition));
        }
    }

    /// Deliveries begin again when the broker is back.
    fn resume_after(&mut self, queue: u32, until: u64) {
        let resumes = &mut self.brokers.queues[queue as usize].resumes;
        if *resumes != until {
            *resumes = until;
            self.start_timer(self.model.messages.queues[queue as usize].timer, until, NONE);
        }
    }

    /// A task that does nothing but run a routine at some time; `replica` says for what.
    pub(super) fn start_timer(&mut self, routine: u32, time: u64, replica: u32) -> u32 {
        let timer = self.spawn(self.model.routines[routine as usize].entry, Client::NOBODY);
        self.alive += 1;
        let pending = self.calendar.schedule(time, Class::Completion, timer);
        let at = &mut self.tasks.tasks[timer];
        at.pending = pending;
        at.replica = replica;
        timer
    }

    /// A timer of the broker rings: for one partition, or, at the end of an outage, for all.
    pub(super) fn serve_queue(&mut self, task: u32, queue: u32) -> Flow {
        let partition = self.tasks.tasks[task].replica;
        let timers = &mut self.brokers.queues[queue as usize].timers;
        let all = 0..timers.len() as u32;
        if partition == NONE {
            all.for_each(|partition| self.deliver(queue, partition));
        } else {
            timers[partition as usize] = NONE;
            self.deliver(queue, partition);
        }
        Flow::On
    }

    /// A message has left the line for a consumer; the time for its acknowledgement begins. None if the
    /// consumer knows that it has processed it already.
    fn hand_out(&mut self, task: u32, queue: u32) -> Option<Receipt> {
        let spec = &self.model.messages.queues[queue as usize];
        let delivery = self.brokers.delivered.wrapping_add(1).max(1);
        self.brokers.delivered = delivery;
        let index = self.tasks.tasks[task].ticket;
        let message = &mut self.brokers.messages[index];
        message.deliveries = message.deliveries.saturating_add(1);
        message.delivery = delivery;
        let message = *message;
        let at = &mut self.brokers.queues[queue as usize];
        at.out[message.partition as usize] += 1;
        at.record.deliver((message.deliveries == 1).then(|| self.now - message.published));
        if spec.inbox && self.is_processed(queue, message.origin) {
            let record = &mut self.brokers.queues[queue as usize].record;
            record.suppressed += 1;
            record.acknowledged += 1;
            self.end_message(queue, index);
            return None;
        }
        self.brokers.hold(message.origin);
        if let Some(time) = spec.redeliver {
            // An acknowledgement at that very instant is in time.
            let time = self.now.saturating_add(time);
            self.tasks.tasks[task].pending = self.calendar.schedule(time, Class::Patience, task);
        }
        Some(Receipt { message: index, delivery, origin: message.origin })
    }

    /// The consumer's call. Where it knows all messages already, there is nothing left to call for.
    fn start_work(&mut self, client: Client, delivery: Delivery) {
        if delivery.is_empty() {
            return;
        }
        let (queue, partition) = (delivery.queue, delivery.partition);
        let spec = &self.model.messages.queues[queue as usize];
        let at = &mut self.brokers.queues[queue as usize];
        at.free = at.free.map(|free| free - 1);
        let work = self.spawn(self.model.routines[spec.work as usize].entry, client);
        self.alive += 1;
        self.tasks.tasks[work].replica = if spec.ordered { partition } else { 0 };
        let delivery = self.brokers.deliveries.insert(delivery);
        self.tasks.push(work, NONE, FrameKind::Delivery { delivery });
        self.wake(work);
    }

    /// The consumer is done with a delivery.
    pub(super) fn processed(&mut self, task: u32) -> Flow {
        if let Some(frame) = self.tasks.pop(task)
            && let FrameKind::Delivery { delivery } = frame.kind
        {
            self.end_delivery(delivery, true);
        }
        Flow::On
    }

    /// A delivery is over: done, or its processing has failed.
    pub(super) fn end_delivery(&mut self, index: u32, done: bool) {
        let delivery = std::mem::take(&mut self.brokers.deliveries[index]);
        self.brokers.deliveries.remove(index);
        let Delivery { queue, partition, first, more } = delivery;
        for receipt in first.into_iter().chain(more) {
            self.settle_receipt(queue, receipt, done);
            self.brokers.drop(receipt.origin);
        }
        let at = &mut self.brokers.queues[queue as usize];
        at.free = at.free.map(|free| free + 1);
        self.deliver(queue, partition);
    }

    /// What the end of a delivery means for one of its messages. The broker listens only as long as it
    /// has not given up on this delivery.
    fn settle_receipt(&mut self, queue: u32, receipt: Receipt, done: bool) {
        let spec = &self.model.messages.queues[queue as usize];
        if done {
            self.take_effect(queue, receipt.origin);
        }
        let message = self.brokers.messages[receipt.message];
        if message.delivery != receipt.delivery {
            return;
        }
        let record = &mut self.brokers.queues[queue as usize].record;
        match done {
            true => record.acknowledged += 1,
            false if spec.once => record.lost += 1,
            false if spec.redeliver.is_some() => return,
            false => return self.wake(message.task),
        }
        self.end_message(queue, receipt.message);
    }

    /// Work has had its effect, or, where the consumer looks into its inbox again, has none.
    fn take_effect(&mut self, queue: u32, origin: u32) {
        let again = self.is_processed(queue, origin);
        self.brokers.origins[origin].processed |= self.bit(queue);
        let inbox = self.model.messages.queues[queue as usize].inbox;
        let record = &mut self.brokers.queues[queue as usize].record;
        match (again, inbox) {
            (true, true) => record.suppressed += 1,
            (true, false) => {
                record.duplicates += 1;
                record.effects += 1;
            }
            (false, _) => record.effects += 1,
        }
    }

    fn is_processed(&self, queue: u32, origin: u32) -> bool {
        self.brokers.origins[origin].processed & self.bit(queue) != 0
    }

    /// What stands for a queue among those of its topic.
    fn bit(&self, queue: u32) -> u64 {
        let messages = &self.model.messages;
        let first = messages.topics[messages.queues[queue as usize].topic as usize].first;
        1 << ((queue - first) & 63)
    }

    /// A delivered message is over.
    fn end_message(&mut self, queue: u32, index: u32) {
        let message = &mut self.brokers.messages[index];
        message.delivery = 0;
        let message = *message;
        self.brokers.messages.remove(index);
        self.brokers.drop(message.origin);
        let at = &mut self.brokers.queues[queue as usize];
        at.out[message.partition as usize] -= 1;
        at.record.live -= 1;
        self.vanish(message.task);
    }

    /// A message was not acknowledged in time, or its processing has failed: it lines up again, or is
    /// given up.
    pub(super) fn put_back(&mut self, task: u32, queue: u32) -> Flow {
        let spec = &self.model.messages.queues[queue as usize];
        let index = self.tasks.tasks[task].ticket;
        let message = &mut self.brokers.messages[index];
        message.delivery = 0;
        let message = *message;
        if spec.attempts.is_some_and(|most| message.deliveries >= most) {
            let client = self.tasks.tasks[task].client;
            self.brokers.queues[queue as usize].record.dead_lettered += 1;
            self.end_message(queue, index);
            if let Some(topic) = spec.dead_letters {
                let partition = self.partition(topic, &client);
                self.accept(topic, partition, client, None);
                self.deliver_all(topic, partition);
            }
        } else {
            self.brokers.queues[queue as usize].out[message.partition as usize] -= 1;
            self.tasks.tasks[task].pc = self.model.routines[spec.message as usize].entry;
            self.line_up(task, queue);
        }
        self.deliver(queue, message.partition);
        Flow::Off
    }
}
