//! `use` declarations as the parser sees them.

use otel_check::source::{Cfg, Position};

use super::{At, Oracle, at, condition, name};

/// What an import that stands directly in a module gives its name.
#[derive(Debug, Clone)]
pub struct Import {
    pub path: Vec<String>,
    pub cfg: Cfg,
}

impl Oracle {
    pub(super) fn import(&mut self, item: &syn::ItemUse) {
        let attributes = item.attrs.iter().map(condition);
        let cfg = attributes.fold(Cfg::Always, |cfg, own| cfg.and(&own));
        let mut prefix = Vec::new();
        let mut leaves = Vec::new();
        tree(&item.tree, None, &mut prefix, &mut leaves);
        let public = matches!(item.vis, syn::Visibility::Public(_));
        for Leaf { at, path, gives } in leaves {
            if let Some(gives) = &gives {
                *self.declared.entry(gives.clone()).or_default() += 1;
            }
            if self.bodies > 0 {
                continue;
            }
            if let Some(gives) = gives {
                let import = Import {
                    path: path.clone(),
                    cfg: cfg.clone(),
                };
                self.imports.insert((self.module.clone(), gives), import);
            }
            let mut around = self.around();
            around.position = match public {
                true => Position::Reexport,
                false => Position::Import,
            };
            self.leaves.push((at, path, around));
        }
    }
}

struct Leaf {
    /// Where it begins inside its group.
    at: At,
    /// With `*` at its end for a glob.
    path: Vec<String>,
    gives: Option<String>,
}

fn tree(tree: &syn::UseTree, start: Option<At>, prefix: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    match tree {
        syn::UseTree::Path(path) => {
            prefix.push(name(&path.ident));
            let start = start.unwrap_or_else(|| at(path.ident.span()));
            self::tree(&path.tree, Some(start), prefix, leaves);
            prefix.pop();
        }
        syn::UseTree::Group(group) => {
            for inner in &group.items {
                self::tree(inner, None, prefix, leaves);
            }
        }
        syn::UseTree::Name(leaf) => {
            let path = below(prefix, &leaf.ident);
            let gives = path.last().cloned();
            let at = start.unwrap_or_else(|| at(leaf.ident.span()));
            leaves.push(Leaf { at, path, gives });
        }
        syn::UseTree::Rename(leaf) => {
            let path = below(prefix, &leaf.ident);
            let gives = (leaf.rename != "_").then(|| name(&leaf.rename));
            let at = start.unwrap_or_else(|| at(leaf.ident.span()));
            leaves.push(Leaf { at, path, gives });
        }
        syn::UseTree::Glob(glob) => {
            let path = prefix.iter().cloned().chain(["*".to_owned()]).collect();
            let at = start.unwrap_or_else(|| at(glob.star_token.spans[0]));
            leaves.push(Leaf {
                at,
                path,
                gives: None,
            });
        }
    }
}

/// `a::{self}` is `a`.
fn below(prefix: &[String], ident: &syn::Ident) -> Vec<String> {
    let last = (ident != "self" || prefix.is_empty()).then(|| name(ident));
    prefix.iter().cloned().chain(last).collect()
}
