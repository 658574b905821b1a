//! Small made-up workspaces on a made-up registry, in all the ways in which cargo lets packages
//! depend on each other.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A workspace, the registry that it draws on, and how it is built.
#[derive(Debug, Clone)]
pub struct World {
    pub resolver: u8,
    /// How many versions of the anchor are published.
    pub anchors: usize,
    /// Published packages. One depends on anchors and on those before it.
    pub crates: Vec<Package>,
    /// Members. One depends on all of the above, and on those before it; its dev-dependencies, on
    /// those behind it too.
    pub members: Vec<Package>,
    pub options: Options,
}

/// Options of the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Options {
    Plain,
    AllFeatures,
    NoDefaultFeatures,
    Feature,
    Windows,
}

impl Options {
    /// Feature flags, as cargo takes them and as a build is named.
    pub fn features(self) -> &'static [&'static str] {
        match self {
            Self::Plain | Self::Windows => &[],
            Self::AllFeatures => &["--all-features"],
            Self::NoDefaultFeatures => &["--no-default-features"],
            Self::Feature => &["--features", "f0"],
        }
    }

    pub fn target(self) -> Option<&'static str> {
        match self {
            Self::Windows => Some("x86_64-pc-windows-msvc"),
            Self::Plain | Self::AllFeatures | Self::NoDefaultFeatures | Self::Feature => None,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Package {
    pub shape: Shape,
    /// Whether there is a build script.
    pub script: bool,
    /// Whether there is a second binary that requires feature `f0`.
    pub gated: bool,
    /// Whether features name optional dependencies as `x`, not as `dep:x`.
    pub implicit: bool,
    pub dependencies: Vec<Dependency>,
    /// What `default`, `f0` and `f1` switch on.
    pub features: [Vec<Enable>; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Lib,
    Bin,
    LibBin,
    Cdylib,
    ProcMacro,
}

/// A dependency. What it is on is a number taken modulo what there is to depend on.
#[derive(Debug, Clone)]
pub struct Dependency {
    pub on: usize,
    pub kind: Kind,
    pub optional: bool,
    pub renamed: bool,
    pub platform: Platform,
    pub default_features: bool,
    /// Whether `f0` and `f1` are asked for.
    pub features: [bool; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Normal,
    Dev,
    Build,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    Every,
    Unix,
    Windows,
}

/// What a feature switches on. Dependencies are numbers taken modulo those that fit.
#[derive(Debug, Clone)]
pub enum Enable {
    /// The next feature of the same package.
    Next,
    Dependency(usize),
    Feature {
        dependency: usize,
        /// `default`, `f0` or `f1`.
        feature: usize,
        weak: bool,
    },
}

/// Which package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    Anchor(usize),
    Crate(usize),
    Member(usize),
}

impl Dependency {
    /// The features asked for.
    pub fn asked(&self) -> Vec<&'static str> {
        let names = FEATURES[1..].iter().zip(self.features);
        names
            .filter(|(_, asked)| *asked)
            .map(|(name, _)| *name)
            .collect()
    }
}

impl Platform {
    pub fn cfg(self) -> Option<&'static str> {
        match self {
            Self::Every => None,
            Self::Unix => Some("cfg(unix)"),
            Self::Windows => Some("cfg(windows)"),
        }
    }
}

pub const FEATURES: [&str; 3] = ["default", "f0", "f1"];

impl Node {
    pub fn name(self) -> String {
        match self {
            Self::Anchor(_) => "opentelemetry".to_owned(),
            Self::Crate(number) => format!("r{number}"),
            Self::Member(number) => format!("m{number}"),
        }
    }

    pub fn version(self) -> String {
        match self {
            Self::Anchor(number) => format!("0.{}.0", 30 + number),
            Self::Crate(_) | Self::Member(_) => "1.0.0".to_owned(),
        }
    }
}

/// A dependency as it stands in a manifest.
pub struct Link<'w> {
    pub to: Node,
    pub key: String,
    pub dependency: &'w Dependency,
}

impl Link<'_> {
    pub fn optional(&self) -> bool {
        self.dependency.optional && self.dependency.kind != Kind::Dev
    }
}

