//! What goes into the command's environment, checked once more.

use std::collections::{BTreeMap, BTreeSet};

use domain::{RawValue, SecretName, SecretValue};

use crate::failure::Failure;

/// The variables for the command, and those that are kept from it with the reason.
pub(crate) struct Injection {
    pub(crate) variables: Vec<(SecretName, SecretValue)>,
    /// `NAME` and why.
    pub(crate) refused: Vec<(String, String)>,
}

/// Reads the server's flat JSON object.
///
/// Every name and value passes the rules again here. A name can have been stored before it was reserved, and a server
/// that has been taken over must not be able to say what the command loads (`LD_PRELOAD`) or where it finds its
/// programs (`PATH`).
pub(crate) fn read(json: &[u8], except: &BTreeSet<SecretName>) -> Result<Injection, Failure> {
    let entries: BTreeMap<String, RawValue> = serde_json::from_slice(json)
        // The parser's own explanation may quote the text, and the text is values.
        .map_err(|_| {
            Failure::new("the server's environment is not a JSON object of texts: update the older of the two")
        })?;
    let mut injection = Injection {
        variables: Vec::with_capacity(entries.len()),
        refused: Vec::new(),
    };
    for (name, value) in entries {
        if except.iter().any(|left_out| left_out.as_str() == name) {
            continue;
        }
        match check(&name, value) {
            Ok(variable) => injection.variables.push(variable),
            Err(why) => injection.refused.push((name, why)),
        }
    }
    Ok(injection)
}

fn check(name: &str, value: RawValue) -> Result<(SecretName, SecretValue), String> {
    let name = SecretName::parse(name).map_err(|error| error.to_string())?;
    let value = value.check().map_err(|error| error.to_string())?;
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
    use super::*;

    fn names(injection: &Injection) -> Vec<&str> {
        injection.variables.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn names_and_values_arrive_exactly() {
        let injection = read(br#"{"B":"x\ny\u00e9 \"'$","A":"1"}"#, &BTreeSet::new()).unwrap();
        assert_eq!(names(&injection), ["A", "B"]);
        assert_eq!(injection.variables.last().unwrap().1.expose(), "x\ny\u{e9} \"'$");
    }

    #[test]
    fn what_is_excepted_is_left_out() {
        let except = BTreeSet::from([SecretName::parse("A").unwrap()]);
        let injection = read(br#"{"A":"1","B":"2"}"#, &except).unwrap();
        assert_eq!(names(&injection), ["B"]);
        assert!(injection.refused.is_empty());
    }

    #[test]
    fn reserved_names_are_refused_with_the_reason() {
        let injection = read(
            br#"{"LD_PRELOAD":"/tmp/x.so","PATH":"/tmp","OK":"1"}"#,
            &BTreeSet::new(),
        )
        .unwrap();
        assert_eq!(names(&injection), ["OK"]);
        let refused: Vec<&str> = injection.refused.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(refused, ["LD_PRELOAD", "PATH"]);
        assert!(
            injection
                .refused
                .iter()
                .all(|(_, why)| !why.is_empty() && !why.contains("/tmp"))
        );
    }

    #[test]
    fn what_no_environment_can_hold_is_refused() {
        let injection = read(
            br#"{"lower":"1","A=B":"1","NUL":"a\u0000b","EMPTY":""}"#,
            &BTreeSet::new(),
        )
        .unwrap();
        assert!(injection.variables.is_empty());
        assert_eq!(injection.refused.len(), 4);
    }

    #[test]
    fn an_answer_of_another_shape_is_refused_without_repeating_it() {
        for body in [&br#"["hunter2"]"#[..], br#"{"A":{"b":"hunter2"}}"#, b"hunter2"] {
            let failure = read(body, &BTreeSet::new()).err().unwrap();
            assert!(!failure.message().contains("hunter2"));
        }
    }
}
