//! Words for what a plan counts and decides. None of them needs escaping.

use crate::plan::{Action, Cost, OptionId, Outcome, Owner, TargetReason};

pub fn id(id: OptionId) -> &'static str {
    match id {
        OptionId::A => "A",
        OptionId::B => "B",
        OptionId::C => "C",
    }
}

pub fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Proven { .. } => "proven by cargo",
        Outcome::NothingToDo => "nothing to do",
        Outcome::Unproven { .. } => "unproven",
        Outcome::None { .. } => "no plan",
    }
}

pub fn reason(reason: TargetReason) -> &'static str {
    match reason {
        TargetReason::Asked => "asked for",
        TargetReason::Live => "live today",
        TargetReason::NewestCommon => "newest that everything in use serves",
        TargetReason::Newest => "newest of all",
        TargetReason::FewestEdits => "fewest edits",
    }
}

pub fn reasons(reasons: &[TargetReason]) -> String {
    let words: Vec<&str> = reasons.iter().copied().map(reason).collect();
    words.join(", ")
}

/// What is done, with the package's name to follow.
pub fn action(action: Action) -> &'static str {
    match action {
        Action::Lock => "lock another release of",
        Action::Bump => "bump",
        Action::Downgrade => "downgrade",
        Action::Inherit => "inherit",
        Action::SwitchFeature => "switch the line by a feature of",
        Action::MoveFeature => "move features of",
        Action::DropFeature => "drop a feature of",
        Action::Replace => "replace",
        Action::Disable => "disable",
        Action::Patch => "patch",
        Action::Wait => "wait for",
        Action::Ask => "ask the owner of",
    }
}

pub fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Workspace => "this workspace",
        Owner::Upstream => "its owner",
    }
}

/// A cost in a sentence.
pub fn cost(cost: &Cost) -> String {
    if *cost == Cost::default() {
        return "nothing changes".to_owned();
    }
    let mut parts = vec![match cost.edits {
        0 => "no requirement changes".to_owned(),
        1 => "1 requirement changes".to_owned(),
        count => format!("{count} requirements change"),
    }];
    if cost.breaking > 0 {
        parts.push(format!("{} breaking", cost.breaking));
    }
    match cost.lock_moves {
        0 => {}
        1 => parts.push("1 package moves in the lock alone".to_owned()),
        count => parts.push(format!("{count} packages move in the lock alone")),
    }
    match cost.blocked {
        0 => {}
        1 => parts.push("1 stays on another line".to_owned()),
        count => parts.push(format!("{count} stay on another line")),
    }
    parts.push(match cost.disabled {
        0 => "nothing disabled".to_owned(),
        count => format!("{count} disabled"),
    });
    parts.join(", ")
}

/// A cost for a cell: the figures that count first stand first, zeros are left out.
pub fn figures(cost: &Cost) -> String {
    let named = [
        (cost.disabled, "disabled", "disabled"),
        (cost.blocked, "blocked", "blocked"),
        (cost.breaking, "breaking", "breaking"),
        (cost.edits, "edit", "edits"),
        (cost.lock_moves, "lock move", "lock moves"),
    ];
    let figures: Vec<String> = named
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, more)| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {more}"),
        })
        .collect();
    match figures.is_empty() {
        true => "nothing changes".to_owned(),
        false => figures.join(", "),
    }
}

/// The cost of a target; nobody has found one that disables nothing where there is none.
pub fn target_cost(cost: Option<&Cost>) -> String {
    cost.map_or_else(|| "held back".to_owned(), figures)
}

/// How many steps, in how many waves.
pub fn steps(steps: usize, waves: usize) -> String {
    match (steps, waves) {
        (0, _) => "none".to_owned(),
        (1, _) => "1".to_owned(),
        (steps, 1) => format!("{steps}, in any order"),
        (steps, waves) => format!("{steps} in {waves} waves"),
    }
}

/// `step 1`, `steps 1, 2`.
pub fn after(numbers: &[usize]) -> String {
    let word = if numbers.len() == 1 { "step" } else { "steps" };
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("{word} {}", numbers.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(disabled: u32, blocked: u32, breaking: u32, edits: u32, lock_moves: u32) -> Cost {
        Cost {
            disabled,
            blocked,
            breaking,
            edits,
            lock_moves,
        }
    }

    #[test]
    fn costs_read_as_sentences() {
        let cases = [
            (made(0, 0, 0, 0, 0), "nothing changes"),
            (
                made(0, 0, 1, 2, 0),
                "2 requirements change, 1 breaking, nothing disabled",
            ),
            (
                made(0, 0, 0, 0, 1),
                "no requirement changes, 1 package moves in the lock alone, nothing disabled",
            ),
            (
                made(2, 1, 1, 1, 3),
                "1 requirement changes, 1 breaking, 3 packages move in the lock alone, \
                 1 stays on another line, 2 disabled",
            ),
        ];
        for (given, expected) in cases {
            assert_eq!(cost(&given), expected);
        }
    }

    #[test]
    fn figures_stand_in_the_order_in_which_they_count() {
        assert_eq!(
            figures(&made(1, 2, 3, 4, 5)),
            "1 disabled, 2 blocked, 3 breaking, 4 edits, 5 lock moves"
        );
        assert_eq!(figures(&made(0, 0, 0, 1, 1)), "1 edit, 1 lock move");
        assert_eq!(figures(&Cost::default()), "nothing changes");
    }

    #[test]
    fn numbers_of_steps() {
        assert_eq!(after(&[1]), "step 1");
        assert_eq!(after(&[1, 2]), "steps 1, 2");
        assert_eq!(steps(0, 0), "none");
        assert_eq!(steps(1, 1), "1");
        assert_eq!(steps(2, 1), "2, in any order");
        assert_eq!(steps(3, 2), "3 in 2 waves");
    }
}
