//! Failover: a copy that is up takes the place of a primary that is down.
//!
//! That a node is down is noticed a while later. Then nobody waits for its copy any more, and if it was the primary
//! another one becomes primary, after a while again. What that one lacks is lost.

use super::Engine;
use super::calendar::Class;
use super::interpret::Flow;
use super::record::Failure;
use super::task::FrameKind;
use super::window::NODE;
use crate::model::Model;
use crate::model::program::{FailoverSpec, FanSpec};

/// Who is primary of each shard whose copies take each other's place.
#[derive(Debug, Default)]
pub(super) struct Failovers {
    shards: Vec<Shard>,
    /// By store: its first shard.
    first: Vec<u32>,
    /// By node: its shard, and which copy it has.
    members: Vec<Option<(u32, u32)>>,
}

#[derive(Debug, Clone)]
struct Shard {
    spec: FailoverSpec,
    store: u32,
    /// Which of the store's shards.
    number: u32,
    primary: u32,
    copies: Vec<Copy>,
    /// When another copy becomes primary, if that has begun.
    promotes: Option<u64>,
    /// No copy could become primary when it was time.
    vacant: bool,
}

#[derive(Debug, Clone, Default)]
struct Copy {
    node: u32,
    /// When it will be noticed that its node is down.
    noticed: Option<u64>,
    /// It has been noticed: nobody waits for it, nobody reads it.
    out: bool,
    /// Readers do not choose it.
    hidden: bool,
}

impl Failovers {
    pub(super) fn new(model: &Model) -> Failovers {
        let mut all = Failovers { members: vec![None; model.nodes.len()], ..Failovers::default() };
        for (store, spec) in model.stores.iter().enumerate() {
            all.first.push(all.shards.len() as u32);
            let shards = spec.nodes.chunks(spec.copies.max(1) as usize).enumerate();
            let Some(failover) = spec.failover else { continue };
            for (number, nodes) in shards {
                let shard = all.shards.len() as u32;
                nodes.iter().enumerate().for_each(|(copy, &node)| {
                    all.members[node as usize] = Some((shard, copy as u32));
                });
                let copies = nodes.iter().map(|&node| Copy { node, ..Copy::default() }).collect();
                let (store, number) = (store as u32, number as u32);
                let spec = failover;
                all.shards.push(Shard { spec, store, number, primary: 0, copies, promotes: None, vacant: false });
            }
        }
        all
    }

    fn member(&self, node: u32) -> Option<(u32, u32)> {
        self.members.get(node as usize).copied().flatten()
    }
}

