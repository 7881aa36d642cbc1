//! The pieces of the client: what a browser loads only once it is shown.
//!
//! The Secrets page is in the first piece, with all that the others have in common. `cargo xtask` splits the WASM at the
//! functions below, which are ordinary functions on the server. The framework's own lazy routes would do the same, but they
//! bring a second, asynchronous way of taking over each view, and with it more code than the pieces save: here the pieces
//! of the page are loaded before the page is taken over ([`load_for`]), and later ones are waited for by a signal.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use domain::RawValue;
use domain::guard::{Found, find_credentials};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::erase::{Erase, Erased};
use crate::pages::activity::Activity;
use crate::pages::chat::{AnswerInChat, ChatPage, Conversation, FieldForMoved, NewChat, OptionsDialog};
use crate::pages::not_found::NotFound;
use crate::pages::request::RequestPage;
use crate::pages::secrets::{AddSecret, DeleteSecretDialog, EditSecret, HistoryDialog, ImportDialog, UseSecret};
use crate::pages::settings::{AddPlatform, AddToken, DeleteAccountDialog, RotatePlatformDialog, Settings};
use crate::pages::sign_in::SignInPage;
use crate::pages::sign_up::SignUpPage;
use crate::pages::start::Start;

type Loading = Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>;

/// Declares the pieces: the name of each, what loads it, and its parts with the component that each shows.
macro_rules! pieces {
    ($($piece:ident, $load:ident: { $($part:ident => $component:ident,)+ })*) => {
        /// One route's view.
        #[derive(Clone, Copy)]
        pub(crate) enum Part {
            $($($part,)+)*
        }

        impl Part {
            fn load(self) -> Loading {
                match self {
                    $($(Self::$part)|+ => Box::pin($load()),)*
                }
            }

            /// The view, or nothing while its piece is not there.
            fn show(self) -> Option<Erased> {
                match self {
                    $($(Self::$part)|+ => now($piece(self))?.ok(),)*
                }
            }
        }

        $(
            // One function a piece: whether it is there is remembered for each function.
            #[wasm_split($piece, wasm_split_path = leptos::wasm_split, preload($load), fallible)]
            fn $piece(part: Part) -> Result<Erased, SplitLoaderError> {
                Ok(match part {
                    $(Part::$part => view! { <$component /> }.erased(),)+
                    _ => failure(),
                })
            }
        )*
    };
}

pieces! {
    doors, load_doors: {
        Start => Start,
        SignIn => SignInPage,
        SignUp => SignUpPage,
        NotFound => NotFound,
    }
    dialogs, load_dialogs: {
        AddSecret => AddSecret,
        UseSecret => UseSecret,
        EditSecret => EditSecret,
        DeleteSecret => DeleteSecretDialog,
        History => HistoryDialog,
    }
    import, load_import: {
        Import => ImportDialog,
    }
    request, load_request: {
        Request => RequestPage,
    }
    answer, load_answer: {
        AnswerInChat => AnswerInChat,
    }
    guarded, load_guarded: {
        FieldForMoved => FieldForMoved,
    }
    options, load_options: {
        OptionsOfChat => OptionsDialog,
    }
    chat, load_chat: {
        Chat => ChatPage,
        NewChat => NewChat,
        Conversation => Conversation,
    }
    activity, load_activity: {
        Activity => Activity,
    }
    settings, load_settings: {
        Settings => Settings,
        AddToken => AddToken,
        AddPlatform => AddPlatform,
        RotatePlatform => RotatePlatformDialog,
        DeleteAccount => DeleteAccountDialog,
    }
}

impl Part {
    /// The view: at once if its piece is there, as it always is on the server, otherwise as soon as it is.
    pub(crate) fn view(self) -> Erased {
        let mut loading = self.load();
        match poll_once(loading.as_mut()) {
            Some(loaded) => self.shown(loaded.is_ok()),
            None => self.later(loading),
        }
    }

