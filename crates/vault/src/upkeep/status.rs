//! How the keys stand. Counts, ages and fingerprints; never a key.

use std::path::PathBuf;

use domain::Timestamp;

use super::{Upkeep, UpkeepError};
use crate::keys::DataKey;
use crate::store::key_life;

/// How the keys stand.
#[derive(Debug)]
pub struct KeyStatus {
    /// Of the root key.
    pub root_fingerprint: String,
    /// Where it is kept; `None` where it was handed in.
    pub root_file: Option<PathBuf>,
    /// The oldest first; the last one is in force.
    pub terms: Vec<TermStatus>,
    /// Accounts, each with one data key in use.
    pub accounts: i64,
    /// Data keys that only open what they sealed.
    pub retired_data_keys: i64,
    /// Encryptions of the data key that has done most.
    pub most_encryptions: i64,
    /// Encryptions after which one is replaced.
    pub encryptions_allowed: i64,
    /// Accounts whose values are being sealed anew.
    pub being_replaced: usize,
    /// Now.
    pub now: Timestamp,
}

/// One term.
#[derive(Debug)]
pub struct TermStatus {
    /// Its number.
    pub term: i64,
    /// When it began.
    pub since: Timestamp,
    /// Whether it only opens what was wrapped under it.
    pub retired: bool,
    /// How many data keys are wrapped under it.
    pub data_keys: i64,
}

impl Upkeep<'_> {
    /// How the keys stand.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn key_status(&self) -> Result<KeyStatus, UpkeepError> {
        let vault = self.0;
        let mut reader = vault.store.read().await?;
        let terms = key_life::term_rows(&mut reader)
            .await?
            .into_iter()
            .map(|row| TermStatus {
                term: row.term,
                since: row.created_at,
                retired: row.retired,
                data_keys: row.data_keys,
            });
        let terms = terms.collect();
        let counts = key_life::data_key_counts(&mut reader).await?;
        Ok(KeyStatus {
            root_fingerprint: vault.root_fingerprint(),
            root_file: vault.root_file.clone(),
            terms,
            accounts: counts.in_use,
            retired_data_keys: counts.retired,
            most_encryptions: counts.most_encryptions,
            encryptions_allowed: DataKey::MOST_ENCRYPTIONS,
            being_replaced: key_life::work(&mut reader).await?.len(),
            now: vault.clock.now(),
        })
    }
}
