//! Access logs of Apache and nginx: common and combined, with or without the time that a request took at the end.

use super::fields::{logged, request_line};
use super::{Entry, Format, Hints, Importer, Request, shortened, time};
use crate::measure::clock::common;

/// Host, identity, user, time, request line, status, bytes; what follows may be how long it took.
pub(super) const COMMON: Format = Format {
    name: "common",
    doc: "access log of Apache or nginx, common",
    recognises: |lines| lines.iter().any(|line| parse(line, 7, Hints::default()).is_ok()),
    open: |hints| Box::new(Access { known: 7, hints }),
};

/// The same with referrer and agent.
pub(super) const COMBINED: Format = Format {
    name: "combined",
    doc: "access log of Apache or nginx, combined",
    recognises: |lines| {
        let is_combined = |line: &str| line.matches('"').count() >= 6 && parse(line, 9, Hints::default()).is_ok();
        lines.iter().any(|line| is_combined(line))
    },
    open: |hints| Box::new(Access { known: 9, hints }),
};

struct Access {
    known: usize,
    hints: Hints,
}

impl Importer for Access {
    fn line(&mut self, line: &str) -> Result<Entry, String> {
        if line.trim().is_empty() {
            return Ok(Entry::Nothing);
        }
        parse(line, self.known, self.hints).map(Entry::Request)
    }
}

fn parse(line: &str, known: usize, hints: Hints) -> Result<Request, String> {
    let fields = logged(line);
    if fields.len() < known.min(7) {
        return Err(format!("only {} fields, where a common log has 7", fields.len()));
    }
    let at = common(fields[3]).ok_or_else(|| format!("`{}` is not a time", shortened(fields[3])))?;
    let status: u16 = fields[5].parse().map_err(|_| format!("`{}` is not a status", shortened(fields[5])))?;
    let took = took(&fields[known.min(fields.len())..], hints)?;
    // Apache logs when a request came, and %D is in whole microseconds; nginx logs when it is done, in seconds with decimals.
    let is_end = took.is_some_and(|(_, is_end)| is_end);
    Ok(Request {
        start: Some(at).filter(|_| !is_end),
        end: Some(at).filter(|_| is_end),
        latency: took.map(|(seconds, _)| seconds),
        operation: request_line(fields[4]),
        status,
        // 499: nginx says so of clients who gave up.
        failed: status >= 500 || status == 499,
    })
}

/// How long it took and whether nginx says so: the field that is called so, or else the last number.
fn took(rest: &[&str], hints: Hints) -> Result<Option<(f64, bool)>, String> {
    let is_number = |field: &&&str| field.parse::<f64>().is_ok();
    let field = rest.iter().find_map(|field| named(field)).or_else(|| rest.iter().rev().find(is_number).copied());
    let Some(field) = field else { return Ok(None) };
    let field = field.trim_matches('"');
    let is_decimal = field.contains('.');
    let unit = hints.unit.unwrap_or(if is_decimal { 1.0 } else { 1e-6 });
    time(field, unit).map(|seconds| Some((seconds, is_decimal)))
}

/// The value of a field such as `rt=0.125`.
fn named(field: &str) -> Option<&str> {
    let (name, value) = field.split_once('=')?;
    ["rt", "request_time", "duration", "time"].contains(&name).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"10.0.0.7 - - [02/Jul/2018:22:23:00 +0000] "GET /users/7 HTTP/1.1" 200 512"#;

    #[test]
    fn apache_logs_the_start_and_nginx_the_end() {
        let plain = parse(HEAD, 7, Hints::default()).unwrap();
        assert_eq!((plain.start, plain.latency), (Some(1_530_570_180_000_000_000), None));
        assert_eq!(plain.operation.as_deref(), Some("GET /users/:id"));
        let apache = parse(&format!("{HEAD} 12500"), 7, Hints::default()).unwrap();
        assert_eq!((apache.latency, apache.end), (Some(12_500.0 * 1e-6), None));
        let combined = format!(r#"{HEAD} "-" "curl/8 (x)""#);
        for tail in ["0.125", "rt=0.125 urt=0.1", "request_time=0.125", "\"0.125\""] {
            let nginx = parse(&format!("{combined} {tail}"), 9, Hints::default()).unwrap();
            assert_eq!((nginx.latency, nginx.start), (Some(0.125), None), "{tail}");
        }
        let forced = parse(&format!("{combined} 12"), 9, Hints { unit: Some(1e-3) }).unwrap();
        assert_eq!(forced.latency, Some(0.012));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let problem = |line: &str| parse(line, 7, Hints::default()).unwrap_err();
        assert_eq!(problem("hello world"), "only 2 fields, where a common log has 7");
        assert_eq!(problem(&HEAD.replace("Jul", "Jux")), "`02/Jux/2018:22:23:00 +0000` is not a time");
        assert_eq!(problem(&HEAD.replace("200", "ok")), "`ok` is not a status");
    }
}
