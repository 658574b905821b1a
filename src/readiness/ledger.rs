//! Keeps evidence and inputs, and numbers them.

use sha2::{Digest, Sha256};

use super::model::{Evidence, EvidenceKind, Input, InputKind, Run};

/// Evidence and inputs of one document, in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    evidence: Vec<Evidence>,
    inputs: Vec<Input>,
}

/// Evidence before it has its number.
#[derive(Debug, Clone)]
pub struct Seen {
    pub kind: EvidenceKind,
    /// In one sentence.
    pub text: String,
    /// The command that shows it again.
    pub command: Option<String>,
    pub run: Option<Run>,
    /// Ids of inputs; never empty.
    pub inputs: Vec<String>,
}

impl Ledger {
    /// The id of an input; the same input has one id. A file may be there as what it is.
    pub fn input(&mut self, kind: InputKind, name: &str, sha256: Option<String>) -> String {
        use InputKind::{File, Lock, Manifest, Policy};
        let of_kind = |one: &Input| {
            one.kind == kind || kind == File && matches!(one.kind, Lock | Manifest | Policy)
        };
        let same = |one: &&Input| of_kind(one) && one.name == name && one.sha256 == sha256;
        if let Some(known) = self.inputs.iter().find(same) {
            return known.id.clone();
        }
        let id = format!("i{}", self.inputs.len() + 1);
        self.inputs.push(Input {
            id: id.clone(),
            kind,
            name: name.to_owned(),
            sha256,
        });
        id
    }

    /// The id of an input with this content.
    pub fn content(&mut self, kind: InputKind, name: &str, content: &[u8]) -> String {
        self.input(kind, name, Some(digest(content)))
    }

    /// The id of evidence; the same evidence has one id.
    pub fn evidence(&mut self, seen: Seen) -> String {
        debug_assert!(!seen.inputs.is_empty(), "{}", seen.text);
        let Seen {
            kind,
            text,
            command,
            run,
            inputs,
        } = seen;
        let mut new = Evidence {
            id: String::new(),
            kind,
            text,
            command,
            run,
            inputs,
        };
        for known in &self.evidence {
            new.id.clone_from(&known.id);
            if new == *known {
                return new.id;
            }
        }
        new.id = format!("e{}", self.evidence.len() + 1);
        let id = new.id.clone();
        self.evidence.push(new);
        id
    }

    /// The inputs on which evidence rests, each once.
    pub fn inputs_of(&self, evidence: &[String]) -> Vec<String> {
        let mut all = Vec::new();
        let named = self
            .evidence
            .iter()
            .filter(|one| evidence.contains(&one.id));
        for input in named.flat_map(|one| &one.inputs) {
            if !all.contains(input) {
                all.push(input.clone());
            }
        }
        all
    }

    /// Everything that was kept.
    pub fn into_parts(self) -> (Vec<Evidence>, Vec<Input>) {
        (self.evidence, self.inputs)
    }
}

/// SHA-256 in hexadecimal digits.
pub fn digest(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_input_and_the_same_evidence_have_one_id() {
        let mut ledger = Ledger::default();
        let lock = ledger.content(InputKind::Lock, "Cargo.lock", b"a");
        assert_eq!(lock, ledger.content(InputKind::Lock, "Cargo.lock", b"a"));
        assert_eq!(lock, ledger.content(InputKind::File, "Cargo.lock", b"a"));
        assert_ne!(lock, ledger.content(InputKind::Lock, "Cargo.lock", b"b"));
        assert_ne!(lock, ledger.content(InputKind::File, "Cargo.lock", b"c"));
        let seen = |text: &str| Seen {
            kind: EvidenceKind::Check,
            text: text.into(),
            command: None,
            run: None,
            inputs: vec![lock.clone()],
        };
        let first = ledger.evidence(seen("one"));
        let second = ledger.evidence(seen("two"));
        assert_eq!(first, ledger.evidence(seen("one")));
        assert_ne!(first, second);
        assert_eq!(ledger.inputs_of(&[first, second]), [lock]);
        let (evidence, inputs) = ledger.into_parts();
        assert_eq!((evidence.len(), inputs.len()), (2, 3));
    }

    #[test]
    fn digests_are_those_of_sha256() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest(b""), empty);
    }
}
