//! What a fetch reads, kept in memory as it is stored: sealed. Nothing here opens without the keyring.
//!
//! Each entry carries the generation it was read under and counts only while that is the current one, so a change takes
//! effect at the next fetch. Both caches are bounded; what is fetched least goes first.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::error::Result;
use crate::id::UserId;
use crate::keys::WrappedDataKey;
use crate::store::activity::NameSet;
use crate::store::sandboxes::Sandbox;
use crate::store::secrets::SealedSecret;
use crate::store::{Generation, Store, keys, sandboxes, secrets};
use crate::token::HashedToken;

const MOST_BYTES: u64 = 64 * 1024 * 1024;
const MOST_SESSIONS: usize = 20_000;

/// A user's secrets and the keys that open them, all sealed.
pub(crate) struct SealedEnvironment {
    pub(crate) data_keys: Vec<WrappedDataKey>,
    /// By name.
    pub(crate) secrets: Vec<SealedSecret>,
    /// All of them, for the record of a fetch that is not narrowed.
    pub(crate) everything: Arc<NameSet>,
    generation: Generation,
}

struct CachedSession {
    sandbox: Arc<Sandbox>,
    generation: Generation,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<UserId, Arc<SealedEnvironment>> for Bytes {
    fn weight(&self, _: &UserId, sealed: &Arc<SealedEnvironment>) -> u64 {
        let bytes: usize = sealed.secrets.iter().map(|secret| secret.envelope.len() + 256).sum();
        u64::try_from(bytes + 1024).unwrap_or(u64::MAX)
    }
}

/// The caches.
pub(crate) struct SealedCache {
    environments: Cache<UserId, Arc<SealedEnvironment>, Bytes>,
    sessions: Cache<HashedToken, Arc<CachedSession>>,
}

impl Default for SealedCache {
    fn default() -> Self {
        Self {
            environments: Cache::with_weighter(1024, MOST_BYTES, Bytes),
            sessions: Cache::new(MOST_SESSIONS),
        }
    }
}

impl SealedCache {
    /// A user's sealed environment, at least as new as any change acknowledged before the call.
    pub(crate) async fn environment(&self, store: &Store, user: UserId) -> Result<Arc<SealedEnvironment>> {
        let generation = store.generations().current(user);
        if let Some(cached) = self.environments.get(&user)
            && cached.generation == generation
        {
            return Ok(cached);
        }
        let mut reader = store.read().await?;
        let secrets = secrets::sealed(&mut reader, user).await?;
        let data_keys = keys::data_keys(&mut reader, user).await?;
        let everything = Arc::new(name_set(user, secrets.iter()));
        let sealed = Arc::new(SealedEnvironment {
            data_keys,
            secrets,
            everything,
            generation,
        });
        self.environments.insert(user, Arc::clone(&sealed));
        Ok(sealed)
    }

    /// The session that a token stands for, at least as new as any change acknowledged before the call.
    pub(crate) async fn session(&self, store: &Store, token: HashedToken) -> Result<Option<Arc<Sandbox>>> {
        if let Some(cached) = self.sessions.get(&token)
            && cached.generation == store.generations().current(cached.sandbox.user)
        {
            return Ok(Some(Arc::clone(&cached.sandbox)));
        }
        let mut reader = store.read().await?;
        let Some(owner) = sandboxes::by_token(&mut reader, token)
            .await?
            .map(|sandbox| sandbox.user)
        else {
            return Ok(None);
        };
        // Read again, now that it is known whose generation has to be read before.
        let generation = store.generations().current(owner);
        let Some(sandbox) = sandboxes::by_token(&mut reader, token).await?.map(Arc::new) else {
            return Ok(None);
        };
        self.sessions.insert(
            token,
            Arc::new(CachedSession {
                sandbox: Arc::clone(&sandbox),
                generation,
            }),
        );
        Ok(Some(sandbox))
    }
}

/// What a record names when these secrets are handed out together.
pub(crate) fn name_set<'a>(user: UserId, secrets: impl Iterator<Item = &'a SealedSecret>) -> NameSet {
    use sha2::{Digest, Sha256};

    let (mut ids, mut names) = (Vec::new(), String::new());
    for secret in secrets {
        ids.extend_from_slice(secret.id.as_bytes());
        if !names.is_empty() {
            names.push(' ');
        }
        names.push_str(secret.name.as_str());
    }
    let digest = Sha256::digest(&ids).first_chunk::<16>().copied().unwrap_or_default();
    NameSet {
        user,
        digest,
        ids,
        names,
    }
}
