/* session_rows: which key of bench.session/1 is which member of struct session.
 *
 * Shape   the same rows for writing and reading. A side of a block has the keys that a result has
 *         for the same figures.
 * Source  docs/bench.session.1.schema.json says what each key means.
 */
#ifndef STORE_SESSION_ROWS_H
#define STORE_SESSION_ROWS_H

#include "store/fields.h"

extern const struct field session_rows[];        /* struct session */
extern const struct field session_tool_rows[];   /* struct session: its "tool" */
extern const struct field session_course_rows[]; /* struct session: how it was measured */
extern const struct field session_gate_rows[];   /* struct session_gate: all but its kind */
extern const struct field session_arm_rows[];    /* struct session_arm */
extern const struct field session_block_rows[];  /* struct session_block */
extern const struct field session_side_rows[];   /* struct session_side */
extern const struct field session_late_rows[];   /* the same: not in older files */
extern const struct field session_share_rows[];  /* struct session_share */
extern const struct field session_server_rows[]; /* struct process_cost */
extern const struct field session_tls_rows[];    /* struct tls_use */
extern const struct field session_redo_rows[];   /* struct session_redo: all but flaw and arm */

#endif