impl Engine<'_> {
    /// Readers that leave the primary to writers do so from the beginning.
    pub(super) fn start_failovers(&mut self) {
        (0..self.failovers.shards.len() as u32).for_each(|shard| self.tell_readers(shard));
    }

    /// Calls whoever is primary of the shard where a task is.
    pub(super) fn call_primary(&mut self, task: u32, site: u32, store: u32) -> Flow {
        let shard = self.tasks.tasks[task].replica;
        let copies = self.model.stores[store as usize].copies;
        let primary = self.failovers.shards[(self.failovers.first[store as usize] + shard) as usize].primary;
        self.enter(task, site, shard * copies + primary)
    }

    /// Whether nobody waits until this target of a fan has what it is sent.
    pub(super) fn is_left_out(&self, fan: &FanSpec, target: u32) -> bool {
        let node = fan.log.and_then(|_| self.callee(fan.site, target));
        let member = node.and_then(|node| self.failovers.member(node));
        member.is_some_and(|(shard, copy)| self.failovers.shards[shard as usize].copies[copy as usize].out)
    }

    /// A node has gone down.
    pub(super) fn miss(&mut self, node: u32) {
        let Some((at, copy)) = self.failovers.member(node) else { return };
        let shard = &mut self.failovers.shards[at as usize];
        let noticed = shard.spec.detect.noticed(self.now.saturating_sub(self.start)).saturating_add(self.start);
        shard.copies[copy as usize].noticed = Some(noticed);
        if copy == shard.primary {
            self.stores[shard.store as usize].lose_primary(self.now);
        }
        self.calendar.schedule(noticed, Class::Timeline, NODE + node);
    }

    /// A node is back.
    pub(super) fn welcome(&mut self, node: u32) {
        let Some((at, copy)) = self.failovers.member(node) else { return };
        let shard = &mut self.failovers.shards[at as usize];
        let back = &mut shard.copies[copy as usize];
        (back.noticed, back.out) = (None, false);
        let vacant = std::mem::take(&mut shard.vacant);
        if copy == shard.primary {
            shard.promotes = None;
            self.stores[shard.store as usize].find_primary(self.now);
        } else if vacant {
            self.promote(at);
        }
        self.tell_readers(at);
    }

    /// Something is due about a node, unless it is back.
    pub(super) fn on_due(&mut self, node: u32) {
        let Some((at, copy)) = self.failovers.member(node) else { return };
        let shard = &mut self.failovers.shards[at as usize];
        if shard.copies[copy as usize].noticed == Some(self.now) {
            shard.copies[copy as usize].noticed = None;
            shard.copies[copy as usize].out = true;
            if copy == shard.primary {
                self.prepare(at, node);
            }
            self.excuse_all(node);
            self.tell_readers(at);
        }
        if self.failovers.shards[at as usize].promotes == Some(self.now) {
            self.failovers.shards[at as usize].promotes = None;
            self.promote(at);
            self.tell_readers(at);
        }
    }

    /// Another copy begins to become primary.
    fn prepare(&mut self, shard: u32, node: u32) {
        let shard = &mut self.failovers.shards[shard as usize];
        let time = self.now.saturating_add(shard.spec.promote);
        shard.promotes = Some(time);
        self.calendar.schedule(time, Class::Timeline, NODE + node);
    }

    /// Nobody waits any more for what a node is sent.
    fn excuse_all(&mut self, node: u32) {
        for (task, _) in self.kept_posts(|engine, site, target, _| engine.callee(site, target) == Some(node)) {
            self.excuse(task);
        }
    }

    /// The tasks that carry out posts in logs of this kind, by site, target and owner, and these posts.
    fn kept_posts(&self, is_meant: impl Fn(&Self, u32, u32, u32) -> bool) -> Vec<(u32, u32)> {
        let post = |(task, _)| {
            let post = self.kept_post(task)?;
            let FrameKind::Post { site, target, owner, .. } = self.tasks.frames[post].kind else { return None };
            is_meant(self, site, target, owner).then_some((task, post))
        };
        self.tasks.live().filter_map(post).collect()
    }

    /// The copy that is up and lacks the fewest committed writes becomes primary, the first of several; if nobody can,
    /// the first one that is up again.
    fn promote(&mut self, at: u32) {
        let shard = &self.failovers.shards[at as usize];
        let (store, number) = (&self.stores[shard.store as usize], shard.number);
        let in_sync = shard.spec.in_sync;
        let up = (0..shard.copies.len() as u32).filter(|&copy| !self.nodes.is_down(shard.copies[copy as usize].node));
        let candidates =
            up.map(|copy| (store.missed(number, copy), copy)).filter(|&(missed, _)| !in_sync || missed == 0);
        match candidates.min() {
            Some((_, copy)) => self.install(at, copy),
            None => self.failovers.shards[at as usize].vacant = true,
        }
    }

    /// A copy is the primary from now on. It has what was on its way to it; whatever else it lacks is lost, and sent to
    /// nobody. What it has is in its log.
    fn install(&mut self, at: u32, copy: u32) {
        let shard = &mut self.failovers.shards[at as usize];
        let (store, number) = (shard.store as usize, shard.number);
        let [old, new] = [shard.primary, copy].map(|copy| shard.copies[copy as usize].node);
        shard.primary = copy;
        let posts = self.kept_posts(|_, _, _, owner| owner == old);
        for &(task, post) in &posts {
            let version = self.tasks.tasks[task].ticket;
            if self.tasks.tasks[task].frame != post && self.goes_to(post) == Some(new) {
                let key = super::copies::key(&self.tasks.tasks[task].client);
                self.stores[store].apply((number, key), copy, version);
            }
        }
        self.stores[store].install(number, copy, self.now);
        for (task, post) in posts {
            let key = super::copies::key(&self.tasks.tasks[task].client);
            let version = self.tasks.tasks[task].ticket;
            if self.stores[store].has((number, key), copy, version) {
                self.hand_over(post, new);
            } else {
                self.forget(task, post);
            }
        }
        self.resend();
    }

    /// The node that a post goes to.
    fn goes_to(&self, post: u32) -> Option<u32> {
        let FrameKind::Post { site, target, .. } = self.tasks.frames[post].kind else { return None };
        self.callee(site, target)
    }

    /// A post is in the log of another node.
    fn hand_over(&mut self, post: u32, node: u32) {
        if let FrameKind::Post { owner, again, .. } = &mut self.tasks.frames[post].kind {
            (*owner, *again) = (node, true);
        }
    }

    /// A post is lost with its log: whoever waits for it fails.
    fn forget(&mut self, task: u32, post: u32) {
        self.take_back(task);
        self.unwind(task, post);
        self.tasks.pop(task);
        self.fail(task, Failure::Failed);
    }

    /// Readers choose copies that are not known to be down; where they leave the primary to writers, it is chosen only
    /// if nobody else is there.
    fn tell_readers(&mut self, at: u32) {
        let shard = &mut self.failovers.shards[at as usize];
        let Some(readers) = shard.spec.readers else { return };
        let primary = shard.primary as usize;
        let others = shard.copies.iter().enumerate().any(|(copy, state)| copy != primary && !state.out);
        let width = shard.copies.len() as u32;
        let absent = &mut self.balancers[readers as usize].absent;
        for (copy, state) in shard.copies.iter_mut().enumerate() {
            let hides = state.out || shard.spec.spares_primary && copy == primary && others;
            let target = shard.number * width + copy as u32;
            match (std::mem::replace(&mut state.hidden, hides), hides) {
                (false, true) => absent.take_out(target),
                (true, false) => absent.put_back(target),
                _ => {}
            }
        }
    }
}
