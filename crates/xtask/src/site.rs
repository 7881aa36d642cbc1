//! Builds everything a browser loads into `target/site/<dev|release>`, ready for the server's build to carry.
//!
//! Three steps, each skipped while its inputs stay: cargo compiles the WASM (cargo knows what is fresh), `browser` splits,
//! binds and shrinks it, and `widget` what other people's pages load; `bundle` names, compresses and lists the files.

mod browser;
mod bundle;
mod client;
mod compress;
mod file;
mod names;
mod style;
mod weight;
mod widget;

use std::path::PathBuf;

use anyhow::Result;

pub(crate) use bundle::MANIFEST;
pub(crate) use weight::weight;

use self::widget::WidgetWeight;
use crate::{profile::Profile, progress::Steps, setup, workspace::Workspace};

/// How many steps [`build`] counts.
pub(crate) const STEPS: usize = 4;

/// Names the folder of the site to the build of the server.
pub(crate) const VARIABLE: &str = "STRONGROOM_SITE_DIR";

/// Builds the site and gives back its folder.
pub(crate) fn build(workspace: &Workspace, profile: Profile, steps: &mut Steps) -> Result<PathBuf> {
    let name = profile.name();
    let optimised = profile == Profile::Release;
    steps.run("Setting up for building", || setup::for_building(workspace, optimised))?;
    let (client, doctor) = steps.run(&format!("Compiling the browser side ({name})"), || {
        let client = browser::compile(workspace, profile)?;
        Ok((client, widget::compile(workspace, profile)?))
    })?;
    let shrinking = if optimised {
        "Binding and shrinking the WASM"
    } else {
        "Binding the WASM"
    };
    let (bound, widget) = steps.run(shrinking, || {
        let bound = browser::bind(workspace, profile, &client)?;
        Ok((bound, widget::make(workspace, profile, &doctor)?))
    })?;
    steps.run(&format!("Bundling the site ({name})"), || {
        bundle::bundle(workspace, profile, &bound, &widget)
    })
}

/// Builds the widget for other people's pages as a release has it, and weighs it.
pub(crate) fn widget_weight(workspace: &Workspace) -> Result<WidgetWeight> {
    setup::for_building(workspace, true)?;
    let doctor = widget::compile(workspace, Profile::Release)?;
    WidgetWeight::of(&widget::make(workspace, Profile::Release, &doctor)?.files()?)
}

/// Where [`build`] puts the site of that profile.
pub(crate) fn folder(workspace: &Workspace, profile: Profile) -> PathBuf {
    workspace.target.join("site").join(profile.name())
}
