//! The Secrets page before there is a secret: it teaches.

use leptos::prelude::*;

use crate::components::naming::NamingTable;
use crate::erase::Erase;

#[component]
pub(super) fn NoSecrets() -> impl IntoView {
    view! {
        <section class="empty">
            <h2>"No secrets yet"</h2>
            <p>
                "Add a key, token or password once. Programs that your agents run find it as an environment variable of the same name; the agents themselves see the name and the description, never the value."
            </p>
            <div class="empty__code">
                <figure>
                    <figcaption>"Python"</figcaption>
                    <pre><code>"os.environ[\"X_BEARER_TOKEN\"]"</code></pre>
                </figure>
                <figure>
                    <figcaption>"Node.js"</figcaption>
                    <pre><code>"process.env.X_BEARER_TOKEN"</code></pre>
                </figure>
            </div>
            <h3>"Names that agents understand"</h3>
            <p>"Agents pick a secret by its name. Say whose it is first, then what it is:"</p>
            <NamingTable />
            <p class="empty__warning">
                "Every sandbox that is opened for you can hold all of your secrets. Store what you are willing to let your agents use."
            </p>
            <p>
                <a class="button button--primary" href="/secrets/new">
                    "Add your first secret"
                </a>
            </p>
        </section>
    }
    .erased()
}
