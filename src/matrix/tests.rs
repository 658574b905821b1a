use semver::Version;

use crate::registry::{DepKind, Index, IndexError, RegistryId, Release, ReleaseDep};

use super::testing::{dep, family, in_use, index, line, option, release};
use super::{Companion, InUse, Matrix, matrix};

/// The matrix of a workspace that uses the crates of the index at versions that do not exist.
fn of(members: &[&str], used: &[&str], crates: Vec<(&str, Vec<Release>)>) -> Matrix {
    let used: Vec<InUse> = used
        .iter()
        .map(|name| in_use(name, "99.0.0", &[]))
        .collect();
    matrix(&family(members), &used, &index(crates)).unwrap()
}

fn one(releases: Vec<Release>) -> Companion {
    let mut matrix = of(&["bridge"], &["bridge"], vec![("bridge", releases)]);
    matrix.companions.remove(0)
}

/// `line: versions`, with a mark for what is special.
fn cells(companion: &Companion) -> Vec<String> {
    companion
        .cells
        .iter()
        .map(|cell| {
            let releases: Vec<String> = cell
                .releases
                .iter()
                .map(|release| {
                    let mut text = release.version.to_string();
                    if !release.features.is_empty() {
                        text.push_str(&format!("[{}]", release.features.join(" ")));
                    }
                    for (is, mark) in [
                        (release.on_by_default, "default"),
                        (!release.fresh, "stale"),
                        (release.conflicting, "conflict"),
                        (release.yanked, "yanked"),
                    ] {
                        if is {
                            text.push_str(&format!(" {mark}"));
                        }
                    }
                    text
                })
                .collect();
            format!("{}: {}", cell.line, releases.join(", "))
        })
        .collect()
}

#[test]
fn a_release_serves_the_line_of_its_own_requirement() {
    let companion = one(vec![
        release("1.0.0", vec![dep("api", "^0.2"), dep("other", "*")]),
        release("1.1.0", vec![dep("api", "0.3.1")]),
        release("2.0.0", vec![dep("api", "=0.4.0")]),
        release("2.1.0", vec![dep("api", "~0.4")]),
    ]);
    assert_eq!(
        cells(&companion),
        ["0.2: 1.0.0", "0.3: 1.1.0", "0.4: 2.0.0, 2.1.0"]
    );
    assert_eq!(companion.newest, Some(line("0.4")));
    assert_eq!(companion.free_since, None);
}

#[test]
fn any_anchor_will_do() {
    let companion = one(vec![release("1.0.0", vec![dep("old_api", "^0.2")])]);
    assert_eq!(cells(&companion), ["0.2: 1.0.0"]);
    // One that passes the other on.
    let companion = one(vec![release(
        "1.0.0",
        vec![dep("old_api", "^0.2"), dep("api", "^0.2")],
    )]);
    assert_eq!(cells(&companion), ["0.2: 1.0.0"]);
}

#[test]
fn a_range_serves_several_lines_and_a_fresh_resolve_picks_the_newest() {
    let companion = one(vec![release("1.0.0", vec![dep("api", ">=0.2, <0.5")])]);
    assert_eq!(
        cells(&companion),
        ["0.2: 1.0.0 stale", "0.3: 1.0.0 stale", "0.4: 1.0.0"]
    );
    let companion = one(vec![release("1.0.0", vec![dep("api", ">=0.4")])]);
    assert_eq!(cells(&companion), ["0.4: 1.0.0 stale", "0.5: 1.0.0"]);
}

#[test]
fn yanked_and_pre_releases_of_the_anchor_form_no_line() {
    let companion = one(vec![
        release("1.0.0", vec![dep("api", "^0.6")]),
        release("1.1.0", vec![dep("api", "=0.5.0-rc.1")]),
        release("1.2.0", vec![dep("api", "^7")]),
    ]);
    assert_eq!(companion.cells, []);
    assert_eq!(companion.newest, None);
    assert_eq!(
        companion.free_since, None,
        "it needs a line, but none that there is"
    );
    let matrix = of(&[], &[], vec![]);
    let lines: Vec<_> = matrix
        .lines
        .iter()
        .map(|row| row.line.to_string())
        .collect();
    assert_eq!(lines, ["0.1", "0.2", "0.3", "0.4", "0.5"]);
}

