use super::*;

/// A workspace with a member, a package beside it, and another one of the same name.
struct Site {
    _folder: tempfile::TempDir,
    root: Utf8PathBuf,
    manifests: BTreeMap<Utf8PathBuf, Arc<str>>,
    packages: Vec<Utf8PathBuf>,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let top = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        let root = top.join("work");
        let mut manifests = BTreeMap::new();
        let mut packages = Vec::new();
        for (place, text) in [
            ("work", "[workspace]\nmembers = [\"a\"]\n"),
            ("work/a", "[package]\nname = \"a\"\n"),
            ("beside", "[package]\nname = \"b\"\n"),
            (
                "far/beside",
                "[package]\nname = \"b\"\nversion = \"1.0.0\"\n",
            ),
        ] {
            let place = top.join(place);
            std::fs::create_dir_all(place.join("src")).unwrap();
            std::fs::write(place.join("src/lib.rs"), place.as_str().len().to_string()).unwrap();
            if text.starts_with("[package]") {
                packages.push(place.clone());
            }
            manifests.insert(place.join("Cargo.toml"), Arc::from(text));
        }
        Self {
            _folder: folder,
            root,
            manifests,
            packages,
        }
    }

    fn gather(&self) -> (InputIds, Ledger) {
        let mut ledger = Ledger::default();
        let from = Gather {
            root: &self.root,
            manifests: &self.manifests,
            packages: &self.packages,
            lock: None,
            policy: None,
            criteria: ("rules/readiness.toml", "x"),
            flags: " --workspace",
            toolchain: "cargo 1.0.0, rustc 1.0.0, here",
            day: "2026-12-31".parse().unwrap(),
        };
        (gather(&from, &mut ledger), ledger)
    }
}

#[test]
fn names_are_those_of_no_machine() {
    let site = Site::new();
    let (ids, ledger) = site.gather();
    assert_eq!(ids.notes, [""; 0]);
    let (_, inputs) = ledger.into_parts();
    let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
    let expected = [
        "Cargo.lock",
        "Cargo.toml",
        "a/Cargo.toml",
        "outside:b#2/Cargo.toml",
        "outside:b/Cargo.toml",
        "a/**/*.rs",
        "outside:b#2/**/*.rs",
        "outside:b/**/*.rs",
        "otel-check.toml",
        "rules",
        "rules/readiness.toml",
        "--workspace",
        "cargo 1.0.0, rustc 1.0.0, here",
        "2026-12-31",
    ];
    assert_eq!(names, expected);
    let absent = ["Cargo.lock", "otel-check.toml"];
    for input in &inputs {
        let is_word = matches!(
            input.kind,
            InputKind::Flags | InputKind::Toolchain | InputKind::Day
        );
        let has_none = is_word || absent.contains(&input.name.as_str());
        assert_eq!(input.sha256.is_none(), has_none, "{}", input.name);
    }
}

#[test]
fn every_byte_of_an_input_counts() {
    let mut site = Site::new();
    let (_, before) = site.gather();
    let (_, before) = before.into_parts();
    let of = |inputs: &[super::super::model::Input], name: &str| {
        let found = inputs.iter().find(|input| input.name == name);
        found.unwrap().sha256.clone().unwrap()
    };
    let member = site.root.join("a/Cargo.toml");
    let text = format!("{} ", site.manifests[&member]);
    site.manifests.insert(member, Arc::from(text));
    std::fs::write(site.root.join("a/src/lib.rs"), "changed").unwrap();
    let (_, after) = site.gather();
    let (_, after) = after.into_parts();
    for name in ["a/Cargo.toml", "a/**/*.rs"] {
        assert_ne!(of(&before, name), of(&after, name), "{name}");
    }
    for name in [
        "Cargo.toml",
        "outside:b/Cargo.toml",
        "rules",
        "outside:b/**/*.rs",
    ] {
        assert_eq!(of(&before, name), of(&after, name), "{name}");
    }
}

#[test]
fn cargo_is_configured_by_a_file_that_counts() {
    let site = Site::new();
    std::fs::create_dir(site.root.join(".cargo")).unwrap();
    std::fs::write(site.root.join(".cargo/config.toml"), "[net]\n").unwrap();
    let (ids, ledger) = site.gather();
    let (_, inputs) = ledger.into_parts();
    let config = inputs
        .iter()
        .find(|one| one.name == ".cargo/config.toml")
        .unwrap();
    assert_eq!(config.sha256.as_deref(), Some(&*digest(b"[net]\n")));
    assert!(ids.manifests.contains(&config.id));
}

#[test]
fn sources_that_cannot_be_digested_are_told() {
    let mut site = Site::new();
    site.packages.push(site.root.join("gone"));
    let (ids, ledger) = site.gather();
    assert_eq!(ids.notes.len(), 1, "{:?}", ids.notes);
    assert!(ids.notes[0].starts_with("The sources gone/**/*.rs have no digest"));
    assert!(
        !ids.notes[0].contains(site.root.as_str()),
        "{:?}",
        ids.notes
    );
    let (_, inputs) = ledger.into_parts();
    let gone = inputs
        .iter()
        .find(|one| one.name == "gone/**/*.rs")
        .unwrap();
    assert_eq!(gone.sha256, None);
}

#[test]
fn every_kind_of_evidence_has_inputs() {
    let (mut ids, mut ledger) = Site::new().gather();
    let memory = crate::registry::MemoryIndex::new();
    let recorder = Recorder::new(&memory);
    let default = crate::registry::RegistryId::default_registry();
    let _ = crate::registry::Index::releases(&recorder, &default, "x");
    ids.add_index(&recorder, &mut ledger);
    ids.add_index(&recorder, &mut ledger);
    assert_eq!(ids.index.len(), 1);
    let (_, inputs) = ledger.into_parts();
    for kind in [
        EvidenceKind::Check,
        EvidenceKind::Plan,
        EvidenceKind::Trial,
        EvidenceKind::Spec,
        EvidenceKind::Command,
        EvidenceKind::File,
        EvidenceKind::Attestation,
        EvidenceKind::Rehearsal,
        EvidenceKind::Index,
        EvidenceKind::Rule,
        EvidenceKind::Sum,
    ] {
        let of = ids.of(kind);
        assert!(!of.is_empty(), "{kind:?}");
        for id in &of {
            assert!(inputs.iter().any(|input| input.id == *id), "{kind:?} {id}");
        }
        let mut once = of.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), of.len(), "{kind:?}");
    }
}

#[test]
fn the_toolchain_names_itself() {
    let toolchain = toolchain();
    assert!(toolchain.starts_with("cargo "), "{toolchain}");
    assert!(toolchain.contains(", rustc "), "{toolchain}");
    assert!(!toolchain.contains("unknown version"), "{toolchain}");
}

#[test]
fn the_rules_are_all_that_are_embedded() {
    let files: Vec<&str> = shipped_files().map(|(file, _)| file).collect();
    for part in ["/family.toml", "/recipes/", "/public-api/"] {
        assert!(files.iter().any(|file| file.contains(part)), "{part}");
    }
    assert_eq!(*RULES, digest_of_texts(shipped_files()));
}
