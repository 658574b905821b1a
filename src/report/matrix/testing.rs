//! Matrices to render.

use crate::matrix::testing::{dep, family, in_use, index, option, release};
use crate::matrix::{Matrix, matrix};
use crate::registry::MemoryIndex;

/// One of everything: several lines in use, a crate that chooses its line by feature, one with a
/// range, one that needs no line any more, one that contradicts itself, one from git, one that is
/// not there.
pub fn sample() -> Matrix {
    let index = index(vec![
        (
            "bridge",
            vec![
                release("1.2.0", vec![dep("api", "^0.2")]).on("2025-02-12"),
                release("1.3.0", vec![dep("api", "^0.3")]).on("2025-03-25"),
                release("1.3.1", vec![dep("api", "^0.3")]).on("2025-03-26"),
                release("1.5.0", vec![dep("api", "^0.5")]).on("2025-05-11"),
            ],
        ),
        (
            "client",
            vec![
                release(
                    "0.7.0",
                    vec![
                        option("api_2", "api", "^0.2"),
                        option("api_3", "api", "^0.3"),
                    ],
                )
                .feature("api_0_2", &["api_2"])
                .feature("api_0_3", &["api_3"])
                .on("2025-04-01"),
            ],
        ),
        (
            "constants",
            vec![
                release("0.2.0", vec![dep("api", "^0.2")]).on("2025-02-10"),
                release("0.3.0", vec![]).on("2025-03-10"),
            ],
        ),
        (
            "range",
            vec![release("2.0.0", vec![dep("api", ">=0.2, <0.6")]).on("2025-02-20")],
        ),
        (
            "torn",
            vec![
                release("1.0.0", vec![dep("api", "^0.3")]).on("2025-03-11"),
                release("1.1.0", vec![dep("api", "^0.4"), dep("old_api", "^0.2")]).on("2025-04-11"),
            ],
        ),
    ]);
    let mut git = in_use("fork", "0.1.0", &["0.2"]);
    git.registry = None;
    let used = [
        in_use("api", "0.2.0", &["0.2"]),
        in_use("api", "0.3.1", &["0.3"]),
        in_use("bridge", "1.2.0", &["0.2"]),
        in_use("bridge", "1.3.1", &["0.3"]),
        in_use("client", "0.7.0", &[]),
        in_use("constants", "0.3.0", &[]),
        git,
        in_use("gone", "1.0.0", &["0.3"]),
        in_use("range", "2.0.0", &["0.2"]),
        in_use("torn", "1.0.0", &["0.3"]),
    ];
    matrix(&family(&["bridge"]), &used, &index).unwrap()
}

/// Nothing in use, nothing known.
pub fn empty() -> Matrix {
    let mut matrix = matrix(&family(&[]), &[], &MemoryIndex::new()).unwrap();
    matrix.notes.clear();
    matrix
}

/// Names that attack what shows them.
pub fn hostile() -> Matrix {
    let names = [
        "=cmd|'/c calc'!a,\"b\"",
        "\u{1b}[2Jclear\u{7}",
        "\u{202e}desrever",
        "<script>|`*_[x](http://y)\n# heading",
    ];
    let crates = names
        .map(|name| {
            let releases = vec![
                release("1.0.0", vec![option("x", "api", "^0.2")])
                    .feature("f|`<script>\u{1b}[31m", &["x"]),
            ];
            (name, releases)
        })
        .to_vec();
    let used = names.map(|name| in_use(name, "1.0.0", &["0.2"]));
    let mut matrix = matrix(&family(&[]), &used, &index(crates)).unwrap();
    matrix.notes.push("a note \u{1b}[31m | <script>".into());
    matrix.companions[0].problem = Some("a problem \u{1b}[31m | <script>\n".into());
    matrix
}
