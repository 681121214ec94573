//! Reports: one HTML page each, which shows everything, needs nothing but itself, and can be kept, sent and printed.
//!
//! The pictures are those of [`plot`](crate::report::plot); on a page their lines tell their numbers and can be hidden.
//! Whatever came from a scenario is text: it is escaped, and nothing that a page contains is fetched from anywhere.

mod answers;
mod drawing;
mod markup;
mod numbers;
mod page;
mod run;
mod tables;

use crate::experiment::Explanation;
use crate::experiment::law::Answer;
use crate::experiment::results::{CapacityResults, CompareResults, OptimizeResults, Results, SweepResults};
use crate::measure::Findings;
use crate::report::toml::Names;
use crate::report::{About, terminal};

/// The page of a run.
pub fn run(results: &Results, about: &About) -> String {
    let printed = terminal::run(results, false);
    page::page(run::page(results, about, &printed), about, &printed)
}

/// The page of a sweep.
pub fn sweep(results: &SweepResults, about: &About) -> String {
    let printed = terminal::sweep(results, false);
    page::page(answers::sweep(results, about, &printed), about, &printed)
}

/// The page of a search for the capacity.
pub fn capacity(results: &CapacityResults, about: &About) -> String {
    let printed = terminal::capacity(results, false);
    page::page(answers::capacity(results, about, &printed), about, &printed)
}

/// The page of a comparison.
pub fn compare(results: &CompareResults, about: &About) -> String {
    let printed = terminal::compare(results, false);
    page::page(answers::compare(results, about, &printed), about, &printed)
}

/// The page of a search for the cheapest configuration.
pub fn optimize(results: &OptimizeResults, about: &About) -> String {
    let printed = terminal::optimize(results, false);
    page::page(answers::optimize(results, about, &printed), about, &printed)
}

/// The page of what is known without a run.
pub fn explanation(explanation: &Explanation, about: &About) -> String {
    let printed = terminal::explanation(explanation, false);
    page::page(answers::explanation(explanation, &printed), about, &printed)
}

/// The page of what a law answers.
pub fn law(answer: &Answer, about: &About) -> String {
    let printed = terminal::law(answer, false);
    page::page(answers::law(answer, &printed), about, &printed)
}

