/* verdict: what a session says of each gate, and of all.
 *
 * Shape   a pure function of the session: the same session gives the same verdict, byte for byte,
 *         while it is measured and from its document. Each gate is judged at fixed looks
 *         (stat/looks.h), its first decision is final, and the overall verdict is the worst of
 *         those that may fail: FAIL, INVALID, INCONCLUSIVE, PASS. A gate that only warns says FAIL
 *         when its limit is crossed, and changes nothing else. A block that gives a gate no value
 *         is never left out: from there on the gate is not judged any more.
 * Units   changes as d (natural logs, positive for worse; of errors a difference of shares); time
 *         in seconds.
 * Owner   a verdict borrows the session and owns its lists; verdict_fini frees it.
 * Errors  verdict_make: kind USAGE for a gate that does not parse, which only a stored session has.
 * Source  docs/verdicts.md.
 */
#ifndef ANALYSIS_VERDICT_VERDICT_H
#define ANALYSIS_VERDICT_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/verdict/change.h"
#include "base/err.h"
#include "model/session.h"
#include "stat/forecast.h"
#include "stat/looks.h"
#include "stat/walsh.h"

enum verdict_state {
    VERDICT_OPEN, /* of a gate: more blocks are to come; of all: none failed, and one is open */
    VERDICT_PASS,
    VERDICT_FAIL,
    VERDICT_INCONCLUSIVE,
    VERDICT_INVALID, /* could not be measured */
    VERDICT_STATE_COUNT
};
extern const char *const verdict_state_names[VERDICT_STATE_COUNT]; /* "open", "pass"; stable */

/* Why a gate is inconclusive or invalid: name, code. */
#define VERDICT_REASONS(X)                                                                         \
    X(NONE, "")                                                                                    \
    X(FEW_BLOCKS, "few-blocks")   /* fewer than the first look needs */                            \
    X(NOISE, "noise")             /* the last look decided nothing */                              \
    X(STOPPED, "stopped")         /* another gate failed before */                                 \
    X(INTERRUPTED, "interrupted") /* the session was, before */                                    \
    X(MACHINE, "machine")         /* blocks stayed disturbed unevenly */                           \
    X(ONE_SIDED, "one-sided")     /* and always for the same arm */                                \
    X(CONTROL, "control")         /* the control differs from the reference */                     \
    X(MISSING, "missing")         /* a block did not measure it */                                 \
    X(FEW_SAMPLES, "few-samples") /* too few requests beyond the percentile */                     \
    X(UNFINISHED, "unfinished")   /* requests that were given up hide it */                        \
    X(ERRORS, "errors")           /* over 1 % of errors, and no gate on them */                    \
    X(DIED, "died")               /* a server, again and again */                                  \
    X(SATURATED, "saturated")     /* the load generator was the limit */                           \
    X(LATE, "late")               /* it sent requests late */

enum verdict_reason {
#define X(name, code) VERDICT_REASON_##name,
    VERDICT_REASONS(X)
#undef X
        VERDICT_REASON_COUNT
};
extern const char *const verdict_reason_codes[VERDICT_REASON_COUNT];

/* For the reason ERRORS: their kind. */
enum verdict_error {
    VERDICT_ERROR_NON_2XX,
    VERDICT_ERROR_MISMATCH,
    VERDICT_ERROR_LOSS, /* timed out, failed or not connected */
    VERDICT_ERROR_COUNT
};
/* The limit that would excuse them: "non2xx>1%" */
extern const char *const verdict_error_limits[VERDICT_ERROR_COUNT];

/* One bound of a gate: its own differences. */
struct verdict_bound {
    const struct change_bound *bound;
    double *d; /* one a block of the session, in order; NAN where it is not known */
};

struct verdict_gate {
    struct change_gate gate;
    size_t arm; /* that is judged: 1, or 0 for a limit on the reference */
    enum verdict_state state;
    enum verdict_reason reason;
    size_t at_arm; /* for a reason that is one arm's: which */
    double errors; /* for ERRORS: its share of them */
    enum verdict_error error;
    int usable;              /* the blocks up to the first one without a value for this gate */
    const struct look *look; /* the one that decided, or the last that was due; or NULL */
    int blocks;              /* that were judged: those of its look, or all usable ones so far */

    bool has_interval;
    bool has_control;    /* the control was judged by this gate, at its look */
    bool has_forecast;   /* from the first look on */
    bool can_be_decided; /* within max_blocks, as forecast; true while it is not known */

    struct verdict_bound bounds[CHANGE_BOUNDS_MAX];
    struct walsh_interval interval; /* of the first bound, at that look; before the first look
                                     * and between looks for the eye only, at 95 % or less */
    struct walsh_interval control;
    double reference, other;  /* medians over these blocks of the reference and of `arm`, in
                               * gate.unit; NAN without a block */
    struct forecast forecast; /* of the first bound, from all usable blocks */
    double caught_at; /* as d: the size of the detection, or twice the margin of a limit; NAN: of
                       * an absolute limit */
};

struct verdict {
    const struct session *session;
    struct verdict_gate *gates;
    size_t ngates;
    enum verdict_state state;
    enum verdict_reason reason; /* of the first gate with that state */
    bool control_differs;
    size_t control_gate; /* the gate by which */
};

int verdict_make(const struct session *s, struct verdict *out, struct err *err);
void verdict_fini(struct verdict *v);
/* The exit code's kind: NONE, GATE, INCONCLUSIVE (only if is_strict), INVALID. */
enum err_kind verdict_kind(const struct verdict *v, bool is_strict);
/* How often this plan would have failed a true change of caught_at, at the spread of these blocks:
 * simulated anew at each call (stat/operating_point.h). NAN when it is not known. */
double verdict_caught(const struct verdict *v, const struct verdict_gate *g);
/* Whether another block would change anything: a gate is open, and none failed unless all_gates. */
bool verdict_goes_on(const struct verdict *v);
/* How many blocks the next look needs beyond those that the session has, whatever its maximum; 0:
 * there is no look any more. For --continue. */
int verdict_next_look(const struct session *s);
/* One sentence: why, and what would help; "" when there is nothing to add. text should hold 400
 * bytes. Returns text. */
char *verdict_explain(const struct verdict *v, const struct verdict_gate *g, char *text,
                      size_t size);

#endif
