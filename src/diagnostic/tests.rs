//! Places, rendering, and suggestions.

use super::*;

fn map(texts: &[(&str, &str)]) -> SourceMap {
    let mut map = SourceMap::default();
    for (name, text) in texts {
        map.add(*name, *text);
    }
    map
}

#[test]
fn a_place_is_in_one_text_only() {
    let map = map(&[("a.toml", "x = 1\ny = é!\n"), ("--set", "y=2")]);
    assert_eq!(map.position(Span { start: 1, end: 2 }), Some(("a.toml", 1, 1)));
    assert_eq!(map.position(Span { start: 13, end: 14 }), Some(("a.toml", 2, 6)));
    assert_eq!(map.position(Span { start: 16, end: 17 }), Some(("--set", 1, 1)));
    assert_eq!(map.text(Span { start: 18, end: 19 }), Some("2"));
    assert_eq!(map.position(Span::default()), None);
}

#[test]
fn problems_are_shown_once_in_the_order_of_the_file() {
    let mut found = Diagnostics { map: map(&[("a.toml", "x = 1\ny = 2\n"), ("--set", "y=2")]), ..Default::default() };
    let second = Diagnostic::error(Span { start: 7, end: 8 }, "bad y").label("here").help("use `x`");
    found.push(second.clone().note(Span { start: 16, end: 17 }, "set here"));
    found.push(Diagnostic::warning(Span { start: 1, end: 2 }, "bad x").note(Span { start: 7, end: 8 }, "as here"));
    found.push(found.list[0].clone());
    found.push(Diagnostic::error(Span::default(), "nothing to simulate"));
    let expected = "\
warning: bad x
 --> a.toml:1:1
  |
1 | x = 1
  | ^
2 | y = 2
  | - as here

error: bad y
 --> a.toml:2:1
  |
2 | y = 2
  | ^ here
  |
 ::: --set:1:3
  |
1 | y=2
  |   - set here
  |
  = help: use `x`

error: nothing to simulate

2 errors and 1 warning
";
    assert_eq!(found.render(false), expected);
    assert!(found.has_errors());
    assert!(found.render(true).contains("\u{1b}["));
}

#[test]
fn very_many_problems_are_counted() {
    let mut found = Diagnostics { map: map(&[("a.toml", &"x\n".repeat(1000))]), ..Default::default() };
    let place = |line: usize| Span { start: 1 + 2 * line, end: 2 + 2 * line };
    (0..500).for_each(|line| found.push(Diagnostic::warning(place(line), "odd")));
    (500..1000).for_each(|line| found.push(Diagnostic::error(place(line), "bad")));
    let said = found.render(false);
    assert!(found.has_errors() && said.contains("a.toml:600:1") && !said.contains("a.toml:601:1"), "{said}");
    assert!(said.ends_with("\n\n100 errors and 100 warnings, and 800 more that are not shown\n"), "{said}");
}

#[test]
fn what_is_very_long_is_like_nothing() {
    let long = "a".repeat(60_000);
    assert_eq!(closest(&format!("{long}b"), [format!("{long}c").as_str()]), None);
    assert_eq!(closest("servers", [long.as_str(), "server"]), Some("server"));
}

#[test]
fn close_words_are_found() {
    let keys = ["service-time", "servers", "capacity", "discipline"];
    assert_eq!(closest("service_time", keys), Some("service-time"));
    assert_eq!(closest("serivce-time", keys), Some("service-time"));
    assert_eq!(closest("server", keys), Some("servers"));
    assert_eq!(closest("colour", keys), None);
    assert_eq!(closest("x", keys), None);
}
