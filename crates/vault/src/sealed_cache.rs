//! What a fetch reads, kept in memory as it is stored: sealed. Nothing here opens without the keyring.
//!
//! Each entry carries the generation it was read under and counts only while that is the current one, so a change takes
//! effect at the next fetch. Both caches are bounded; what is fetched least goes first.

use std::hash::Hash;
use std::sync::Arc;

use domain::Timestamp;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use crate::error::{Error, Result};
use crate::id::UserId;
use crate::keys::{InstanceKey, WrappedDataKey};
use crate::store::accounts::Account;
use crate::store::activity::NameSet;
use crate::store::sandboxes::Sandbox;
use crate::store::secrets::SealedSecret;
use crate::store::tokens::ApiToken;
use crate::store::{Generation, Store, keys, sandboxes, secrets, tokens};
use crate::token::HashedToken;

const MOST_BYTES: u64 = 64 * 1024 * 1024;
const MOST_SESSION_BYTES: u64 = 16 * 1024 * 1024;
/// Few, so that each has room for the largest environment.
const SHARDS: usize = 4;

/// A user's secrets and the keys that open them, all sealed.
pub(crate) struct SealedEnvironment {
    pub(crate) data_keys: Vec<WrappedDataKey>,
    /// By name.
    pub(crate) secrets: Vec<SealedSecret>,
    /// Whether one has a name that is reserved by now: a row can be older than the list.
    pub(crate) has_reserved: bool,
    /// All of them, for the record of a fetch that is not narrowed.
    pub(crate) everything: Arc<NameSet>,
    generation: Generation,
}

/// An API token and whose it is.
pub(crate) struct CachedToken {
    pub(crate) token: ApiToken,
    pub(crate) account: Account,
    pub(crate) generation: Generation,
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

impl Weighter<HashedToken, Arc<CachedSession>> for Bytes {
    fn weight(&self, _: &HashedToken, session: &Arc<CachedSession>) -> u64 {
        let bytes: usize = session
            .sandbox
            .names
            .iter()
            .flatten()
            .map(|name| name.as_str().len() + 24)
            .sum();
        u64::try_from(bytes + 512).unwrap_or(u64::MAX)
    }
}

impl Weighter<HashedToken, Arc<CachedToken>> for Bytes {
    fn weight(&self, _: &HashedToken, cached: &Arc<CachedToken>) -> u64 {
        let names = cached.token.names.iter().flatten();
        let bytes: usize = names.map(|name| name.as_str().len() + 24).sum();
        u64::try_from(bytes + 512).unwrap_or(u64::MAX)
    }
}

/// The caches.
pub(crate) struct SealedCache {
    environments: Cache<UserId, Arc<SealedEnvironment>, Bytes>,
    sessions: Cache<HashedToken, Arc<CachedSession>, Bytes>,
    tokens: Cache<HashedToken, Arc<CachedToken>, Bytes>,
}

fn bounded<K: Eq + Hash, V: Clone>(most_bytes: u64, items: usize) -> Result<Cache<K, V, Bytes>>
where
    Bytes: Weighter<K, V>,
{
    let options = OptionsBuilder::new()
        .shards(SHARDS)
        .estimated_items_capacity(items)
        .weight_capacity(most_bytes)
        .build()
        .map_err(|_| Error::Busy)?;
    Ok(Cache::with_options(
        options,
        Bytes,
        DefaultHashBuilder::default(),
        DefaultLifecycle::default(),
    ))
}

impl SealedCache {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            environments: bounded(MOST_BYTES, 1024)?,
            sessions: bounded(MOST_SESSION_BYTES, 4096)?,
            tokens: bounded(MOST_SESSION_BYTES, 4096)?,
        })
    }

    /// A user's sealed environment, at least as new as any change acknowledged before the call.
    pub(crate) async fn environment(&self, store: &Store, user: UserId) -> Result<Arc<SealedEnvironment>> {
        let generation = store.generations().current(user);
        if let Some(cached) = self.environments.get(&user)
            && cached.generation.differs_in_sandboxes_at_most(generation)
        {
            return Ok(cached);
        }
        // A key that is replaced in between would otherwise be missing.
        let mut snapshot = store.snapshot().await?;
        let secrets = secrets::sealed(&mut snapshot, user).await?;
        let data_keys = keys::data_keys(&mut snapshot, user).await?;
        snapshot.commit().await?;
        let everything = Arc::new(NameSet::of(
            user,
            secrets.iter().map(|secret| (secret.id, &secret.name)),
        ));
        let sealed = Arc::new(SealedEnvironment {
            has_reserved: secrets.iter().any(|secret| secret.name.reserved().is_some()),
            data_keys,
            secrets,
            everything,
            generation,
        });
        self.environments.insert(user, Arc::clone(&sealed));
        Ok(sealed)
    }

    /// An API token and whose it is, at least as new as any change acknowledged before the call.
    pub(crate) async fn token(
        &self,
        store: &Store,
        key: &InstanceKey,
        hash: HashedToken,
    ) -> Result<Option<Arc<CachedToken>>> {
        if let Some(cached) = self.tokens.get(&hash)
            && cached
                .generation
                .differs_in_sandboxes_at_most(store.generations().current(cached.account.id))
        {
            return Ok(Some(cached));
        }
        let mut reader = store.read().await?;
        let Some((_, owner)) = tokens::by_token(&mut reader, key, hash).await? else {
            return Ok(None);
        };
        // Read again, now that it is known whose generation has to be read before.
        let generation = store.generations().current(owner.id);
        let Some((token, account)) = tokens::by_token(&mut reader, key, hash).await? else {
            return Ok(None);
        };
        let cached = Arc::new(CachedToken {
            token,
            account,
            generation,
        });
        self.tokens.insert(hash, Arc::clone(&cached));
        Ok(Some(cached))
    }

    /// Notes that a token was used, which is no change to what it may do.
    pub(crate) fn used(&self, hash: HashedToken, cached: &CachedToken, at: Timestamp) {
        let token = ApiToken {
            last_used_at: Some(at),
            ..cached.token.clone()
        };
        let (account, generation) = (cached.account.clone(), cached.generation);
        let cached = CachedToken {
            token,
            account,
            generation,
        };
        self.tokens.insert(hash, Arc::new(cached));
    }

    /// Keeps a session that has just been opened: whoever opens one fetches soon. `generation` is from before it was
    /// written, so that anything that changed since counts.
    pub(crate) fn opened(&self, token: HashedToken, sandbox: Arc<Sandbox>, generation: Generation) {
        self.sessions
            .insert(token, Arc::new(CachedSession { sandbox, generation }));
    }

    /// The session that a token stands for, at least as new as any change acknowledged before the call.
    pub(crate) async fn session(
        &self,
        store: &Store,
        key: &InstanceKey,
        token: HashedToken,
    ) -> Result<Option<Arc<Sandbox>>> {
        if let Some(cached) = self.sessions.get(&token)
            && cached.generation == store.generations().current(cached.sandbox.user)
        {
            return Ok(Some(Arc::clone(&cached.sandbox)));
        }
        let mut reader = store.read().await?;
        let Some(owner) = sandboxes::by_token(&mut reader, key, token)
            .await?
            .map(|sandbox| sandbox.user)
        else {
            return Ok(None);
        };
        // Read again, now that it is known whose generation has to be read before.
        let generation = store.generations().current(owner);
        let Some(sandbox) = sandboxes::by_token(&mut reader, key, token).await?.map(Arc::new) else {
            return Ok(None);
        };
        self.opened(token, Arc::clone(&sandbox), generation);
        Ok(Some(sandbox))
    }
}
