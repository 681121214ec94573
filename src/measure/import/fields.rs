//! Lines taken apart.

/// The fields of a log line: separated by blanks, but not inside quotes or brackets, which are left out. A backslash takes
/// the meaning from what follows it.
pub(super) fn logged(line: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (inside, close) = match rest.as_bytes()[0] {
            b'"' => (&rest[1..], '"'),
            b'[' => (&rest[1..], ']'),
            _ => (rest, ' '),
        };
        let end = end_of(inside, close);
        fields.push(&inside[..end]);
        rest = inside.get(end + 1..).unwrap_or_default().trim_start();
    }
    fields
}

fn end_of(text: &str, close: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().find(|&(_, c)| {
        let is_end = c == close && !escaped;
        escaped = c == '\\' && !escaped && close == '"';
        is_end
    });
    end.map_or(text.len(), |(at, _)| at)
}

/// The cells of a line of CSV, without quotes around them.
pub(super) fn cells(line: &str, delimiter: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.trim_end_matches(['\r', '\n']).chars() {
        match c {
            '"' => quoted = !quoted,
            c if c == delimiter && !quoted => cells.push(String::new()),
            c => cells.last_mut().into_iter().for_each(|cell| cell.push(c)),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// What separates the cells of a table that begins like this.
pub(super) fn delimiter(line: &str) -> char {
    [',', ';', '\t'].into_iter().find(|c| line.contains(*c)).unwrap_or(',')
}

/// An operation's name from a request line such as `GET /users/123?x=1 HTTP/1.1`: the method and the first two segments of
/// the path, with whatever looks like the name of one thing replaced by `:id`.
pub(super) fn operation(method: &str, url: &str) -> String {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let path = path.split(['?', '#', ';']).next().unwrap_or_default();
    let segments = path.split('/').filter(|segment| !segment.is_empty()).take(2);
    let folded: Vec<&str> = segments.map(|segment| if is_id(segment) { ":id" } else { segment }).collect();
    format!("{method} /{}", folded.join("/"))
}

/// Whether a segment of a path names one thing of many: a number, a UUID or hash, or a long word with digits in it.
fn is_id(segment: &str) -> bool {
    let digits = segment.chars().filter(char::is_ascii_digit).count();
    let hexadecimal = segment.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let is_version = segment.starts_with('v') && segment.len() <= 3;
    let percent = segment.contains('%') || segment.contains('@');
    !is_version
        && (digits == segment.len()
            || percent
            || (hexadecimal && digits > 0 && segment.len() >= 8)
            || (digits >= 3 && segment.len() >= 16))
}

/// Method and address of a request line; `None` for something else, such as `-` for none.
pub(super) fn request_line(line: &str) -> Option<String> {
    let mut words = line.split(' ');
    let (method, url) = (words.next()?, words.next()?);
    let is_method = !method.is_empty() && method.len() <= 10 && method.chars().all(|c| c.is_ascii_uppercase());
    is_method.then(|| operation(method, url))
}

/// An operation as a table names it: folded if it is an address or a request line, otherwise as it is.
pub(super) fn named(text: &str) -> String {
    if text.starts_with('/') || text.contains("://") && !text.contains(' ') {
        return operation("", text).trim_start().to_owned();
    }
    request_line(text).filter(|_| text.contains('/')).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_brackets_hold_blanks_together() {
        let line = r#"::1 - joe [02/Jul/2018:22:23:00 +0000] "GET /a\"b HTTP/1.1" 200 "-" 0.5"#;
        assert_eq!(logged(line)[3..6], ["02/Jul/2018:22:23:00 +0000", r#"GET /a\"b HTTP/1.1"#, "200"]);
        assert_eq!(logged("\"open"), ["open"]);
        assert_eq!(logged("[é"), ["é"]);
        assert!(logged("  ").is_empty());
        assert_eq!(cells("a, \"b,c\" ,d\r\n", ','), ["a", "b,c", "d"]);
    }

    #[test]
    fn what_names_one_thing_is_folded() {
        assert_eq!(operation("GET", "/users/123/orders?x=1"), "GET /users/:id");
        assert_eq!(operation("GET", "https://shop.example:443/v1/items"), "GET /v1/items");
        assert_eq!(operation("PUT", "/a/9f1c7c2e-52a8-4c0b-9b7e-0c8f5a3d1e11"), "PUT /a/:id");
        assert_eq!(operation("GET", "https://shop.example"), "GET /");
        assert_eq!(request_line("GET / HTTP/1.1").as_deref(), Some("GET /"));
        let names = ["/users/7", "GET /users/7", "https://x/users/7?a", "buy now", "GET it"].map(named);
        assert_eq!(names, ["/users/:id", "GET /users/:id", "/users/:id", "buy now", "GET it"]);
        assert_eq!((request_line("-"), request_line("\\x16\\x03 x")), (None, None));
    }
}
