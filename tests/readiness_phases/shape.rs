//! What the plan says beside commands.
