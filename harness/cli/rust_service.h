/* rust_service: builds and locks the originals' compute service in Rust.
 *
 * Shape   as cli/first_use, with a lock on its Cargo.toml. Only Debian's cargo, rustc and crates
 * are used, whatever is in PATH, in the environment and in the user's configuration, and no
 *         network. All that the build writes is in a folder that is removed after it; the program
 *         is then moved beside its source. It is built again when its source is newer.
 * Owner   *out_fd is the lock, which the caller closes; -1 after a failure. The caller frees the
 *         path.
 * Errors  rust_service_look, rust_service_hold: kind USAGE with the remedy. The second also
 *         INTERRUPTED, with the signal in *out_signal.
 */
#ifndef CLI_RUST_SERVICE_H
#define CLI_RUST_SERVICE_H

#include "base/err.h"

/* Whether what the build needs is installed. */
int rust_service_look(struct err *err);
/* *out_signal: the signal that ended it early, or 0. */
int rust_service_hold(int *out_fd, int *out_signal, struct err *err);
/* The program, also before it is built. */
char *rust_service_path(void);

#endif
