//! What a page reads from the server.

use std::marker::PhantomData;

use codee::string::FromToStringCodec;
use domain::RawValue;
use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::call;
use crate::error::UiError;

/// The answer of a server function that reads: put into the page by the server, read from there by the browser, and asked
/// for again where it has to be.
///
/// All of them are one type beneath, a text: the framework's machinery for each type of resource weighs some twenty
/// kilobytes in the WASM. It is JSON of a [`Result`], and read as such wherever it is used.
pub(crate) struct Source<T> {
    json: Resource<String, FromToStringCodec>,
    holds: PhantomData<fn() -> T>,
}

impl<T> Clone for Source<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Source<T> {}

impl<T: Serialize + DeserializeOwned + 'static> Source<T> {
    /// One that takes no arguments: the function, and its path.
    pub(crate) fn new<F>(path: &'static str, read: fn() -> F) -> Self
    where
        F: Future<Output = Result<T, UiError>> + Send + 'static,
    {
        Self::asking(path, String::new, read)
    }

    /// One whose arguments change: they are URL-encoded, for the browser to send. Whenever they change, it is read anew.
    pub(crate) fn asking<F>(
        path: &'static str,
        arguments: impl Fn() -> String + Send + Sync + 'static,
        read: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<T, UiError>> + Send + 'static,
    {
        let fetch = move |arguments: String| {
            // On the server the function is called; in the browser it is not even there.
            let here = cfg!(feature = "ssr").then(&read);
            async move {
                match here {
                    Some(answer) => written(&answer.await),
                    None => SendWrapper::new(asked(path, arguments)).await,
                }
            }
        };
        Self {
            json: Resource::new_str(arguments, fetch),
            holds: PhantomData,
        }
    }

    /// What it comes to; whoever awaits it is told of what comes later.
    pub(crate) async fn read(self) -> Result<T, UiError> {
        understood(&self.json.await)
    }

    /// What it comes to, once.
    pub(crate) async fn read_once(self) -> Result<T, UiError> {
        understood(&ScopedFuture::new_untracked(self.json.into_future()).await)
    }

    /// What is there. On the server only after it was awaited: while it is being filled such a read blocks the thread, and with
    /// it the very task that fills it.
    pub(crate) fn now(self) -> Option<Result<T, UiError>> {
        self.json.read().as_deref().map(understood)
    }

    /// Calls whoever calls this again when it changes.
    pub(crate) fn track(self) {
        self.json.track();
    }

    /// Asks again.
    pub(crate) fn refetch(self) {
        self.json.refetch();
    }
}

async fn asked(path: &'static str, arguments: String) -> String {
    match call::post(path, RawValue::new(arguments)).await {
        // The answer of a server function is what it comes to, without the `Ok` around.
        Ok(answer) => format!("{{\"Ok\":{answer}}}"),
        Err(error) => written::<()>(&Err(error)),
    }
}

fn written<T: Serialize>(answer: &Result<T, UiError>) -> String {
    // Fails for maps with keys that are no texts, of which there are none.
    serde_json::to_string(answer).unwrap_or_default()
}

fn understood<T: DeserializeOwned>(json: impl AsRef<str>) -> Result<T, UiError> {
    serde_json::from_str(json.as_ref()).unwrap_or(Err(UiError::Unavailable))
}
