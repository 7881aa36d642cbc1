//! System packages that the tests need: installed where that needs no question (root on Debian), otherwise named.

use std::{
    env, fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::command;

/// Debian's own first; the others are what other systems call the same browser.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A program that may be missing, and Debian's packages for it.
struct Need {
    what: &'static str,
    there: bool,
    packages: &'static [&'static str],
}

/// Makes sure of all of them, and gives back the browser.
pub(super) fn ensure() -> Result<PathBuf> {
    let chosen = env::var_os("CHROMIUM").map(PathBuf::from);
    if let Some(path) = chosen.as_ref().filter(|path| !path.is_file()) {
        bail!("CHROMIUM is {}, and there is no such file", path.display());
    }
    let needs = [
        // A browser without a font draws boxes; Debian's package only recommends one.
        Need {
            what: "Chromium",
            there: chosen.is_some() || command::find(&BROWSERS).is_some(),
            packages: &["chromium", "fonts-liberation"],
        },
        Need {
            what: "Python 3 with venv",
            there: has_python(),
            packages: &["python3", "python3-venv"],
        },
        Need {
            what: "bubblewrap, and what gives its sandboxes a network",
            there: ["/usr/bin/bwrap", "/usr/bin/slirp4netns", "/usr/sbin/nft"]
                .into_iter()
                .all(|program| Path::new(program).exists()),
            packages: &["bubblewrap", "slirp4netns", "nftables"],
        },
        Need {
            what: "strace, by which system calls are made to fail",
            there: command::find(&["strace"]).is_some(),
            packages: &["strace"],
        },
    ];
    install(&needs)?;
    chosen
        .or_else(|| command::find(&BROWSERS))
        .context("Chromium was installed and is not in PATH: set CHROMIUM to it")
}

/// Debian splits `venv` off: Python alone is not enough.
fn has_python() -> bool {
    command::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]))
}

fn install(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !need.there).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() || command::find(&["apt-get"]).is_none() {
        bail!("{}", instruction(&missing));
    }
    eprintln!("      installing: {}", packages(&missing).join(" "));
    apt(&["update", "-qq"])?;
    let mut install = vec!["install", "-qq", "-y", "--no-install-recommends"];
    install.extend(packages(&missing));
    apt(&install)
}

fn apt(args: &[&str]) -> Result<()> {
    let mut apt = Command::new("apt-get");
    apt.args(args).env("DEBIAN_FRONTEND", "noninteractive");
    // Dpkg tells of every file set up; kept for when it matters.
    command::read(&mut apt).map(drop)
}

fn packages(missing: &[&Need]) -> Vec<&'static str> {
    missing.iter().flat_map(|need| need.packages).copied().collect()
}

fn instruction(missing: &[&Need]) -> String {
    let what: Vec<&str> = missing.iter().map(|need| need.what).collect();
    format!(
        "the tests need {}, which only an administrator can install. On Debian and Ubuntu:\n\n    \
         sudo apt-get update && sudo apt-get install -y {}\n\nA Chromium in another place is named by CHROMIUM.",
        what.join(" and "),
        packages(missing).join(" ")
    )
}

/// The owner of one's own process entry is who one is.
fn is_root() -> bool {
    fs::metadata(Path::new("/proc/self")).is_ok_and(|entry| entry.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROMIUM: Need = Need {
        what: "Chromium",
        there: false,
        packages: &["chromium", "fonts-liberation"],
    };
    const PYTHON: Need = Need {
        what: "Python 3",
        there: true,
        packages: &["python3"],
    };

    #[test]
    fn nothing_is_installed_where_nothing_is_missing() {
        assert!(install(&[PYTHON]).is_ok());
    }

    #[test]
    fn who_may_not_install_is_told_the_exact_command() {
        let text = instruction(&[&CHROMIUM, &PYTHON]);
        assert!(text.contains("need Chromium and Python 3,"), "{text}");
        assert!(
            text.contains("apt-get install -y chromium fonts-liberation python3\n"),
            "{text}"
        );
    }
}
