//! Passwords: Argon2id with 19 MiB, two passes, one lane, and a secret from the instance key, so that hashes from a stolen
//! database cannot be guessed at (OWASP Password Storage Cheat Sheet; OWASP ASVS 5.0, 11.4.2). On a bounded number of threads, so that a flood of sign-ins neither fills memory nor stalls other requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::RawValue;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::keys::{InstanceKey, random_bytes};

/// Of each check.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
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
    pepper: Pepper,
}

/// Argon2's secret; see [`InstanceKey::pepper`].
#[derive(Clone)]
struct Pepper(Arc<Zeroizing<[u8; 32]>>);

impl Passwords {
    pub(crate) fn new(key: &InstanceKey) -> Result<Self> {
        Ok(Self {
            gate: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicUsize::new(0),
            decoy: decoy()?,
            pepper: Pepper(Arc::new(Zeroizing::new(*key.pepper()))),
        })
    }

    /// The PHC string to store.
    pub(crate) async fn hash(&self, password: &RawValue) -> Result<String> {
        // Exposed to be hashed.
        let password = Zeroizing::new(password.expose().to_owned());
        let pepper = self.pepper.clone();
        self.run(move || hash(&password, &pepper)).await?
    }

    /// Whether the password fits; with no stored hash the answer is no, after the same work.
    pub(crate) async fn verify(&self, password: &RawValue, stored: Option<&str>) -> Result<bool> {
        // Exposed to be compared.
        let password = Zeroizing::new(password.expose().to_owned());
        let phc = stored.unwrap_or(&self.decoy).to_owned();
        let pepper = self.pepper.clone();
        let fits = self.run(move || verify(&password, &phc, &pepper)).await?;
        Ok(fits && stored.is_some())
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

/// A hash that no password fits, with the work of a real one: hexadecimal digits are base64 too.
fn decoy() -> Result<String> {
    let random = hex::encode(random_bytes::<32>().map_err(|_| Error::NoRandom)?);
    let (salt, hash) = random.split_at_checked(21).ok_or(Error::NoRandom)?;
    let hash = hash.get(..42).ok_or(Error::NoRandom)?;
    Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1${salt}A${hash}A"))
}

fn argon2id(pepper: &Pepper) -> Option<Argon2<'_>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).ok()?;
    Argon2::new_with_secret(pepper.0.as_slice(), Algorithm::Argon2id, Version::V0x13, params).ok()
}

fn hash(password: &str, pepper: &Pepper) -> Result<String> {
    let salt: [u8; 16] = random_bytes().map_err(|_| Error::NoRandom)?;
    let argon2 = argon2id(pepper).ok_or(Error::Busy)?;
    let params = argon2.params().clone();
    let phc = argon2.hash_password_customized(password.as_bytes(), &salt, None, None, params);
    phc.map(|phc| phc.to_string()).map_err(|_| Error::Busy)
}

/// With the parameters that the stored hash names, so that they can be raised later.
fn verify(password: &str, phc: &str, pepper: &Pepper) -> bool {
    match (PasswordHash::new(phc), argon2id(pepper)) {
        (Ok(stored), Some(argon2)) => argon2.verify_password(password.as_bytes(), &stored).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::id::InstanceId;
    use crate::keys::RootKey;

    fn passwords() -> Passwords {
        let (key, _) = InstanceKey::make(&RootKey::make().unwrap(), InstanceId::make()).unwrap();
        Passwords::new(&key).unwrap()
    }

    fn raw(text: &str) -> RawValue {
        RawValue::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = passwords();
        let stored = passwords.hash(&raw("correct horse battery")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(
            passwords
                .verify(&raw("correct horse battery"), Some(&stored))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify(&raw("correct horse battery "), Some(&stored))
                .await
                .unwrap()
        );
        assert!(!passwords.verify(&raw("correct horse battery"), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_is_worth_nothing_without_this_servers_key() {
        let stored = passwords().hash(&raw("correct horse battery")).await.unwrap();
        assert!(
            !passwords()
                .verify(&raw("correct horse battery"), Some(&stored))
                .await
                .unwrap()
        );
    }

    #[test]
    fn the_decoy_costs_what_a_real_hash_costs() {
        let decoy = decoy().unwrap();
        let parsed = PasswordHash::new(&decoy).unwrap();
        assert_eq!(Params::try_from(&parsed).unwrap().m_cost(), MEMORY_KIB);
        assert_eq!((parsed.salt.unwrap().len(), parsed.hash.unwrap().len()), (16, 32));
    }

    #[tokio::test]
    async fn a_flood_is_refused_instead_of_queued_without_end() {
        let passwords = Arc::new(passwords());
        let checks: Vec<_> = (0..MOST_WAITING * 2)
            .map(|_| {
                let passwords = Arc::clone(&passwords);
                tokio::spawn(async move { passwords.verify(&raw("x"), None).await })
            })
            .collect();
        let mut busy = 0;
        for check in checks {
            busy += usize::from(matches!(check.await.unwrap(), Err(Error::Busy)));
        }
        assert!(busy > 0);
        assert!(passwords.verify(&raw("x"), None).await.is_ok());
    }
}
