//! Names that somebody may have meant.

/// The nearest of some names, as the end of a sentence; empty where none is near.
pub fn near<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> String {
    let limit = (name.chars().count() / 3).clamp(1, 3);
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|other| {
            let part = name.len() >= 3
                && (other.contains(name) || name.contains(other) && other.len() >= 3);
            let distance = distance(name, other);
            (part || distance <= limit).then_some((distance, other))
        })
        .collect();
    found.sort();
    found.dedup();
    let shown: Vec<String> = found
        .iter()
        .take(3)
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    match shown.as_slice() {
        [] => String::new(),
        shown => format!("; did you mean {}?", shown.join(" or ")),
    }
}

/// How many characters have to be put in, left out or replaced.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, c) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (to, d) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(c != *d);
            diagonal = row[to + 1];
            row[to + 1] = replaced.min(row[to] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first() {
        let names = ["uplink", "uplink-client", "edge-agent", "serde"];
        let near = |name| near(name, names.into_iter());
        assert_eq!(near("uplnk"), "; did you mean `uplink`?");
        assert_eq!(near("uplin"), "; did you mean `uplink` or `uplink-client`?");
        assert_eq!(near("zzz"), "");
        assert_eq!(near(""), "");
    }

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
