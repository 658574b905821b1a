//! A workspace as large ones are: twenty members on hundreds of packages, a tenth of which have to do
//! with the family, with sources to read. (From 49 to 120 have in thirteen real ones, of 470 to 860
//! packages.)

use std::fmt::Write as _;

use camino::Utf8Path;

use crate::loopback::{Dep, Package, Registry};

const MEMBERS: usize = 20;
/// Packages that record telemetry, on the line of the members.
const INSTRUMENTED: usize = 30;
/// Packages that record telemetry, on an older line in the skewed variant.
const BEHIND: usize = 6;
/// Packages in a row, each of which needs the next.
const ROW: usize = 20;

/// Whether the packages that can be behind are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    Skewed,
    Clean,
}

/// How many of the packages are of no interest, for so many in all.
fn fillers(packages: usize) -> usize {
    // The family has eight in the skewed variant.
    packages - MEMBERS - INSTRUMENTED - BEHIND - 8
}

/// Publishes everything that workspaces of this size need.
pub fn publish(registry: &Registry, packages: usize) {
    registry.publish_all(family());
    let mut chance = Chance(1);
    for number in 0..INSTRUMENTED {
        registry.publish(recorder(&format!("recorder-{number}"), "1.0.0", "^0.33"));
    }
    for number in 0..BEHIND {
        registry.publish(recorder(&format!("behind-{number}"), "1.0.0", "^0.32"));
        registry.publish(recorder(&format!("behind-{number}"), "2.0.0", "^0.33"));
    }
    let count = fillers(packages);
    for number in 0..count {
        registry.publish(part(number, count, &mut chance));
    }
}

fn family() -> Vec<Package> {
    let api = "pub mod global {\n    pub fn tracer(_: &'static str) {}\n    \
               pub fn set_tracer_provider<P>(_: P) {}\n}\n";
    let sdk = "pub mod trace { pub struct SdkTracerProvider; }\n";
    let on = |name: &str, version: &str, line: &str| {
        Package::new(name, version).dep(Dep::new("opentelemetry", line))
    };
    vec![
        Package::new("opentelemetry", "0.32.1").lib(api),
        Package::new("opentelemetry", "0.33.0").lib(api),
        on("opentelemetry_sdk", "0.33.0", "^0.33").lib(sdk),
        on("opentelemetry-stdout", "0.33.0", "^0.33"),
        on("tracing-opentelemetry", "0.34.0", "^0.33").dep(Dep::new("tracing-core", "^0.1")),
        Package::new("tracing-core", "0.1.36"),
        Package::new("tracing-subscriber", "0.3.23").dep(Dep::new("tracing-core", "^0.1")),
        Package::new("tracing", "0.1.44").dep(Dep::new("tracing-core", "^0.1")),
    ]
}

/// A package whose code asks the global provider, among much other code.
fn recorder(name: &str, version: &str, line: &str) -> Package {
    let mut lib = String::new();
    for file in 0..16 {
        let _ = writeln!(lib, "pub mod file_{file};");
    }
    lib.push_str("pub fn send() { file_0::record(); }\n");
    let mut package = Package::new(name, version).dep(Dep::new("opentelemetry", line));
    for file in 0..16 {
        let mut text = code(file, 8_000);
        if file % 4 == 0 {
            text.push_str(
                "use opentelemetry::global;\npub fn record() { global::tracer(\"r\"); }\n",
            );
        }
        package = package.file(&format!("src/file_{file}.rs"), &text);
    }
    package.lib(&lib)
}

