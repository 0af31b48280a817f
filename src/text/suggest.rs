//! Did you mean …? Only the closest names, and only if they are close.

/// The names nearest to what was typed: at most `most`, at most a third of the letters away
/// (the rule of the Rust compiler), ignoring case.
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>, most: usize) -> Vec<&'n str> {
    let typed = typed.to_lowercase();
    let limit = (typed.chars().count().max(3)) / 3;
    let mut close: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| name.len().abs_diff(typed.len()) <= limit + 2)
        .map(|name| (strsim::osa_distance(&typed, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    close.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(b.1)));
    close.dedup();
    close.truncate(most);
    close.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_close_names_are_offered() {
        let names = ["HGETALL", "HGET", "find", "findOne"];
        for (typed, expected, why) in [
            ("HGTEALL", vec!["HGETALL"], "two letters changed places"),
            ("hgetall", vec!["HGETALL"], "case does not matter"),
            ("findone", vec!["findOne"], "case again; find is three letters away"),
            ("quux", vec![], "nothing is near"),
        ] {
            assert_eq!(nearest(typed, names, 3), expected, "{why}");
        }
    }
}
