//! What became of a request, in words.

use domain::RequestStatus;

use crate::environment::listed;

/// Why names of a request were not given. `None` for a request that can still be answered, or was answered with values.
pub(crate) fn refusal<T: AsRef<str>>(status: RequestStatus, names: &[T]) -> Option<String> {
    let (were, not_stored) = match names {
        [_] => ("was", "so it is not stored"),
        _ => ("were", "so they are not stored"),
    };
    let names = listed(names);
    Some(match status {
        RequestStatus::Skipped => format!("{names} {were} skipped by the person who was asked, {not_stored}"),
        RequestStatus::Expired => format!("nobody answered the request for {names} in time, {not_stored}: ask again"),
        RequestStatus::Cancelled => format!("the request for {names} was taken back, {not_stored}"),
        RequestStatus::Pending | RequestStatus::Stored => return None,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    #[test]
    fn every_end_without_a_value_has_its_sentence() {
        assert_eq!(
            refusal(RequestStatus::Skipped, &["A", "B"]).unwrap(),
            "A and B were skipped by the person who was asked, so they are not stored"
        );
        let one = |status| refusal(status, &["A"]);
        assert!(one(RequestStatus::Expired).unwrap().contains("in time"));
        assert!(one(RequestStatus::Cancelled).unwrap().contains("taken"));
        assert_eq!(one(RequestStatus::Pending), None);
        assert_eq!(one(RequestStatus::Stored), None);
    }
}
