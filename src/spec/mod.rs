//! Upgrade specifications: what the owner of a package has to do to bring it to another line.

pub mod scan;
