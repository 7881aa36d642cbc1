use std::time::Duration;

/// How long a model is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the connection, TLS included.
    pub connect: Duration,
    /// For the first byte of an answer: a local model may have to be loaded first, and some think before they speak.
    pub first: Duration,
    /// Between two pieces of an answer.
    pub between: Duration,
    /// For a reply altogether, asking again included.
    pub whole: Duration,
    /// For what a server sends after the reply's end.
    pub settle: Duration,
    /// Before a busy server that does not say when is asked again; twice as long before the next time.
    pub again: Duration,
    /// A server that wants to be left alone for longer is not asked again.
    pub longest_pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first: Duration::from_secs(180),
            between: Duration::from_secs(90),
            whole: Duration::from_secs(15 * 60),
            settle: Duration::from_millis(500),
            again: Duration::from_secs(1),
            longest_pause: Duration::from_secs(10),
        }
    }
}
