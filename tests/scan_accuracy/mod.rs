//! Measures the scan against rustc. Shared by the command that compiles and the test that does not.
#![allow(dead_code, reason = "the command and the test use different parts")]

pub mod cases;
pub mod compare;
pub mod repair;
pub mod rustc;
pub mod scan;
pub mod sources;
pub mod tried;