/// The page of what was found in a log, and of the scenario that it becomes, which names these files.
pub fn fit(findings: &Findings, names: &Names, about: &About) -> String {
    let printed = terminal::fit(findings, names, false);
    page::page(answers::fit(findings, &printed), about, &printed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::results::{Change, Difference, Estimate, Recovery, Step, SweepPoint};
    use crate::report::crowd::{in_windows, many};
    use crate::report::{ScenarioText, fixture};

    const HOSTILE: &str = "</title></pre></script><script>alert(\"'&1\")</script>";

    fn about() -> About {
        let text = format!("# Question: Is {HOSTILE} shown?\n# Yes.\n#\n# More.\ntitle = \"x\"\n");
        let scenarios = vec![ScenarioText { name: HOSTILE.into(), text }];
        About { command: format!("knee run {HOSTILE}"), scenarios, explanation: None }
    }

    fn pages() -> Vec<String> {
        let mut hostile = fixture::run();
        hostile.scenario.title = HOSTILE.into();
        vec![
            run(&hostile, &about()),
            sweep(&fixture::sweep(), &about()),
            sweep(&fixture::curves(), &about()),
            optimize(&fixture::optimize(), &about()),
        ]
    }

    /// The names of elements that begin and of those that end, outside of style and script.
    fn tags(page: &str) -> Vec<String> {
        let body = &page[page.find("</style>").expect("a style")..page.rfind("<script>").expect("a script")];
        let tags = body.split('<').skip(1).map(|rest| rest.split_once('>').expect("a whole tag").0);
        let tags = tags.filter(|tag| !tag.ends_with('/')).map(|tag| tag.split([' ', '\n']).next().unwrap_or_default());
        tags.map(str::to_owned).collect()
    }

    #[test]
    fn elements_are_nested_and_hostile_text_adds_none() {
        for page in pages() {
            let mut open = vec!["head".to_owned(), "style".to_owned()];
            for tag in tags(&page) {
                match tag.strip_prefix('/') {
                    Some(name) => assert_eq!(open.pop().as_deref(), Some(name)),
                    None => open.push(tag),
                }
            }
            assert_eq!(open, ["body"]);
            assert_eq!(page.matches("<script").count(), 1);
            assert!(page.contains("Is &lt;/title&gt;") && page.contains("shown? Yes.") && !page.contains("alert(\""));
        }
    }

    #[test]
    fn a_page_needs_nothing_else_and_is_the_same_each_time() {
        for page in pages() {
            assert!(
                !page.contains("http:") && !page.contains("https:") && !page.contains("src=") && !page.contains("NaN")
            );
            assert!(page.len() < 1_000_000);
        }
        assert_eq!(pages(), pages());
    }

    #[test]
    fn a_page_of_many_workloads_is_smaller_than_a_megabyte() {
        for workloads in [30, 300] {
            let one = in_windows(many(workloads), 60);
            let mut points = fixture::sweep();
            points.points = (1..=20).map(|at| SweepPoint { at: vec![f64::from(at)], result: one.clone() }).collect();
            let page = run(&one, &about());
            assert!(page.contains(&format!("<dd>{} more</dd>", workloads - 3)), "cards");
            assert!(page.contains(&format!("6 of {workloads} workloads are drawn")));
            let pages = [page, sweep(&points, &about()), compare(&comparison(&one, 30), &about())];
            assert_eq!(pages.map(|page| page.len()).map(|size| size.max(1_000_000)), [1_000_000; 3], "{workloads}");
        }
    }

    /// Each step is compared with the one before, in two metrics of each workload.
    fn comparison(one: &Results, steps: usize) -> CompareResults {
        let about = |value: f64| Estimate { value: Some(value), ci95: Some([value - 0.1, value + 0.1]) };
        let difference = |name: &String| Difference {
            metric: format!("{name}.latency.p99"),
            counterpart: None,
            pairs: 5,
            before: about(1.0),
            after: about(1.5),
            difference: about(0.5),
            relative: Some(0.5),
            p_value: Some(0.01),
            adjusted_p: Some(0.02),
            real: true,
            better: Some(false),
        };
        let names = || one.workloads.keys().chain(one.workloads.keys());
        let change = |to| Change { from: to - 1, to, pairs: 5, differences: names().map(difference).collect() };
        CompareResults {
            steps: (0..steps).map(|step| Step { name: format!("step {step}"), result: one.clone() }).collect(),
            changes: (1..steps).map(change).collect(),
            tests: 2 * steps,
            partial: false,
            stopped: None,
        }
    }

    #[test]
    fn a_disaster_is_no_good_news() {
        let tone = |page: &str| {
            page.split("<p class=\"verdict").nth(1).map(|rest| rest[..5].trim_matches(['"', '>', ' ']).to_owned())
        };
        let good = fixture::run();
        assert!(good.objectives.iter().all(|objective| objective.met == Some(true)) && !good.objectives.is_empty());
        assert_eq!(tone(&run(&good, &about())).as_deref(), Some("good"));
        let mut failing = good.clone();
        failing.workloads.values_mut().for_each(|own| own.error_rate.value = Some(0.83));
        let mut stuck = good;
        stuck.recovery.push(Recovery {
            trigger: "pause of calm".into(),
            from_s: 100.0,
            until_s: Some(110.0),
            workload: "customers".into(),
            before: Estimate::default(),
            during: Estimate::default(),
            after: Estimate::default(),
            recovered: Some(false),
            share: Some(0.0),
            time_to_recover_s: Estimate::default(),
            verdict: "does not recover".into(),
        });
        for bad in [failing, stuck] {
            assert_eq!(tone(&run(&bad, &about())).as_deref(), Some("bad"));
        }
    }

    #[test]
    fn sections_with_nothing_in_them_are_left_out() {
        let mut bare = fixture::run();
        (bare.series, bare.why) = (Vec::new(), None);
        (bare.theory, bare.cost) = (Vec::new(), Default::default());
        let page = run(&bare, &About::default());
        for heading in ["Over time", "Where the time went", "Theory beside simulation", "Cost", "The architecture"] {
            assert!(!page.contains(&format!(">{heading}</h2>")), "{heading}");
        }
        assert!(page.contains(">How long requests take</h2>") && page.contains(">How to get this again</h2>"));
    }
}