/// A package of no interest, with some that it needs.
fn part(number: usize, count: usize, chance: &mut Chance) -> Package {
    let name = |number: usize| format!("part-{number}");
    let mut package = Package::new(&name(number), "1.0.0");
    let mut needed = Vec::new();
    if !(number + 1).is_multiple_of(ROW) {
        needed.push(number + 1);
    }
    for _ in 0..2 + chance.below(4) {
        needed.push(number + 2 + chance.below(80));
    }
    // What begins a row, only members need.
    needed.retain(|other| !other.is_multiple_of(ROW));
    needed.retain(|other| *other < count);
    needed.sort_unstable();
    needed.dedup();
    for (place, other) in needed.into_iter().enumerate() {
        let dep = Dep::new(&name(other), "^1");
        if place == 3 {
            let optional = format!("dep:{}", name(other));
            package = package.dep(dep.optional()).feature("more", &[&optional]);
        } else {
            package = package.dep(dep);
        }
    }
    if number.is_multiple_of(ROW) && chance.below(2) == 0 {
        let recorder = format!("recorder-{}", chance.below(INSTRUMENTED));
        package = package.dep(Dep::new(&recorder, "^1"));
    }
    package = package.feature("default", &["std"]).feature("std", &[]);
    package = package.feature("alloc", &[]).feature("serde", &["alloc"]);
    for file in 0..4 {
        package = package.file(&format!("src/part_{file}.rs"), &code(file, 6_000));
    }
    package.lib("pub mod part_0;\npub mod part_1;\npub mod part_2;\npub mod part_3;\n")
}

/// About so many bytes of ordinary code.
fn code(seed: usize, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 200);
    let mut number = seed * 1000;
    while text.len() < bytes {
        let _ = write!(
            text,
            "/// Adds {number} where it fits, and says \"nothing\" otherwise.\n\
             pub fn add_{number}(value: Option<u64>) -> Result<u64, &'static str> {{\n    \
             match value {{\n        Some(value) if value < u64::MAX - {number} => Ok(value + {number}),\n        \
             Some(_) | None => Err(\"nothing\"),\n    }}\n}}\n\n"
        );
        number += 1;
    }
    text
}

/// Writes the workspace.
pub fn write(root: &Utf8Path, packages: usize, variant: Variant) {
    let file = |path: String, text: String| {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let members: Vec<String> = (0..MEMBERS)
        .map(|number| format!("\"member-{number}\""))
        .collect();
    file(
        "Cargo.toml".into(),
        format!(
            "[workspace]\nresolver = \"2\"\nmembers = [{}]\n",
            members.join(", ")
        ),
    );
    let behind = match variant {
        Variant::Skewed => "1",
        Variant::Clean => "2",
    };
    for number in 0..MEMBERS {
        let mut manifest = format!(
            "[package]\nname = \"member-{number}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
             [features]\nextra = []\n[dependencies]\nopentelemetry = \"0.33\"\n\
             opentelemetry_sdk = \"0.33\"\nopentelemetry-stdout = \"0.33\"\n\
             tracing-opentelemetry = \"0.34\"\ntracing-subscriber = \"0.3\"\ntracing = \"0.1\"\n\
             behind-{0} = \"{behind}\"\n",
            number % BEHIND
        );
        for row in (number..).step_by(MEMBERS).map(|row| row * ROW) {
            if row >= fillers(packages) {
                break;
            }
            let _ = writeln!(
                manifest,
                "part-{row} = {{ version = \"1\", features = [\"serde\"] }}"
            );
        }
        for recorder in (number..INSTRUMENTED).step_by(MEMBERS) {
            let _ = writeln!(manifest, "recorder-{recorder} = \"1\"");
        }
        if number >= MEMBERS / 2 {
            let library = number - MEMBERS / 2;
            let _ = writeln!(
                manifest,
                "member-{library} = {{ path = \"../member-{library}\" }}"
            );
        }
        file(format!("member-{number}/Cargo.toml"), manifest);
        let send = format!("behind_{}::send();", number % BEHIND);
        if number < MEMBERS / 2 {
            let text = format!("pub fn work() {{ {send} }}\n{}", code(number, 20_000));
            file(format!("member-{number}/src/lib.rs"), text);
        } else {
            let text = format!(
                "fn main() {{\n    opentelemetry::global::set_tracer_provider(\
                 opentelemetry_sdk::trace::SdkTracerProvider);\n    {send}\n    \
                 member_{}::work();\n}}\n{}",
                number - MEMBERS / 2,
                code(number, 20_000)
            );
            file(format!("member-{number}/src/main.rs"), text);
        }
    }
}

/// The same numbers each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}
