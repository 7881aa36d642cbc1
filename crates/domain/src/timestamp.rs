//! Points in time.

use std::fmt;

use serde::{Deserialize, Serialize};

const MS_PER_DAY: i64 = 86_400_000;

/// Unix time in milliseconds, UTC. The one form of time in the database, the HTTP interface and the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = i64, example = 1_767_323_045_678_i64))]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// `2026-01-02T03:04:05.678Z`, as RFC 3339 writes it, always with milliseconds.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.to_string()
    }

    /// `2026-01-02`, the day in UTC.
    #[must_use]
    pub fn date(self) -> String {
        let (year, month, day) = civil(self.0.div_euclid(MS_PER_DAY));
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// The beginning of a day in UTC, from `2026-01-02`. `None` for anything else, and for a day that no calendar has.
    #[must_use]
    pub fn of_date(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<u32>().ok().map(i64::from));
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        if year > 9999 || !(1..=12).contains(&month) {
            return None;
        }
        let at = Self(days(year, month, day) * MS_PER_DAY);
        // What does not come out as it went in is no day: 30 February, or digits that are missing.
        (at.date() == text).then_some(at)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0.div_euclid(MS_PER_DAY));
        let in_day = self.0.rem_euclid(MS_PER_DAY);
        let (ms, seconds) = (in_day % 1000, in_day / 1000);
        let (second, minute, hour) = (seconds % 60, seconds / 60 % 60, seconds / 3600);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z"
        )
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
///
/// Howard Hinnant's `civil_from_days` (chrono-Compatible Low-Level Date Algorithms): years begin in March, so that the
/// leap day is the last of its year. Written out here because a date library weighs more than the page's own code.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// The other way round: Hinnant's `days_from_civil`.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::{MS_PER_DAY, Timestamp, civil, days};

    #[test]
    fn known_moments_are_written_as_rfc_3339_writes_them() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_767_323_045_678, "2026-01-02T03:04:05.678Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(Timestamp(ms).to_rfc3339(), text);
        }
    }

    #[test]
    fn the_date_is_the_first_ten_characters() {
        let at = Timestamp(1_767_323_045_678);
        assert_eq!(at.date(), "2026-01-02");
        assert!(at.to_rfc3339().starts_with(&at.date()));
    }

    #[test]
    fn every_day_of_eight_centuries_follows_the_one_before() {
        let (mut year, mut month, mut day) = (1601, 1, 1);
        for number in -134_774..157_420 {
            assert_eq!(civil(number), (year, month, day));
            assert_eq!(days(year, month, day), number);
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                2 if leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            day += 1;
            if day > last {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!((year, month, day), (2401, 1, 1));
    }

    #[test]
    fn a_day_is_read_only_as_it_is_written() {
        assert_eq!(
            Timestamp::of_date("2026-01-02").map(Timestamp::date).as_deref(),
            Some("2026-01-02")
        );
        for text in [
            "",
            "2026-02-30",
            "2026-1-2",
            "2026-13-01",
            "2026-00-10",
            "26-01-02",
            "2026-01-02T00",
            "-1-01-01",
            "99999-01-01",
        ] {
            assert_eq!(Timestamp::of_date(text), None, "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_range_can_be_written() {
        for ms in [i64::MIN, i64::MAX] {
            assert!(Timestamp(ms).to_rfc3339().ends_with('Z'));
        }
        assert_eq!(Timestamp(MS_PER_DAY).date(), "1970-01-02");
    }
}