#[test]
fn what_is_in_use_counts_even_if_yanked() {
    let used = [
        in_use("api", "0.6.0", &["0.6"]),
        in_use("bridge", "1.1.0", &["0.6"]),
    ];
    let index = index(vec![(
        "bridge",
        vec![
            release("1.0.0", vec![dep("api", "^0.4")]),
            release("1.1.0", vec![dep("api", "^0.6")]).yanked(),
            release("1.2.0", vec![dep("api", "^0.6")]).yanked(),
            release("2.0.0-rc.1", vec![dep("api", "^0.5")]),
        ],
    )]);
    let matrix = matrix(&family(&["bridge"]), &used, &index).unwrap();
    assert_eq!(
        cells(&matrix.companions[0]),
        ["0.4: 1.0.0", "0.6: 1.1.0 yanked"]
    );
    assert!(matrix.line(line("0.6")).unwrap().in_use);
    assert!(!matrix.line(line("0.4")).unwrap().in_use);
}

#[test]
fn only_what_is_linked_counts() {
    let of_kind = |kind| ReleaseDep {
        kind,
        ..dep("api", "^0.2")
    };
    let unlinked = vec![of_kind(DepKind::Dev), of_kind(DepKind::Build)];
    let companion = one(vec![
        release("1.0.0", vec![dep("api", "^0.2")]),
        release("1.1.0", unlinked.clone()),
    ]);
    assert_eq!(cells(&companion), ["0.2: 1.0.0"]);
    assert_eq!(companion.free_since, Some(Version::new(1, 1, 0)));
    let crates = vec![("bridge", vec![release("1.0.0", unlinked)])];
    let matrix = of(&["bridge"], &["bridge"], crates);
    assert!(matrix.companions.is_empty(), "it has never needed a line");
}

#[test]
fn without_a_requirement_of_its_own_a_release_follows_the_family() {
    let matrix = of(
        &["sdk", "bridge", "top"],
        &["top"],
        vec![
            (
                "sdk",
                vec![
                    release("0.2.0", vec![dep("api", "^0.2")]),
                    release("0.3.0", vec![dep("api", "^0.3")]),
                    release("0.3.1", vec![dep("api", "^0.4")]),
                ],
            ),
            (
                "bridge",
                vec![
                    release("1.0.0", vec![dep("sdk", "^0.2")]),
                    release("1.1.0", vec![dep("sdk", "^0.3")]),
                ],
            ),
            (
                "top",
                vec![
                    release("7.0.0", vec![dep("bridge", "=1.0.0")]),
                    release("7.1.0", vec![dep("bridge", "^1")]),
                    release("7.2.0", vec![dep("bridge", "^1"), dep("api", "^0.1")]),
                ],
            ),
        ],
    );
    // Through all releases that fit; a fresh resolve takes the newest all the way.
    assert_eq!(
        cells(&matrix.companions[0]),
        [
            "0.1: 7.2.0",
            "0.2: 7.0.0, 7.1.0 stale",
            "0.3: 7.1.0 stale",
            "0.4: 7.1.0"
        ]
    );
}

#[test]
fn several_ways_must_agree() {
    let crates = vec![
        (
            "sdk",
            vec![
                release("0.2.0", vec![dep("api", "^0.2")]),
                release("0.2.1", vec![dep("api", "^0.3")]),
            ],
        ),
        ("wire", vec![release("1.0.0", vec![dep("api", "^0.2")])]),
        (
            "top",
            vec![
                release("1.0.0", vec![dep("sdk", "^0.2"), dep("wire", "^1")]),
                release("1.1.0", vec![dep("sdk", "=0.2.1"), dep("wire", "^1")]),
                release("1.2.0", vec![dep("api", "^0.2"), dep("old_api", "^0.2")]),
                release("1.3.0", vec![dep("api", "^0.4"), dep("old_api", "^0.2")]),
            ],
        ),
    ];
    let matrix = of(&["sdk", "wire", "top"], &["top"], crates);
    assert_eq!(
        cells(&matrix.companions[0]),
        [
            // A fresh resolve takes sdk 0.2.1, and then the two disagree.
            "0.2: 1.0.0 stale, 1.1.0 stale conflict, 1.2.0, 1.3.0 stale conflict",
            "0.3: 1.1.0 stale conflict",
            "0.4: 1.3.0 stale conflict",
        ]
    );
    // What asks for two lines can be used on neither.
    let top = &matrix.companions[0];
    assert_eq!(top.newest, Some(line("0.2")));
    assert!(top.serves(line("0.2")) && !top.serves(line("0.4")));
    let pick = top.cell(line("0.2")).unwrap().pick().unwrap();
    assert_eq!(pick.version, Version::new(1, 2, 0));
}

