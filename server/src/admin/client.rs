//! The command's end of the admin socket.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::{AdminError, AdminReply, AdminRequest};

/// How long the server may take; checking and hashing a password has to queue on a busy one.
const PATIENCE: Duration = Duration::from_secs(60);
/// The same for what goes through all the data.
const LONG_PATIENCE: Duration = Duration::from_secs(24 * 3600);

/// The running server, or `None` if none is there.
pub(super) async fn connect(path: &Path) -> Result<Option<UnixStream>, AdminError> {
    match UnixStream::connect(path).await {
        Ok(stream) => Ok(Some(stream)),
        // No socket, or the left-over of a server that was killed.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => Ok(None),
        Err(source) => Err(AdminError::Socket {
            path: path.to_owned(),
            source,
        }),
    }
}

pub(super) async fn ask(path: &Path, stream: UnixStream, request: &AdminRequest) -> Result<AdminReply, AdminError> {
    let patience = if request.is_long() { LONG_PATIENCE } else { PATIENCE };
    let line = timeout(patience, exchange(stream, request))
        .await
        .map_err(|_| AdminError::NoReply)?;
    let line = line.map_err(|source| AdminError::Socket {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_slice(&line).map_err(|_| AdminError::NoReply)
}

async fn exchange(mut stream: UnixStream, request: &AdminRequest) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut line = Zeroizing::new(serde_json::to_vec(request)?);
    line.push(b'\n');
    stream.write_all(&line).await?;
    let mut reply = Zeroizing::new(Vec::with_capacity(1024));
    stream.read_to_end(&mut reply).await?;
    Ok(reply)
}
