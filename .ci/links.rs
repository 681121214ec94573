//! Checks the links of a built site, whose folder is the argument.

#[path = "../tests/links/site.rs"]
mod site;

fn main() {
    let root = std::env::args().nth(1).expect("the folder of the site");
    let (count, wrong) = site::check(std::path::Path::new(&root));
    for line in &wrong {
        eprintln!("{line}");
    }
    println!("{count} links, {} of them dead", wrong.len());
    if count == 0 || !wrong.is_empty() {
        std::process::exit(1);
    }
}
