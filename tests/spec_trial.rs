//! Trials of upgrades: what rustc says of a package once its manifest is changed, which steps are
//! applied, and that nothing but the copy is written.

#[path = "support/registry.rs"]
mod loopback;
mod support;

#[path = "spec_trial/applied.rs"]
mod applied;
#[path = "spec_trial/hostile.rs"]
mod hostile;
#[path = "spec_trial/lab.rs"]
mod lab;
#[path = "spec_trial/outcomes.rs"]
mod outcomes;
