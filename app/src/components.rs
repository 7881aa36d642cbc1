//! Parts of pages. They show what they are given; loading it is the pages' work.

pub(crate) mod account_menu;
pub(crate) mod copy;
pub(crate) mod dialog;
pub(crate) mod doctor;
pub(crate) mod field;
pub(crate) mod focus;
pub(crate) mod form;
pub(crate) mod icon;
pub(crate) mod keys;
pub(crate) mod leave;
pub(crate) mod loading;
pub(crate) mod mask;
pub(crate) mod masked;
pub(crate) mod name_field;
pub(crate) mod naming;
pub(crate) mod notice;
pub(crate) mod row;
pub(crate) mod time;
pub(crate) mod typed;
pub(crate) mod value_field;
pub(crate) mod wordmark;
