//! The search on hand-made cases, and against all that could be chosen.

mod brute;
mod cases;
mod features;
mod limits;
mod made;
mod random;
mod shared;
mod speed;
mod world;
