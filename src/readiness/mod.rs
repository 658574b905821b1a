//! `readiness`: go or no-go, from what was measured.

pub mod ledger;
pub mod model;
pub mod phases;
pub mod settings;

pub use ledger::Ledger;
pub use model::Readiness;
pub use settings::Settings;
