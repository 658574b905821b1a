use super::*;

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = parse(&bytes, "demo");
        let _ = parse_cached(&bytes, "demo");
    }

    #[test]
    fn no_damage_makes_it_panic(at in 0..LINE.len(), byte: u8, cut in 0..LINE.len()) {
        let mut bytes = LINE.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = parse(&bytes, "demo");
        let _ = parse(&bytes[..cut], "demo");
        let mut cached = parse(LINE.as_bytes(), "demo").unwrap().to_cached("etag: x").unwrap();
        let place = at % cached.len();
        cached[place] = byte;
        let _ = parse_cached(&cached, "demo");
        let _ = parse_cached(&cached[..cut], "demo");
    }
}

const LINE: &str =
    r#"{"name":"demo","vers":"1.2.3","deps":[],"cksum":"00","features":{},"yanked":false}"#;

fn only(line: &str) -> Release {
    let mut entry = parse(line.as_bytes(), "demo").unwrap();
    assert_eq!(entry.releases.len(), 1);
    entry.releases.remove(0)
}

#[test]
fn reads_every_field() {
    let release = only(
        r#"{"name":"demo","vers":"1.0.0","deps":[{"name":"old_api","package":"api","req":">=0.3, <0.5","features":["a",""],"optional":true,"default_features":false,"target":"cfg(unix)","kind":"normal","registry":"https://example.com/index"},{"name":"t","req":"^1","features":[],"optional":false,"default_features":true,"target":null,"kind":"dev","registry":null,"package":null},{"name":"b","req":"*","kind":"build"}],"cksum":"00","features":{"x":["y"]},"features2":{"x":["dep:old_api"],"z":["t?/q"]},"yanked":true,"links":null,"rust_version":"1.80","pubtime":"2025-11-12T19:30:12Z","v":2,"more":[[]]}"#,
    );
    assert_eq!(release.version, Version::new(1, 0, 0));
    assert!(release.yanked && !release.is_eligible());
    assert_eq!(release.rust_version.as_deref(), Some("1.80"));
    assert_eq!(
        release.published.unwrap().to_string(),
        "2025-11-12T19:30:12Z"
    );
    assert_eq!(release.features["x"], ["y", "dep:old_api"]);
    assert_eq!(release.features["z"], ["t?/q"]);
    let api = &release.dependencies[0];
    assert_eq!(
        (api.name.as_str(), api.rename.as_deref(), api.key()),
        ("api", Some("old_api"), "old_api")
    );
    assert_eq!(api.features, ["a"]);
    assert!(api.optional && !api.default_features);
    assert_eq!(api.target.as_deref(), Some("cfg(unix)"));
    assert_eq!(
        api.registry,
        Some(RegistryId::from_index("https://example.com/index"))
    );
    assert!(api.req.matches(&Version::new(0, 4, 9)));
    let kinds: Vec<_> = release.dependencies.iter().map(|d| d.kind).collect();
    assert_eq!(kinds, [DepKind::Normal, DepKind::Dev, DepKind::Build]);
    assert!(release.dependencies[2].default_features);
    assert_eq!(release.dependencies[1].registry, None);
}

#[test]
fn versions_come_in_order_and_the_last_line_counts() {
    let text = [
        LINE.replace("1.2.3", "1.10.0"),
        LINE.to_owned(),
        LINE.replace("\"yanked\":false", "\"yanked\":true"),
        String::new(),
    ]
    .join("\n");
    let entry = parse(text.as_bytes(), "demo").unwrap();
    let versions: Vec<_> = entry
        .releases
        .iter()
        .map(|r| (r.version.to_string(), r.yanked))
        .collect();
    assert_eq!(
        versions,
        [("1.2.3".to_owned(), true), ("1.10.0".to_owned(), false)]
    );
}

#[test]
fn spellings_of_one_name_agree() {
    assert!(parse(LINE.replace("demo", "De-Mo").as_bytes(), "de_mo").is_ok());
    assert_eq!(
        parse(LINE.as_bytes(), "other").unwrap_err(),
        EntryError::OtherCrate {
            line: 1,
            name: "demo".into()
        }
    );
}

#[test]
fn leaves_out_what_cargo_would_leave_out() {
    for odd in [
        LINE.replace("\"deps\":[]", r#""deps":[{"name":"a","req":"not a req"}]"#),
        LINE.replace("\"yanked\"", "\"v\":3,\"yanked\""),
        LINE.replace("\"deps\":[]", "\"deps\":{}"),
        LINE.replace("1.2.3", "one"),
        LINE.replace("\"yanked\":false", "\"yanked\":\"no\""),
    ] {
        assert_eq!(
            parse(odd.as_bytes(), "demo").unwrap_err(),
            EntryError::Empty
        );
        let text = format!("{odd}\n{}", LINE.replace("1.2.3", "2.0.0"));
        let entry = parse(text.as_bytes(), "demo").unwrap();
        assert_eq!((entry.releases.len(), entry.skipped), (1, 1), "{odd}");
        // Cargo's cache may hold what we do not understand, so it is not written over.
        assert_eq!(entry.to_cached("etag: x"), None);
    }
}

#[test]
fn hostile_text_is_an_error() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in [
        "<html>blocked</html>",
        "{",
        &LINE[..LINE.len() - 20],
        "\u{0}",
        "{\"name\":1,",
    ] {
        assert!(
            matches!(
                parse(text.as_bytes(), "demo"),
                Err(EntryError::NotJson { line: 1 })
            ),
            "{}",
            &text[..text.len().min(60)]
        );
    }
    let deep_inside = LINE.replace("\"deps\":[]", &format!("\"deps\":{deep}"));
    for text in [
        "",
        "\n\n",
        "null",
        "[]",
        "{}",
        "1",
        "\"demo\"",
        &deep,
        &deep_inside,
    ] {
        assert_eq!(
            parse(text.as_bytes(), "demo").unwrap_err(),
            EntryError::Empty
        );
    }
    let two = format!("{LINE}\n{{\"name\":");
    assert_eq!(
        parse(two.as_bytes(), "demo").unwrap_err(),
        EntryError::NotJson { line: 2 }
    );
    assert!(parse(b"\xff\xfe{\"name\"", "demo").is_err());
}

#[test]
fn a_bad_publish_time_costs_only_the_time() {
    let release = only(&LINE.replace("\"yanked\"", "\"pubtime\":\"soon\",\"yanked\""));
    assert_eq!(release.published, None);
}

#[test]
fn the_cached_form_comes_back() {
    let text = format!("{LINE}\n{}\n", LINE.replace("1.2.3", "1.3.0-rc.1+b"));
    for revision in ["etag: \"abc\"", "last-modified: Thu", ""] {
        let bytes = parse(text.as_bytes(), "demo")
            .unwrap()
            .to_cached(revision)
            .unwrap();
        let (entry, read) = parse_cached(&bytes, "demo").unwrap();
        assert_eq!(read, revision);
        assert_eq!(entry.releases.len(), 2);
        assert_eq!(
            entry.releases,
            parse(text.as_bytes(), "demo").unwrap().releases
        );
    }
}

#[test]
fn a_damaged_cache_is_an_error() {
    let bytes = parse(LINE.as_bytes(), "demo")
        .unwrap()
        .to_cached("etag: x")
        .unwrap();
    for cut in 0..bytes.len() {
        assert!(parse_cached(&bytes[..cut], "demo").is_err(), "cut at {cut}");
    }
    let mut newer = bytes.clone();
    newer[0] += 1;
    assert!(matches!(
        parse_cached(&newer, "demo"),
        Err(EntryError::NotCache)
    ));
}
