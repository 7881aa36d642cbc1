//! The operator's door: commands that speak to the running server through `DATA_DIR/admin.sock`, or, without a running
//! server, do the same work on the data directory themselves. Whoever may open the socket (mode 0600, the server's own
//! user or root) may use it; nothing of this is reachable over HTTP.

use std::io;
use std::path::PathBuf;

use vault::{OpenError, Vault};

mod client;
mod offline;
mod perform;
mod protocol;
mod socket;

pub use offline::{OfflineError, recovery_kit, restore, restore_drill};
pub use protocol::{AdminReply, AdminRequest};
pub use socket::AdminSocket;

use crate::config::Settings;

/// The socket's name in the data directory.
const SOCKET: &str = "admin.sock";

/// Why a command could not be given to anybody. What the vault refuses is an [`AdminReply::Refused`] instead.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The running server could not be spoken to.
    #[error("the running server cannot be reached through {path}: {source}", path = .path.display())]
    Socket {
        /// The socket.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The server gave no reply, or one that is not understood.
    #[error("the running server gave no reply that this program understands; is it of the same version?")]
    NoReply,
    /// No server runs, and the data directory cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Has a command carried out: by the running server if there is one, otherwise here, under the data directory's lock.
///
/// # Errors
/// [`AdminError`]; nothing was changed, or in the case of [`AdminError::NoReply`] it is not known.
pub async fn run(settings: &Settings, request: AdminRequest) -> Result<AdminReply, AdminError> {
    let path = settings.data_dir.join(SOCKET);
    if let Some(stream) = client::connect(&path).await? {
        return client::ask(&path, stream, &request).await;
    }
    let vault = Vault::open_for_command(settings.vault_config(), request.where_nothing_is()).await?;
    let reply = perform::perform(&vault, request).await;
    vault.close().await;
    Ok(reply)
}
