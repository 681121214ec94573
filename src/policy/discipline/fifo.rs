//! First come, first served: `discipline = "fifo"`, the default (Erlang 1909).

/// In order of arrival.
pub(super) const RULE: super::Rule = super::Rule::InOrder;
