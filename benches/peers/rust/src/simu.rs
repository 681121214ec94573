//! simu-des: processes as futures and resources to queue for, after SimPy. Random numbers are the environment's.

use std::cell::Cell;
use std::rc::Rc;

use simu::rng::{SplitMix64, sample};
use simu::{EnvHandle, Resource, SimEnv};

use crate::setup::{Setup, shorter_of_two};

pub fn run(setup: &Setup) -> f64 {
    let mut env = SimEnv::with_source(SplitMix64::new(setup.seed));
    let desks: Vec<Resource> = (0..setup.stations).map(|_| Resource::new(setup.servers)).collect();
    let sum = Rc::new(Cell::new(0.0));
    env.spawn(arrivals(env.handle(), desks, *setup, Rc::clone(&sum)));
    env.run();
    sum.get() / setup.customers as f64
}

async fn arrivals(env: EnvHandle, desks: Vec<Resource>, setup: Setup, sum: Rc<Cell<f64>>) {
    for _ in 0..setup.customers {
        let gap = sample::exponential(&mut env.rng(), 1.0 / setup.rate);
        env.timeout(gap).await;
        let draw = |below: usize| (sample::uniform01(&mut env.rng()) * below as f64) as usize;
        let load = |at: usize| desks[at].in_use() + desks[at].queue_len();
        let desk = desks[shorter_of_two(desks.len(), draw, load)].clone();
        env.spawn(customer(env.clone(), desk, Rc::clone(&sum)));
    }
}

async fn customer(env: EnvHandle, desk: Resource, sum: Rc<Cell<f64>>) {
    let arrived = env.now();
    let server = desk.request().await;
    let service = sample::exponential(&mut env.rng(), 1.0);
    env.timeout(service).await;
    drop(server);
    sum.set(sum.get() + env.now() - arrived);
}
