//! Storing and managing secrets. Values only go in here.

mod comparing;
mod history;
mod size;
mod writing;

use std::collections::HashSet;

use domain::{ActivityKind, Description, Scope, SecretName, SecretValue, SecretView, Timestamp};

use crate::Inner;
use crate::activity::record;
use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::id::SecretId;
use crate::store::activity::LastFetch;
use crate::store::digests::Watch;
use crate::store::secrets::Secret;
use crate::store::{activity, secrets};
pub(crate) use writing::Writing;
use writing::Written;

/// Storing and managing secrets.
pub struct Secrets<'v>(pub(crate) &'v Inner);

/// A secret to be stored.
#[derive(Debug)]
pub struct NewSecret {
    /// The environment variable.
    pub name: SecretName,
    /// The value, kept exactly.
    pub value: SecretValue,
    /// What it is for.
    pub description: Description,
}

/// What is to change; what is `None` stays as it is.
#[derive(Debug, Default)]
pub struct SecretChange {
    /// A new value.
    pub value: Option<SecretValue>,
    /// A new description.
    pub description: Option<Description>,
}

/// Which names of a batch may stand for a secret that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacing {
    /// None: each has to be new.
    Nothing,
    /// Any of them.
    Anything,
    /// These; the others have to be new.
    These(HashSet<SecretName>),
}

impl Replacing {
    fn allows(&self, name: &SecretName) -> bool {
        match self {
            Self::Nothing => false,
            Self::Anything => true,
            Self::These(names) => names.contains(name),
        }
    }
}

/// What a batch did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchOutcome {
    /// Names that were new.
    pub created: u32,
    /// Names that existed and got a new value.
    pub replaced: u32,
}

