//! Links of a built site: what they lead to is there, and so is the place in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A page: where its links lead, and the places that links may lead to.
struct Page {
    links: Vec<String>,
    places: BTreeSet<String>,
}

/// How many links the site in this folder has, and what is wrong with them.
pub(crate) fn check(root: &Path) -> (usize, Vec<String>) {
    let pages: BTreeMap<PathBuf, Page> = pages(root, Path::new("")).into_iter().collect();
    let mut wrong = Vec::new();
    for (path, page) in &pages {
        for link in &page.links {
            if let Err(error) = follow(root, path, link, &pages) {
                wrong.push(format!("{}: {link}: {error}", path.display()));
            }
        }
    }
    (pages.values().map(|page| page.links.len()).sum(), wrong)
}

fn pages(root: &Path, folder: &Path) -> Vec<(PathBuf, Page)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(folder)).expect("a folder of the site") {
        let path = folder.join(entry.expect("an entry").file_name());
        if root.join(&path).is_dir() {
            found.extend(pages(root, &path));
        } else if path.extension().is_some_and(|ending| ending == "html") {
            let text = fs::read_to_string(root.join(&path)).expect("a page");
            found.push((path, read(&text)));
        }
    }
    found
}

fn read(text: &str) -> Page {
    let mut page = Page { links: Vec::new(), places: BTreeSet::new() };
    for tag in tags(text) {
        for (name, value) in attributes(tag) {
            match name {
                "href" | "src" => page.links.push(value),
                "id" | "name" => drop(page.places.insert(value)),
                _ => {}
            }
        }
    }
    page
}

/// The insides of all tags, but for comments and what is within scripts.
fn tags(text: &str) -> Vec<&str> {
    let (mut tags, mut rest) = (Vec::new(), text);
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = if rest.starts_with("!--") { rest.find("-->") } else { end_of_tag(rest) };
        let (tag, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        if !tag.starts_with('!') {
            tags.push(tag);
        }
        if tag.starts_with("script") {
            rest = rest.find("</script").map_or("", |end| &rest[end..]);
        }
    }
    tags
}

/// Where the tag ends: a `>` in quotes is none.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '>' && !quoted).then_some(at)
    })
}

fn attributes(tag: &str) -> Vec<(&str, String)> {
    let mut parts = tag.split('"');
    let mut found = Vec::new();
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        if let Some(name) = name.strip_suffix('=') {
            let name = name.rsplit(char::is_whitespace).next().unwrap_or_default();
            found.push((name, plain(value)));
        }
    }
    found
}

/// The text that a value stands for.
fn plain(value: &str) -> String {
    [("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
        .iter()
        .fold(value.to_owned(), |text, (entity, c)| text.replace(entity, c))
}

fn follow(root: &Path, page: &Path, link: &str, pages: &BTreeMap<PathBuf, Page>) -> Result<(), String> {
    if let Some((scheme, rest)) = link.split_once(':').filter(|(scheme, _)| !scheme.contains(['/', '.', '#'])) {
        let host = rest.strip_prefix("//").and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let is_good = match scheme {
            "http" | "https" => host.contains('.') && !link.contains(char::is_whitespace),
            scheme => matches!(scheme, "mailto" | "data"),
        };
        return if is_good { Ok(()) } else { Err("no address".into()) };
    }
    let (target, place) = link.split_once('#').unwrap_or((link, ""));
    let target = target.split('?').next().unwrap_or_default();
    let mut path = if target.is_empty() { page.to_owned() } else { resolve(page, target)? };
    if root.join(&path).is_dir() {
        path = path.join("index.html");
    }
    if !root.join(&path).is_file() {
        return Err(format!("{} is not there", path.display()));
    }
    let has_place = |page: &Page| page.places.contains(place);
    if place.is_empty() || pages.get(&path).is_some_and(has_place) { Ok(()) } else { Err("no such place".into()) }
}

/// The path in the site.
fn resolve(page: &Path, target: &str) -> Result<PathBuf, String> {
    let mut path = page.parent().unwrap_or(Path::new("")).to_owned();
    for part in Path::new(&target.replace("%20", " ")).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir if path.pop() => {}
            _ => return Err("leads out of the site".into()),
        }
    }
    Ok(path)
}
