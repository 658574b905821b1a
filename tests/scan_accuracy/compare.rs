//! Compares what the scan finds with what rustc reports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use otel_check::rules::public_api::What;
use otel_check::source::Holds;
use otel_check::spec::scan::{Hit, How, Scan};
use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprMethodCall, ItemImpl, Signature};

use super::cases::{Reported, RustcError};

/// The figures of one case, or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Places of rustc's errors: a line of a file counts once.
    pub places: usize,
    pub found: usize,
    /// Of those in the first round alone.
    pub places_at_once: usize,
    pub found_at_once: usize,
    pub certain: usize,
    /// At which rustc reports an error in some round.
    pub certain_seen: usize,
    /// Those, and paths to items that are proven to be gone.
    pub certain_real: usize,
    pub probable: usize,
    pub probable_seen: usize,
    /// Hits in tests and behind features that were off.
    pub not_compiled: usize,
    pub missed: Vec<String>,
    pub wrong: Vec<String>,
}

impl Figures {
    pub fn add(&mut self, other: &Figures) {
        self.places += other.places;
        self.found += other.found;
        self.places_at_once += other.places_at_once;
        self.found_at_once += other.found_at_once;
        self.certain += other.certain;
        self.certain_seen += other.certain_seen;
        self.certain_real += other.certain_real;
        self.not_compiled += other.not_compiled;
        self.probable += other.probable;
        self.probable_seen += other.probable_seen;
    }
}

pub fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        100.0
    } else {
        100.0 * part as f64 / whole as f64
    }
}

pub fn compare(scan: &Scan, reported: &Reported, folder: &Path) -> Figures {
    let files: BTreeSet<String> = scan
        .hits
        .iter()
        .map(|hit| hit.place.file.to_string())
        .chain(reported.errors.iter().map(|error| error.file.clone()))
        .collect();
    let shapes: BTreeMap<&str, Shapes> = files
        .iter()
        .map(|file| (file.as_str(), Shapes::of(&folder.join(file))))
        .collect();
    let matches = |hit: &Hit, error: &RustcError| {
        hit.place.file.as_str() == error.file.as_str()
            && shapes
                .get(error.file.as_str())
                .is_some_and(|shapes| shapes.match_(hit, error))
    };
    let mut figures = Figures::default();
    let mut places: BTreeMap<(&str, usize), Vec<&RustcError>> = BTreeMap::new();
    for error in &reported.errors {
        places
            .entry((&error.file, error.line))
            .or_default()
            .push(error);
    }
    for ((file, line), errors) in places {
        let found = errors
            .iter()
            .any(|error| scan.hits.iter().any(|hit| matches(hit, error)));
        let at_once = errors.iter().any(|error| error.round == 1);
        figures.places += 1;
        figures.found += usize::from(found);
        figures.places_at_once += usize::from(at_once);
        figures.found_at_once += usize::from(found && at_once);
        if !found {
            let error = errors[0];
            figures.missed.push(format!(
                "{file}:{line} {} {} (round {})",
                error.code, error.message, error.round
            ));
        }
    }
    for hit in &scan.hits {
        // What is not compiled cannot be refused.
        if hit.cfg.holds(&reported.features, false) == Holds::No {
            figures.not_compiled += 1;
            continue;
        }
        let seen = reported.errors.iter().any(|error| matches(hit, error));
        if !hit.certain {
            figures.probable += 1;
            figures.probable_seen += usize::from(seen);
            if !seen {
                figures
                    .wrong
                    .push(format!("{} {} {:?} probable", hit.place, hit.item, hit.how));
            }
            continue;
        }
        let proven = matches!(hit.how, How::Import | How::Path)
            && matches!(hit.change.what, What::Vanished { .. });
        figures.certain += 1;
        figures.certain_seen += usize::from(seen);
        figures.certain_real += usize::from(seen || proven);
        if !seen {
            let proven = if proven { "proven" } else { "CERTAIN" };
            figures.wrong.push(format!(
                "{} {} {:?} {proven} {:?}",
                hit.place, hit.item, hit.how, hit.change.what
            ));
        }
    }
    figures
}

/// Lines of a file that belong together, as a parser sees them.
#[derive(Debug, Default)]
struct Shapes {
    /// Of functions, from `fn` to the body.
    signatures: Vec<(usize, usize)>,
    /// Of calls: the name of what is called, and its arguments without closures and blocks.
    calls: Vec<(usize, Vec<(usize, usize)>)>,
    /// Of implementations: attributes and header, and the whole.
    implementations: Vec<((usize, usize), (usize, usize))>,
}

impl Shapes {
    fn of(file: &Path) -> Shapes {
        let mut shapes = Shapes::default();
        let text = fs::read_to_string(file).unwrap_or_default();
        if let Ok(parsed) = syn::parse_file(&text) {
            shapes.visit_file(&parsed);
        }
        shapes
    }

    /// On one line; or the hit on a line of a span of the message; or the error is that the type of an
    /// argument does not fit the call at whose name the hit stands; or both in one signature; or the
    /// error at the header of the `impl` in which the hit stands, where an attribute macro puts those
    /// of its methods.
    fn match_(&self, hit: &Hit, error: &RustcError) -> bool {
        let line = hit.place.line;
        let within = |(first, last): &(usize, usize), line: usize| *first <= line && line <= *last;
        if line == error.line || error.spans.iter().any(|span| within(span, line)) {
            return true;
        }
        let argued = self.calls.iter().any(|(name, arguments)| {
            *name == line && arguments.iter().any(|lines| within(lines, error.line))
        });
        if argued && ["E0308", "E0277"].contains(&error.code.as_str()) {
            return true;
        }
        if hit.how != How::Implementation {
            return false;
        }
        let together = self
            .signatures
            .iter()
            .any(|lines| within(lines, line) && within(lines, error.line));
        together
            || self
                .implementations
                .iter()
                .any(|(header, whole)| within(header, error.line) && within(whole, line))
    }
}

fn arguments<'e>(all: impl IntoIterator<Item = &'e Expr>) -> Vec<(usize, usize)> {
    let plain = |one: &&Expr| !matches!(one, Expr::Closure(_) | Expr::Block(_) | Expr::Async(_));
    all.into_iter()
        .filter(plain)
        .map(|one| lines(one.span()))
        .collect()
}

fn lines(span: Span) -> (usize, usize) {
    (span.start().line, span.end().line)
}

impl<'ast> Visit<'ast> for Shapes {
    fn visit_signature(&mut self, signature: &'ast Signature) {
        self.signatures.push(lines(signature.span()));
        visit::visit_signature(self, signature);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let name = lines(call.func.span()).1;
        self.calls.push((name, arguments(&call.args)));
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let name = lines(call.method.span()).1;
        self.calls.push((name, arguments(&call.args)));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let whole = lines(item.span());
        let start = item
            .attrs
            .first()
            .map_or(whole.0, |first| first.span().start().line);
        self.implementations
            .push(((start, item.brace_token.span.open().start().line), whole));
        visit::visit_item_impl(self, item);
    }
}