#[test]
fn a_circle_of_crates_ends() {
    let crates = vec![
        (
            "a",
            vec![release("1.0.0", vec![dep("b", "*"), dep("a", "*")])],
        ),
        (
            "b",
            vec![
                release("1.0.0", vec![dep("a", "*")]),
                release("1.1.0", vec![dep("a", "*"), dep("api", "^0.3")]),
            ],
        ),
        ("c", vec![release("1.0.0", vec![dep("c", "*")])]),
    ];
    for used in [["a", "b", "c"], ["c", "b", "a"]] {
        let matrix = of(&["a", "b", "c"], &used, crates.clone());
        let all: Vec<_> = matrix.companions.iter().map(cells).collect();
        assert_eq!(all, [vec!["0.3: 1.0.0"], vec!["0.3: 1.0.0, 1.1.0"]]);
    }
}

#[test]
fn many_crates_that_all_depend_on_each_other_end_too() {
    let names: Vec<String> = (0..12).map(|n| format!("c{n}")).collect();
    let crates: Vec<(&str, Vec<Release>)> = names
        .iter()
        .map(|name| {
            let all: Vec<_> = names.iter().map(|other| dep(other, "*")).collect();
            let releases = (0..12).map(|n| release(&format!("1.{n}.0"), all.clone()));
            (name.as_str(), releases.collect())
        })
        .collect();
    let members: Vec<&str> = names.iter().map(String::as_str).collect();
    assert!(of(&members, &members, crates).companions.is_empty());
}

#[test]
fn features_choose_lines() {
    let companion = one(vec![
        release(
            "1.0.0",
            vec![
                option("api_2", "api", "^0.2"),
                option("api_3", "api", "^0.3"),
            ],
        )
        .feature("api_0_2", &["api_2"])
        .feature("api_0_3", &["dep:api_3"])
        .feature("all", &["api_0_2", "api_0_3"]),
        // The name of a feature says nothing; the requirement does.
        release("1.1.0", vec![option("api_2", "api", "^0.4")]).feature("api_0_2", &["api_2"]),
        release("1.2.0", vec![option("api", "api", "^0.5")]).feature("default", &["api"]),
        release("1.3.0", vec![option("api", "api", "^0.5")]),
    ]);
    assert_eq!(
        cells(&companion),
        [
            "0.2: 1.0.0[api_0_2]",
            "0.3: 1.0.0[api_0_3]",
            "0.4: 1.1.0[api_0_2]",
            "0.5: 1.2.0[api] default, 1.3.0[api]",
        ]
    );
    assert_eq!(companion.free_since, None);
}

#[test]
fn features_choose_lines_through_the_family_too() {
    let matrix = of(
        &["bridge", "top"],
        &["top"],
        vec![
            (
                "bridge",
                vec![
                    release("0.3.0", vec![dep("api", "^0.2")]),
                    release("0.4.0", vec![option("api", "api", "^0.3")])
                        .feature("default", &["std"])
                        .feature("std", &["dep:api"]),
                ],
            ),
            (
                "top",
                vec![
                    release("1.0.0", vec![option("bridge", "bridge", "^0.3")])
                        .feature("telemetry", &["dep:bridge"]),
                    release("1.1.0", vec![option("bridge", "bridge", "^0.4")])
                        .feature("telemetry", &["dep:bridge"]),
                    // Without its default features, and so without the line.
                    release(
                        "1.2.0",
                        vec![ReleaseDep {
                            default_features: false,
                            ..dep("bridge", "^0.4")
                        }],
                    ),
                    release(
                        "1.3.0",
                        vec![ReleaseDep {
                            default_features: false,
                            features: vec!["std".into()],
                            ..dep("bridge", "^0.4")
                        }],
                    ),
                ],
            ),
        ],
    );
    assert_eq!(
        cells(&matrix.companions[0]),
        ["0.2: 1.0.0[telemetry]", "0.3: 1.1.0[telemetry], 1.3.0"]
    );
}

