//! A report with every optional part, and the same of a hostile workspace.

use super::*;
