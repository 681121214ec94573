//! What a reference such as `app` or `app.browse` means.

use super::build::Builder;
use super::circle::join;
use super::names::Kind;
use crate::diagnostic::Diagnostic;
use crate::syntax::At;

impl Builder<'_> {
    /// The component and operation that a reference means; says what is wrong otherwise.
    pub(super) fn reference(&mut self, written: &At<String>, wanted: &[Kind]) -> Option<(String, String)> {
        let (name, operation) = written.value.split_once('.').unwrap_or((&written.value, ""));
        let kind = self.names.component(written, name, wanted, self.diagnostics)?;
        let operation = match kind {
            Kind::Service => self.operation(written, name, operation)?,
            Kind::Balancer => self.balanced_operation(written, name, operation)?,
            Kind::Cache | Kind::Database => self.fixed_operation(written, name, operation, kind)?,
            _ if operation.is_empty() => String::new(),
            _ => {
                let message = format!("`{name}` has no operations");
                self.diagnostics.push(Diagnostic::error(written.span, message).help(format!("write `{name}`")));
                return None;
            }
        };
        Some((name.to_string(), operation))
    }

    fn operation(&mut self, written: &At<String>, name: &str, operation: &str) -> Option<String> {
        let operations = &self.scenario.service.get(name)?.operation;
        if operations.contains(operation) || operations.is_empty() && operation.is_empty() {
            return Some(operation.to_string());
        }
        let known: Vec<&str> = operations.entries.keys().map(String::as_str).collect();
        if operation.is_empty() && known.len() == 1 {
            return Some(known[0].to_string());
        }
        let choices: Vec<String> = known.iter().map(|known| format!("`{}`", join(name, known))).collect();
        let diagnostic = if operation.is_empty() {
            let message = format!("`{name}` has several operations");
            Diagnostic::error(written.span, message).label("say which")
        } else {
            let message = format!("`{name}` has no operation `{operation}`");
            Diagnostic::error(written.span, message).did_you_mean(operation, known.iter().copied())
        };
        let help =
            if choices.is_empty() { format!("write `{name}`") } else { format!("one of: {}", choices.join(", ")) };
        self.diagnostics.push(diagnostic.help(help));
        None
    }

    /// One of the operations that every component of a kind has.
    fn fixed_operation(&mut self, written: &At<String>, name: &str, operation: &str, kind: Kind) -> Option<String> {
        let known = kind.operations();
        if operation.is_empty() || known.contains(&operation) {
            return Some(if operation.is_empty() { known[0] } else { operation }.to_string());
        }
        let message = format!("`{name}` has no operation `{operation}`");
        let diagnostic = Diagnostic::error(written.span, message).did_you_mean(operation, known.iter().copied());
        let choices: Vec<String> = known.iter().map(|known| format!("`{}`", join(name, known))).collect();
        self.diagnostics.push(diagnostic.help(format!("one of: {}", choices.join(", "))));
        None
    }

    /// Every target of a balancer must know the operation.
    fn balanced_operation(&mut self, written: &At<String>, name: &str, operation: &str) -> Option<String> {
        let balancer = self.scenario.balancer.get(name)?;
        let mut known = true;
        for target in &balancer.to.value {
            let kind = self.names.kind(&target.value);
            if kind == Some(Kind::Service) {
                known &= self.operation(written, &target.value, operation).is_some();
            } else if let Some(kind @ (Kind::Cache | Kind::Database)) = kind {
                known &= self.fixed_operation(written, &target.value, operation, kind).is_some();
            } else if !operation.is_empty() && self.names.kind(&target.value) == Some(Kind::Station) {
                let message = format!("`{}`, behind `{name}`, has no operations", target.value);
                self.diagnostics.push(Diagnostic::error(written.span, message).help(format!("write `{name}`")));
                known = false;
            }
        }
        known.then(|| operation.to_string())
    }
}
