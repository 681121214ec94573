//! What is asked for on the command line.

/// Rows and rounds that are asked for.
pub(crate) struct Arguments {
    /// Rows whose word has one of these in it; none are all.
    filters: Vec<String>,
    /// Fewer rounds.
    quick: bool,
}

impl Arguments {
    /// Reads them; cargo's own `--bench` and whatever else begins with a dash says nothing here.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Arguments {
        let (options, filters): (Vec<String>, Vec<String>) = arguments.partition(|word| word.starts_with('-'));
        Arguments { filters, quick: options.iter().any(|option| option == "--quick") }
    }

    /// Whether a row is asked for.
    pub(crate) fn want(&self, word: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| word.contains(filter.as_str()))
    }

    /// So many rounds, or a third of them. Three are the fewest that have a median.
    pub(crate) fn rounds(&self, rounds: u64) -> u64 {
        if self.quick { (rounds / 3).max(3) } else { rounds }
    }
}
