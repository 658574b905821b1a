//! Days, as exceptions name them.

use std::fmt;
use std::str::FromStr;

use crate::registry::Timestamp;

/// A day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(Timestamp);

impl Date {
    /// Today, or the day of `SOURCE_DATE_EPOCH`, in seconds, by which builds are made reproducible.
    pub fn today() -> Self {
        let given = std::env::var("SOURCE_DATE_EPOCH").ok();
        let given = given.and_then(|text| text.parse().ok());
        Self(given.map_or_else(Timestamp::now, Timestamp::from_seconds)).midnight()
    }

    /// So many days later.
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.plus_days(days))
    }

    /// Its first moment.
    pub fn begins(self) -> Timestamp {
        self.0
    }

    fn midnight(self) -> Self {
        self.to_string().parse().unwrap_or(self)
    }
}

/// `2026-12-31`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.date())
    }
}

impl FromStr for Date {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let midnight: Timestamp = format!("{text}T00:00:00Z").parse().map_err(|_| ())?;
        Ok(Self(midnight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_calendar_alone() {
        for good in ["1970-01-01", "2024-02-29", "2026-12-31", "2000-02-29"] {
            let date: Date = good.parse().unwrap();
            assert_eq!(date.to_string(), good);
        }
        for bad in [
            "2023-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2026-1-1",
            "2026-12-31T00:00:00Z",
            "tomorrow",
            "",
        ] {
            assert_eq!(bad.parse::<Date>(), Err(()), "{bad}");
        }
    }

    #[test]
    fn days_follow_each_other() {
        let first: Date = "2023-12-30".parse().unwrap();
        let next: Vec<String> = (0..4).map(|days| first.plus(days).to_string()).collect();
        assert_eq!(
            next,
            ["2023-12-30", "2023-12-31", "2024-01-01", "2024-01-02"]
        );
    }
}
