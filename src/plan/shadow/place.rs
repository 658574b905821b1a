//! Where a real path lies in a copy, and back.

use aho_corasick::{AhoCorasick, MatchKind};
use camino::{Utf8Component, Utf8Path, Utf8PathBuf, Utf8Prefix};

use super::ShadowError;

/// Where the parts of a copy are.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder below which real absolute paths are repeated.
    base: Utf8PathBuf,
    /// Build output of the copy.
    build: Utf8PathBuf,
    text: Way,
    json: Way,
}

/// How paths of the copy are found in one kind of text.
#[derive(Debug, Clone)]
struct Way {
    /// Finds, in this order: URLs, the base, the build folder, and the base as seen from the folder
    /// that cargo runs in, since it shows some paths that way.
    search: Option<AhoCorasick>,
    /// What stands for the build folder in the real tree.
    target: String,
}

impl Place {
    /// `target` is the build folder of the real tree, `cwd` the folder that cargo runs in.
    pub fn new(base: Utf8PathBuf, build: Utf8PathBuf, target: Utf8PathBuf, cwd: &Utf8Path) -> Self {
        let mut paths = vec![base.to_string(), build.to_string()];
        paths.extend(relative(&base, cwd));
        let way = |write: fn(&str) -> String| {
            let urls = "file://".to_owned();
            let needles = [urls]
                .into_iter()
                .chain(paths.iter().map(|path| write(path)));
            Way {
                search: AhoCorasick::builder()
                    .match_kind(MatchKind::LeftmostLongest)
                    .build(needles)
                    .ok(),
                target: write(target.as_str()),
            }
        };
        Self {
            text: way(str::to_owned),
            json: way(escaped),
            base,
            build,
        }
    }

    pub fn build(&self) -> &Utf8Path {
        &self.build
    }

    /// The place of a real absolute path in the copy. Never outside of it: `..` is worked out first,
    /// by text alone, as cargo does.
    ///
    /// # Errors
    /// [`ShadowError::Device`] where the path does not start at a drive or at the root.
    pub fn there(&self, real: &Utf8Path) -> Result<Utf8PathBuf, ShadowError> {
        let mut there = self.base.clone();
        for part in normal(real).components() {
            match part {
                Utf8Component::Prefix(prefix) => match prefix.kind() {
                    Utf8Prefix::Disk(letter) | Utf8Prefix::VerbatimDisk(letter) => {
                        there.push(char::from(letter).to_string());
                    }
                    _ => {
                        let path = real.to_owned();
                        return Err(ShadowError::Device { path });
                    }
                },
                Utf8Component::Normal(name) => there.push(name),
                Utf8Component::RootDir | Utf8Component::CurDir | Utf8Component::ParentDir => {}
            }
        }
        Ok(there)
    }

    /// Text of cargo's or rustc's with the paths of the copy turned into real ones.
    pub fn text_back(&self, text: &str) -> String {
        self.back(text, &self.text)
    }

    /// The same for JSON, in which a path stands escaped.
    pub fn json_back(&self, json: &str) -> String {
        self.back(json, &self.json)
    }

    fn back(&self, text: &str, way: &Way) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for found in way.search.iter().flat_map(|search| search.find_iter(text)) {
            if found.start() < done {
                continue;
            }
            out.push_str(&text[done..found.start()]);
            done = found.end();
            let rest = &text[done..];
            match found.pattern().as_usize() {
                0 => {
                    out.push_str("file://");
                    if let Some(length) = self.url(rest) {
                        let (skipped, root) = root(&rest[length..], "/");
                        out.push_str(&root);
                        done += length + skipped;
                    }
                }
                2 if !goes_on(rest) => out.push_str(&way.target),
                1 | 3 if !goes_on(rest) => {
                    let (skipped, root) = root(rest, "");
                    out.push_str(&root);
                    done += skipped;
                }
                // Part of a longer name.
                _ => out.push_str(&text[found.range()]),
            }
        }
        out.push_str(&text[done..]);
        out
    }

    /// How much of a URL, after `file://`, stands for the base: cargo writes some letters as `%20`,
    /// others not.
    fn url(&self, text: &str) -> Option<usize> {
        let base = self.base.as_str().replace('\\', "/");
        // A drive's path has a slash in front.
        let lead = if base.starts_with('/') { "" } else { "/" };
        let mut at = 0;
        for expected in lead.bytes().chain(base.bytes()) {
            at += match text.as_bytes().get(at)? {
                byte if *byte == expected => 1,
                b'%' => {
                    let code = u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok()?;
                    (code == expected).then_some(3)?
                }
                _ => return None,
            };
        }
        text[at..].starts_with('/').then_some(at)
    }
}

