//! Fuzzes what reads the bytes of users: `TARGET=scenario fuzz CORPUS`, as `.ci/fuzz` does.

#![no_main]

#[path = "../tests/corpus/mod.rs"]
mod corpus;
mod splice;

use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static TARGET: LazyLock<fn(&[u8]) -> bool> = LazyLock::new(|| {
    let wanted = std::env::var("TARGET").unwrap_or_default();
    let known = corpus::TARGETS.map(|target| target.0).join(", ");
    let found = corpus::TARGETS.into_iter().find(|target| target.0 == wanted);
    found.unwrap_or_else(|| panic!("TARGET is one of {known}")).1
});

fuzz_target!(|bytes: &[u8]| {
    TARGET(bytes);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    splice::mutate(data, size, max_size, seed)
});
