//! A regular expression that a whole topic name must fit; a comma stands for "or", as in Kafka's tools.
//! Not here: names of groups.

use anyhow::{Context as _, Result};
use regex::Regex;

/// Which topics are meant.
#[derive(Debug)]
pub(super) struct Pattern(Regex);

impl Pattern {
    pub(super) fn new(text: &str) -> Result<Self> {
        let alternatives = text.trim().trim_matches(['"', '\'']).replace(',', "|");
        let regex = Regex::new(&format!("^(?:{alternatives})$"));
        Ok(Self(regex.with_context(|| format!("'{text}' is neither a topic nor a regular expression"))?))
    }

    pub(super) fn fits(&self, name: &str) -> bool {
        self.0.is_match(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_fit() {
        let check = |pattern: &str, name: &str, fits: bool| {
            assert_eq!(Pattern::new(pattern).expect(pattern).fits(name), fits, "{pattern} {name}");
        };
        check("orders", "orders", true);
        check("orders", "orders2", false);
        check("ord.*", "orders", true);
        check("a,b", "b", true);
        check("\"a\"", "a", true);
        assert!(Pattern::new("(").is_err());
    }
}
