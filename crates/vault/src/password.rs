//! Passwords: Argon2id with 19 MiB, two passes, one lane, and a secret from the instance key, so that hashes from a stolen
//! database cannot be guessed at (OWASP Password Storage Cheat Sheet; OWASP ASVS 5.0, 11.4.2). On a few threads
//! of its own, so that a flood of sign-ins neither fills memory nor stalls other requests.

mod workers;

use std::cell::RefCell;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::RawValue;
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, Result};
use crate::keys::{InstanceKey, random_bytes};
use workers::Workers;

/// Of each check.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const OUTPUT_BYTES: usize = 32;
/// Checks at once: each takes 19 MiB and a core for some 20 ms.
const MOST_AT_ONCE: usize = 2;
/// Checks waiting beyond that are refused with [`Error::Busy`].
const MOST_WAITING: usize = 64;

/// Hashes and checks passwords.
pub(crate) struct Passwords {
    gate: Arc<Semaphore>,
    workers: Workers,
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
        // Of two cores one is left for everything else.
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let at_once = (cores / 2).clamp(1, MOST_AT_ONCE);
        Ok(Self {
            gate: Arc::new(Semaphore::new(at_once)),
            workers: Workers::start(at_once)?,
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
        // The permit goes with the work: a caller that hangs up does not make room for another.
        let work = move || {
            let done = work();
            drop(permit);
            done
        };
        self.workers.run(work).await
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

/// Argon2's memory of this thread, kept from one password to the next: given back to an allocator, it would be kept there,
/// by one for each thread that ever hashed, and in pieces. Wiped after each use.
fn with_memory<T>(params: &Params, work: impl FnOnce(&mut [Block]) -> T) -> T {
    thread_local! {
        static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
    }
    MEMORY.with_borrow_mut(|memory| {
        memory.resize(params.block_count(), Block::new());
        let done = work(memory);
        // Keeps the room, which is what this is about.
        memory.zeroize();
        done
    })
}

/// Argon2id's output for a password.
fn output(password: &str, salt: &[u8], params: Params, pepper: &Pepper, length: usize) -> Option<Zeroizing<Vec<u8>>> {
    let secret = pepper.0.as_slice();
    let argon2 = Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, params.clone()).ok()?;
    let mut out = Zeroizing::new(vec![0; length]);
    with_memory(&params, |memory| {
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, memory)
    })
    .ok()?;
    Some(out)
}

fn hash(password: &str, pepper: &Pepper) -> Result<String> {
    let salt: [u8; 16] = random_bytes().map_err(|_| Error::NoRandom)?;
    phc_of(password, &salt, pepper).ok_or(Error::Busy)
}

/// The PHC string of a password that is stored anew.
fn phc_of(password: &str, salt: &[u8], pepper: &Pepper) -> Option<String> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).ok()?;
    let out = output(password, salt, params.clone(), pepper, OUTPUT_BYTES)?;
    let stored = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(Output::new(&out).ok()?),
    };
    Some(stored.to_string())
}

/// With the parameters that the stored hash names, so that they can be raised later. Compares in constant time.
fn verify(password: &str, phc: &str, pepper: &Pepper) -> bool {
    let fits = || {
        let stored = PasswordHash::new(phc).ok()?;
        if stored.algorithm != Algorithm::Argon2id.ident() || stored.version != Some(Version::V0x13.into()) {
            return None;
        }
        let (salt, hash) = (stored.salt?, stored.hash?);
        let params = Params::try_from(&stored).ok()?;
        let out = output(password, salt.as_ref(), params, pepper, hash.len())?;
        Some(bool::from(out.ct_eq(hash.as_bytes())))
    };
    fits().unwrap_or(false)
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

    /// The same in both directions as the library's own way, which has written what older databases hold.
    #[test]
    fn what_is_stored_is_what_the_library_reads_and_writes() {
        use argon2::password_hash::{CustomizedPasswordHasher, PasswordVerifier};

        let pepper = Pepper(Arc::new(Zeroizing::new([7; 32])));
        let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap();
        let argon2 =
            Argon2::new_with_secret(pepper.0.as_slice(), Algorithm::Argon2id, Version::V0x13, params.clone()).unwrap();
        let theirs = argon2
            .hash_password_customized(b"a passphrase", &[9; 16], None, None, params)
            .unwrap();
        assert_eq!(phc_of("a passphrase", &[9; 16], &pepper).unwrap(), theirs.to_string());
        assert!(verify("a passphrase", &theirs.to_string(), &pepper));
        assert!(!verify("another passphrase", &theirs.to_string(), &pepper));
        assert!(argon2.verify_password(b"a passphrase", &theirs).is_ok());
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
