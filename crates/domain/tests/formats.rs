//! Every format is read back as it was meant, or refused with every name concerned.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod readers;

use domain::env::{self, EnvFormat, Unrepresentable};
use domain::{MAX_VALUE_BYTES, RawValue, SecretName, SecretValue, entry_bytes, read_dotenv};
use proptest::prelude::*;
use readers::{DIALECTS, Environment};

struct Secrets(Vec<(SecretName, SecretValue)>);

impl Secrets {
    fn new(values: &[String]) -> Self {
        let named = values.iter().enumerate();
        Self(
            named
                .map(|(at, value)| (SecretName::parse(&format!("S{at:03}")).unwrap(), checked(value)))
                .collect(),
        )
    }

    fn write(&self, format: EnvFormat) -> Result<String, Unrepresentable> {
        let entries: Vec<_> = self.0.iter().map(|(name, value)| (name, value)).collect();
        env::write(format, &entries).map(|text| (*text).clone())
    }

    fn environment(&self) -> Environment {
        self.0
            .iter()
            .map(|(name, value)| (name.to_string(), value.expose().to_owned()))
            .collect()
    }

    /// Those that `format` carries, without the others.
    fn carried_by(mut self, format: EnvFormat) -> Self {
        if let Err(refused) = self.write(format) {
            self.0
                .retain(|(name, _)| !refused.names.iter().any(|(refused, _)| refused == name));
        }
        self
    }
}

fn checked(value: &str) -> SecretValue {
    RawValue::new(value.to_owned()).check().unwrap()
}

