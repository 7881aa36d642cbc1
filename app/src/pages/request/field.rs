//! The secure field of our own pages: where a person types what an agent asks for.

mod secret;

use domain::{FieldView, Timestamp};
use leptos::prelude::*;

use self::secret::AskedSecret;
use super::Opened;
use crate::api::requests::{AnswerRequest, SkipRequest};
use crate::components::form::{FormState, Submit, UiForm};
use crate::components::time::Time;
use crate::erase::Erase;
use leptos::server_fn::ServerFn;

/// The fields whose errors stand beside them.
pub(super) const FIELDS: [(&str, &str); 10] = [
    ("answers[0][value]", "answers[0][description]"),
    ("answers[1][value]", "answers[1][description]"),
    ("answers[2][value]", "answers[2][description]"),
    ("answers[3][value]", "answers[3][description]"),
    ("answers[4][value]", "answers[4][description]"),
    ("answers[5][value]", "answers[5][description]"),
    ("answers[6][value]", "answers[6][description]"),
    ("answers[7][value]", "answers[7][description]"),
    ("answers[8][value]", "answers[8][description]"),
    ("answers[9][value]", "answers[9][description]"),
];
const BESIDE: [&str; 20] = beside();

const fn beside() -> [&'static str; 20] {
    let mut all = [""; 20];
    let mut at = 0;
    while at < 10 {
        #[expect(
            clippy::indexing_slicing,
            reason = "computed by the compiler, which says if it is out of bounds"
        )]
        {
            all[2 * at] = FIELDS[at].0;
            all[2 * at + 1] = FIELDS[at].1;
        }
        at += 1;
    }
    all
}

/// Who asks, for what and why, which account it is for, and a field for each secret.
#[component]
pub(super) fn SecureField(field: FieldView, opened: Opened) -> impl IntoView {
    let again = move |()| {
        opened.refetch();
    };
    let state = FormState::new::<AnswerRequest, _>(again);
    let skipping = FormState::new::<SkipRequest, _>(again);
    // What is stored, or the request itself, is no longer as the page has it.
    Effect::new(move |_| {
        if state.is_outdated() || skipping.is_outdated() {
            opened.refetch();
        }
    });
    let request = field.request.clone();
    let several = request.secrets.len() > 1;
    let claim = request
        .requested_by
        .map(|claim| view! { <p class="asked__claim">"They call themselves “" {claim} "”, which is not checked."</p> });
    let reason = request.reason.map(|reason| {
        view! {
            <blockquote class="asked__reason">{reason}</blockquote>
        }
    });
    let secrets = FIELDS
        .into_iter()
        .zip(request.secrets)
        .enumerate()
        .map(|(index, (names, asked))| {
            let name = asked.name.clone();
            let stored = Memo::new(move |_| {
                let field = opened.now().and_then(Result::ok).flatten();
                field.and_then(|field| field.stored(&name).cloned())
            });
            view! { <AskedSecret state index names asked stored several /> }
        })
        .collect_view();
    view! {
        <p class="asked__who">
            <strong>{request.asked_by}</strong>
            {if several { " asks you for these secrets." } else { " asks you for a secret." }}
        </p>
        {claim}
        {reason}
        <UiForm state second=skipping class="form" fields=&BESIDE>
            <input type="hidden" name="id" value=request.id />
            <p class="asked__where">
                "Saved to your account " <strong>{field.account}</strong>
                ". Whoever asks learns that it is there, never the value."
            </p>
            {secrets}
            <div class="dialog__foot">
                <Lapses at=request.expires_at />
                <button type="submit" class="button" formaction=SkipRequest::PATH>
                    "Skip"
                </button>
                <Submit state label="Save" waiting="Saving…" />
            </div>
        </UiForm>
    }
    .erased()
}

/// When the request lapses: said once, without counting down.
#[component]
fn Lapses(at: Timestamp) -> impl IntoView {
    view! {
        <p class="asked__time">"Can be answered until " <Time at minutes=true /></p>
    }
    .erased()
}
