//! Random scenarios from the whole language, as lists of tables.
//!
//! Decisions are read from bytes, and are the simplest where bytes run out: so proptest, which
//! shortens the bytes of a failure, simplifies its scenario.

use crate::details;
use crate::places;
use crate::steps::Place;
use crate::stores;
use crate::words::{self, Choices, Units};

/// What kind of scenario is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Wanted {
    /// All durations are this many times as long.
    pub(crate) scale: u64,
    /// No constant durations.
    pub(crate) varied: bool,
    /// Arrivals stop after a while, and everything that was begun is done by the end.
    pub(crate) drains: bool,
}

impl Wanted {
    pub(crate) const ANY: Wanted = Wanted { scale: 1, varied: false, drains: false };
    pub(crate) const DRAINS: Wanted = Wanted { scale: 1, varied: false, drains: true };
}

/// A random scenario. `[run]` comes first.
pub(crate) fn scenario(bytes: &[u8], wanted: Wanted) -> Vec<String> {
    let mut choices = Choices::new(bytes);
    let (stations, services) = (1 + choices.below(3), choices.below(4));
    let stores = choices.one_in(2);
    let units = Units { scale: wanted.scale, varied: wanted.varied };
    let mut writer = Writer { choices, units, wanted, stations, services, stores, operations: Vec::new() };
    writer.operations = (0..services).map(|_| writer.choices.one_in(3)).collect();
    writer.tables()
}

/// Service `i` calls only those after it and holds only its own lock and pool, in this order: so
/// nobody waits in a circle.
pub(crate) struct Writer<'a> {
    pub(crate) choices: Choices<'a>,
    pub(crate) units: Units,
    pub(crate) wanted: Wanted,
    stations: usize,
    pub(crate) services: usize,
    /// Whether there are a database and caches in front of it.
    pub(crate) stores: bool,
    /// Whether each service has operations.
    operations: Vec<bool>,
}