/// Values full of what formats stumble over, and ordinary generated passwords.
fn values() -> impl Strategy<Value = Vec<String>> {
    let awkward = "[ab1 '\"`\\\\$#={}:;!&()%\t\n\u{85}\u{2028}\u{a0}\u{feff}\u{b}\u{1c}é漢😀]{1,16}";
    let template = "(a|\\$\\{X\\}|\\$\\{|\\\\n|\\\\'|'\\\\''|\\\\\"|export A=|-----BEGIN K-----|\r|\n|'|\"){1,6}";
    let value = prop_oneof![3 => awkward, 2 => "[!-~]{8,40}", 2 => template, 1 => "\\PC{1,20}"];
    prop::collection::vec(
        value.prop_filter("not empty, no NUL", |value| !value.is_empty() && !value.contains('\0')),
        1..8,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn json_carries_every_value(values in values()) {
        let secrets = Secrets::new(&values);
        let json = secrets.write(EnvFormat::Json).unwrap();
        prop_assert_eq!(serde_json::from_str::<Environment>(&json).unwrap(), secrets.environment());
    }

    #[test]
    fn shell_carries_every_value(values in values()) {
        let secrets = Secrets::new(&values);
        prop_assert_eq!(readers::shell(&secrets.write(EnvFormat::Shell).unwrap()), secrets.environment());
    }

    #[test]
    fn what_docker_carries_is_read_back_exactly(values in values()) {
        let secrets = Secrets::new(&values).carried_by(EnvFormat::Docker);
        prop_assert_eq!(readers::docker(&secrets.write(EnvFormat::Docker).unwrap()), secrets.environment());
    }

    #[test]
    fn what_dotenv_carries_is_read_back_exactly_by_each_reader(values in values()) {
        let secrets = Secrets::new(&values).carried_by(EnvFormat::Dotenv);
        let text = secrets.write(EnvFormat::Dotenv).unwrap();
        for dialect in &DIALECTS {
            prop_assert_eq!(readers::dotenv(&text, dialect), secrets.environment(), "{}", dialect.name);
        }
    }

    #[test]
    fn what_dotenv_and_shell_write_can_be_imported_again(values in values()) {
        for format in [EnvFormat::Dotenv, EnvFormat::Shell] {
            let secrets = Secrets::new(&values.iter().map(|value| value.replace('\r', "")).filter(|value| !value.is_empty()).collect::<Vec<_>>());
            // A shell undoes nothing in single quotes; in a file for other readers `\'` is a quote.
            let secrets = if format == EnvFormat::Shell { without_backslash_quote(secrets) } else { secrets.carried_by(format) };
            let file = read_dotenv(&secrets.write(format).unwrap());
            prop_assert_eq!(&file.problems, &[], "{}", format);
            let read: Environment = file.entries.into_iter().map(|entry| (entry.name, entry.value.expose().to_owned())).collect();
            prop_assert_eq!(read, secrets.environment(), "{}", format);
        }
    }

    #[test]
    fn every_name_that_cannot_be_carried_is_listed_and_no_value_is_shown(values in values()) {
        for format in [EnvFormat::Dotenv, EnvFormat::Docker] {
            let secrets = Secrets::new(&values);
            let Err(refused) = secrets.write(format) else { continue };
            for (name, value) in &secrets.0 {
                let alone = env::write(format, &[(name, value)]);
                let listed = refused.names.iter().any(|(refused, _)| refused == name);
                prop_assert_eq!(alone.is_err(), listed, "{}", name);
                prop_assert_eq!(refused.to_string().contains(name.as_str()), listed);
            }
        }
    }
}

fn without_backslash_quote(mut secrets: Secrets) -> Secrets {
    secrets.0.retain(|(_, value)| !value.expose().contains('\\'));
    secrets
}

#[test]
fn nothing_is_written_as_nothing() {
    let empty = Secrets(Vec::new());
    assert_eq!(empty.write(EnvFormat::Json).unwrap(), "{}");
    for format in [EnvFormat::Dotenv, EnvFormat::Shell, EnvFormat::Docker] {
        assert_eq!(empty.write(format).unwrap(), "");
    }
}

#[test]
fn each_format_looks_as_its_readers_expect() {
    let secrets = Secrets::new(&[
        "plain".to_owned(),
        "two\nlines".to_owned(),
        "it's".to_owned(),
        "'\"both\"'".to_owned(),
        "x'\"\\".to_owned(),
    ]);
    assert_eq!(
        secrets.write(EnvFormat::Json).unwrap(),
        r#"{"S000":"plain","S001":"two\nlines","S002":"it's","S003":"'\"both\"'","S004":"x'\"\\"}"#
    );
    assert_eq!(
        secrets.write(EnvFormat::Shell).unwrap(),
        "export S000='plain'\nexport S001='two\nlines'\nexport S002='it'\\''s'\nexport S003=''\\''\"both\"'\\'''\nexport S004='x'\\''\"\\'\n"
    );
    let refused = secrets.write(EnvFormat::Docker).unwrap_err();
    assert_eq!(refused.names.len(), 1);
    assert!(
        refused.to_string().contains("S001, because it has a line break"),
        "{refused}"
    );
    let refused = secrets.write(EnvFormat::Dotenv).unwrap_err();
    assert_eq!(
        refused.names.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["S003"]
    );
    assert_eq!(
        secrets.carried_by(EnvFormat::Dotenv).write(EnvFormat::Dotenv).unwrap(),
        "S000='plain'\nS001='two\nlines'\nS002=\"it's\"\nS004=x'\"\\\n"
    );
}

#[test]
fn json_escapes_every_control_character_and_nothing_else() {
    let all: String = (1..0x100_u32).filter_map(char::from_u32).collect();
    let secrets = Secrets::new(&[all]);
    let json = secrets.write(EnvFormat::Json).unwrap();
    assert_eq!(
        serde_json::from_str::<Environment>(&json).unwrap(),
        secrets.environment()
    );
    assert!(
        json.contains("\\u0001\\u0002")
            && json.contains("\\u001f !\\\"#")
            && json.contains("[\\\\]")
            && json.contains("~\u{7F}\u{80}")
    );
}

#[test]
fn the_largest_value_passes_through_the_formats_that_have_room_for_it() {
    let secrets = Secrets::new(&[
        "x".repeat(MAX_VALUE_BYTES),
        "\u{1}".repeat(MAX_VALUE_BYTES),
        "'".repeat(MAX_VALUE_BYTES),
    ]);
    let json = secrets.write(EnvFormat::Json).unwrap();
    assert_eq!(
        serde_json::from_str::<Environment>(&json).unwrap(),
        secrets.environment()
    );
    assert_eq!(
        readers::shell(&secrets.write(EnvFormat::Shell).unwrap()),
        secrets.environment()
    );
    let refused = secrets.write(EnvFormat::Docker).unwrap_err();
    assert_eq!(refused.names.len(), 3);
    assert!(refused.to_string().contains("longer than 65,000 bytes"));
}

#[test]
fn the_buffer_has_its_final_size_from_the_start() {
    let values = [
        "\u{1}\"\\\n\r\t".repeat(500),
        "'".repeat(500),
        "a\nb'".repeat(500),
        "'\"".to_owned(),
    ];
    let secrets = Secrets::new(&values);
    for format in EnvFormat::ALL {
        let entries: Vec<_> = secrets.0.iter().map(|(name, value)| (name, value)).collect();
        let carried = entries
            .iter()
            .filter(|&&entry| env::write(format, &[entry]).is_ok())
            .copied()
            .collect::<Vec<_>>();
        let text = env::write(format, &carried).unwrap();
        // Had it grown, it would have grown by half of its size and more.
        assert!(
            text.capacity() - text.len() <= 8,
            "{format}: {} for {}",
            text.capacity(),
            text.len()
        );
    }
}

#[test]
fn an_entry_counts_its_equals_sign_and_its_nul() {
    assert_eq!(entry_bytes("NAME", 5), "NAME=value\0".len());
    assert_eq!(entry_bytes("NAME", usize::MAX), usize::MAX);
}

#[test]
fn formats_have_names_and_an_unknown_one_is_told_which_there_are() {
    for format in EnvFormat::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
    let refused = "yaml".parse::<EnvFormat>().unwrap_err().to_string();
    assert!(
        EnvFormat::ALL.iter().all(|format| refused.contains(format.as_str())),
        "{refused}"
    );
    assert_eq!(EnvFormat::default().content_type(), "application/json");
}
