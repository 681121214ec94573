//! Three tiers: a balancer, application servers with threads and cores, and a database behind a cache.

use super::lru::Lru;
use super::slab::Slab;
use super::{ARRIVAL, Agenda, Answer, DELAY, DEPARTURE, Dice, Event, Heap, Model, Servers, exponential, ticks};
use knee::distribution::{Law, Zipf};

/// The cache begins empty.
pub(crate) struct Tiers {
    pub(crate) customers: u32,
    keys: Zipf,
}

/// Customers a second.
const RATE: f64 = 2000.0;
const REPLICAS: u32 = 4;
const THREADS: u32 = 8;
const APP_CORES: u32 = 2;
/// Milliseconds, as all times here.
const APP_TIME: f64 = 3.0;
const KEYS: u32 = 100_000;
const EXPONENT: f64 = 0.9;
const ENTRIES: u32 = 10_000;
const LOOKUP: f64 = 0.2;
const CONNECTIONS: u32 = 12;
const DATABASE_CORES: u32 = 8;
const DATABASE_TIME: f64 = 4.0;

/// Work at the database is done.
const READ: u32 = 3;

impl Tiers {
    pub(crate) fn new(customers: u32) -> Tiers {
        Tiers { customers, keys: Zipf::new(KEYS.into(), EXPONENT).expect("a popularity") }
    }

    fn seconds(&self) -> f64 {
        f64::from(self.customers) / RATE
    }
}

impl Model for Tiers {
    fn scenario(&self) -> String {
        format!(
            "[workload.customers]\nto = \"edge\"\narrivals = {{ poisson = \"{RATE}/s\" }}\n\
             keys = {{ zipf = {{ count = {KEYS}, exponent = {EXPONENT} }} }}\n\
             [balancer.edge]\nto = [\"app\"]\npolicy = \"least-outstanding\"\n\
             [machine.app-node]\ncores = {APP_CORES}\n\
             [machine.db-node]\ncores = {DATABASE_CORES}\n\
             [service.app]\nmachine = \"app-node\"\nreplicas = {REPLICAS}\nthreads = {THREADS}\nsteps = [\n\
             {{ cpu = {{ exponential = \"{APP_TIME}ms\" }} }},\n\
             {{ look-aside = {{ cache = \"objects\", miss = [{{ call = \"orders.read\" }}] }} }},\n]\n\
             [cache.objects]\ncapacity = {ENTRIES}\neviction = \"lru\"\nlookup = \"{LOOKUP}ms\"\n\
             [database.orders]\nmachine = \"db-node\"\nconnections = {CONNECTIONS}\n\
             read = [{{ cpu = {{ exponential = \"{DATABASE_TIME}ms\" }} }}]\n\
             [run]\nduration = \"{}s\"\nwarm-up = \"0s\"\n",
            self.seconds()
        )
    }

    fn by_hand<H: Heap>(&self, seed: u64) -> Answer {
        let gaps = exponential(1.0 / RATE);
        let mut run = Run::<H>::new(self, seed);
        run.agenda.push(run.dice.draw(&gaps), ARRIVAL, 0);
        while let Some(event) = run.agenda.pop() {
            if event.kind == ARRIVAL {
                run.agenda.push(event.time + run.dice.draw(&gaps), ARRIVAL, 0);
                let key = self.keys.sample(&mut run.dice.0) as u32;
                run.arrive(event.time, key);
            } else {
                run.resume(&event);
            }
        }
        run.answer
    }
}

struct Request {
    arrived: u64,
    key: u32,
    replica: u32,
}

struct Replica {
    threads: Servers,
    cores: Servers,
    /// Sent here and not answered.
    outstanding: u32,
}

struct Run<H> {
    agenda: Agenda<H>,
    dice: Dice,
    app_times: Law,
    database_times: Law,
    lookup: u64,
    requests: Slab<Request>,
    replicas: Vec<Replica>,
    cache: Lru,
    connections: Servers,
    database: Servers,
    answer: Answer,
}

impl<H: Heap> Run<H> {
    fn new(model: &Tiers, seed: u64) -> Run<H> {
        let replica = |_| Replica { threads: Servers::new(THREADS), cores: Servers::new(APP_CORES), outstanding: 0 };
        Run {
            agenda: Agenda::until(model.seconds()),
            dice: Dice::new(seed),
            app_times: exponential(APP_TIME / 1e3),
            database_times: exponential(DATABASE_TIME / 1e3),
            lookup: ticks(LOOKUP / 1e3),
            requests: Slab::new(),
            replicas: (0..REPLICAS).map(replica).collect(),
            cache: Lru::new(KEYS, ENTRIES),
            connections: Servers::new(CONNECTIONS),
            database: Servers::new(DATABASE_CORES),
            answer: Answer::default(),
        }
    }

    fn arrive(&mut self, now: u64, key: u32) {
        self.answer.offered += 1;
        let replica = self.least_outstanding();
        let slot = self.requests.put(Request { arrived: now, key, replica });
        let at = &mut self.replicas[replica as usize];
        at.outstanding += 1;
        if at.threads.enter(slot) {
            self.compute(now, slot);
        }
    }

    /// Ties at random, in one pass (reservoir sampling).
    fn least_outstanding(&mut self) -> u32 {
        let (mut best, mut ties) = (0, 1);
        for index in 1..REPLICAS {
            let [load, least] = [index, best].map(|replica| self.replicas[replica as usize].outstanding);
            if load < least {
                (best, ties) = (index, 1);
            } else if load == least {
                ties += 1;
                if self.dice.below(ties) == 0 {
                    best = index;
                }
            }
        }
        best
    }

    fn resume(&mut self, event: &Event) {
        let (now, slot) = (event.time, event.slot);
        match event.kind {
            DEPARTURE => {
                self.agenda.push(now + self.lookup, DELAY, slot);
                let replica = self.requests[slot].replica;
                if let Some(next) = self.replicas[replica as usize].cores.leave() {
                    self.agenda.push(now + self.dice.draw(&self.app_times), DEPARTURE, next);
                }
            }
            DELAY if self.cache.look_up(self.requests[slot].key) => self.answer(now, slot),
            DELAY if self.connections.enter(slot) => self.read(now, slot),
            DELAY => {}
            _ => self.fill(now, slot),
        }
    }

    fn compute(&mut self, now: u64, slot: u32) {
        let replica = self.requests[slot].replica;
        if self.replicas[replica as usize].cores.enter(slot) {
            self.agenda.push(now + self.dice.draw(&self.app_times), DEPARTURE, slot);
        }
    }

    fn read(&mut self, now: u64, slot: u32) {
        if self.database.enter(slot) {
            self.agenda.push(now + self.dice.draw(&self.database_times), READ, slot);
        }
    }

    fn fill(&mut self, now: u64, slot: u32) {
        if let Some(next) = self.database.leave() {
            self.agenda.push(now + self.dice.draw(&self.database_times), READ, next);
        }
        if let Some(next) = self.connections.leave() {
            self.read(now, next);
        }
        self.cache.put(self.requests[slot].key);
        self.answer(now, slot);
    }

    fn answer(&mut self, now: u64, slot: u32) {
        let Request { arrived, replica, .. } = self.requests[slot];
        self.answer.count(now - arrived);
        self.requests.free(slot);
        let at = &mut self.replicas[replica as usize];
        at.outstanding -= 1;
        if let Some(next) = at.threads.leave() {
            self.compute(now, next);
        }
    }
}
