//! By what the files are kept: git, a repository above, copies.