impl Writer<'_> {
    fn tables(&mut self) -> Vec<String> {
        let mut tables = vec![self.run(), self.machine()];
        tables.push("[host.rack]\nmachine = \"box\"\n".to_string());
        tables.extend((0..self.stations).map(|index| self.station(index)));
        for index in 0..self.services {
            tables.extend(self.service(index));
        }
        tables.push(self.balancer());
        if self.stores {
            stores::tables(self, &mut tables);
        }
        if self.services > 0 {
            let consumer = self.target_service(self.services - 1);
            let (acknowledge, keys) = (self.law(), self.queue());
            let consumer = self.consumers(&consumer);
            let dead = self.maybe(3, |_| "dead-letter-to = \"dead\"".to_string());
            let dead = if keys.contains("dead-letter-after") { dead } else { String::new() };
            tables.push(format!("[queue.letters]\nacknowledge = {acknowledge}\n{consumer}{dead}{keys}"));
            if !dead.is_empty() {
                tables.push("[queue.dead]\nconsumer = \"clerk\"\n[service.clerk]\nsteps = []\n".to_string());
            }
        }
        tables.extend((0..1 + self.choices.below(3)).map(|index| self.workload(index)));
        tables.iter_mut().for_each(|table| details::add(self, table));
        tables.extend(places::tables(self));
        tables.push(details::watched(self, &tables));
        let replays = |table: &String| table.starts_with("[workload.") && table.contains("\ntrace =");
        if self.wanted.drains && tables.iter().any(replays) && self.choices.one_in(2) {
            tables[0] = tables[0].replace("duration = \"4000000ms\"", "duration = \"until-empty\"");
        }
        tables
    }

    fn run(&mut self) -> String {
        // Roundings add up: a long run would end with another order of events.
        let (duration, warm_up) = match self.wanted {
            Wanted { drains: true, .. } => (4_000_000, 0),
            Wanted { varied: true, .. } => (1_000, 200),
            _ => (4_000, 500),
        };
        let (duration, warm_up) = (self.units.milliseconds(duration), self.units.milliseconds(warm_up));
        let more = details::run(self);
        format!("[run]\nduration = {duration}\nwarm-up = {warm_up}\nreplications = 2\n{more}")
    }

    fn machine(&mut self) -> String {
        let (disk, network) = (stores::disk(self), places::network(self));
        let every = self.units.milliseconds(if self.wanted.drains { 5_000 } else { 200 });
        let mut text =
            format!("[machine.box]\ncores = 2\nspeed = 2.0\nprice = 0.1\nmemory = \"1MiB\"\n{disk}{network}");
        text += &self.maybe(4, |it| format!("pauses = {{ every = {{ exponential = {every} }}, for = {} }}", it.law()));
        text +=
            &self.maybe(4, |it| format!("fails = {{ every = {{ exponential = {every} }}, repair = {} }}", it.law()));
        let discipline = if self.wanted.varied { "\"fifo\"".to_string() } else { self.discipline() };
        text + &format!("discipline = {discipline}\n")
    }

    pub(crate) fn law(&mut self) -> String {
        words::law(&mut self.choices, self.units)
    }

    pub(crate) fn maybe(&mut self, one_in: usize, text: impl FnOnce(&mut Self) -> String) -> String {
        if self.choices.one_in(one_in) { text(self) + "\n" } else { String::new() }
    }

    /// Who is let in. Limits that are learnt from times are left out where these are scaled: they are compared.
    pub(crate) fn admission(&mut self) -> String {
        let rate = format!("\"{}/s\"", 10.0 / self.units.scale as f64);
        self.maybe(6, |it| {
            let per = ["all", "workload", "key"][it.choices.below(3)];
            let (limit, target) = (1 + it.choices.below(5), it.units.milliseconds(30));
            let one = match it.choices.below(5) {
                0 => format!("{{ concurrency = {{ limit = {limit}, per = \"{per}\" }} }}"),
                1 => format!("{{ leaky-bucket = {{ rate = {rate}, queue = {limit}, per = \"{per}\" }} }}"),
                2 if !it.wanted.varied => {
                    let bounds = ["", ", min = 1, max = 9, increase = 2"][it.choices.below(2)];
                    format!("{{ aimd = {{ target = {target}, initial = {limit}, decrease = 0.5{bounds} }} }}")
                }
                3 if !it.wanted.varied => {
                    let more = ", min = 1, max = 9, tolerance = 2, smoothing = 0.5, queue = 2, window = 30";
                    format!("{{ gradient = {{ initial = {limit}{} }} }}", ["", more][it.choices.below(2)])
                }
                _ => format!("{{ token-bucket = {{ rate = {rate}, burst = {limit}, per = \"{per}\" }} }}"),
            };
            match it.choices.one_in(3) {
                true => format!("admit = [{one}, {{ concurrency = {{ limit = 6 }} }}]"),
                false => format!("admit = {one}"),
            }
        })
    }

    /// Who is taken out of a line.
    pub(crate) fn shedding(&mut self) -> String {
        self.maybe(5, |it| {
            let time = |ms| it.units.milliseconds(ms);
            match it.choices.below(3) {
                0 if !it.wanted.varied => {
                    format!("shed = {{ codel = {{ target = {}, interval = {} }} }}", time(5), time(40))
                }
                1 if !it.wanted.varied => {
                    format!("shed = {{ queue-timeout = {{ timeout = {}, overloaded = {} }} }}", time(50), time(5))
                }
                _ => {
                    "shed = { priority = { levels = [{ from = 2, queue = 0 }, { from = 1, queue = 2 }] } }".to_string()
                }
            }
        })
    }

    pub(crate) fn discipline(&mut self) -> String {
        words::discipline(&mut self.choices, self.units)
    }

    pub(crate) fn replicas(&mut self) -> String {
        self.maybe(3, |it| {
            let check = it.maybe(2, |it| format!("health-check = {{ every = {} }}", it.units.milliseconds(50)));
            format!("replicas = {}\nbalance = {}\n{check}", 1 + it.choices.below(4), it.choices.policy())
        })
    }

    fn service(&mut self, index: usize) -> Vec<String> {
        let machine = ["machine = \"box\"\n", "host = \"rack\"\n", ""][self.choices.below(3)];
        let mut text = format!("[service.a{index}]\n{machine}");
        if self.choices.one_in(2) {
            text += &format!("threads = {}\n", 1 + self.choices.below(4));
            text += &self.maybe(2, |it| format!("queue = {}", it.choices.below(6)));
            text += &self.shedding();
            text += &self.maybe(4, |it| {
                let words = ["\"lifo\"", "\"priority\"", "{ adaptive-lifo = { threshold = 2 } }"];
                format!("discipline = {}", words[it.choices.below(3)])
            });
        }
        text += &self.admission();
        text += &self.replicas();
        let place = Place { service: index, cpu: !machine.is_empty(), held: 0, depth: 0 };
        let lock = format!("[lock.l{index}]\nby = {}\n", ["\"all\"", "\"key\""][self.choices.below(2)]);
        let queue = self.maybe(3, |it| format!("queue = {}", it.choices.below(4))) + &self.shedding();
        let mut tables = vec![lock, format!("[pool.p{index}]\nsize = {}\n{queue}", 1 + self.choices.below(3))];
        if self.operations[index] {
            for name in ["read", "write"] {
                let threads = self.maybe(4, |it| {
                    let queue = it.maybe(2, |it| format!("queue = {}", it.choices.below(4)));
                    format!("threads = {}\n{queue}", 1 + it.choices.below(3))
                });
                let guards = self.admission() + &threads;
                tables.push(format!("[service.a{index}.operation.{name}]\n{guards}steps = {}\n", self.steps(place)));
            }
        } else if self.choices.one_in(6) {
            tables.push(self.route(index));
        } else {
            text += &format!("steps = {}\n", self.steps(place));
        }
        // Replicas of the last one may have partitions.
        if index + 1 < self.services && self.is_scaled() {
            let busy = machine.starts_with("machine").then_some("cpu");
            text += &self.scaled(&format!("service.a{index}"), busy);
        }
        tables.push(text);
        tables
    }

    /// From station to station by chance, instead of steps.
    fn route(&mut self, index: usize) -> String {
        let station = |it: &mut Self| it.target_station();
        let (first, last) = (station(self), station(self));
        let onwards = if first == last { String::new() } else { format!("{last} = {{ {first} = 0.25 }}\n") };
        format!("[service.a{index}.route]\nstart = {{ {first} = 1.0 }}\n{first} = {{ {last} = 0.5 }}\n{onwards}")
    }

    fn balancer(&mut self) -> String {
        let policy = self.balancer_policy();
        let service_time = self.maybe(3, |it| format!("service-time = {}", it.law()));
        let targets: Vec<String> = (0..self.stations).map(|index| format!("\"s{index}\"")).collect();
        format!("[balancer.edge]\nto = [{}]\npolicy = {policy}\n{service_time}{}", targets.join(", "), self.admission())
    }

    /// One that names its targets, or any.
    fn balancer_policy(&mut self) -> String {
        let weights: Vec<String> = (0..self.stations).map(|index| format!("s{index} = {}", index + 1)).collect();
        let word = match self.choices.below(6) {
            3 => "weighted",
            4 => "weighted-random",
            5 => return "\"nearest\"".to_string(),
            _ => return self.choices.policy().to_string(),
        };
        format!("{{ {word} = {{ {} }} }}", weights.join(", "))
    }

    /// Messages that come back for ever would make a run endless.
    fn queue(&mut self) -> String {
        let again = "dead-letter-after = 3\n";
        let time = self.units.milliseconds(20 + self.choices.below(50));
        match self.choices.below(8) {
            1 => "delivery = \"at-most-once\"\nbatch = { max = 3 }\n".to_string(),
            2 => format!("partitions = 3\n{again}"),
            3 => format!("partitions = {{ shares = [3, 1] }}\nbatch = {{ max = 2 }}\n{again}"),
            4 => format!("capacity = 2\nwhen-full = \"block\"\n{again}"),
            5 if !self.wanted.varied => format!("redeliver-after = {time}\ninbox = true\n{again}"),
            6 if !self.wanted.varied => {
                format!("outbox = {{ poll = {time}, crash-before-mark = 0.1 }}\nredeliver-after = {time}\n{again}")
            }
            7 if !self.wanted.varied => format!("batch = {{ max = 4, linger = {time} }}\ncapacity = 3\n{again}"),
            _ => again.to_string(),
        }
    }

    /// Who works on messages: one, or several who each get all of them.
    fn consumers(&mut self, consumer: &str) -> String {
        match self.choices.below(4) {
            3 => format!("consumers = [\"{consumer}\"]\n"),
            _ => format!("consumer = \"{consumer}\"\n"),
        }
    }

    pub(crate) fn target_station(&mut self) -> String {
        format!("s{}", self.choices.below(self.stations))
    }

    pub(crate) fn target_service(&mut self, index: usize) -> String {
        let operation = ["", ".read", ".write"][if self.operations[index] { 1 + self.choices.below(2) } else { 0 }];
        format!("a{index}{operation}")
    }

    fn workload(&mut self, index: usize) -> String {
        let mut text = format!("[workload.w{index}]\n{}", self.destination());
        text += &match self.choices.below(7) {
            6 if self.units.is_usual() => "trace = \"jobs.csv\"\n".to_string(),
            4 | 5 if !self.wanted.drains => self.users(),
            _ => self.arrivals(),
        };
        text += &self.maybe(2, |it| {
            const KEYS: [&str; 4] = [
                "{ uniform = 3 }",
                "{ zipf = { count = 10, exponent = 0.9 } }",
                "{ hot-set = { count = 20, hot = 0.2, share = 0.8 } }",
                "{ trace = \"keys.csv\" }",
            ];
            format!("keys = {}", KEYS[it.choices.below(4)])
        });
        text +=
            &self.maybe(3, |it| format!("priority = {}\nweight = {}", it.choices.below(3), 1 + it.choices.below(3)));
        let options = words::call_options(&mut self.choices, self.units);
        text + &options.join("\n") + "\n"
    }

    fn destination(&mut self) -> String {
        match self.choices.below(6) {
            0 => format!("to = \"{}\"\n", self.target_station()),
            4 if self.stores => format!("to = \"{}\"\n", stores::target(self)),
            5 if self.stores => {
                format!("to = \"{}\"\noperations = {{ read = 0.75, write = \"25%\" }}\n", stores::cache(self))
            }
            1 => "to = \"edge\"\n".to_string(),
            _ if self.services == 0 => format!("to = \"{}\"\n", self.target_station()),
            2 if self.operations[0] => "to = \"a0\"\noperations = { read = 0.75, write = \"25%\" }\n".to_string(),
            _ => {
                let index = self.choices.below(self.services);
                format!("to = \"{}\"\n", self.target_service(index))
            }
        }
    }

    fn users(&mut self) -> String {
        format!(
            "users = {}\nthink-time = {}\n",
            1 + self.choices.below(6),
            words::positive_law(&mut self.choices, self.units)
        )
    }

    fn arrivals(&mut self) -> String {
        let arrivals = words::arrivals(&mut self.choices, self.units);
        let end = self.units.milliseconds(2_000);
        if arrivals.contains("trace") {
            return arrivals;
        }
        match self.choices.below(5) {
            _ if self.wanted.drains => {
                format!("{arrivals}profile = {{ steps = [[\"0s\", 1.0], [{end}, 0.0]] }}\n")
            }
            0 => format!("{arrivals}profile = {{ steps = [[\"0s\", 0.5], [{end}, 2.0]] }}\n"),
            1 => format!("{arrivals}profile = {{ ramp = {{ from = 0.0, to = 2.0, over = {end} }} }}\n"),
            3 if self.units.is_usual() => {
                let hours = [(); 24].map(|()| (1 + self.choices.below(3)).to_string());
                format!("{arrivals}profile = {{ hours = [{}] }}\n", hours.join(", "))
            }
            2 => format!(
                "{arrivals}profile = {{ diurnal = {{ low = 0.2, peak = 2.0, period = {end}, phase = 0.25 }} }}\n"
            ),
            _ => arrivals,
        }
    }
}
