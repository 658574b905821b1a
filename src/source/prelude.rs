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
    "Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd", "allow", "asm",
    "assert", "assert_eq", "assert_ne", "automatically_derived", "bench", "cfg", "cfg_attr", "cfg_select",
    "clippy", "cold", "collapse_debuginfo", "column", "compile_error", "concat", "concat_idents",
    "const_format_args", "coverage", "crate_name", "crate_type", "dbg", "debug_assert", "debug_assert_eq",
    "debug_assert_ne", "debugger_visualizer", "default", "deny", "deprecated", "derive", "diagnostic",
    "doc", "env", "eprint", "eprintln", "expect", "export_name", "feature", "file", "forbid", "format",
    "format_args", "global_allocator", "global_asm", "ignore", "include", "include_bytes", "include_str",
    "inline", "instruction_set", "line", "link", "link_name", "link_ordinal", "link_section", "log_syntax",
    "macro_export", "macro_use", "matches", "module_path", "must_use", "naked", "naked_asm", "no_core",
    "no_link", "no_main", "no_mangle", "no_std", "non_exhaustive", "optimize", "option_env", "panic",
    "panic_handler", "path", "print", "println", "proc_macro", "proc_macro_attribute", "proc_macro_derive",
    "recursion_limit", "repr", "rustc_const_unstable", "rustfmt", "should_panic", "stringify",
    "target_feature", "test", "thread_local", "todo", "trace_macros", "track_caller", "try",
    "type_length_limit", "unimplemented", "unreachable", "unsafe", "unstable", "used", "vec", "warn",
    "windows_subsystem", "write", "writeln",
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
