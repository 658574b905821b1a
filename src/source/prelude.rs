//! Names that every file has without importing them. Where a glob import might bring in such a name
//! instead, it is taken not to: it hardly ever does.

const NAMES: &[&str] = &[
    "AsMut", "AsRef", "AsyncFn", "AsyncFnMut", "AsyncFnOnce", "Box", "Clone", "Copy", "Default",
    "DoubleEndedIterator", "Drop", "Eq", "Err", "ExactSizeIterator", "Extend", "Fn", "FnMut", "FnOnce",
    "From", "FromIterator", "Future", "Into", "IntoFuture", "IntoIterator", "Iterator", "None", "Ok",
    "Option", "Ord", "PartialEq", "PartialOrd", "Result", "Self", "Send", "Sized", "Some", "String",
    "Sync", "ToOwned", "ToString", "TryFrom", "TryInto", "Unpin", "Vec", "align_of", "align_of_val",
    "alloc", "bool", "char", "core", "drop", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize",
    "proc_macro", "size_of", "size_of_val", "std", "str", "test", "u128", "u16", "u32", "u64", "u8", "usize",
];

const MACROS: &[&str] = &[
    "Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd", "allow", "assert",
    "assert_eq", "assert_ne", "bench", "cfg", "cfg_attr", "cfg_select", "column", "compile_error", "concat",
    "dbg", "debug_assert", "debug_assert_eq", "debug_assert_ne", "deny", "deprecated", "derive", "doc",
    "env", "eprint", "eprintln", "expect", "file", "forbid", "format", "format_args", "ignore", "include",
    "include_bytes", "include_str", "inline", "line", "matches", "module_path", "must_use", "non_exhaustive",
    "option_env", "panic", "path", "print", "println", "repr", "stringify", "test", "thread_local", "todo",
    "track_caller", "try", "unimplemented", "unreachable", "vec", "warn", "write", "writeln",
];

/// Whether a type, value or crate of this name is there without an import. Both lists are sorted.
pub(super) fn has(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok()
}

/// Whether a macro, derive or attribute of this name is there without an import.
pub(super) fn has_macro(name: &str) -> bool {
    MACROS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn sorted() {
        assert!(super::NAMES.is_sorted());
        assert!(super::MACROS.is_sorted());
    }
}
