//! What a page reads from the server.

use std::marker::PhantomData;

use codee::string::FromToStringCodec;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::UiError;
#[cfg(not(feature = "ssr"))]
use {crate::call, domain::RawValue, leptos::__reexports::send_wrapper::SendWrapper};

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
        #[cfg(feature = "ssr")]
        let json = Resource::new_str(arguments, move |_| {
            let answer = read();
            async move { written(&answer.await) }
        });
        // In the browser the function is not even there.
        #[cfg(not(feature = "ssr"))]
        let json = {
            drop(read);
            asking_by_post(path, Box::new(arguments))
        };
        #[cfg(feature = "ssr")]
        let _ = path;
        Self {
            json,
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

#[cfg(not(feature = "ssr"))]
fn asking_by_post(
    path: &'static str,
    arguments: Box<dyn Fn() -> String + Send + Sync>,
) -> Resource<String, FromToStringCodec> {
    Resource::new_str(arguments, move |arguments| SendWrapper::new(asked(path, arguments)))
}

#[cfg(not(feature = "ssr"))]
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
