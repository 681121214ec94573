//! The list of reference models, and where each is held to what is known of it.

use std::collections::BTreeMap;

use crate::experiment::results::VerifiedCase;

/// The reference models: one or several cases are named after each, or tests hold to it what no scenario can.
#[rustfmt::skip]
pub const MODELS: &[&str] = &[
    "A001", "A002", "A003", "A004", "A005", "A006a", "A006b", "A007", "A008", "A009", "A010", "A011", "A012", "A013",
    "A014", "A015", "A016", "A017", "A018", "A019", "A020", "A021", "A022", "A023", "A024", "A025", "A026", "A027",
    "A028", "A029", "A030", "A031", "A032", "A033", "A040", "A041", "A042", "A044", "A045", "A046", "A047", "A048",
    "A049a", "A049b", "A050", "A051", "A052", "A053", "A054", "A060", "A061", "A062", "A063", "A064", "A065", "A066",
    "A067", "A068", "A069", "A070", "A071", "A071b", "A072a", "A072b", "A073", "A074", "A074b", "A075", "A076",
    "A077", "A078", "A079", "A080", "A081", "A082", "A083a", "A083b", "A084", "A085", "A086", "A087", "A088", "A089",
    "A090", "A091", "A092", "A093", "A094", "A095", "A096", "A096b", "A097", "A098", "A099", "A100", "A101", "A102",
    "A103", "A104", "A110", "A111", "A112", "A113", "A114", "A114b", "A115", "A116", "A117", "A118", "A119", "A120",
    "A121", "A122", "A123", "A124", "A125", "A126a", "A126b", "A127", "A130", "A131", "A132", "A133", "A134", "A140",
    "A141", "A142a", "A142b", "A143", "A144", "A145", "A146", "A147", "A150", "A151", "A152", "A160", "A161",
];

/// A model that no case of the suite is about.
#[derive(Debug, Clone, Copy)]
pub struct Elsewhere {
    /// Its name in [`MODELS`].
    pub model: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Files and the tests in them that hold the program to what is known of it; none if there is no such test.
    pub tests: &'static [(&'static str, &'static str)],
    /// Why there is no case.
    pub why: &'static str,
}

const A_FORMULA: &str = "a formula, of which `knee law` and searches make use; nothing is simulated";

/// Where the models are that no case of the suite is about.
pub const ELSEWHERE: &[Elsewhere] = &[
    Elsewhere {
        model: "A068",
        title: "Smooth weighted round robin",
        tests: &[("src/policy/balance/weighted.rs", "five_one_one_is_a_a_b_a_c_a_a_as_in_nginx")],
        why: "a sequence of choices, not a number",
    },
    Elsewhere {
        model: "A069",
        title: "Imbalance and moved keys of consistent hashing",
        tests: &[
            ("tests/laws_known/sharding.rs", "consistent_hashing"),
            ("src/policy/partition/consistent_hash.rs", "the_imbalance_of_ten_targets_is_that_of_random_points"),
            ("src/policy/partition/consistent_hash.rs", "one_more_target_moves_its_own_share_and_nothing_else"),
        ],
        why: "an average over rings; a scenario has one",
    },
    Elsewhere {
        model: "A084",
        title: "Eviction on a trace of block requests",
        tests: &[],
        why: "the trace may not be published; A083 and generated traces are in its place. Run by hand, all 24 counts of misses \
              of LRU, FIFO, clock, SIEVE, S3-FIFO and ARC were exact",
    },
    Elsewhere {
        model: "A087",
        title: "Average access time with the latency numbers every programmer should know",
        tests: &[("tests/laws_known/hardware.rs", "memory_hierarchy")],
        why: "three accesses in 10⁸ reach the disk, and make up the variance; A086 simulates such a hierarchy",
    },
    Elsewhere {
        model: "A096",
        title: "Amdahl and Gustafson, 5 % serial",
        tests: &[("tests/laws_known/speedup.rs", "amdahl_of_twenty_hours")],
        why: A_FORMULA,
    },
    Elsewhere {
        model: "A096b",
        title: "Amdahl and Gustafson, half serial",
        tests: &[("tests/laws_known/speedup.rs", "amdahl_of_one_half")],
        why: A_FORMULA,
    },
    Elsewhere {
        model: "A097",
        title: "Universal Scalability Law fitted to SPEC SDM91",
        tests: &[("tests/laws_known/speedup.rs", "usl_of_sdm91")],
        why: "a fit to printed measurements; nothing is simulated",
    },
    Elsewhere {
        model: "A103",
        title: "Conflicts of transactions on random records",
        tests: &[("tests/laws_known/transactions.rs", "random_records")],
        why: A_FORMULA,
    },
    Elsewhere {
        model: "A111",
        title: "Mean time to data loss of mirrors and RAID",
        tests: &[("tests/laws_known/reliability.rs", "data_loss"), ("tests/laws_known/hardware.rs", "data_loss")],
        why: A_FORMULA,
    },
    Elsewhere {
        model: "A119",
        title: "Failures in a fleet",
        tests: &[("tests/laws_known/reliability.rs", "a_fleet")],
        why: A_FORMULA,
    },
    Elsewhere {
        model: "A130",
        title: "Square-root staffing",
        tests: &[("tests/laws_known/scaling.rs", "staffing")],
        why: A_FORMULA,
    },
    Elsewhere {
        model: "A150",
        title: "Operational laws at every station",
        tests: &[("tests/properties.rs", "laws_hold_and_nobody_is_lost")],
        why: "it holds in every run of every scenario, so of random ones",
    },
    Elsewhere {
        model: "A151",
        title: "The same bytes from the same seed",
        tests: &[
            ("tests/semantics/randomness.rs", "s70_threads_change_no_byte"),
            ("tests/semantics/randomness.rs", "s70_another_seed_is_another_run"),
            ("tests/properties.rs", "nothing_else_changes_a_byte"),
        ],
        why: "about outputs as a whole, not a number in them",
    },
    Elsewhere {
        model: "A152",
        title: "Moments and quantiles of samples",
        tests: &[
            ("tests/laws_known/samplers.rs", "moments_and_quantiles"),
            ("tests/laws_known/samplers.rs", "samples"),
        ],
        why: "about distributions alone; no queue is needed",
    },
];

