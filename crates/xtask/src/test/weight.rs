//! What may not be in the WASM: a cipher, SQL or an async runtime there would mean that a secret, or the way to one, is
//! in the browser — and would weigh more than all the rest. And what the widget may weigh in somebody else's page.

use anyhow::{Result, bail};

use crate::{
    command, site,
    workspace::{DOCTOR, FRONTEND, WASM_TARGET, Workspace},
};

/// The packages by name, and why each is refused. A name stands for its family: `sqlx` for `sqlx-core` too.
const FORBIDDEN: [(&str, &str); 18] = [
    ("aes", "a cipher"),
    ("aes-gcm", "a cipher"),
    ("argon2", "password hashing"),
    ("async-std", "an async runtime"),
    ("aws-lc", "a cipher"),
    ("chacha20poly1305", "a cipher"),
    ("hkdf", "key derivation"),
    ("libsqlite3-sys", "SQL"),
    ("openssl", "a cipher"),
    ("ring", "a cipher"),
    ("rusqlite", "SQL"),
    ("rustls", "a cipher"),
    ("sha2", "a cipher's hash"),
    ("smol", "an async runtime"),
    ("sqlx", "SQL"),
    ("tokio", "an async runtime"),
    ("vault", "the crate that sees plaintext"),
    ("server", "the server's side"),
];

/// Asks cargo what the browser's side is made of, and refuses what must not be there; weighs the widget.
pub(super) fn check(workspace: &Workspace) -> Result<()> {
    for package in [FRONTEND, DOCTOR] {
        let found = forbidden(&tree(workspace, package)?);
        if !found.is_empty() {
            bail!(
                "the WASM would contain {}; `cargo tree --package {package} --target {WASM_TARGET} --edges normal --invert \
                 NAME` shows what brings it in",
                found.join(", ")
            );
        }
    }
    let widget = site::widget_weight(workspace)?;
    eprintln!(
        "      the widget: {} bytes of script before it can be used, {} in all (brotli)",
        widget.script, widget.whole
    );
    widget.check()
}

/// All packages that the target's code is made of, one a line. Macros run in the compiler and are left out, and so is
/// all that only they need.
fn tree(workspace: &Workspace, package: &str) -> Result<String> {
    let mut cargo = command::cargo(&workspace.root);
    cargo.args(["tree", "--package", package, "--target", WASM_TARGET]);
    command::read(cargo.args(["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]))
}

fn forbidden(tree: &str) -> Vec<String> {
    let mut found: Vec<String> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter_map(|package| {
            let (_, why) = FORBIDDEN.iter().find(|(name, _)| is_of_family(package, name))?;
            Some(format!("{package} ({why})"))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

fn is_of_family(package: &str, name: &str) -> bool {
    package
        .strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_cipher_a_database_and_a_runtime_are_found_by_family_and_said_once() {
        let tree =
            "frontend v0.1.0 (/tree/frontend)\naes-gcm v0.11.0\nsqlx-core v0.9.0\ntokio v1.50.0\ntokio v1.50.0 (*)\n";
        assert_eq!(
            forbidden(tree),
            ["aes-gcm (a cipher)", "sqlx-core (SQL)", "tokio (an async runtime)"]
        );
    }

    #[test]
    fn a_name_that_only_looks_alike_is_let_through() {
        assert_eq!(
            forbidden("aesthetic v1.0.0\nstring v1.0.0\nshared v0.2.0\nserver_fn v0.8.13\n"),
            [""; 0]
        );
    }

    /// The same question asked about the server, which has all of it: the check is able to fail.
    #[test]
    fn the_servers_own_tree_would_be_refused() {
        let found = forbidden(&tree(&Workspace::find().unwrap(), "server").unwrap()).join("\n");
        for name in ["argon2 ", "sqlx", "tokio ", "aes"] {
            assert!(found.contains(name), "{name} is not in\n{found}");
        }
    }
}
