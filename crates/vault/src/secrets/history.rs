//! Earlier values of a secret: listed, one put back, all forgotten. Nothing here gives a value out.

use domain::{ActivityKind, Scope, SecretName, SecretView, VersionView};

use super::{LastFetched, SecretChange, Secrets, check_condition, view};
use crate::activity::record;
use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::store::digests::Watch;
use crate::store::{activity, keys, secrets};

impl Secrets<'_> {
    /// All versions of a secret's value that are kept, the one in force first.
    ///
    /// # Errors
    /// [`Error::MissingScope`], [`Error::NotFound`].
    pub async fn history(&self, actor: &Actor, name: &SecretName) -> Result<Vec<VersionView>> {
        actor.require(Scope::SecretsRead)?;
        let mut db = self.0.store.snapshot().await?;
        let secret = secrets::by_name(&mut db, actor.user, name)
            .await?
            .ok_or(Error::NotFound)?;
        secrets::history(&mut db, &secret).await
    }

    /// Puts an earlier value in force, as a version of its own; the one that was in force is kept. `if_match` as for
    /// [`update`](Self::update).
    ///
    /// # Errors
    /// [`Error::NotFound`] for no such secret or version, or the version in force; [`Error::Changed`],
    /// [`Error::EnvironmentFull`].
    pub async fn put_back(
        &self,
        actor: &Actor,
        name: &SecretName,
        version: i64,
        if_match: Option<&str>,
    ) -> Result<SecretView> {
        actor.require(Scope::SecretsWrite)?;
        let mut write = self.begin(actor).await?;
        let current = write.find(name).await?.ok_or(Error::NotFound)?;
        check_condition(&current, if_match)?;
        let db = write.connection()?;
        let earlier = secrets::versions(db, current.id).await?;
        let earlier = earlier
            .iter()
            .find(|kept| kept.version == version && version != current.version);
        let stored_keys = keys::data_keys(db, actor.user).await?;
        // Opened to be sealed anew for its new place, and for nothing else.
        let value = self.0.unseal(actor.user, &stored_keys, earlier)?.pop();
        let change = SecretChange {
            value: Some(value.ok_or(Error::NotFound)?),
            description: None,
        };
        write.recorded_as(ActivityKind::SecretPutBack);
        let changed = write.update(current, change).await?;
        let fetch = LastFetched::from(write.last_fetch().await?);
        write.commit().await?;
        Ok(view(changed, &fetch))
    }

    /// Forgets the earlier values of a secret.
    ///
    /// # Errors
    /// [`Error::MissingScope`], [`Error::NotFound`].
    pub async fn forget_history(&self, actor: &Actor, name: &SecretName) -> Result<()> {
        actor.require(Scope::SecretsWrite)?;
        let mut transaction = self.0.write_as(actor).await?;
        let db = transaction.connection()?;
        let secret = secrets::by_name(db, actor.user, name).await?.ok_or(Error::NotFound)?;
        let watch = Watch::begin(db, &self.0.key, actor.user).await?;
        secrets::keep_versions(db, secret.id, secret.version, 0).await?;
        watch.end(db, &self.0.key).await?;
        let mut done = record(actor, self.0.clock.now(), ActivityKind::HistoryForgotten);
        done.names = Some(name.to_string());
        activity::insert(db, [&done]).await?;
        transaction.touch(actor.user);
        transaction.commit().await?;
        self.0.store.checkpoint().await;
        Ok(())
    }
}
