//! `readiness`: go or no-go, from what was measured.

mod assess;
pub mod canonical;
pub mod certificate;
pub mod command;
pub mod compare;
pub mod compose;
pub mod criteria;
pub mod decide;
pub mod dependencies;
pub mod inputs;
pub mod ledger;
pub mod measure;
pub mod model;
pub mod options;
pub mod phases;
pub mod register;
pub mod score;
pub mod settings;
mod states;
#[cfg(test)]
pub(crate) mod testing;
pub mod verify;

pub use ledger::Ledger;
pub use model::Readiness;
pub use settings::Settings;
