//! The server's end of the admin socket.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use vault::Vault;
use zeroize::Zeroizing;

use super::perform::perform;
use super::{AdminReply, AdminRequest, SOCKET};

/// The longest request: a login name and a password, escaped.
const LONGEST_LINE: u64 = 16 * 1024;
/// How long a command may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait when the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// The socket, while the server runs.
#[derive(Debug)]
pub struct AdminSocket {
    path: PathBuf,
    stop: oneshot::Sender<()>,
    accepting: JoinHandle<()>,
}

impl AdminSocket {
    /// Makes the socket. A file of that name is a left-over: the vault is open, so its lock says that no other server is
    /// there.
    ///
    /// # Errors
    /// The socket's path, and what the system said.
    pub(crate) fn open(data_dir: &Path, vault: Vault) -> Result<Self, (PathBuf, io::Error)> {
        let path = data_dir.join(SOCKET);
        let listener = listen(&path).map_err(|error| (path.clone(), error))?;
        let (stop, stopped) = oneshot::channel();
        Ok(Self {
            path,
            stop,
            accepting: tokio::spawn(accept(listener, vault, stopped)),
        })
    }

    /// Ends commands that have begun, takes no more, and removes the socket.
    pub(crate) async fn close(self) {
        // Both fail only if the task is gone already.
        let _ = self.stop.send(());
        let _ = self.accepting.await;
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(error = %error, "The admin socket could not be removed");
        }
    }
}

fn listen(path: &Path) -> io::Result<UnixListener> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    // The program's umask has taken group and others away already; this takes the owner's needless bit.
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn accept(listener: UnixListener, vault: Vault, mut stopped: oneshot::Receiver<()>) {
    let mut commands = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    commands.spawn(answer(stream, vault.clone()));
                }
                Err(error) => {
                    tracing::warn!(error = %error, "A command could not be accepted");
                    tokio::time::sleep(NO_ROOM).await;
                }
            },
            Some(_) = commands.join_next() => {}
            _ = &mut stopped => break,
        }
    }
    drop(listener);
    while commands.join_next().await.is_some() {}
}

async fn answer(mut stream: UnixStream, vault: Vault) {
    if !is_ours(&stream) {
        return;
    }
    let reply = match timeout(PATIENCE, read(&mut stream)).await {
        Ok(Ok(request)) => perform(&vault, request).await,
        _ => AdminReply::Refused {
            message: "The server did not understand the command.".to_owned(),
        },
    };
    if let Err(error) = write(&mut stream, &reply).await {
        tracing::warn!(error = %error, "A command did not wait for its reply");
    }
}

/// The file's mode keeps other users out; this holds even where a file system ignores it.
fn is_ours(stream: &UnixStream) -> bool {
    let uid = rustix::process::geteuid().as_raw();
    stream
        .peer_cred()
        .is_ok_and(|peer| peer.uid() == uid || peer.uid() == 0)
}

async fn read(stream: &mut UnixStream) -> io::Result<AdminRequest> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST_LINE as usize));
    BufReader::new(stream.take(LONGEST_LINE))
        .read_until(b'\n', &mut line)
        .await?;
    Ok(serde_json::from_slice(&line)?)
}

async fn write(stream: &mut UnixStream, reply: &AdminReply) -> io::Result<()> {
    let mut line = Zeroizing::new(serde_json::to_vec(reply)?);
    line.push(b'\n');
    stream.write_all(&line).await?;
    stream.shutdown().await
}
