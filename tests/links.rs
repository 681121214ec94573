//! Links between pages lead somewhere: the file is there, and the heading in it. `.ci/book` checks those of the built book.

#[path = "pages/files.rs"]
mod files;
#[path = "links/site.rs"]
mod site;

use std::fs;
use std::path::Path;

use files::{ROOT, below, pages};

/// The text without code blocks, code spans and comments.
fn without_code(text: &str) -> String {
    let outside = text.split("```").step_by(2).collect::<Vec<_>>().join("\n\n");
    let spans = outside.split("\n\n").map(|paragraph| paragraph.split('`').step_by(2).collect::<Vec<_>>().join("code"));
    let text = spans.collect::<Vec<_>>().join("\n\n");
    text.split("<!--").map(|part| part.rsplit("-->").next().unwrap_or_default()).collect()
}

/// Where the links of a page lead.
fn links(text: &str) -> Vec<String> {
    let text = without_code(text);
    let until = |rest: &str, end: char| rest.split(end).next().unwrap_or_default().to_owned();
    let inline = text.split("](").skip(1).map(|rest| until(rest, ')'));
    let named = text.lines().filter(|line| line.starts_with('[')).filter_map(|line| line.split_once("]: "));
    let named = named.map(|(_, target)| target.to_owned());
    let tags = ["href=\"", "src=\""].iter().flat_map(|start| text.split(start).skip(1)).map(|rest| until(rest, '"'));
    let footnotes = |link: &String| !link.contains(' ');
    inline.chain(named).chain(tags).filter(footnotes).collect()
}

/// The names under which headings can be linked to, as GitHub and mdBook make them.
fn places(text: &str) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    let outside = text.split("```").step_by(2).collect::<Vec<_>>().join("");
    for heading in outside.lines().filter(|line| line.starts_with('#')) {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let linked: String =
            heading.split("](").map(|part| part.split_once(')').map_or(part, |(_, rest)| rest)).collect();
        let linked = if heading.contains("](") { linked } else { heading };
        let kept = linked.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let name: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let before = places.iter().filter(|place| **place == name).count();
        places.push(if before == 0 { name } else { format!("{name}-{before}") });
    }
    let named = outside.split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    places.extend(named.map(str::to_owned));
    places
}

/// What is wrong with a link of a page.
fn complaint(page: &str, link: &str) -> Option<String> {
    if link.starts_with("https://") || link.starts_with("http://") || link.starts_with("mailto:") {
        return None;
    }
    let (target, place) = link.split_once('#').unwrap_or((link, ""));
    let here = Path::new(ROOT).join(page);
    let target = if target.is_empty() { here } else { here.parent().expect("a folder").join(target) };
    if !target.exists() {
        return Some(format!("{page}: {link} is not there"));
    }
    let is_place = || places(&fs::read_to_string(&target).expect("a page")).iter().any(|known| known == place);
    (!place.is_empty() && !is_place()).then(|| format!("{page}: {link}: there is no such heading"))
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut pages = pages();
    pages.extend(["docs/SUMMARY.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(String::from));
    pages.extend(below("benches", ".md"));
    let (mut count, mut wrong) = (0, Vec::new());
    for page in pages {
        let links = links(&fs::read_to_string(Path::new(ROOT).join(&page)).expect("a page"));
        count += links.len();
        wrong.extend(links.iter().filter_map(|link| complaint(&page, link)));
    }
    assert!(count > 100, "the links are not where they were");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn dead_links_are_found() {
    assert!(complaint("README.md", "docs/law.md#amdahl-a-job-of-given-size").is_none());
    assert!(complaint("docs/law.md", "#amdahl-a-job-of-given-size").is_none());
    assert!(complaint("docs/law.md", "../scenarios/single-queue.toml").is_none());
    assert!(complaint("docs/law.md", "#amdahl").is_some());
    assert!(complaint("docs/law.md", "../scenarios/no.toml").is_some());
    assert_eq!(links("`[a](b)` [c](d.md) ![e](f.svg)\n```\n[g](h)\n```\n[i]: j.md"), ["d.md", "f.svg", "j.md"]);
    assert_eq!(places("# It's `a` b\n# Its a b\n"), ["its-a-b", "its-a-b-1"]);
}

#[test]
fn dead_links_of_a_site_are_found() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("site");
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("docs")).expect("a folder");
    let write = |name: &str, text: &str| fs::write(root.join(name), text).expect("a file");
    write("a.toml", "");
    write(
        "index.html",
        "<a href=\"docs/b.html#there\">1</a><a href=\"https://example.org/\">2</a><a href=\"docs/b.html#no\">",
    );
    write(
        "docs/b.html",
        "<h1 id=\"there\" title=\"a > b\">x</h1><a href=\"#there\"><img class=\"y\" src=\"../a.toml\"></a>\
         <script>document.write('<a href=\"z.html\">')</script><!-- <a href=\"z.html\"> -->\
         <a href=\"c.html\"><a href=\"../../d\"><a href=\"https://nowhere\"><a href=\"..\">",
    );
    let (count, wrong) = site::check(&root);
    assert_eq!((count, wrong.len()), (9, 4), "{wrong:?}");
    for dead in
        ["docs/b.html#no: no such place", "docs/c.html is not there", "leads out", "https://nowhere: no address"]
    {
        assert!(wrong.iter().any(|line| line.contains(dead)), "{dead}: {wrong:?}");
    }
}