/// A kind of tests beside the suite.
#[derive(Debug, Clone, Copy)]
pub struct Evidence {
    /// What they say.
    pub what: &'static str,
    /// Where they are: files and folders.
    pub at: &'static [&'static str],
    /// There are at least so many.
    pub tests: usize,
}

/// So many faults were put in on purpose, to see that tests catch them.
pub const FAULTS: usize = 34;

/// The other tests on which trust may rest. A test holds this to what there is.
pub const EVIDENCE: &[Evidence] = &[
    Evidence {
        what: "promises of the [semantics](semantics.md), each with its number, in runs small enough to follow by hand",
        at: &["tests/semantics"],
        tests: 380,
    },
    Evidence {
        what: "properties of random scenarios from the whole language: what comes in goes out, the operational laws hold, nothing depends on \
               threads, on strangers, on names or on the scale of time, and more servers are never \
               worse where theory says so",
        at: &["tests/properties.rs", "tests/properties"],
        tests: 21,
    },
    Evidence {
        what: "more than 6,000 inputs that mutations guided by coverage found to reach new code, in an hour and some 190,000 \
               tries of scenarios, overrides, data, logs and kept points: nothing panics, hangs or fills the memory any more",
        at: &["tests/corpus.rs"],
        tests: 7,
    },
    Evidence {
        what: "some 170 real troubles: signals, `kill -9` at random moments, full and read-only disks, closed pipes, terminals that \
               vanish, limits that are reached, in every command",
        at: &["tests/interruption"],
        tests: 49,
    },
    Evidence {
        what: "a system of 1,000 services with 100,000 replicas: 50,000 requests, and ten million (547 MB) where that is asked for",
        at: &["tests/huge.rs"],
        tests: 3,
    },
    Evidence {
        what: "formulas against numbers computed by other programs, or printed, to nine digits",
        at: &["tests/laws_known"],
        tests: 100,
    },
    Evidence {
        what: "conclusions: what an experiment is known to teach is what it says here",
        at: &["tests/conclusions"],
        tests: 50,
    },
];

/// The model that a case is about: the one after which it is named.
pub fn model_of(case: &str) -> Option<&'static str> {
    MODELS.iter().copied().filter(|model| case.starts_with(model)).max_by_key(|model| model.len())
}

/// The cases of each model that has any.
pub fn by_model(cases: &[VerifiedCase]) -> BTreeMap<&'static str, Vec<&VerifiedCase>> {
    let mut models = BTreeMap::new();
    for case in cases {
        if let Some(model) = model_of(&case.name) {
            models.entry(model).or_insert_with(Vec::new).push(case);
        }
    }
    models
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::verify::suite;

    #[test]
    fn every_case_is_named_after_its_model() {
        assert_eq!(model_of("A007a-erlang-b-constant"), Some("A007"));
        assert_eq!(model_of("A071b-fan-out-10"), Some("A071b"));
        assert_eq!(model_of("B001-mm1"), None);
    }

    #[test]
    fn every_model_is_in_the_suite_or_elsewhere_and_none_in_both() {
        let suite = suite().unwrap();
        for model in MODELS {
            let in_suite = suite.iter().any(|case| model_of(&case.name) == Some(model));
            let elsewhere = ELSEWHERE.iter().filter(|one| one.model == *model).count();
            assert_eq!(usize::from(in_suite) + elsewhere, 1, "{model}");
        }
        assert!(ELSEWHERE.iter().all(|one| MODELS.contains(&one.model)));
    }
}
