//! Files that this process was started with. Whoever started it may have left some open, a log or a pipe of a supervisor's, and
//! every program that it starts would get them too, down to the code in a sandbox.

use std::fs;
use std::io;
use std::os::fd::{BorrowedFd, RawFd};

use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};

/// Marks all open files but the three standard streams to be closed in whatever is started from now on. What Rust opens is so
/// marked from the beginning.
pub(super) fn keep_to_ourselves() -> io::Result<()> {
    for entry in fs::read_dir("/proc/self/fd")? {
        let number: Option<RawFd> = entry?.file_name().to_str().and_then(|name| name.parse().ok());
        let Some(number) = number.filter(|number| *number > 2) else {
            continue;
        };
        #[expect(
            unsafe_code,
            reason = "a number is all that is known of a file that somebody else opened; nothing but its mark is touched, and if it is closed meanwhile the system refuses"
        )]
        let file = unsafe { BorrowedFd::borrow_raw(number) };
        // Fails for one that is closed by now, as the list itself will be.
        let _closed = fcntl_getfd(file).and_then(|flags| fcntl_setfd(file, flags | FdFlags::CLOEXEC));
    }
    Ok(())
}
