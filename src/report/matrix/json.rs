//! The matrix as JSON.

use crate::matrix::Matrix;
use crate::report::json::pretty;

/// Pretty-printed, with a newline at the end.
pub fn render(matrix: &Matrix) -> String {
    pretty(matrix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::matrix::testing::{hostile, sample};

    #[test]
    fn the_shape_is_that_of_the_schema() {
        let schema = schemars::schema_for!(Matrix);
        let validator = jsonschema::validator_for(schema.as_value()).unwrap();
        for matrix in [sample(), hostile()] {
            let value: serde_json::Value = serde_json::from_str(&render(&matrix)).unwrap();
            let errors: Vec<_> = validator
                .iter_errors(&value)
                .map(|e| e.to_string())
                .collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
        assert_eq!(render(&sample()), render(&sample()));
    }

    #[test]
    fn renders() {
        insta::assert_snapshot!(render(&sample()));
    }
}