#[test]
fn a_crate_that_no_longer_needs_a_line_fits_every_one() {
    let releases = vec![
        release("0.1.0", vec![]),
        release("0.2.0", vec![dep("api", "^0.2")]),
        release("0.3.0", vec![]),
        release("0.4.0", vec![]),
    ];
    let companion = one(releases.clone());
    assert_eq!(companion.free_since, Some(Version::new(0, 3, 0)));
    assert!(companion.serves(line("0.5")));
    // One that has not needed a line from the start does not, once it needs one.
    let companion = one(releases[..2].to_vec());
    assert_eq!(companion.free_since, None);
    assert!(!companion.serves(line("0.5")));
}

#[test]
fn lag_is_counted_in_whole_days_from_the_lines_first_release() {
    let companion = one(vec![
        release("1.0.0", vec![dep("api", "^0.3")]).on("2025-03-24"),
        release("1.1.0", vec![dep("api", "^0.3")]).on("2025-03-13"),
        release("1.2.0", vec![dep("api", ">=0.4")]).on("2025-04-10"),
        release("1.3.0", vec![dep("api", "^0.2")]),
    ]);
    let lags: Vec<_> = companion
        .cells
        .iter()
        .map(|cell| {
            let first = cell.first_published.map(|time| time.date());
            (cell.line.to_string(), first, cell.lag_days)
        })
        .collect();
    let day = |text: &str| Some(text.to_owned());
    assert_eq!(
        lags,
        [
            ("0.2".to_owned(), None, None),
            ("0.3".to_owned(), day("2025-03-13"), Some(3)),
            ("0.4".to_owned(), day("2025-04-10"), Some(0)),
            // It was there before the line.
            ("0.5".to_owned(), day("2025-04-10"), Some(0)),
        ]
    );
    let matrix = of(&[], &[], vec![]);
    let published = matrix.line(line("0.3")).unwrap().published.unwrap();
    assert_eq!(published.date(), "2025-03-10", "that of its first release");
}

fn serving(lines: &[&str]) -> Vec<Release> {
    lines
        .iter()
        .enumerate()
        .map(|(n, line)| release(&format!("1.{n}.0"), vec![dep("api", &format!("^{line}"))]))
        .collect()
}

#[test]
fn the_newest_line_for_all_is_the_newest_that_each_serves() {
    let crates = vec![
        ("a", serving(&["0.2", "0.3", "0.5"])),
        ("b", serving(&["0.3", "0.4"])),
        ("c", serving(&["0.1", "0.2", "0.3", "0.4", "0.5"])),
        ("free", vec![release("1.0.0", vec![])]),
    ];
    let matrix = of(&[], &["a", "b", "c", "free", "gone"], crates);
    assert_eq!(matrix.newest_common, Some(line("0.3")));
    let caps: Vec<_> = matrix
        .caps
        .iter()
        .map(|cap| {
            (
                cap.name.as_str(),
                cap.line.unwrap().to_string(),
                cap.lines_behind,
            )
        })
        .collect();
    assert_eq!(caps, [("b", "0.4".to_owned(), 1)]);
    let missing = |text: &str| matrix.line(line(text)).unwrap().missing.clone();
    assert_eq!(missing("0.5"), ["b"]);
    assert_eq!(missing("0.4"), ["a"]);
    assert!(missing("0.3").is_empty());
    let gone = matrix.companions.iter().find(|c| c.name == "gone").unwrap();
    assert!(gone.problem.as_ref().unwrap().contains("`gone` is not in"));
}

#[test]
fn there_may_be_no_line_for_all() {
    let crates = vec![("a", serving(&["0.5"])), ("b", serving(&["0.3"]))];
    let matrix = of(&[], &["a", "b"], crates);
    assert_eq!(matrix.newest_common, None);
    assert_eq!(matrix.caps.len(), 1);
    assert_eq!(matrix.caps[0].lines_behind, 2);
}