impl Secrets<'_> {
    /// All of the actor's secrets, by name, without values.
    ///
    /// # Errors
    /// [`Error::MissingScope`].
    pub async fn list(&self, actor: &Actor) -> Result<Vec<SecretView>> {
        actor.require(Scope::SecretsRead)?;
        let mut reader = self.0.store.read().await?;
        let rows = secrets::list(&mut reader, actor.user).await?;
        let fetch = LastFetched::from(activity::last_fetch(&mut reader, actor.user).await?);
        Ok(rows.into_iter().map(|row| view(row, &fetch)).collect())
    }

    /// One secret, without its value.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, actor: &Actor, name: &SecretName) -> Result<SecretView> {
        actor.require(Scope::SecretsRead)?;
        let mut reader = self.0.store.read().await?;
        let row = secrets::by_name(&mut reader, actor.user, name)
            .await?
            .ok_or(Error::NotFound)?;
        let fetch = LastFetched::from(activity::last_fetch(&mut reader, actor.user).await?);
        Ok(view(row, &fetch))
    }

    /// Stores a new secret.
    ///
    /// # Errors
    /// [`Error::Taken`], [`Error::EnvironmentFull`], [`Error::TooManySecrets`].
    pub async fn create(&self, actor: &Actor, new: NewSecret) -> Result<SecretView> {
        actor.require(Scope::SecretsWrite)?;
        let mut write = self.begin(actor).await?;
        let created = write.create(new).await?;
        write.commit().await?;
        Ok(view(created, &LastFetched::default()))
    }

    /// Changes value, description, or both. `if_match` is the `If-Match` header, if there is one (RFC 9110, 13.1.1).
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Changed`], [`Error::EnvironmentFull`].
    pub async fn update(
        &self,
        actor: &Actor,
        name: &SecretName,
        change: SecretChange,
        if_match: Option<&str>,
    ) -> Result<SecretView> {
        actor.require(Scope::SecretsWrite)?;
        let mut write = self.begin(actor).await?;
        let current = write.find(name).await?.ok_or(Error::NotFound)?;
        check_condition(&current, if_match)?;
        let changed = write.update(current, change).await?;
        let fetch = LastFetched::from(write.last_fetch().await?);
        write.commit().await?;
        Ok(view(changed, &fetch))
    }

    /// Deletes a secret with all its versions; takes effect at the next fetch.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(&self, actor: &Actor, name: &SecretName) -> Result<()> {
        actor.require(Scope::SecretsWrite)?;
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        let secret = secrets::by_name(db, actor.user, name).await?.ok_or(Error::NotFound)?;
        let watch = Watch::begin(db, &self.0.key, actor.user).await?;
        secrets::delete(db, secret.id).await?;
        watch.end(db, &self.0.key).await?;
        let mut done = record(actor, self.0.clock.now(), ActivityKind::SecretDeleted);
        done.names = Some(name.to_string());
        activity::insert(db, [&done]).await?;
        transaction.touch(actor.user);
        transaction.commit().await?;
        self.0.store.checkpoint().await;
        Ok(())
    }

    /// Stores many at once, all or nothing. Names that exist and may be replaced get the new value, and the new
    /// description unless that is empty.
    ///
    /// # Errors
    /// [`Error::Taken`] for a name that exists and may not be replaced, [`Error::Invalid`] for none at all or a name twice, the limits.
    pub async fn put_batch(&self, actor: &Actor, batch: Vec<NewSecret>, replacing: &Replacing) -> Result<BatchOutcome> {
        actor.require(Scope::SecretsWrite)?;
        writing::check_batch(&batch, self.0.limits.secrets_per_user)?;
        let mut write = self.begin(actor).await?;
        let mut outcome = BatchOutcome {
            created: 0,
            replaced: 0,
        };
        for new in batch {
            let replace = replacing.allows(&new.name);
            match write.put(new, replace).await? {
                Written::Created => outcome.created += 1,
                Written::Replaced => outcome.replaced += 1,
            }
        }
        write.commit().await?;
        Ok(outcome)
    }
}

/// The newest fetch of everything, for looking secrets up in.
#[derive(Default)]
struct LastFetched {
    ids: HashSet<SecretId>,
    at: Timestamp,
    sandbox: Option<String>,
}

impl From<Option<LastFetch>> for LastFetched {
    fn from(fetch: Option<LastFetch>) -> Self {
        fetch.map_or_else(Self::default, |fetch| Self {
            ids: fetch.secret_ids.into_iter().collect(),
            at: fetch.at,
            sandbox: fetch.sandbox,
        })
    }
}

fn view(row: Secret, fetch: &LastFetched) -> SecretView {
    let etag = etag(&row);
    let of_everything = fetch.ids.contains(&row.id).then(|| (fetch.at, fetch.sandbox.clone()));
    // Whichever was later.
    let last_used = row.last_used.into_iter().chain(of_everything).max_by_key(|(at, _)| *at);
    let (last_used_at, last_used_by) = last_used.map_or((None, None), |(at, by)| (Some(at), by));
    SecretView {
        id: row.id.to_string(),
        name: row.name,
        description: row.description,
        created_at: row.created_at,
        changed_at: row.changed_at,
        updated_at: row.updated_at,
        last_used_at,
        last_used_by,
        etag,
    }
}

/// A strong validator: another one after every change, and another one for a secret made anew under the same name.
pub(crate) fn etag(secret: &Secret) -> String {
    format!("\"{}-{}\"", secret.id, secret.revision)
}

/// Whether a secret is as `If-Match` says, where that was sent.
fn check_condition(secret: &Secret, if_match: Option<&str>) -> Result<()> {
    match if_match {
        Some(condition) if !matches_etag(condition, &etag(secret)) => Err(Error::Changed),
        _ => Ok(()),
    }
}

/// Strong comparison with any of the listed tags; `*` fits whatever exists.
fn matches_etag(condition: &str, etag: &str) -> bool {
    condition.split(',').map(str::trim).any(|tag| tag == "*" || tag == etag)
}
