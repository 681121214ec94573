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
