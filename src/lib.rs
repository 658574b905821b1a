//! Finds mismatched versions of crate families that must agree, the OpenTelemetry crates first of
//! all, in the artifacts of a Cargo workspace; says what each mismatch does and on what evidence.
//!
//! Data goes one way: [`workspace`] loads what cargo knows, [`rules`] holds the facts about crates,
//! [`registry`] knows which releases exist, [`source`] reads what code does, [`skew`] judges, and
//! [`report`] prints.

pub mod baseline;
pub mod cli;
pub mod explain;
pub mod inventory;
pub mod matrix;
pub mod plan;
pub mod policy;
pub mod readiness;
pub mod registry;
pub mod report;
pub mod rules;
pub mod shipping;
pub mod skew;
pub mod source;
pub mod sources;
pub mod spec;
pub mod workspace;
