//! Whether the server lives, and whether it can work. Both tell nothing of any user, so anyone may ask, under any
//! `Host`: probes call by address.

pub(super) mod live;
pub(super) mod ready;