impl World {
    /// All published packages.
    pub fn published(&self) -> Vec<Node> {
        let anchors = (0..self.anchors).map(Node::Anchor);
        anchors
            .chain((0..self.crates.len()).map(Node::Crate))
            .collect()
    }

    pub fn package(&self, node: Node) -> Option<&Package> {
        match node {
            Node::Anchor(_) => None,
            Node::Crate(number) => Some(&self.crates[number]),
            Node::Member(number) => Some(&self.members[number]),
        }
    }

    /// The dependencies of a package. It has at most one of each kind on another package, and calls
    /// that by one name.
    pub fn links(&self, from: Node) -> Vec<Link<'_>> {
        let Some(package) = self.package(from) else {
            return Vec::new();
        };
        let mut links: Vec<Link<'_>> = Vec::new();
        for dependency in &package.dependencies {
            let candidates = self.candidates(from, dependency.kind);
            let Some(to) = candidates.get(dependency.on % candidates.len().max(1)) else {
                continue;
            };
            let twin = links
                .iter()
                .any(|link| link.to == *to && link.dependency.kind == dependency.kind);
            if !twin {
                links.push(Link {
                    to: *to,
                    key: key(&links, *to, dependency.renamed),
                    dependency,
                });
            }
        }
        links
    }

    fn candidates(&self, from: Node, kind: Kind) -> Vec<Node> {
        let mut candidates: Vec<_> = (0..self.anchors).map(Node::Anchor).collect();
        match from {
            Node::Anchor(_) => return Vec::new(),
            // What a published package needs for its own tests, nobody looks at.
            Node::Crate(_) if kind == Kind::Dev => return Vec::new(),
            Node::Crate(number) => candidates.extend((0..number).map(Node::Crate)),
            Node::Member(number) => {
                candidates.extend((0..self.crates.len()).map(Node::Crate));
                let members = (0..self.members.len()).filter(|other| match kind {
                    Kind::Normal | Kind::Build => *other < number,
                    Kind::Dev => *other != number,
                });
                candidates.extend(members.map(Node::Member));
            }
        }
        candidates
    }

    /// The manifest of a package.
    pub fn manifest(&self, node: Node) -> String {
        let mut text = format!(
            "[package]\nname = \"{}\"\nversion = \"{}\"\nedition = \"2021\"\n",
            node.name(),
            node.version()
        );
        if let Some(package) = self.package(node) {
            match package.shape {
                Shape::ProcMacro => text += "\n[lib]\nproc-macro = true\n",
                Shape::Cdylib => text += "\n[lib]\ncrate-type = [\"cdylib\", \"lib\"]\n",
                Shape::Lib | Shape::Bin | Shape::LibBin => {}
            }
            if package.has_gated(node) {
                let name = node.name();
                write!(
                    text,
                    "\n[[bin]]\nname = \"{name}-gated\"\npath = \"src/gated.rs\"\n\
                     required-features = [\"f0\"]\n"
                )
                .unwrap();
            }
        }
        for link in self.links(node) {
            text += &self.entry(&link);
        }
        text += "\n[features]\n";
        for (number, feature) in FEATURES.iter().enumerate() {
            let enabled = Vec::from_iter(self.enabled(node, number));
            writeln!(text, "{feature} = {enabled:?}").unwrap();
        }
        text
    }

    /// A dependency as a table of its own.
    fn entry(&self, link: &Link<'_>) -> String {
        let dependency = link.dependency;
        let kind = match dependency.kind {
            Kind::Normal => "dependencies",
            Kind::Dev => "dev-dependencies",
            Kind::Build => "build-dependencies",
        };
        let platform = dependency.platform.cfg();
        let platform = platform
            .map(|cfg| format!("target.'{cfg}'."))
            .unwrap_or_default();
        let mut text = format!("\n[{platform}{kind}.{}]\n", link.key);
        if link.key != link.to.name() {
            writeln!(text, "package = \"{}\"", link.to.name()).unwrap();
        }
        match link.to {
            Node::Member(_) => writeln!(text, "path = \"../{}\"", link.to.name()).unwrap(),
            Node::Anchor(_) | Node::Crate(_) => {
                writeln!(text, "version = \"{}\"", link.to.version()).unwrap();
            }
        }
        if link.optional() {
            text += "optional = true\n";
        }
        // Cargo ignores a dependency without a library, with a warning that this will be an error,
        // yet gives it the features asked for, which its metadata then do not tell.
        let asked = if self.has_library(link.to) {
            dependency.asked()
        } else {
            Vec::new()
        };
        if !dependency.default_features || !self.has_library(link.to) {
            text += "default-features = false\n";
        }
        writeln!(text, "features = {asked:?}").unwrap();
        text
    }

    fn has_library(&self, node: Node) -> bool {
        self.package(node)
            .is_none_or(|package| package.shape != Shape::Bin)
    }

    /// What a feature switches on, as it stands in a manifest.
    pub fn enabled(&self, node: Node, feature: usize) -> BTreeSet<String> {
        let Some(package) = self.package(node) else {
            return BTreeSet::new();
        };
        let links = self.links(node);
        let reachable = links
            .iter()
            .filter(|link| link.dependency.kind != Kind::Dev);
        let reachable: Vec<_> = reachable.collect();
        let optional: Vec<_> = reachable.iter().filter(|link| link.optional()).collect();
        let pick = |number: usize, from: usize| (from > 0).then(|| number % from);
        let mut enabled = BTreeSet::new();
        for enable in &package.features[feature] {
            match enable {
                Enable::Next => enabled.extend(FEATURES.get(feature + 1).map(|f| (*f).to_owned())),
                Enable::Dependency(number) => {
                    let prefix = if package.implicit { "" } else { "dep:" };
                    let link = pick(*number, optional.len()).map(|number| optional[number]);
                    enabled.extend(link.map(|link| format!("{prefix}{}", link.key)));
                }
                Enable::Feature {
                    dependency,
                    feature,
                    weak,
                } => {
                    let link = pick(*dependency, reachable.len()).map(|number| reachable[number]);
                    if let Some(link) = link.filter(|link| self.has_library(link.to)) {
                        let weak = if *weak && link.optional() { "?" } else { "" };
                        enabled.insert(format!("{}{weak}/{}", link.key, FEATURES[*feature]));
                    }
                }
            }
        }
        enabled
    }

    /// Source files of a package.
    pub fn sources(&self, node: Node) -> Vec<&'static str> {
        let Some(package) = self.package(node) else {
            return vec!["src/lib.rs"];
        };
        let mut files = match package.shape {
            Shape::Lib | Shape::Cdylib | Shape::ProcMacro => vec!["src/lib.rs"],
            Shape::Bin => vec!["src/main.rs"],
            Shape::LibBin => vec!["src/lib.rs", "src/main.rs"],
        };
        if package.script {
            files.push("build.rs");
        }
        if package.has_gated(node) {
            files.push("src/gated.rs");
        }
        if matches!(node, Node::Member(_)) {
            files.extend(["tests/round.rs", "examples/demo.rs"]);
        }
        files
    }

    /// The manifest of the workspace.
    pub fn root_manifest(&self) -> String {
        let members = (0..self.members.len()).map(|number| Node::Member(number).name());
        let members: Vec<_> = members.collect();
        format!(
            "[workspace]\nresolver = \"{}\"\nmembers = {members:?}\n",
            self.resolver
        )
    }
}

impl Package {
    fn has_gated(&self, node: Node) -> bool {
        let member = matches!(node, Node::Member(_));
        member && self.gated && matches!(self.shape, Shape::Bin | Shape::LibBin)
    }
}

/// The name by which a package calls another: always the same, and its own.
fn key(before: &[Link<'_>], to: Node, renamed: bool) -> String {
    if let Some(link) = before.iter().find(|link| link.to == to) {
        return link.key.clone();
    }
    let taken = before.iter().any(|link| link.key == to.name());
    match to {
        Node::Anchor(number) if renamed || taken => format!("otel{number}"),
        Node::Crate(_) | Node::Member(_) if renamed => format!("{}-alias", to.name()),
        Node::Anchor(_) | Node::Crate(_) | Node::Member(_) => to.name(),
    }
}
