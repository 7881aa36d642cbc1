//! Names that no secret may have, because they already mean something to the programs that would get them.

mod list;

use list::{EXACT, PREFIXES};

/// Why a name is reserved.
///
/// The groups follow what others refuse after having been hurt: sudo's `env_delete`, the checks of Coder and Infisical,
/// CVE-2020-15228. Names that programs merely read as a credential (`GITHUB_TOKEN`, `AWS_…`, `KUBECONFIG`) are not
/// among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reserved {
    /// Where commands, files and the user's home are: `PATH`, `HOME`, `TMPDIR`.
    Place,
    /// The terminal, the language, the time zone: `TERM`, `LANG`, `LC_…`.
    Locale,
    /// The login session and its sockets: `SSH_AUTH_SOCK`, `XDG_…`.
    Session,
    /// What a shell runs or how it reads a command: `BASH_ENV`, `IFS`, `PS4`.
    Shell,
    /// What shells set by themselves, or refuse to have set: `UID`, `RANDOM`, `_`.
    SetByShells,
    /// Which libraries are loaded into a program: `LD_…`, `DYLD_…`.
    Loader,
    /// What an interpreter loads or runs: `NODE_OPTIONS`, `PYTHONPATH`.
    Interpreter,
    /// What a compiler or package manager runs, or where it gets packages: `MAKEFLAGS`, `NPM_CONFIG_…`.
    BuildTool,
    /// A command that another program starts: `EDITOR`, `GIT_SSH_COMMAND`.
    Command,
    /// Which servers are trusted: `SSL_CERT_FILE`, `SSLKEYLOGFILE`.
    Trust,
    /// The way that traffic takes: `HTTPS_PROXY`, `HOSTALIASES`.
    Network,
    /// Strongroom's own settings, and its tokens: `STRONGROOM_…`.
    Strongroom,
}

impl Reserved {
    /// The reason, as the second half of a sentence: "This name is reserved: …".
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Place => "programs find commands, files and their home by it",
            Self::Locale => "it sets the terminal, the language or the time for every program",
            Self::Session => "it belongs to the login session in which a program runs",
            Self::Shell => "shells run code or read commands differently because of it",
            Self::SetByShells => "shells set it by themselves, so your value would be lost",
            Self::Loader => "it decides which code is loaded into a program",
            Self::Interpreter => "an interpreter loads or runs code because of it",
            Self::BuildTool => "build tools and package managers take commands or sources from it",
            Self::Command => "programs start the command that it holds",
            Self::Trust => "it decides which servers a program trusts, or who can read its traffic",
            Self::Network => "it decides which way a program's traffic takes",
            Self::Strongroom => "Strongroom keeps its own settings under such names",
        }
    }
}

/// Why `name` is reserved, if it is.
///
/// Capitals make no difference: npm reads `npm_config_…` in any case, proxies are set in small letters as often as in
/// capitals, and zsh ties `path` to `PATH`.
#[must_use]
pub fn reserved(name: &str) -> Option<Reserved> {
    if name.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return reserved_capitals(&name.to_ascii_uppercase());
    }
    reserved_capitals(name)
}

fn reserved_capitals(name: &str) -> Option<Reserved> {
    let exact = EXACT
        .binary_search_by_key(&name, |&(name, _)| name)
        .ok()
        .and_then(|at| EXACT.get(at));
    let prefix = || PREFIXES.iter().find(|&&(prefix, _)| name.starts_with(prefix));
    exact
        .or_else(prefix)
        .map(|&(_, why)| why)
        .or_else(|| is_cargo_source(name).then_some(Reserved::BuildTool))
}

/// Where Cargo gets packages from, and the program it asks for a token. A registry's `…_TOKEN` is a real secret.
fn is_cargo_source(name: &str) -> bool {
    (name.starts_with("CARGO_REGISTRIES_") || name.starts_with("CARGO_REGISTRY_"))
        && (name.ends_with("_INDEX") || name.ends_with("_CREDENTIAL_PROVIDER"))
}

#[cfg(test)]
mod tests {
    use super::{Reserved, reserved};

    #[test]
    fn each_group_has_its_reason() {
        for (name, why) in [
            ("PATH", Reserved::Place),
            ("GIT_SSH", Reserved::Command),
            ("RUSTC_WORKSPACE_WRAPPER", Reserved::BuildTool),
            ("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", Reserved::BuildTool),
            ("LC_ALL", Reserved::Locale),
            ("SSH_AUTH_SOCK", Reserved::Session),
            ("BASH_ENV", Reserved::Shell),
            ("_", Reserved::SetByShells),
            ("LD_PRELOAD", Reserved::Loader),
            ("NODE_OPTIONS", Reserved::Interpreter),
            ("NPM_CONFIG_REGISTRY", Reserved::BuildTool),
            ("GIT_SSH_COMMAND", Reserved::Command),
            ("SSL_CERT_FILE", Reserved::Trust),
            ("HTTPS_PROXY", Reserved::Network),
            ("STRONGROOM_TOKEN", Reserved::Strongroom),
        ] {
            assert_eq!(reserved(name), Some(why), "{name}");
        }
    }

    #[test]
    fn small_letters_are_no_way_round() {
        for name in ["npm_config_registry", "https_proxy", "path", "Ld_Preload"] {
            assert!(reserved(name).is_some(), "{name}");
        }
    }

    #[test]
    fn what_decides_where_cargo_gets_packages_is_reserved_and_a_registry_token_is_not() {
        assert_eq!(reserved("CARGO_REGISTRIES_MINE_INDEX"), Some(Reserved::BuildTool));
        assert_eq!(
            reserved("CARGO_REGISTRIES_MINE_CREDENTIAL_PROVIDER"),
            Some(Reserved::BuildTool)
        );
        assert_eq!(reserved("CARGO_REGISTRIES_MINE_TOKEN"), None);
    }

    #[test]
    fn credentials_that_programs_read_are_allowed() {
        for name in [
            "GITHUB_TOKEN",
            "KUBECONFIG",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "DOCKER_HOST",
            "AWS_SECRET_ACCESS_KEY",
            "X_BEARER_TOKEN",
            "NODE_AUTH_TOKEN",
            "PATH_TO_KEY",
            "MY_PATH",
            "__",
            "GIT_TOKEN",
            "HOMEBREW_TOKEN",
        ] {
            assert_eq!(reserved(name), None, "{name}");
        }
    }
}
