//! Stations of random scenarios, and what changes in size.

use crate::generate::Writer;

impl Writer<'_> {
    pub(crate) fn station(&mut self, index: usize) -> String {
        let weighted = self.choices.one_in(8) && !self.wanted.varied;
        let discipline = if weighted { "\"weighted-processor-sharing\"".to_string() } else { self.discipline() };
        let mut servers = ["1", "2", "3", "\"infinite\""][if weighted { 0 } else { self.choices.below(4) }];
        // Where one of several servers is taken away from somebody, a rounding grows with each time that it is.
        let interrupts = ["preemptive", "remaining", "round-robin"].iter().any(|word| discipline.contains(word));
        if self.wanted.varied && interrupts && servers != "\"infinite\"" {
            servers = "1";
        }
        let mut text = format!(
            "[station.s{index}]\nservice-time = {}\nservers = {servers}\ndiscipline = {discipline}\n",
            self.law()
        );
        text += &self.maybe(4, |it| {
            // Where only one keeps others where they are, nobody waits in a circle.
            let blocks = if index == 0 && !it.wanted.drains && it.choices.one_in(2) {
                "\nwhen-full = \"block-upstream\""
            } else {
                ""
            };
            format!("capacity = {}{blocks}", 4 + it.choices.below(6))
        });
        let special = self.special(servers, &discipline);
        text += &special;
        let patience = self.maybe(4, |it| format!("patience = {}", it.law()));
        text += &patience;
        text += &self.admission();
        let in_order =
            ["fifo", "lifo", "random", "shortest-job", "\"priority"].iter().any(|word| discipline.contains(word));
        let lines = servers != "\"infinite\"" && in_order && !discipline.contains("preemptive");
        if lines && patience.is_empty() && !special.contains("batch") && !text.contains("when-full") {
            text += &self.shedding();
        }
        if servers != "\"infinite\"" && special.trim().is_empty() && !text.contains("weighted") && self.is_scaled() {
            return text + &self.scaled_servers(index);
        }
        if self.is_scaled() {
            text += &self.replicas();
            let busy = (servers != "\"infinite\"").then_some("utilization");
            return text + &self.scaled(&format!("station.s{index}"), busy);
        }
        text += &self.maybe(4, |it| format!("initial = {}", it.choices.below(5)));
        text + &self.replicas()
    }

    /// Whether something changes in size. Decisions depend on thresholds, and roundings pass them.
    pub(crate) fn is_scaled(&mut self) -> bool {
        !self.wanted.varied && self.choices.one_in(4)
    }

    /// An event, an autoscaler or both, for something with at most four replicas; `busy` is what its busy servers are called.
    pub(crate) fn scaled(&mut self, name: &str, busy: Option<&str>) -> String {
        let short = name.split('.').next_back().unwrap_or(name);
        // Events of one instant happen in the order of the file: of two components, none do.
        let own = short.bytes().map(usize::from).sum::<usize>() % 97;
        let at = self.units.milliseconds(100 * (1 + self.choices.below(10)) + own);
        let length = self.maybe(2, |it| format!("for = {}", it.units.milliseconds(300)));
        let event = format!("[[event]]\nat = {at}\n{length}scale = {{ {short} = {} }}\n", 1 + self.choices.below(5));
        let (every, boot) = (self.units.milliseconds(50), self.law());
        let least = self.maybe(3, |it| format!("min = 1\ntolerance = {}", ["0.0", "0.3"][it.choices.below(2)]));
        let metric = match self.choices.below(7) {
            4 if busy.is_some() => {
                format!("metric = \"{}\"\ntarget = 0.6\nevery = {every}\n", busy.unwrap_or_default())
            }
            5 => {
                let rate = self.units.rate(10);
                format!("metric = {{ arrival-rate = {{ per-replica = {rate} }} }}\nevery = {every}\n")
            }
            6 => format!(
                "metric = \"concurrency\"\ntarget = 2\nevery = {every}\ncool-down = {{ out = {every}, in = {at} }}\n"
            ),
            0 => format!("schedule = [[{at}, 3]]\n"),
            1 => format!("metric = \"queue-length\"\ntarget = 1\nevery = {every}\n"),
            2 => format!("metric = \"concurrency\"\nstep = [[0.5, -1], [2, 2]]\nevery = {every}\n"),
            _ => format!("metric = \"concurrency\"\ntarget = 1.5\nevery = {every}\ncool-down = {at}\n"),
        };
        let of =
            if metric.contains("schedule") { String::new() } else { self.maybe(3, |_| "of = \"replicas\"".into()) };
        let scale = format!("[{name}.autoscale]\nmax = 5\nboot = {boot}\n{least}{of}{metric}");
        match self.choices.below(3) {
            0 => event,
            1 => scale,
            _ => scale + &event,
        }
    }

    /// Servers of one station that come and go.
    fn scaled_servers(&mut self, index: usize) -> String {
        let (every, boot) = (self.units.milliseconds(50), self.law());
        format!(
            "[station.s{index}.autoscale]\nof = \"servers\"\nmax = 5\nboot = {boot}\nmetric = \"utilization\"\n\
             target = 0.6\nevery = {every}\n"
        )
    }

    /// Servers that are not always there, or serve many, or more slowly the more are there.
    fn special(&mut self, servers: &str, discipline: &str) -> String {
        // Long runs have few absences.
        let every = self.units.milliseconds(if self.wanted.drains { 5_000 } else { 200 });
        let single = servers != "\"infinite\"";
        let in_order = ["\"fifo\"", "\"lifo\"", "\"random\""].contains(&discipline);
        let mut text =
            self.maybe(6, |it| format!("pauses = {{ every = {{ exponential = {every} }}, for = {} }}", it.law()));
        text += &self.maybe(6, |it| match servers {
            "1" if it.choices.one_in(2) => {
                format!("fails = {{ every = {{ exponential = {every} }}, repair = {}, only = \"busy\" }}", it.law())
            }
            _ if single => {
                let crash = it.choices.one_in(2);
                format!("fails = {{ every = {{ exponential = {every} }}, repair = {}, crash = {crash} }}", it.law())
            }
            _ => String::new(),
        });
        text += &self.maybe(5, |it| match it.choices.below(3) {
            _ if !single => String::new(),
            0 => format!("vacation = {{ exponential = {every} }}"),
            1 => format!("set-up = {}", it.law()),
            _ => format!("set-up = {}\nkeep-alive = {}", it.law(), it.units.milliseconds(40)),
        });
        text += &self.maybe(5, |it| match discipline {
            _ if in_order => format!("batch = {{ max = {} }}", 1 + it.choices.below(4)),
            // A crowd would hardly ever be served.
            "\"processor-sharing\"" if it.wanted.drains => "slowdown = { contention = 0.01 }".to_string(),
            "\"processor-sharing\"" => "slowdown = { contention = 0.1, coherency = 0.01 }".to_string(),
            _ => String::new(),
        });
        text
    }
}
