/* output: checks where a run is saved before it starts, and writes to stdout after it.
 *
 * Errors  kind USAGE.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/buf.h"
#include "base/err.h"
#include "cli/arms.h"
#include "model/plan.h"

/* Called before the run, so that a path that cannot be written to does not cost a measurement. */
int output_check(const struct plan *plan, struct err *err);
/* The file must be none that the requests of the plan are made of: a body, a list, a
 * feed, a form, certificates, a key.
 * `out` NULL: none is written. */
int output_check_inputs(const char *out, const struct plan *plan, struct err *err);
int output_check_arms(const char *out, const struct arms *arms, struct err *err);
/* As output_check, for the report that -o writes into a file; `out` NULL: none. */
int output_check_report(const char *out, struct err *err);
/* The file of -o must not be the one that the report is made of. Either may be NULL. */
int output_check_source(const char *out, const char *source, struct err *err);
/* Refuses "plot.svg" as a folder, which would become one, unless that folder exists; "plot.svg/" is
 * accepted. `option` is what it was given to; `name` NULL: it was not. */
int output_check_folder(const char *option, const char *name, struct err *err);
/* Writes a whole text to stdout; what stdout does not take is an error. */
int output_text(const struct buf *text, struct err *err);
/* The same for the report of a run, or its JSON; the error says whether the result is saved. */
int output_print(const struct plan *plan, const struct buf *text, struct err *err);

#endif
