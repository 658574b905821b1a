//! What there is to say of a package, in its formats.

mod human;

use super::json::pretty;
use crate::explain::Explanation;

pub use human::render as as_human;

/// Pretty-printed JSON, with a newline at the end.
pub fn as_json(explanation: &Explanation) -> String {
    pretty(explanation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::schema::Committed;

    #[test]
    fn committed_schema_is_that_of_the_types() {
        let schema = Committed::of::<Explanation>();
        schema.stands_in("docs/explain.schema.json");
        assert_eq!(
            schema.fits(&as_json(&super::human::testing::sample())),
            Ok(())
        );
    }
}
