//! Secrets: names and descriptions come, values go.

use domain::{Description, SecretName, SecretValue, SecretView, VersionView};
use serde::{Deserialize, Serialize};
use ureq::http::Method;
use zeroize::Zeroizing;

use super::{ApiError, Call, Client};

/// A secret on its way to the server. Borrowed, so that its text exists once here and once in the request.
#[derive(Serialize)]
pub(crate) struct NewSecret<'a> {
    name: &'a SecretName,
    /// `SecretValue` cannot be serialised by accident; this is the one place of this program that does it on purpose.
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a Description>,
}

#[derive(Serialize)]
struct Batch<'a> {
    secrets: &'a [NewSecret<'a>],
    replace: bool,
}

#[derive(Serialize)]
struct Change<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a Description>,
}

/// How many secrets an import made and how many it changed.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Imported {
    pub(crate) created: u32,
    pub(crate) replaced: u32,
}

#[derive(Serialize)]
struct PutBack {
    version: i64,
}

#[derive(Deserialize)]
struct Kept {
    versions: Vec<VersionView>,
}

#[derive(Deserialize)]
struct Listed {
    secrets: Vec<SecretView>,
}

impl<'a> NewSecret<'a> {
    pub(crate) fn new(name: &'a SecretName, value: &'a SecretValue, description: Option<&'a Description>) -> Self {
        Self {
            name,
            value: value.expose(),
            description,
        }
    }
}

impl Client {
    /// All secrets, by name, without their values (`GET /api/v1/secrets`).
    pub(crate) fn secrets(&self) -> Result<Vec<SecretView>, ApiError> {
        let answer = self.send(&Call::new(Method::GET, "/api/v1/secrets"))?;
        let listed: Listed = serde_json::from_slice(&answer).map_err(|_| self.not_understood())?;
        Ok(listed.secrets)
    }

    /// Makes a secret (`POST /api/v1/secrets`); 409 if there is one of that name.
    pub(crate) fn create_secret(&self, secret: &NewSecret<'_>) -> Result<(), ApiError> {
        let body = self.json(secret)?;
        self.send(&Call::new(Method::POST, "/api/v1/secrets").json(&body))
            .map(drop)
    }

    /// Gives a secret another value (`PATCH /api/v1/secrets/{name}`); without a description it keeps its own.
    pub(crate) fn change_secret(&self, secret: &NewSecret<'_>) -> Result<(), ApiError> {
        let body = self.json(&Change {
            value: secret.value,
            description: secret.description,
        })?;
        let path = format!("/api/v1/secrets/{}", secret.name.as_str());
        self.send(&Call::new(Method::PATCH, &path).json(&body)).map(drop)
    }

    /// Removes a secret (`DELETE /api/v1/secrets/{name}`); 404 if there is none.
    pub(crate) fn delete_secret(&self, name: &SecretName) -> Result<(), ApiError> {
        let path = format!("/api/v1/secrets/{}", name.as_str());
        self.send(&Call::new(Method::DELETE, &path)).map(drop)
    }

    /// The values that a secret has had, without the values (`GET /api/v1/secrets/{name}/versions`).
    pub(crate) fn versions(&self, name: &SecretName) -> Result<Vec<VersionView>, ApiError> {
        let path = format!("/api/v1/secrets/{}/versions", name.as_str());
        let answer = self.send(&Call::new(Method::GET, &path))?;
        let kept: Kept = serde_json::from_slice(&answer).map_err(|_| self.not_understood())?;
        Ok(kept.versions)
    }

    /// Puts an earlier value in force (`POST /api/v1/secrets/{name}/put-back`); 404 if there is none of that number.
    pub(crate) fn put_back(&self, name: &SecretName, version: i64) -> Result<(), ApiError> {
        let path = format!("/api/v1/secrets/{}/put-back", name.as_str());
        let body = self.json(&PutBack { version })?;
        self.send(&Call::new(Method::POST, &path).json(&body)).map(drop)
    }

    /// Forgets the earlier values (`DELETE /api/v1/secrets/{name}/versions`).
    pub(crate) fn forget_versions(&self, name: &SecretName) -> Result<(), ApiError> {
        let path = format!("/api/v1/secrets/{}/versions", name.as_str());
        self.send(&Call::new(Method::DELETE, &path)).map(drop)
    }

    /// Makes all of them or none (`POST /api/v1/secrets/batch`).
    pub(crate) fn import_secrets(&self, secrets: &[NewSecret<'_>], replace: bool) -> Result<Imported, ApiError> {
        let body = self.json(&Batch { secrets, replace })?;
        let answer = self.send(&Call::new(Method::POST, "/api/v1/secrets/batch").json(&body))?;
        serde_json::from_slice(&answer).map_err(|_| self.not_understood())
    }

    fn json(&self, body: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, ApiError> {
        serde_json::to_vec(body)
            .map(Zeroizing::new)
            .map_err(|_| self.not_understood())
    }
}
