//! A scratch copy with the real sources, in which cargo compiles.