/// A path as it stands in a JSON string.
fn escaped(path: &str) -> String {
    let quoted = serde_json::Value::from(path).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// What the text after the base begins with in the real tree: how much of it to leave out, and what
/// to put there. On a drive `/C/` becomes `C:/`.
fn root(rest: &str, lead: &str) -> (usize, String) {
    let name = rest.trim_start_matches(['/', '\\']);
    let separators = rest.len() - name.len();
    if separators == 0 {
        return (0, "/".to_owned());
    }
    match name.chars().next() {
        Some(letter) if cfg!(windows) && letter.is_ascii_alphabetic() => {
            (separators + 1, format!("{lead}{letter}:"))
        }
        Some(_) | None => (0, String::new()),
    }
}

/// Whether a path's last name goes on, so that another path was found.
fn goes_on(rest: &str) -> bool {
    rest.chars()
        .next()
        .is_some_and(|next| next.is_alphanumeric() || "-_.".contains(next))
}

/// `a/b/../c` as `a/c`, by text alone.
pub fn normal(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::ParentDir => {
                out.pop();
            }
            Utf8Component::CurDir => {}
            Utf8Component::Prefix(_) | Utf8Component::RootDir | Utf8Component::Normal(_) => {
                out.push(part);
            }
        }
    }
    out
}

/// A path as seen from a folder; none across drives.
fn relative(path: &Utf8Path, folder: &Utf8Path) -> Option<String> {
    let common = path
        .components()
        .zip(folder.components())
        .take_while(|(a, b)| a == b)
        .count();
    if common == 0 {
        return None;
    }
    let up = folder.components().skip(common).map(|_| "..");
    let down = path.components().skip(common);
    let parts: Vec<&str> = up.chain(down.map(|part| part.as_str())).collect();
    (!parts.is_empty()).then(|| parts.join(std::path::MAIN_SEPARATOR_STR))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn place() -> Place {
        Place::new(
            "/tmp/a b/target/package".into(),
            "/tmp/a b/build".into(),
            "/ws/target".into(),
            "/ws/member".into(),
        )
    }

    #[test]
    fn nothing_lands_outside() {
        for (real, expected) in [
            ("/ws/a", "/tmp/a b/target/package/ws/a"),
            ("/ws/../../../etc", "/tmp/a b/target/package/etc"),
            ("/ws/./a/../b", "/tmp/a b/target/package/ws/b"),
            ("/", "/tmp/a b/target/package"),
        ] {
            assert_eq!(place().there(real.into()).unwrap(), expected, "{real}");
        }
    }

    #[test]
    fn paths_of_the_copy_become_real_ones() {
        for (text, expected) in [
            (
                "at /tmp/a b/target/package/ws/Cargo.toml:1",
                "at /ws/Cargo.toml:1",
            ),
            (
                "path+file:///tmp/a%20b/target/package/ws/a#0.1.0",
                "path+file:///ws/a#0.1.0",
            ),
            ("file:///tmp/a b/target/package/ws", "file:///ws"),
            ("file:///tmp/other", "file:///tmp/other"),
            (
                "--> ../../tmp/a b/target/package/ws/Cargo.toml:1",
                "--> /ws/Cargo.toml:1",
            ),
            ("/tmp/a b/build/debug", "/ws/target/debug"),
            ("/tmp/a b/build-script", "/tmp/a b/build-script"),
            ("/tmp/a b/target/packages", "/tmp/a b/target/packages"),
            ("nothing of it, 100%", "nothing of it, 100%"),
        ] {
            assert_eq!(place().text_back(text), expected);
        }
    }

    #[test]
    fn json_is_mapped_as_it_is_escaped() {
        let place = Place::new(
            "/tmp/a\"b/target/package".into(),
            "/tmp/a\"b/build".into(),
            "/w\"s/target".into(),
            "/".into(),
        );
        let json = r#"{"a":"/tmp/a\"b/target/package/ws","b":"/tmp/a\"b/build","c":"path+file:///tmp/a%22b/target/package/x#1"}"#;
        let expected = r#"{"a":"/ws","b":"/w\"s/target","c":"path+file:///x#1"}"#;
        assert_eq!(place.json_back(json), expected);
    }
}
