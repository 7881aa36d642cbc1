//! A dialog that is a page of its own address.

use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::ev::{Event, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::{HtmlDialogElement, HtmlElement};

use super::focus::{focus_heading, focused, take_opener};
use super::icon::{Glyph, Icon};
use super::leave::go;
use super::typed::holds_typed_text;
use crate::erase::{Children, Erase};

/// A dialog over the page `back`, which it returns to.
///
/// The server sends it open, and the style sheet lays it over the page: without scripts that is all there is. With
/// scripts the browser makes it modal: focus stays inside, the rest of the page is inert, Escape closes it, after asking
/// if something was typed. Closing is navigating to `back`; focus returns to what opened it, or else to the page's heading.
#[component]
pub(crate) fn Dialog(
    #[prop(into)] title: String,
    #[prop(into)] back: String,
    /// For tables: more than a form needs.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let asking = RwSignal::new(false);
    let typing = StoredValue::new(None::<SendWrapper<HtmlElement>>);
    let go = go();
    // All of it inside the effect: on the server neither an effect nor its cleanup runs.
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        let opener = SendWrapper::new(make_modal(&dialog));
        on_cleanup(move || request_animation_frame(move || return_focus(opener.take())));
    });
    let ask_first = move |event: &Event| {
        let typed = node.get_untracked().is_some_and(|dialog| holds_typed_text(&dialog));
        if asking.get_untracked() {
            event.prevent_default();
            asking.set(false);
        } else if typed {
            event.prevent_default();
            typing.set_value(focused().map(SendWrapper::new));
            asking.set(true);
        }
    };
    // Back to the field that was being typed in.
    Effect::new(move |asked: Option<bool>| {
        let asking = asking.get();
        if asked == Some(true) && !asking {
            typing.with_value(|field| field.iter().for_each(|field| drop(field.focus())));
        }
        asking
    });
    // Before the browser asks to cancel: asked a second time it would not let itself be stopped (HTML Standard, "close
    // requests"). `cancel` alone comes from gestures.
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            ask_first(&event);
        }
    };
    let close = {
        let back = back.clone();
        move || go(&back)
    };
    let closed = close.clone();
    view! {
        <dialog
            node_ref=node
            open
            class=if wide { "dialog dialog--wide" } else { "dialog" }
            aria-labelledby="dialog-title"
            on:close=move |_| closed()
            on:cancel=move |event| ask_first(&event)
            on:keydown=on_key
        >
            <header class="dialog__head">
                <h2 id="dialog-title">{title}</h2>
                <a class="icon-button" href=back aria-label="Close" prop:replace=true>
                    <Icon glyph=Glyph::Close />
                </a>
            </header>
            {children.show()}
            <AskFirst asking close />
        </dialog>
    }
    .erased()
}

/// Asks before what was typed is thrown away.
#[component]
fn AskFirst(asking: RwSignal<bool>, close: impl Fn() + Clone + Send + Sync + 'static) -> impl IntoView {
    let question = move || {
        let close = close.clone();
        let keep = NodeRef::<html::Button>::new();
        Effect::new(move |_| {
            if let Some(button) = keep.get() {
                // Fails only for what cannot be focused.
                let _ = button.focus();
            }
        });
        view! {
            <div class="dialog__ask" role="alertdialog" aria-labelledby="dialog-ask">
                <p id="dialog-ask">"Throw away what you typed?"</p>
                <button type="button" class="button" node_ref=keep on:click=move |_| asking.set(false)>
                    "Keep editing"
                </button>
                <button type="button" class="button button--danger" on:click=move |_| close()>
                    "Throw away"
                </button>
            </div>
        }
    };
    move || asking.get().then(&question)
}

/// The link that leaves a dialog without doing anything.
#[component]
pub(crate) fn Cancel(#[prop(into)] back: String, #[prop(default = "Cancel")] label: &'static str) -> impl IntoView {
    view! {
        <a class="button" href=back prop:replace=true>
            {label}
        </a>
    }
    .erased()
}

/// Makes an open dialog modal, and gives what was focused before. Whoever is typing in it already, while the scripts
/// were loading, keeps the cursor.
fn make_modal(dialog: &HtmlDialogElement) -> Option<HtmlElement> {
    let focused = focused();
    let inside = focused.as_ref().is_some_and(|element| dialog.contains(Some(element)));
    // `showModal` refuses a dialog that is open. Removing the attribute closes it without a `close` event.
    dialog.set_open(false);
    if dialog.show_modal().is_err() {
        dialog.set_open(true);
    }
    let opener = take_opener();
    match focused {
        Some(element) if inside => {
            // Fails only for what cannot be focused, and this was.
            let _ = element.focus();
            None
        }
        focused => focused.filter(|element| element.tag_name() != "BODY").or(opener),
    }
}

fn return_focus(opener: Option<HtmlElement>) {
    match opener.filter(|element| element.is_connected() && element.tag_name() != "BODY") {
        Some(opener) => {
            // Fails only for what cannot be focused.
            let _ = opener.focus();
        }
        None => focus_heading(),
    }
}
