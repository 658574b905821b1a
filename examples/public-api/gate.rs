//! The features that an item is there for, from what rustdoc keeps of `#[cfg(…)]`.
//!
//! What it keeps is rustc's own notation, which no one promises to keep: what cannot be understood is
//! left out. Attributes of one item all have to hold.

use rustdoc_types::Attribute;

/// A condition on features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gate {
    Feature(String),
    All(Vec<Gate>),
    Any(Vec<Gate>),
    /// What is no feature and does not hold in a build for use: `test`.
    Never,
    /// What is no feature, or not understood.
    Unknown,
}

/// The condition of an item's attributes as text; empty where there is none.
pub fn of_attributes(attributes: &[Attribute]) -> String {
    let traces = attributes.iter().filter_map(|attribute| match attribute {
        Attribute::Other(text) => text.split_once("CfgTrace(").map(|(_, rest)| rest),
        _ => None,
    });
    let gates = traces
        .map(|text| Reader { text }.list())
        .flat_map(|gates| gates.unwrap_or_default());
    show(&Gate::All(gates.collect()), false)
}

/// Both of two conditions.
pub fn both(one: &str, other: &str) -> String {
    let mut parts: Vec<&str> = [one, other]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    parts.dedup();
    parts.join("&")
}

fn show(gate: &Gate, within: bool) -> String {
    match gate {
        Gate::Feature(name) => name.clone(),
        Gate::Never | Gate::Unknown => String::new(),
        Gate::All(gates) => {
            let within = within || gates.len() > 1;
            let mut parts: Vec<String> = gates.iter().map(|gate| show(gate, within)).collect();
            parts.retain(|part| !part.is_empty());
            parts.dedup();
            parts.join("&")
        }
        Gate::Any(gates) => {
            let mut parts = Vec::new();
            for gate in gates.iter().filter(|gate| **gate != Gate::Never) {
                match show(gate, true) {
                    // One that is not known may hold.
                    part if part.is_empty() => return String::new(),
                    part => parts.push(part),
                }
            }
            parts.dedup();
            match parts.len() {
                0 | 1 => parts.concat(),
                _ if within => format!("({})", parts.join("|")),
                _ => parts.join("|"),
            }
        }
    }
}

/// Reads `[All([NameValue { name: "feature", value: Some("x"), span: … }, …], …), …]`.
struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn list(&mut self) -> Option<Vec<Gate>> {
        self.take("[")?;
        let mut gates = Vec::new();
        loop {
            self.text = self.text.trim_start_matches([',', ' ']);
            if self.take("]").is_some() {
                return Some(gates);
            }
            gates.push(self.gate()?);
        }
    }

    fn gate(&mut self) -> Option<Gate> {
        if self.take("All(").is_some() {
            let gates = self.list()?;
            self.skip_to_close()?;
            return Some(Gate::All(gates));
        }
        if self.take("Any(").is_some() {
            let gates = self.list()?;
            self.skip_to_close()?;
            return Some(Gate::Any(gates));
        }
        if self.take("NameValue {").is_some() {
            let end = self.text.find('}')?;
            let (inner, rest) = self.text.split_at(end);
            self.text = &rest[1..];
            let name = quoted(inner.split_once("name: ")?.1)?;
            let value = inner
                .split_once("value: Some(")
                .and_then(|(_, rest)| quoted(rest));
            return Some(match (name, value) {
                ("feature", Some(value)) => Gate::Feature(value.to_owned()),
                ("test" | "doc" | "docsrs", None) => Gate::Never,
                _ => Gate::Unknown,
            });
        }
        // `Not(…)`, `Bool(…)` and what may come.
        let open = self.text.find('(')?;
        self.text = &self.text[open + 1..];
        self.skip_to_close()?;
        Some(Gate::Unknown)
    }

    fn take(&mut self, prefix: &str) -> Option<()> {
        self.text = self.text.strip_prefix(prefix)?;
        Some(())
    }

    /// Past the parenthesis that closes what is open.
    fn skip_to_close(&mut self) -> Option<()> {
        let mut depth = 1;
        for (at, letter) in self.text.char_indices() {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.text = &self.text[at + 1..];
                return Some(());
            }
        }
        None
    }
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.split('"').next()
}
