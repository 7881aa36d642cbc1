//! Lines that set a variable, headers and whole files.

use domain::{Finding, RawValue, value_in_file};

use super::{FAKE, all_fixed, codes, fix, found, none_found, pem};

#[test]
fn of_a_whole_line_the_value_is_kept() {
    for (text, name) in [
        (format!("OPENAI_API_KEY={FAKE}"), "OPENAI_API_KEY"),
        (format!("export MY_KEY={FAKE}"), "MY_KEY"),
        (format!("export token='{FAKE}'"), "TOKEN"),
        (format!("MY_KEY = \"{FAKE}\"  # for tests\n"), "MY_KEY"),
        (format!("# for tests\nMY_KEY={FAKE}"), "MY_KEY"),
        (format!("set MY_KEY={FAKE}"), "MY_KEY"),
        (format!("$env:MY_KEY = \"{FAKE}\""), "MY_KEY"),
        (format!("$Env:MyKey='{FAKE}'"), "MYKEY"),
        (format!("MY_KEY: {FAKE}"), "MY_KEY"),
        (format!("MY_KEY: \"{FAKE}\""), "MY_KEY"),
        (format!("\u{FEFF}  MY_KEY={FAKE}"), "MY_KEY"),
    ] {
        assert_eq!(codes("", &text).first(), Some(&"assignment"), "{text:?}");
        assert_eq!(
            fix("", &text, "assignment"),
            (FAKE.to_owned(), Some(name.to_owned())),
            "{text:?}"
        );
        assert_eq!(fix("OTHER", &text, "assignment"), (FAKE.to_owned(), None), "{text:?}");
    }
    assert_eq!(fix("", "MY_KEY=\"a\nb\"", "assignment").0, "a\nb");
    assert_eq!(
        fix("", "DATABASE_URL=postgres://u:p=x@h/d?a=b", "assignment").0,
        "postgres://u:p=x@h/d?a=b"
    );
    let key = pem("\n");
    assert_eq!(fix("", &format!("MY_KEY={key}"), "assignment").0, key.trim_end());
    assert_eq!(codes("", format!("MY_KEY={key}MY_CERT={key}").trim_end()), [""; 0]);
    assert_eq!(fix("TOKEN", "TOKEN=fake", "assignment").0, "fake");
    assert_eq!(
        fix("AZURE_STORAGE", "AZURE_STORAGE=A=https;K=fake==", "assignment").0,
        "A=https;K=fake=="
    );
}

#[test]
fn an_equals_sign_alone_does_not_make_a_line() {
    none_found(&[
        "TOKEN=fake",
        "my_key=fake",
        "AB_CDEF==",
        "X_9=kd8",
        "Key=Value",
        "2FA_CODE=fake",
        "A_KEY=1,B_KEY=2",
        "FOO_BAR=1 BAZ_QUX=2 ./run",
        "MY_KEY=one\nand more",
        "MY_KEY: |\n  a\n  b",
        "set sail = go",
        "export now",
        "SECRET: fake",
        "PASS WORD_A=fake",
    ]);
    assert_eq!(codes("DSN", "DSN=name;UID=me;PWD=fake"), [""; 0]);
    assert_eq!(codes("PASSWORD", "password=fake"), [""; 0]);
}

#[test]
fn bearer_goes_from_before_a_token() {
    all_fixed(
        "bearer_prefix",
        &[
            ("Bearer fake0token", "fake0token"),
            ("bearer fake0token", "fake0token"),
            ("BEARER  fake0token", "fake0token"),
            ("Authorization: Bearer fake0token", "fake0token"),
            ("authorization:bearer fake0token", "fake0token"),
            ("Bearer abcdefghijklmnopqrst", "abcdefghijklmnopqrst"),
            ("Bearer ZmFrZQ.ZmFrZQ.ZmFrZQ", "ZmFrZQ.ZmFrZQ.ZmFrZQ"),
            ("Bearer ZmFrZTEy0w==", "ZmFrZTEy0w=="),
        ],
    );
    let header = found("", "Authorization: Bearer fake0token");
    assert_eq!(
        header.first().unwrap().fix(),
        Some("Remove “Authorization: Bearer” from the beginning")
    );
    assert_eq!(fix("", "Bearer fake0token\n", "bearer_prefix").0, "fake0token");
    none_found(&[
        "Bearer",
        "bearer bonds",
        "Bearer of bad news",
        "Bearerfake0token",
        "Bearer: fake0token",
        "Basic ZmFrZTpmYWtl",
        "Authorization: Basic ZmFrZTpmYWtl",
        "my Bearer fake0token",
    ]);
    assert_eq!(codes("AUTH_HEADER", "Bearer fake0token"), [""; 0]);
    assert_eq!(codes("MY_AUTHORIZATION", "Bearer fake0token"), [""; 0]);
}

#[test]
fn of_a_whole_file_the_value_of_one_name_can_be_had() {
    let file = RawValue::new("A_KEY='1 2'\r\nexport B_KEY=3\r\nA_KEY=\"4\n5\"\r\nC_KEY= \n".to_owned());
    let value_of = |name: &str| value_in_file(name, &file).map(|value| value.expose().to_owned());
    assert_eq!(value_of("A_KEY").as_deref(), Some("4\n5"), "the last line counts");
    assert_eq!(value_of("B_KEY").as_deref(), Some("3"));
    for name in ["C_KEY", "D_KEY", "a_key", "A_KEY ", ""] {
        assert_eq!(value_of(name), None, "{name:?}");
    }
    // What is no whole file, or is wanted whole, is not taken apart.
    assert!(value_in_file("A_KEY", &RawValue::new("A_KEY=1".to_owned())).is_none());
    assert!(value_in_file("ENV_FILE", &RawValue::new("A=1\nENV_FILE=2".to_owned())).is_none());
}

#[test]
fn a_whole_file_is_offered_for_import_and_nothing_else_is_said() {
    for text in [
        "A=1\nB=2",
        "export A=1\r\nexport B=2\r\n",
        "# comment\n\nA_KEY='1'\nB_KEY=\"2\"  \n\n",
        "\u{FEFF}A=1\nB=2\n",
        "A=1\nB=2\nC=3\nnot an assignment\n",
        "  A = 1\n  B = 2",
        "A=\nB=\n",
        "A=1\nA=1\nB=2",
    ] {
        let findings = found("", text);
        assert_eq!(findings, [Finding::WholeFile], "{text:?}");
        assert!(
            findings
                .iter()
                .all(|finding| finding.offers_import() && finding.fix().is_none())
        );
        let value = RawValue::new(text.to_owned());
        let left = Finding::WholeFile.apply("", &value);
        assert_eq!((left.value.expose(), left.name), (text, None));
    }
    for (name, text) in [
        ("", "a_key=1\nb_key=2\n"),
        ("", "db.url=1\ndb.user=2\n"),
        ("", "#!/bin/sh\nexport A=1\nexport B=2\nset -e\nrun all\n"),
        ("", "MIIB=\nABcd==\n"),
        ("", "{\"A\": \"x=1\",\n\"B\": \"y=2\"}"),
        ("", "A=1\nand more"),
        ("ENV_FILE", "A=1\nB=2\n"),
        ("MY_DOTENV", "A=1\nB=2\n"),
        ("", "[Interface]\nPrivateKey = ZmFrZQ=\nAddress = 1\n"),
    ] {
        assert!(!codes(name, text).contains(&"whole_file"), "{text:?}");
    }
    assert_eq!(codes("", "MY_KEY='A=1\nB=2'"), ["assignment"]);
}
