//! The files that a scenario refers to; whoever reads them hands their text to the model.

use super::{Arrivals, Backoff, CallStep, Distribution, Keys, Retry, Scenario, Service, Step, Workload};
use crate::syntax::{At, FilePath};

impl Scenario {
    /// Every file that the scenario names, each once, in the order of their names, with the first
    /// place that names it.
    pub fn files(&self) -> Vec<At<FilePath>> {
        let mut files = Vec::new();
        self.workload.iter().for_each(|(_, workload)| workload.value.add_files(&mut files));
        self.service.iter().for_each(|(_, service)| service.value.add_files(&mut files));
        self.distributions().for_each(|distribution| distribution.add_files(&mut files));
        files.sort_by(|a, b| (&a.value, a.span).cmp(&(&b.value, b.span)));
        files.dedup_by(|later, first| later.value == first.value);
        files
    }

    /// Those of stations, balancers and queues.
    fn distributions(&self) -> impl Iterator<Item = &Distribution> {
        let stations = self.station.iter().flat_map(|(_, one)| [&one.value.service_time, &one.value.patience]);
        let balancers = self.balancer.iter().map(|(_, one)| &one.value.service_time);
        let queues = self.queue.iter().map(|(_, one)| &one.value.acknowledge);
        stations.chain(balancers).chain(queues).flatten().map(|at| &at.value)
    }
}

impl Workload {
    fn add_files(&self, files: &mut Vec<At<FilePath>>) {
        files.extend(self.trace.clone());
        match self.arrivals.as_ref().map(|arrivals| &arrivals.value) {
            Some(Arrivals::Trace(file)) => files.push(file.clone()),
            Some(Arrivals::Renewal(interval)) => interval.add_files(files),
            _ => {}
        }
        if let Some(Keys::Trace(file)) = self.keys.as_ref().map(|keys| &keys.value) {
            files.push(file.clone());
        }
        self.think_time.iter().for_each(|time| time.add_files(files));
        self.retry.iter().for_each(|retry| retry.add_files(files));
    }
}

impl Service {
    fn add_files(&self, files: &mut Vec<At<FilePath>>) {
        self.steps.iter().for_each(|steps| add_steps(steps, files));
        self.operation.iter().for_each(|(_, operation)| add_steps(&operation.value.steps, files));
    }
}

impl Retry {
    fn add_files(&self, files: &mut Vec<At<FilePath>>) {
        if let Some(Backoff::Delay(delay)) = &self.backoff {
            delay.add_files(files);
        }
    }
}

impl Distribution {
    fn add_files(&self, files: &mut Vec<At<FilePath>>) {
        match self {
            Distribution::Law(_) => {}
            Distribution::Empirical(file) => files.push(file.clone()),
            Distribution::Mixture(arms) => arms.iter().for_each(|(_, arm)| arm.add_files(files)),
        }
    }
}

fn add_steps(steps: &[At<Step>], files: &mut Vec<At<FilePath>>) {
    for step in steps {
        match &step.value {
            Step::Cpu(time) | Step::Wait(time) => time.add_files(files),
            Step::Visit(visit) => visit.0.service_time.iter().for_each(|time| time.add_files(files)),
            Step::Call(CallStep(call)) => call.retry.iter().for_each(|retry| retry.add_files(files)),
            Step::Parallel(parallel) => parallel.0.arms.iter().for_each(|arm| add_steps(arm, files)),
            Step::Choose(arms) => arms.iter().for_each(|(_, arm)| add_steps(arm, files)),
            Step::Repeat(repeat) => add_steps(&repeat.steps, files),
            Step::Hold(hold) => add_steps(&hold.steps, files),
            Step::Publish(_) | Step::Fail(_) => {}
        }
    }
}
