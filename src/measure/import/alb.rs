//! Access logs of AWS Application Load Balancers. Of their three processing times, that of the target is the service side.

use super::fields::{logged, request_line};
use super::{Entry, Format, Importer, Request, believed, shortened};
use crate::measure::clock::iso;

/// Fields by their place: see "Access logs for your Application Load Balancer" in the AWS documentation.
pub(super) const FORMAT: Format = Format {
    name: "alb",
    doc: "access log of an AWS Application Load Balancer",
    recognises: |lines| lines.iter().any(|line| is_alb(line)),
    open: |_| Box::new(Alb),
};

const KINDS: [&str; 6] = ["http", "https", "h2", "grpcs", "ws", "wss"];
const TIMES: [usize; 3] = [5, 6, 7];
const TARGET: usize = 6;
const STATUS: usize = 8;
const REQUEST: usize = 12;
const CREATED: usize = 21;

fn is_alb(line: &str) -> bool {
    let fields = logged(line);
    fields.len() > REQUEST && KINDS.contains(&fields[0]) && iso(fields[1]).is_some()
}

/// -1 stands for no answer.
fn is_time(seconds: &f64) -> bool {
    *seconds == -1.0 || believed(*seconds).is_some()
}

struct Alb;

impl Importer for Alb {
    fn line(&mut self, line: &str) -> Result<Entry, String> {
        if line.trim().is_empty() {
            return Ok(Entry::Nothing);
        }
        let fields = logged(line);
        if fields.len() <= REQUEST {
            return Err(format!("only {} fields, where an ALB log has more than {REQUEST}", fields.len()));
        }
        let end = iso(fields[1]).ok_or_else(|| format!("`{}` is not a time", shortened(fields[1])))?;
        let mut times = [0.0; 3];
        for (time, index) in times.iter_mut().zip(TIMES) {
            let wrong = || format!("`{}` is not a processing time", shortened(fields[index]));
            *time = fields[index].parse().ok().filter(is_time).ok_or_else(wrong)?;
        }
        let status: u16 = fields[STATUS].parse().unwrap_or(0);
        // -1: the target could not be reached, or hung up.
        let target = Some(times[TARGET - TIMES[0]]).filter(|time| *time >= 0.0);
        let total: f64 = times.iter().filter(|time| **time >= 0.0).sum();
        let created = fields.get(CREATED).and_then(|field| iso(field));
        Ok(Entry::Request(Request {
            start: Some(created.unwrap_or(end.saturating_sub((total * 1e9) as i64))),
            end: None,
            latency: target,
            operation: request_line(fields[REQUEST]),
            status,
            failed: status >= 500 || status == 0 || target.is_none(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"https 2018-07-02T22:23:00.186641Z app/lb/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 34 366 "GET https://www.example.com:443/cart/17 HTTP/1.1" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:x "Root=1-5" "www.example.com" "arn:aws:y" 1 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-""#;

    #[test]
    fn the_target_is_the_service_side() {
        assert!(is_alb(LINE));
        let Ok(Entry::Request(request)) = Alb.line(LINE) else { panic!() };
        assert_eq!(request.latency, Some(0.048));
        assert_eq!(request.start, iso("2018-07-02T22:22:48.364000Z"));
        assert_eq!(request.operation.as_deref(), Some("GET /cart/:id"));
        assert!(!request.failed);
    }

    #[test]
    fn minus_one_is_no_answer() {
        let line = LINE.replace("0.086 0.048 0.037 200 200", "-1 -1 -1 502 -");
        let Ok(Entry::Request(request)) = Alb.line(&line) else { panic!() };
        assert_eq!((request.latency, request.status, request.failed), (None, 502, true));
        assert!(Alb.line("https x").unwrap_err().starts_with("only 2 fields"));
        assert_eq!(Alb.line(&LINE.replace("0.048", "fast")), Err("`fast` is not a processing time".into()));
    }
}
