//! One transaction of changes to a user's secrets: sealing, limits, and the record of what was done.

use std::collections::HashSet;

use domain::{ActivityKind, FieldError, SecretName, SecretValue};
use sqlx::SqliteConnection;

use super::{NewSecret, SecretChange, Secrets};
use crate::Inner;
use crate::activity::record;
use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::id::SecretId;
use crate::keys::{DataKey, seal_value};
use crate::store::activity::LastFetch;
use crate::store::digests::Watch;
use crate::store::secrets::{SealedSecret, Secret};
use crate::store::{Transaction, activity, keys, secrets};

/// A transaction that has the user's data key at hand.
pub(crate) struct Writing<'a> {
    vault: &'a Inner,
    actor: &'a Actor,
    transaction: Transaction,
    watch: Watch,
    key: DataKey,
    sealed: i64,
    created: Vec<SecretName>,
    changed: Vec<SecretName>,
    /// What the changes are recorded as.
    change: ActivityKind,
    /// What was stored, to be looked for in the user's conversations.
    values: Vec<(SecretName, SecretValue)>,
}

/// What became of one entry of a batch.
pub(super) enum Written {
    Created,
    Replaced,
}

impl Secrets<'_> {
    pub(crate) async fn begin<'a>(&'a self, actor: &'a Actor) -> Result<Writing<'a>> {
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        let watch = Watch::begin(db, &self.0.key, actor.user).await?;
        let key = self.0.key_in_use(actor.user, db).await?;
        Ok(Writing {
            vault: self.0,
            actor,
            transaction,
            watch,
            key,
            sealed: 0,
            created: Vec::new(),
            changed: Vec::new(),
            change: ActivityKind::SecretChanged,
            values: Vec::new(),
        })
    }
}

impl Writing<'_> {
    /// For what else is written with it.
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.transaction.connection()
    }

    pub(crate) async fn find(&mut self, name: &SecretName) -> Result<Option<Secret>> {
        secrets::by_name(self.transaction.connection()?, self.actor.user, name).await
    }

    pub(crate) async fn create(&mut self, new: NewSecret) -> Result<Secret> {
        let now = self.vault.clock.now();
        let secret = Secret {
            id: SecretId::make(),
            name: new.name,
            description: new.description.as_str().to_owned(),
            version: 1,
            revision: 1,
            created_at: now,
            changed_at: now,
            updated_at: now,
            last_used: None,
        };
        secrets::insert(self.transaction.connection()?, self.actor.user, &secret).await?;
        self.put_value(&secret, new.value).await?;
        self.created.push(secret.name.clone());
        Ok(secret)
    }

    pub(crate) async fn update(&mut self, mut secret: Secret, change: SecretChange) -> Result<Secret> {
        let now = self.vault.clock.now();
        secret.revision += 1;
        secret.updated_at = now;
        if let Some(description) = change.description {
            description.as_str().clone_into(&mut secret.description);
        }
        if let Some(value) = change.value {
            secret.version = secrets::next_version(self.transaction.connection()?, secret.id).await?;
            secret.changed_at = now;
            self.put_value(&secret, value).await?;
        }
        secrets::update(self.transaction.connection()?, &secret).await?;
        self.changed.push(secret.name.clone());
        Ok(secret)
    }

    /// Records the changes as something more exact than changes.
    pub(super) fn recorded_as(&mut self, change: ActivityKind) {
        self.change = change;
    }

    /// The newest fetch of everything, for the answer.
    pub(super) async fn last_fetch(&mut self) -> Result<Option<LastFetch>> {
        activity::last_fetch(self.transaction.connection()?, self.actor.user).await
    }

    pub(super) async fn put(&mut self, new: NewSecret, replace: bool) -> Result<Written> {
        let existing = if replace { self.find(&new.name).await? } else { None };
        let Some(secret) = existing else {
            self.create(new).await?;
            return Ok(Written::Created);
        };
        let description = Some(new.description).filter(|description| !description.is_empty());
        self.update(
            secret,
            SecretChange {
                value: Some(new.value),
                description,
            },
        )
        .await?;
        Ok(Written::Replaced)
    }

    /// Checks the limits over what now stands there, writes the records, and makes it lasting.
    pub(crate) async fn commit(mut self) -> Result<()> {
        if !self.created.is_empty() {
            self.vault.check_number(&mut self.transaction, self.actor.user).await?;
        }
        if self.sealed > 0 {
            self.vault.check_size(&mut self.transaction, self.actor.user).await?;
        }
        let now = self.vault.clock.now();
        let done = [
            (ActivityKind::SecretCreated, &self.created),
            (self.change, &self.changed),
        ];
        let db = self.transaction.connection()?;
        for (kind, names) in done.into_iter().filter(|(_, names)| !names.is_empty()) {
            let mut entry = record(self.actor, now, kind);
            entry.names = Some(names.iter().map(SecretName::as_str).collect::<Vec<_>>().join(" "));
            activity::insert(db, [&entry]).await?;
        }
        keys::count_encryptions(db, self.key.id(), self.sealed).await?;
        self.watch.end(db, &self.vault.key).await?;
        self.vault.redact_stored(db, self.actor.user, &self.values).await?;
        self.transaction.touch(self.actor.user);
        self.transaction.commit().await?;
        if !self.changed.is_empty() {
            // The replaced values are still in the log.
            self.vault.store.checkpoint_soon();
        }
        Ok(())
    }

    async fn put_value(&mut self, secret: &Secret, value: SecretValue) -> Result<()> {
        let mut sealed = SealedSecret {
            id: secret.id,
            name: secret.name.clone(),
            version: secret.version,
            data_key: self.key.id(),
            envelope: Vec::new(),
        };
        let place = self.vault.place(self.actor.user, &sealed);
        sealed.envelope = seal_value(&self.key, place, &value).map_err(|_| Error::NoRandom)?;
        self.sealed += 1;
        self.values.push((secret.name.clone(), value));
        let by = self.actor.who();
        let db = self.transaction.connection()?;
        secrets::put_version(db, &sealed, &by, self.vault.clock.now()).await?;
        secrets::keep_versions(db, secret.id, secret.version, self.vault.limits.kept_versions).await
    }
}

/// What can be said of a batch before anything is written.
pub(super) fn check_batch(batch: &[NewSecret], limit: u32) -> Result<()> {
    if batch.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
        return Err(Error::TooMany { what: "secrets", limit });
    }
    if batch.is_empty() {
        let message = "There is nothing to store. Send at least one secret.";
        return Err(Error::Invalid(vec![FieldError::new("secrets", "batch.empty", message)]));
    }
    let mut seen = HashSet::new();
    let twice: Vec<_> = batch
        .iter()
        .enumerate()
        .filter(|(_, new)| !seen.insert(&new.name))
        .map(|(index, new)| {
            let message = format!("{} stands in the batch twice. Send each name once.", new.name);
            FieldError::new(format!("secrets[{index}].name"), "batch.duplicate", message)
        })
        .collect();
    if twice.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(twice))
    }
}
