//! From a tree with style and public files to the folder that the server embeds.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::time::SystemTime;

use serde_json::Value;
use tempfile::TempDir;

use super::{super::weight::weight, *};

struct Tree {
    dir: TempDir,
    workspace: Workspace,
    bound: Bound,
    widget: Widget,
}

fn tree() -> Tree {
    let dir = tempfile::tempdir().unwrap();
    let at = |path: &str| dir.path().join(path);
    for folder in [
        "crates/xtask/src",
        "style",
        "public/.git",
        "public/embed",
        "widget",
        "target/site",
        "bound",
    ] {
        fs::create_dir_all(at(folder)).unwrap();
    }
    fs::write(
        at("style/tokens.css"),
        ":root { --ink: #111111; --paper: #fefefe; }".repeat(9),
    )
    .unwrap();
    fs::write(at("public/favicon.svg"), "<svg/>").unwrap();
    fs::write(at("public/embed/source.js"), "// as it is written").unwrap();
    fs::write(at("widget/loader.js"), "void 0;").unwrap();
    fs::write(at("widget/.stamp"), "not for visitors").unwrap();
    fs::write(at("public/.git/config"), "not for visitors").unwrap();
    fs::write(at("bound/strongroom.js"), "export default 1;".repeat(50)).unwrap();
    fs::write(at("bound/pieces.js"), "export const load = 1;".repeat(50)).unwrap();
    fs::write(at("bound/strongroom.wasm"), [0; 5000]).unwrap();
    fs::write(at("bound/split_more.wasm"), [1; 5000]).unwrap();
    fs::write(at("bound/pieces.json"), r#"{"more":["split_more"]}"#).unwrap();
    let workspace = Workspace::at(dir.path());
    let bound = Bound { folder: at("bound") };
    let widget = Widget { folder: at("widget") };
    Tree {
        dir,
        workspace,
        bound,
        widget,
    }
}

fn manifest(site: &Path) -> Value {
    serde_json::from_slice(&fs::read(site.join(MANIFEST)).unwrap()).unwrap()
}

fn modified(site: &Path) -> SystemTime {
    fs::metadata(site.join(MANIFEST)).unwrap().modified().unwrap()
}

#[test]
fn every_listed_file_is_there_with_every_listed_encoding() {
    let tree = tree();
    let site = bundle(&tree.workspace, Profile::Dev, &tree.bound, &tree.widget).unwrap();
    assert_eq!(site, tree.dir.path().join("target/site/dev"));
    let manifest = manifest(&site);
    let mut paths = Vec::new();
    for file in manifest["files"].as_array().unwrap() {
        let path = site.join(file["path"].as_str().unwrap().trim_start_matches('/'));
        assert!(path.is_file(), "{file}");
        for encoding in file["encodings"].as_array().unwrap() {
            let suffix = if encoding == "br" { ".br" } else { ".gz" };
            assert!(with_suffix(&path, suffix).is_file(), "{file}");
        }
        paths.push(file["path"].as_str().unwrap().to_owned());
    }
    for key in ["js", "wasm", "css"] {
        assert!(paths.iter().any(|path| *path == manifest[key]), "{key}");
    }
    assert!(paths.contains(&"/favicon.svg".to_owned()) && paths.contains(&"/embed/loader.js".to_owned()));
    assert_eq!(paths.len(), 7, "{paths:?}");
    let weight = weight(&site).unwrap();
    assert!(
        (1..500).contains(&weight.first) && (1..500).contains(&weight.pieces["more"]),
        "they compress to almost nothing"
    );
}

#[test]
fn the_same_inputs_leave_the_site_untouched() {
    let tree = tree();
    let site = bundle(&tree.workspace, Profile::Dev, &tree.bound, &tree.widget).unwrap();
    let before = modified(&site);
    bundle(&tree.workspace, Profile::Dev, &tree.bound, &tree.widget).unwrap();
    assert_eq!(modified(&site), before);
    fs::remove_file(site.with_extension("stamp")).unwrap();
    bundle(&tree.workspace, Profile::Dev, &tree.bound, &tree.widget).unwrap();
    assert_eq!(
        modified(&site),
        before,
        "made again, and the same: the server need not be"
    );
}

#[test]
fn a_changed_file_that_keeps_its_name_changes_the_manifest() {
    let tree = tree();
    let site = bundle(&tree.workspace, Profile::Dev, &tree.bound, &tree.widget).unwrap();
    let before = manifest(&site);
    fs::write(tree.dir.path().join("public/favicon.svg"), "<svg></svg>").unwrap();
    bundle(&tree.workspace, Profile::Dev, &tree.bound, &tree.widget).unwrap();
    assert_ne!(manifest(&site), before);
    assert_eq!(fs::read_to_string(site.join("favicon.svg")).unwrap(), "<svg></svg>");
}

#[test]
fn a_change_in_one_piece_gives_all_of_the_client_a_new_folder() {
    let tree = tree();
    let site = bundle(&tree.workspace, Profile::Dev, &tree.bound, &tree.widget).unwrap();
    let old = manifest(&site);
    fs::write(tree.bound.folder.join("split_more.wasm"), [2; 5000]).unwrap();
    bundle(&tree.workspace, Profile::Dev, &tree.bound, &tree.widget).unwrap();
    for key in ["js", "wasm", "pieces"] {
        assert_ne!(manifest(&site)[key], old[key], "{key}");
    }
    assert_eq!(manifest(&site)["css"], old["css"]);
}

#[test]
fn a_new_style_sheet_gets_a_new_name_and_the_old_one_goes() {
    let tree = tree();
    let site = bundle(&tree.workspace, Profile::Dev, &tree.bound, &tree.widget).unwrap();
    let old = manifest(&site)["css"].as_str().unwrap().to_owned();
    fs::write(tree.dir.path().join("style/card.css"), ".card{color:red}").unwrap();
    bundle(&tree.workspace, Profile::Dev, &tree.bound, &tree.widget).unwrap();
    assert_ne!(manifest(&site)["css"], old.as_str());
    assert!(!site.join(old.trim_start_matches('/')).exists());
}
