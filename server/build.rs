//! Writes the table of files that `src/site.rs` carries inside the server.
//!
//! `cargo xtask` builds the site and names its folder in `STRONGROOM_SITE_DIR`. Without it (a plain `cargo check`) the
//! table is empty and the server answers its pages without style and scripts, which they can do without.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=STRONGROOM_SITE_DIR");
    let table = match env::var_os("STRONGROOM_SITE_DIR") {
        Some(dir) => {
            let dir = PathBuf::from(dir);
            let manifest = dir.join("manifest.json");
            println!("cargo::rerun-if-changed={}", manifest.display());
            let text = fs::read_to_string(&manifest)
                .map_err(|error| format!("{}: {error}; `cargo xtask` makes it", manifest.display()))?;
            table(&dir, &serde_json::from_str(&text)?)?
        }
        None => table(Path::new(""), &Value::Null)?,
    };
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(PathBuf::from(out).join("site.rs"), table)?;
    Ok(())
}

/// The Rust source of the embedded `Site`. The bytes are included from the site's folder, so that `rustc` itself
/// watches each file.
fn table(dir: &Path, manifest: &Value) -> Result<String, Box<dyn Error>> {
    let entry = |key: &str| manifest.get(key).and_then(Value::as_str);
    let mut source = String::from("Site {\n");
    for key in ["js", "wasm", "css"] {
        writeln!(source, "    {key}: {:?},", entry(key))?;
    }
    source.push_str("    files: &[\n");
    for file in manifest.get("files").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| {
            file.get(key)
                .and_then(Value::as_str)
                .ok_or_else(|| format!("manifest.json: a file without {key:?}"))
        };
        let path = text("path")?;
        let encodings = file.get("encodings").and_then(Value::as_array);
        let encoded = |name: &str, suffix: &str| match encodings {
            Some(list) if list.iter().any(|encoding| encoding == name) => {
                format!("Some({})", include(dir, path, suffix))
            }
            _ => "None".to_owned(),
        };
        writeln!(
            source,
            "        Asset {{ path: {path:?}, content_type: {:?}, digest: {:?}, hashed: {}, raw: {}, br: {}, gzip: {} }},",
            text("type")?,
            text("digest")?,
            file.get("hashed").and_then(Value::as_bool).unwrap_or(false),
            include(dir, path, ""),
            encoded("br", ".br"),
            encoded("gzip", ".gz"),
        )?;
    }
    source.push_str("    ],\n}\n");
    Ok(source)
}

fn include(dir: &Path, path: &str, suffix: &str) -> String {
    let file = dir.join(format!("{}{suffix}", path.trim_start_matches('/')));
    format!("include_bytes!({:?})", file.display().to_string())
}
