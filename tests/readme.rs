//! What the README shows works as it is written there.

use knee::model;
use knee::scenario::Source;

/// The code blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let blocks = text.split(fence.as_str()).skip(1);
    blocks.filter_map(|rest| rest.split("```").next()).collect()
}

#[test]
fn its_scenarios_have_no_problems() {
    let scenarios = blocks(include_str!("../README.md"), "toml");
    assert!(!scenarios.is_empty());
    for text in scenarios {
        let source = Source { name: "README.md".into(), text: text.into(), overrides: vec![] };
        let (model, diagnostics) = model::load(&source, &|path| Err(format!("no file {path}")));
        assert!(diagnostics.is_empty(), "{}", diagnostics.render(false));
        assert!(model.is_some_and(|model| model.forecast.unstable.is_empty()));
    }
}

#[test]
fn its_scenario_is_the_one_that_it_names() {
    let (_, code) = include_str!("../scenarios/web-and-database.toml").split_once("title =").expect("a title");
    let shown = blocks(include_str!("../README.md"), "toml");
    assert_eq!(shown, [format!("title ={code}")]);
}
