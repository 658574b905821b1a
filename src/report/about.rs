//! A report on some packages alone.

use super::{Finding, Report, Verdict};

/// Leaves what is about some packages: what they bring in, what comes in by a requirement on them, and
/// what is said of them. That cargo cannot resolve the workspace is about every package.
pub fn keep(report: &mut Report, packages: &[String]) {
    if packages.is_empty() {
        return;
    }
    let is_about = |finding: &Finding, name: &str| {
        finding.verdict == Some(Verdict::Unresolvable) || finding.is_about(name)
    };
    for name in packages {
        if !report
            .findings
            .iter()
            .any(|finding| is_about(finding, name))
        {
            report
                .notes
                .push(format!("nothing was found about `{name}`"));
        }
    }
    report
        .findings
        .retain(|finding| packages.iter().any(|name| is_about(finding, name)));
    crate::skew::worst(&mut report.artifacts, &report.findings);
    report.summary = crate::skew::summary(report);
}

impl Finding {
    /// Whether it is about a package of this name.
    fn is_about(&self, name: &str) -> bool {
        let requirements = self.culprit.iter().chain(&self.also_through);
        let mut asked = requirements.map(|culprit| first(&culprit.requirement));
        let introduces = self
            .introducer
            .as_deref()
            .is_some_and(|label| first(label) == name);
        if introduces || asked.any(|package| package == name) {
            return true;
        }
        let nameless = self.introducer.is_none() && self.culprit.is_none();
        nameless && (self.singleton.as_deref() == Some(name) || first(&self.message) == name)
    }
}

/// The name with which a label, a requirement or a sentence begins.
fn first(text: &str) -> &str {
    let text = text.trim_start_matches('`');
    text.split(['@', ' ', '`']).next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use crate::skew::findings::{at, finding};

    fn requirement(text: &str) -> crate::report::Culprit {
        crate::report::Culprit {
            file: "Cargo.toml".into(),
            line: Some(1),
            column: Some(1),
            requirement: text.into(),
            span: (0, 0),
            inherited_by: None,
        }
    }

    #[test]
    fn a_finding_is_about_who_brings_it_in_and_what_is_asked_for() {
        let mut brought = at("lost-telemetry", String::new(), requirement("api = \"1\""));
        brought.introducer = Some("user@1.0.0 (path)".into());
        brought.also_through = vec![requirement("other = { path = \"x\" }")];
        for (name, expected) in [
            ("api", true),
            ("user", true),
            ("other", true),
            ("ap", false),
            ("user@1.0.0", false),
            ("", false),
        ] {
            assert_eq!(brought.is_about(name), expected, "{name}");
        }
        let said = finding("advisory", "`thing` 1.0 is old".into());
        assert!(said.is_about("thing") && !said.is_about("1.0"));
        let mut shared = finding("separate-lines", "two of them".into());
        shared.singleton = Some("api".into());
        assert!(shared.is_about("api") && shared.is_about("two"));
    }
}
