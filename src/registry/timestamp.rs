//! Times as the index writes them.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

/// A moment in UTC, in whole seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not of the form `2025-11-12T19:30:12Z`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time of the form 2025-11-12T19:30:12Z")]
pub struct TimestampError;

const DAY: i64 = 86_400;

impl Timestamp {
    /// This moment by the machine's clock; 1970 where the clock stands before that.
    pub fn now() -> Self {
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        Timestamp(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    /// So many seconds after 1970 began.
    pub fn from_seconds(seconds: i64) -> Self {
        Timestamp(seconds)
    }

    /// This moment so many days later.
    pub fn plus_days(self, days: i64) -> Self {
        Timestamp(self.0.saturating_add(days.saturating_mul(DAY)))
    }

    /// Whole days from `earlier` to this moment, rounded down; negative where it comes first.
    pub fn days_since(self, earlier: Timestamp) -> i64 {
        (self.0 - earlier.0).div_euclid(DAY)
    }

    /// The day alone: `2025-11-12`.
    pub fn date(self) -> String {
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY));
        format!("{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0.rem_euclid(DAY);
        write!(
            f,
            "{}T{:02}:{:02}:{:02}Z",
            self.date(),
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let bytes = text.as_bytes();
        let shape = b"dddd-dd-ddTdd:dd:ddZ";
        let fits = bytes.len() == shape.len()
            && bytes.iter().zip(shape).all(|(byte, form)| match form {
                b'd' => byte.is_ascii_digit(),
                _ => byte == form,
            });
        if !fits {
            return Err(TimestampError);
        }
        let number = |from: usize, to: usize| {
            bytes[from..to]
                .iter()
                .fold(0i64, |sum, digit| sum * 10 + i64::from(digit - b'0'))
        };
        let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
        let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
        if !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 59 {
            return Err(TimestampError);
        }
        let days = days_from_civil(year, month, day);
        // A day that the month does not have comes back as another one.
        if civil_from_days(days) != (year, month, day) {
            return Err(TimestampError);
        }
        Ok(Timestamp(days * DAY + hour * 3600 + minute * 60 + second))
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Days from 1970-01-01, in the Gregorian calendar; years are counted from March so that the leap
/// day comes last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_writes_the_form_of_the_index() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2025-11-12T19:30:12Z",
            "2024-02-29T23:59:59Z",
            "2000-02-29T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "9999-12-31T23:59:59Z",
            "0000-01-01T00:00:00Z",
        ] {
            assert_eq!(at(text).to_string(), text);
        }
        assert_eq!(at("2001-09-09T01:46:40Z"), Timestamp(1_000_000_000));
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        let start = days_from_civil(1800, 1, 1);
        let mut last = civil_from_days(start - 1);
        for days in start..start + 146_097 {
            let civil = civil_from_days(days);
            assert!(civil > last);
            assert_eq!(days_from_civil(civil.0, civil.1, civil.2), days);
            last = civil;
        }
    }

    #[test]
    fn refuses_every_other_form() {
        for text in [
            "",
            "2025-11-12",
            "2025-11-12 19:30:12Z",
            "2025-11-12T19:30:12",
            "2025-11-12T19:30:12+04:00",
            "2025-11-12T19:30:12.5Z",
            "2025-1-12T19:30:12Z",
            "2025-13-12T19:30:12Z",
            "2025-00-12T19:30:12Z",
            "2025-02-30T19:30:12Z",
            "2023-02-29T19:30:12Z",
            "2025-11-00T19:30:12Z",
            "2025-11-12T24:00:00Z",
            "2025-11-12T23:60:00Z",
            "2025-11-12T23:00:60Z",
            "²025-11-12T19:30:12Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(TimestampError), "{text}");
        }
    }

    #[test]
    fn now_lies_between_this_code_and_the_last_year_that_can_be_written() {
        assert!(Timestamp::now() > at("2026-01-01T00:00:00Z"));
        assert!(Timestamp::now() < at("9999-12-31T23:59:59Z"));
    }

    #[test]
    fn days_are_rounded_down() {
        let first = at("2026-09-18T12:00:00Z");
        assert_eq!(at("2026-09-18T12:00:00Z").days_since(first), 0);
        assert_eq!(at("2026-09-19T11:59:59Z").days_since(first), 0);
        assert_eq!(at("2026-09-19T12:00:00Z").days_since(first), 1);
        assert_eq!(at("2026-09-18T11:59:59Z").days_since(first), -1);
    }
}