#[test]
fn the_workspace_is_shown_as_it_is() {
    let mut git = in_use("fork", "0.1.0", &["0.2"]);
    git.registry = None;
    git.package_id = "git+https://example.com/fork#0.1.0".into();
    let used = [
        in_use("bridge", "1.1.0", &["0.3"]),
        in_use("api", "0.3.0", &["0.3"]),
        git,
        in_use("api", "0.2.0", &["0.2"]),
        in_use("bridge", "1.0.0", &["0.2", "0.3"]),
    ];
    let index = index(vec![("bridge", serving(&["0.2", "0.3"]))]);
    let matrix = matrix(&family(&["bridge"]), &used, &index).unwrap();
    let rows: Vec<_> = matrix
        .workspace
        .iter()
        .map(|row| {
            let lines: Vec<_> = row.lines.iter().map(ToString::to_string).collect();
            (row.name.as_str(), row.version.to_string(), lines.join(" "))
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("api", "0.2.0".to_owned(), "0.2".to_owned()),
            ("api", "0.3.0".to_owned(), "0.3".to_owned()),
            ("bridge", "1.0.0".to_owned(), "0.2 0.3".to_owned()),
            ("bridge", "1.1.0".to_owned(), "0.3".to_owned()),
            ("fork", "0.1.0".to_owned(), "0.2".to_owned()),
        ]
    );
    let companions: Vec<_> = matrix.companions.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(companions, ["bridge", "fork"]);
    assert!(
        matrix.companions[1]
            .problem
            .as_ref()
            .unwrap()
            .contains("git")
    );
    let used: Vec<_> = matrix.companions[0]
        .in_use
        .iter()
        .map(|one| one.version.to_string())
        .collect();
    assert_eq!(used, ["1.0.0", "1.1.0"]);
}

#[test]
fn a_failing_index_is_a_failure() {
    let default = RegistryId::default_registry();
    let broken = IndexError::Server {
        url: "http://x/".into(),
        status: 500,
    };
    for name in ["bridge", "sdk", "api"] {
        let mut index = index(vec![
            ("bridge", vec![release("1.0.0", vec![dep("sdk", "*")])]),
            ("sdk", serving(&["0.2"])),
        ]);
        index.fail(&default, name, broken.clone());
        assert!(index.releases(&default, name).is_err());
        let used = [in_use("bridge", "1.0.0", &[])];
        let error = matrix(&family(&["bridge", "sdk"]), &used, &index).unwrap_err();
        assert!(
            matches!(error, IndexError::Server { .. }),
            "{name}: {error}"
        );
    }
}

#[test]
fn an_anchor_that_is_not_there_is_noted() {
    let index = crate::registry::MemoryIndex::new();
    let matrix = matrix(&family(&[]), &[], &index).unwrap();
    assert!(matrix.lines.is_empty());
    assert_eq!(matrix.notes.len(), 2);
}

#[test]
fn registries_do_not_mix() {
    let other = RegistryId::from_index("sparse+https://example.com/");
    let mut theirs = in_use("bridge", "1.0.0", &[]);
    theirs.registry = Some(other.clone());
    let used = [in_use("bridge", "1.0.0", &[]), theirs];
    let mut index = index(vec![("bridge", serving(&["0.2"]))]);
    let mut from_default = dep("api", "^0.4");
    from_default.registry = Some(RegistryId::default_registry());
    index.insert(
        &other,
        "bridge",
        vec![
            release("1.0.0", vec![from_default]),
            // Their own `api`, which forms lines of its own.
            release("2.0.0", vec![dep("api", "^9")]),
        ],
    );
    index.insert(&other, "api", vec![release("9.0.0", vec![])]);
    let matrix = matrix(&family(&["bridge"]), &used, &index).unwrap();
    let all: Vec<_> = matrix.companions.iter().map(cells).collect();
    assert_eq!(all, [vec!["0.2: 1.0.0"], vec!["0.4: 1.0.0", "9: 2.0.0"]]);
}
