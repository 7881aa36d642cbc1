#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]
use super::*;

fn settings(variables: &[(&'static str, &str)]) -> Settings {
    let variables: Vec<(String, OsString)> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), OsString::from(value)))
        .collect();
    Settings::new(move |name| {
        variables
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    })
}

fn with_login(variables: &[(&'static str, &str)]) -> Result<Connection, Failure> {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().to_str().unwrap().to_owned();
    let login = StoredLogin {
        url: "https://saved.example".into(),
        token: "sr_pat_saved".into(),
    };
    settings(&[("XDG_CONFIG_HOME", &path)])
        .login_file()
        .unwrap()
        .write(&login)
        .unwrap();
    let mut all = vec![("XDG_CONFIG_HOME", path.as_str())];
    all.extend_from_slice(variables);
    settings(&all).connection()
}

#[test]
fn the_environment_alone_is_enough() {
    let connection = settings(&[
        ("STRONGROOM_URL", "http://127.0.0.1:1"),
        ("STRONGROOM_TOKEN", "sr_sbx_a"),
    ])
    .connection()
    .unwrap();
    assert_eq!(connection.server.origin(), "http://127.0.0.1:1");
    assert_eq!(connection.token_source, TokenSource::Environment);
}

#[test]
fn a_login_is_used_when_the_environment_says_nothing() {
    let connection = with_login(&[("STRONGROOM_TOKEN", "")]).unwrap();
    assert_eq!(connection.server.origin(), "https://saved.example");
    assert_eq!(connection.token.expose(), "sr_pat_saved");
    assert_eq!(connection.token_source, TokenSource::Login);
}

#[test]
fn a_token_of_the_environment_goes_to_the_saved_server() {
    let connection = with_login(&[("STRONGROOM_TOKEN", "sr_sbx_mine")]).unwrap();
    assert_eq!(connection.server.origin(), "https://saved.example");
    assert_eq!(connection.token.expose(), "sr_sbx_mine");
}

#[test]
fn the_saved_token_goes_to_no_other_server() {
    let failure = with_login(&[("STRONGROOM_URL", "https://elsewhere.example")]).unwrap_err();
    assert!(failure.message().contains("elsewhere.example") && failure.message().contains("saved.example"));
    assert!(with_login(&[("STRONGROOM_URL", "https://saved.example/")]).is_ok());
}

#[test]
fn what_is_missing_is_said() {
    let said = |variables: &[(&'static str, &str)]| settings(variables).connection().unwrap_err().message().to_owned();
    assert!(said(&[]).contains("strongroom login"));
    assert!(said(&[("STRONGROOM_URL", "http://127.0.0.1:1")]).starts_with("no token"));
    assert!(said(&[("STRONGROOM_TOKEN", "sr_pat_a")]).starts_with("no server"));
    assert!(said(&[("STRONGROOM_URL", "http://far.example")]).contains("STRONGROOM_INSECURE_HTTP"));
    let wrong = said(&[
        ("STRONGROOM_URL", "http://127.0.0.1:1"),
        ("STRONGROOM_TOKEN", "hunter2"),
    ]);
    assert!(wrong.contains("sr_pat_") && !wrong.contains("hunter2"));
}

#[test]
fn a_relative_configuration_home_is_ignored() {
    let file = settings(&[("XDG_CONFIG_HOME", "here"), ("HOME", "/home/me")])
        .login_file()
        .unwrap();
    assert_eq!(
        file.path(),
        std::path::Path::new("/home/me/.config/strongroom/config.toml")
    );
}