    fn shown(self, loaded: bool) -> Erased {
        loaded.then(|| self.show()).flatten().unwrap_or_else(failure)
    }

    fn later(self, loading: Loading) -> Erased {
        let loaded = RwSignal::new(None);
        spawn_local(async move {
            // Nobody waits for it any more if the reader went elsewhere meanwhile.
            loaded.try_set(Some(loading.await.is_ok()));
        });
        let view = move || match loaded.get() {
            None => view! { <p class="arriving" role="status">"Loading…"</p> }.erased(),
            Some(loaded) => self.shown(loaded),
        };
        view.erased()
    }
}

/// In the place of a part that did not arrive. Loading the page anew asks for it again.
fn failure() -> Erased {
    view! {
        <div class="alert alert--error" role="alert">
            <p>
                "This part of Strongroom could not be loaded. Check your connection, then "
                <a href="" rel="external">"load the page again"</a> "."
            </p>
        </div>
    }
    .erased()
}

/// Loads the piece that the page at `path` was made with, before the client takes the page over.
///
/// # Errors
/// When it did not arrive: the page then stays as the server made it, which works without scripts.
pub async fn load_for(path: &str) -> Result<(), SplitLoaderError> {
    let Some(part) = part_of(path) else {
        return Ok(());
    };
    part.load().await?;
    if matches!(part, Part::OptionsOfChat) {
        Part::Chat.load().await?;
    }
    // A chat that was made with the secure field in it.
    let field = document().query_selector(".asked-here form");
    if matches!(part, Part::Chat | Part::OptionsOfChat) && matches!(field, Ok(Some(_))) {
        Part::AnswerInChat.load().await?;
    }
    Ok(())
}

/// What [`find_credentials`] finds, once that is there. It is no view, and has a piece to itself: it is needed by whoever
/// writes, and not by those who read.
#[wasm_split(guard, wasm_split_path = leptos::wasm_split, preload(load_guard), fallible)]
fn credentials_in(text: RawValue) -> Result<Vec<Found>, SplitLoaderError> {
    // Exposed to be looked through.
    Ok(find_credentials(text.expose()))
}

/// Fetches what [`credentials_now`] needs.
///
/// # Errors
/// When it did not arrive.
pub(crate) async fn load_credentials() -> Result<(), SplitLoaderError> {
    load_guard().await
}

/// The credentials in `text`, or nothing as long as the piece that knows them is not there.
pub(crate) fn credentials_now(text: RawValue) -> Option<Vec<Found>> {
    poll_once(Box::pin(load_guard()).as_mut())?.ok()?;
    now(credentials_in(text))?.ok()
}

/// A part of the piece that a page needs, or none for the Secrets page.
fn part_of(path: &str) -> Option<Part> {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    Some(match (segments.next(), segments.next(), segments.next()) {
        (Some("secrets"), None, _) => return None,
        (Some("secrets"), Some("import"), None) => Part::Import,
        (Some("secrets"), Some("new"), None)
        | (Some("secrets"), Some(_), Some("use" | "edit" | "history" | "delete")) => Part::AddSecret,
        (Some("r"), Some(_), None) => Part::Request,
        (Some("chat"), _, None) => Part::Chat,
        (Some("chat"), Some(_), Some("options")) => Part::OptionsOfChat,
        (Some("activity"), None, _) => Part::Activity,
        (Some("settings"), None, _)
        | (Some("settings"), Some("tokens"), Some("new"))
        | (Some("settings"), Some("platforms"), Some("new" | "rotate"))
        | (Some("settings"), Some("delete-account"), None) => Part::Settings,
        _ => Part::NotFound,
    })
}

/// What a future comes to that does not wait.
fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    poll_once(std::pin::pin!(future))
}

fn poll_once<F: Future + ?Sized>(future: Pin<&mut F>) -> Option<F::Output> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
