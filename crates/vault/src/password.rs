//! Passwords: Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet; OWASP ASVS 5.0, 11.4.2),
//! on a bounded number of threads, so that a flood of sign-ins neither fills memory nor stalls other requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::RawValue;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::keys::random_bytes;

/// Checks at once: each takes 19 MiB and a core for some 20 ms.
const AT_ONCE: usize = 2;
/// Checks waiting beyond that are refused with [`Error::Busy`].
const MOST_WAITING: usize = 64;

/// Hashes and checks passwords.
pub(crate) struct Passwords {
    gate: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Checked against where there is no account, so that an unknown name costs what a known one does.
    decoy: String,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self> {
        let decoy = hash(&Zeroizing::new(hex::encode(
            random_bytes::<16>().map_err(|_| Error::NoRandom)?,
        )))?;
        Ok(Self {
            gate: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicUsize::new(0),
            decoy,
        })
    }

    /// The PHC string to store.
    pub(crate) async fn hash(&self, password: &RawValue) -> Result<String> {
        // Exposed to be hashed.
        let password = Zeroizing::new(password.expose().to_owned());
        self.run(move || hash(&password)).await?
    }

    /// Whether the password fits; with no stored hash the answer is no, after the same work.
    pub(crate) async fn verify(&self, password: &RawValue, stored: Option<String>) -> Result<bool> {
        // Exposed to be compared.
        let password = Zeroizing::new(password.expose().to_owned());
        let known = stored.is_some();
        let phc = stored.unwrap_or_else(|| self.decoy.clone());
        let fits = self.run(move || verify(&password, &phc)).await?;
        Ok(fits && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = Waiting::take(&self.waiting)?;
        let permit = Arc::clone(&self.gate).acquire_owned().await.map_err(|_| Error::Busy)?;
        drop(place);
        // The permit goes with the work: a caller that hangs up does not make room for a third thread.
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(|_| Error::Busy)
    }
}

/// A place in the queue, given back however the wait ends.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn take(count: &'a AtomicUsize) -> Result<Self> {
        let place = Self(count);
        if count.fetch_add(1, Ordering::AcqRel) >= MOST_WAITING {
            Err(Error::Busy)
        } else {
            Ok(place)
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn argon2id() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|_| Error::Busy)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String> {
    let salt: [u8; 16] = random_bytes().map_err(|_| Error::NoRandom)?;
    let argon2 = argon2id()?;
    let params = argon2.params().clone();
    argon2
        .hash_password_customized(password.as_bytes(), &salt, None, None, params)
        .map(|phc| phc.to_string())
        .map_err(|_| Error::NoRandom)
}

/// With the parameters that the stored hash names, so that they can be raised later.
fn verify(password: &str, phc: &str) -> bool {
    match (PasswordHash::new(phc), argon2id()) {
        (Ok(stored), Ok(argon2)) => argon2.verify_password(password.as_bytes(), &stored).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new().unwrap();
        let raw = |text: &str| RawValue::new(text.to_owned());
        let stored = passwords.hash(&raw("correct horse battery")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(
            passwords
                .verify(&raw("correct horse battery"), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify(&raw("correct horse battery "), Some(stored))
                .await
                .unwrap()
        );
        assert!(!passwords.verify(&raw("correct horse battery"), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_flood_is_refused_instead_of_queued_without_end() {
        let passwords = Arc::new(Passwords::new().unwrap());
        let checks: Vec<_> = (0..MOST_WAITING * 2)
            .map(|_| {
                let passwords = Arc::clone(&passwords);
                tokio::spawn(async move { passwords.verify(&RawValue::new("x".to_owned()), None).await })
            })
            .collect();
        let mut busy = 0;
        for check in checks {
            busy += usize::from(matches!(check.await.unwrap(), Err(Error::Busy)));
        }
        assert!(busy > 0);
        assert!(passwords.verify(&RawValue::new("x".to_owned()), None).await.is_ok());
    }
}
