//! The reader of sources: each rule by a small example, whole published crates against a full parser,
//! and input of every bad sort.

#[path = "source/chance.rs"]
mod chance;
#[path = "source/conditions.rs"]
mod conditions;
#[path = "source/endless.rs"]
mod endless;
#[path = "source/imports.rs"]
mod imports;
#[path = "source/macros.rs"]
mod macros;
#[path = "source/oracle/mod.rs"]
mod oracle;
#[path = "source/package.rs"]
mod package;
#[path = "source/parsed.rs"]
mod parsed;
#[path = "source/positions.rs"]
mod positions;
#[path = "source/published.rs"]
mod published;
#[path = "source/reexports.rs"]
mod reexports;
#[path = "source/robust.rs"]
mod robust;
#[path = "source/selection.rs"]
mod selection;
#[path = "source/tree.rs"]
mod tree;
