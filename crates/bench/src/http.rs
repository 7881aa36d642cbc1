//! A client for HTTP/1.1 over one kept-alive connection: as little as measuring needs, so that the servers, not the
//! client, use the cores.

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection.
pub(crate) struct Connection {
    stream: TcpStream,
    host: String,
    buffer: Vec<u8>,
}

/// What is asked for.
#[derive(Clone, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) token: String,
    /// Which of a platform's users.
    pub(crate) user: Option<String>,
    /// Who a proxy says that it is.
    pub(crate) from: Option<String>,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
}

impl Request {
    /// For a token that stands for one person.
    pub(crate) fn new(method: &'static str, path: &str, token: &str, body: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            token: token.to_owned(),
            user: None,
            from: None,
            content_type: "application/json",
            body: body.to_owned(),
        }
    }

    /// A form that somebody at that address sends, as a proxy tells it.
    pub(crate) fn form(path: &str, from: String, body: String) -> Self {
        Self {
            from: Some(from),
            content_type: "application/x-www-form-urlencoded",
            ..Self::new("POST", path, "", &body)
        }
    }

    /// For a platform's user.
    pub(crate) fn of(self, user: &str) -> Self {
        Self {
            user: Some(user.to_owned()),
            ..self
        }
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// To `http://host:port`.
    pub(crate) async fn open(base: &str) -> Result<Self> {
        let host = base
            .strip_prefix("http://")
            .context("the bench speaks plain HTTP to this machine")?
            .to_owned();
        let stream = TcpStream::connect(&host)
            .await
            .with_context(|| format!("cannot reach {base}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            host,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// The bytes of a request, made once and sent many times.
    pub(crate) fn request(&self, request: &Request) -> Vec<u8> {
        let Request {
            method,
            path,
            token,
            user,
            from,
            content_type,
            body,
        } = request;
        let from = from.as_ref().map(|from| format!("X-Forwarded-For: {from}\r\n"));
        let user = user.as_ref().map(|user| format!("Strongroom-User: {user}\r\n"));
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n{}{}Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            user.unwrap_or_default(),
            from.unwrap_or_default(),
            body.len()
        )
        .into_bytes()
    }

    /// Sends a request and reads its answer whole.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            if let Some(answer) = parse(&self.buffer)? {
                return Ok(answer);
            }
        }
    }
}

fn parse(buffer: &[u8]) -> Result<Option<Answer>> {
    let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let (head, body) = buffer.split_at_checked(end + 4).context("split")?;
    let head = std::str::from_utf8(head)?;
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Ok(0), |(_, value)| value.trim().parse::<usize>())?;
    Ok((body.len() >= length).then(|| Answer {
        status,
        body: body.to_vec(),
    }))
}
