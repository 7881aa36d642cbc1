//! The paste doctor: points out what looks wrong with a pasted value, and mends it when asked to.

use domain::{Finding, RawValue, examine};
use leptos::html::Textarea;
use leptos::prelude::*;

use super::name_field::write_name;
use crate::erase::Erase;
use crate::handover::Handover;

/// What looks at one value field. It remembers findings, which hold nothing of the value, and after a fix what stood there
/// before, until the field is typed in again or left: that is wiped when dropped.
#[derive(Clone, Copy)]
pub(crate) struct Doctor {
    findings: RwSignal<Vec<Finding>>,
    before: RwSignal<Option<Before>>,
    field: StoredValue<Option<Field>>,
    /// Whether what stands there came in whole: what was typed is left alone, whatever its name.
    pasted: StoredValue<bool>,
    /// The name that the value is for.
    name: RwSignal<String>,
    /// Whether the name is in a field that can be written.
    names_it: bool,
}

/// What a fix has changed.
struct Before {
    value: RawValue,
    name: String,
}

struct Field {
    area: NodeRef<Textarea>,
    measure: Box<dyn Fn(&RawValue) + Send + Sync>,
}

impl Doctor {
    /// For a value whose name is typed beside it.
    pub(crate) fn beside_name(name: RwSignal<String>) -> Self {
        Self::new(name, true)
    }

    /// For a value whose name stands already.
    pub(crate) fn of(name: String) -> Self {
        Self::new(RwSignal::new(name), false)
    }

    fn new(name: RwSignal<String>, names_it: bool) -> Self {
        let doctor = Self {
            findings: RwSignal::default(),
            before: RwSignal::new(None),
            field: StoredValue::new(None),
            pasted: StoredValue::new(false),
            name,
            names_it,
        };
        // Whose key it is depends on the name.
        Effect::new(move |earlier: Option<()>| {
            name.track();
            if earlier.is_some() {
                doctor.look_again();
            }
        });
        doctor
    }

    /// Takes charge of a field; `measure` is told of each value that a fix puts there.
    pub(super) fn attend(self, area: NodeRef<Textarea>, measure: impl Fn(&RawValue) + Send + Sync + 'static) {
        self.field.set_value(Some(Field {
            area,
            measure: Box::new(measure),
        }));
    }

    /// Looks at a value. One that is being typed is left alone, unless something was found before that may be mended by
    /// now: half a word always looks wrong.
    pub(super) fn look(self, value: &RawValue, whole: bool) {
        self.before.set(None);
        self.pasted
            .update_value(|pasted| *pasted = whole || (*pasted && !value.is_empty()));
        if whole || !self.findings.read_untracked().is_empty() {
            self.examine(value);
        }
    }

    /// Takes back what is said, and wipes what is remembered: the value is saved.
    pub(crate) fn dismiss(self) {
        self.findings.try_set(Vec::new());
        self.before.try_set(None);
    }

    /// Puts a value into the field, as if it had been pasted there, and takes the focus with it.
    pub(crate) fn place(self, value: &RawValue) {
        self.write(value);
        self.pasted.set_value(true);
        self.examine(value);
    }

    fn examine(self, value: &RawValue) {
        let found = examine(&self.name.read_untracked(), value);
        if *self.findings.read_untracked() != found {
            self.findings.set(found);
        }
    }

    fn look_again(self) {
        if let Some(value) = self.value().filter(|_| self.pasted.get_value()) {
            self.examine(&value);
        }
    }

    fn value(self) -> Option<RawValue> {
        let area = self
            .field
            .with_value(|field| field.as_ref().and_then(|field| field.area.get_untracked()))?;
        Some(RawValue::new(area.value()))
    }

    fn write(self, value: &RawValue) {
        self.field.with_value(|field| {
            let Some(field) = field else { return };
            if let Some(area) = field.area.get_untracked() {
                // Exposed to stand in the field that it came from.
                area.set_value(value.expose());
                // Fails only for what cannot be focused.
                let _ = area.focus();
            }
            (field.measure)(value);
        });
    }

    fn fix(self, finding: Finding) {
        let Some(value) = self.value() else { return };
        let name = self.name.get_untracked();
        let fixed = finding.apply(&name, &value);
        self.write(&fixed.value);
        if let Some(new) = fixed.name.filter(|_| self.names_it) {
            write_name(self.name, &new);
        }
        self.examine(&fixed.value);
        self.before.set(Some(Before { value, name }));
    }

    fn undo(self) {
        let Some(before) = self.before.write().take() else {
            return;
        };
        self.write(&before.value);
        if self.names_it {
            write_name(self.name, &before.name);
        }
        self.examine(&before.value);
    }
}

/// What was found, one line each with its remedy. The region is always there: screen readers announce what appears.
#[component]
pub(super) fn Findings(doctor: Doctor) -> impl IntoView {
    let fixed = move || {
        doctor.before.read().is_some().then(|| {
            view! {
                <p class="doctor__finding doctor__finding--fixed">
                    "Done. "
                    <button type="button" class="link-button" on:click=move |_| doctor.undo()>
                        "Undo"
                    </button>
                </p>
            }
        })
    };
    let findings = move || {
        doctor
            .findings
            .get()
            .into_iter()
            .map(|finding| view! { <OneFinding doctor finding /> })
            .collect_view()
    };
    view! {
        <div class="doctor" role="status">
            {fixed}
            {findings}
        </div>
    }
    .erased()
}

#[component]
fn OneFinding(doctor: Doctor, finding: Finding) -> impl IntoView {
    let handover = use_context::<Handover>();
    let remedy = finding.fix().map(|label| {
        view! {
            <button type="button" class="button button--small" on:click=move |_| doctor.fix(finding)>
                {label}
            </button>
        }
    });
    let import = finding.offers_import().then(|| {
        let carry = move |_| {
            if let (Some(handover), Some(value)) = (handover, doctor.value()) {
                handover.put(value);
            }
        };
        view! {
            <a class="button button--small" href="/secrets/import" prop:replace=true on:click=carry>
                "Import it as a file"
            </a>
        }
    });
    view! {
        <div class="doctor__finding" data-finding=finding.code()>
            <p>{finding.message()}</p>
            {remedy}
            {import}
        </div>
    }
    .erased()
}
