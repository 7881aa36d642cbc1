//! Values that have broken other products, and many more of their kind. The same ones in every run.

/// What values are made of: whatever a quoting rule could stumble over.
const PIECES: [&str; 34] = [
    "a", "Z", "0", " ", "  ", "'", "\"", "`", "\\", "\\n", "\\\"", "$", "${HOME}", "$HOME", "$(id)", "#", " #", "=",
    "\n", "\n\n", "\t", "\r\n", "\r", "!", "*", "~", ";", "&&", "é", "東京", "🔑", "\u{a0}", "%s", "export ",
];

/// An xorshift generator (Marsaglia, 2003): the tests need repeatable variety, not chance.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// Names and values, sorted by name. Together well below the megabyte that one environment holds.
pub(crate) fn secrets() -> Vec<(String, String)> {
    let mut numbers = Numbers(0x5eed_0f57_0000_0001);
    let mut secrets: Vec<(String, String)> = (0..100)
        .map(|index| {
            // Short ones too: most of the long ones are more than a dotenv file can carry.
            let length = 1 + numbers.below(if index % 2 == 0 { 3 } else { 24 });
            let value: String = (0..length).map(|_| PIECES[numbers.below(PIECES.len())]).collect();
            (format!("GENERATED_{index:03}"), value)
        })
        .collect();
    secrets.extend(named());
    secrets.sort();
    secrets
}

/// Those worth a name, so that a failure says which.
fn named() -> Vec<(String, String)> {
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}-----END PRIVATE KEY-----\n",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n".repeat(20)
    );
    [
        ("PEM", pem),
        (
            "JSON_KEY",
            "{\n  \"type\": \"service_account\",\n  \"key\": \"a\\nb\"\n}\n".to_owned(),
        ),
        ("TRAILING_NEWLINE", "key\n".to_owned()),
        ("ONLY_BLANKS", "   ".to_owned()),
        ("QUOTED", "\"quoted\"".to_owned()),
        ("SINGLE_QUOTED", "'quoted'".to_owned()),
        ("BOTH_QUOTES", "a'b\"c`d".to_owned()),
        ("DOLLARS", "$x ${y} $(z) $$ \\$".to_owned()),
        ("ALL_CONTROLS", (1_u8..32).chain([127]).map(char::from).collect()),
        ("FULL_PLAIN", "x".repeat(65_536)),
        ("FULL_LINES", "0123456789abcde\n".repeat(4096)),
        ("FULL_UNICODE", "é".repeat(32_768)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

#[test]
fn the_generated_values_are_what_a_secret_can_be() {
    let secrets = secrets();
    assert!(
        secrets
            .iter()
            .all(|(_, value)| !value.is_empty() && value.len() <= 65_536 && !value.contains('\0'))
    );
    let total: usize = secrets.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    assert!(total < 1_048_576, "{total}");
    assert_eq!(secrets, self::secrets());
}
