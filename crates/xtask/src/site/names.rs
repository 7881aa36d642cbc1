//! The names by which the WASM imports what its script gives it. wasm-bindgen makes them of words and a hash, which do not
//! compress; nobody reads them in a release, so they become a letter or two.

use std::{collections::HashMap, fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use walrus::ModuleConfig;

/// Renames them on both sides.
pub(super) fn shorten(wasm: &Path, script: &Path) -> Result<()> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false).generate_name_section(false);
    let mut module = config
        .parse_file(wasm)
        .map_err(|error| error.context(format!("cannot read {}", wasm.display())))?;
    let mut names = HashMap::new();
    for import in module
        .imports
        .iter_mut()
        .filter(|import| import.name.starts_with("__wb"))
    {
        let short = short_name(names.len());
        let long = std::mem::replace(&mut import.name, short.clone());
        names.insert(long, short);
    }
    let text = fs::read_to_string(script).with_context(|| format!("cannot read {}", script.display()))?;
    fs::write(script, renamed(&text, &names)?)?;
    fs::write(wasm, module.emit_wasm()).with_context(|| format!("cannot write {}", wasm.display()))
}

/// The script with other names. Each stands in it once, as what it is called in the object of imports.
fn renamed(script: &str, names: &HashMap<String, String>) -> Result<String> {
    let is_part = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | '$');
    let mut out = String::with_capacity(script.len());
    let mut replaced = 0;
    let mut rest = script;
    while !rest.is_empty() {
        let end = rest.find(|ch| !is_part(ch)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        match names.get(word) {
            Some(short) => {
                replaced += 1;
                out.push_str(short);
            }
            None => out.push_str(word),
        }
        let between = after.find(is_part).unwrap_or(after.len());
        let (other, next) = after.split_at(between);
        out.push_str(other);
        rest = next;
    }
    ensure!(
        replaced == names.len(),
        "the script has {replaced} of the {} names that the WASM imports",
        names.len()
    );
    Ok(out)
}

/// `a0` to `a9`, `b0`, and so on: as a name in an object none of them means anything.
fn short_name(index: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(index / 10 % 26).unwrap_or(0));
    match index / 260 {
        0 => format!("{letter}{}", index % 10),
        round => format!("{letter}{}{round}", index % 10),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::collections::HashSet;

    use super::*;

    #[test]
    fn whole_words_are_renamed_and_each_has_to_be_there() {
        let names = HashMap::from([
            ("__wbg_new_12".to_owned(), "a0".to_owned()),
            ("__wbg_get_1".to_owned(), "a1".to_owned()),
        ]);
        let script = "const i={__wbg_new_12:()=>1,__wbg_get_1:f};f.__wbg_new_123('ü')";
        let short = renamed(script, &names).unwrap();
        assert_eq!(short, "const i={a0:()=>1,a1:f};f.__wbg_new_123('ü')");
        assert!(renamed("const i={__wbg_new_12:f}", &names).is_err());
    }

    #[test]
    fn no_two_names_are_one() {
        let all: HashSet<_> = (0..2_000).map(short_name).collect();
        assert_eq!(all.len(), 2_000);
    }
}
