//! `readiness`: go or no-go, from what was measured.

pub mod command;
pub mod criteria;
pub mod ledger;
pub mod model;
pub mod settings;

pub use ledger::Ledger;
pub use model::Readiness;
pub use settings::Settings;
