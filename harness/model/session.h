/* session: two arms measured side by side in blocks, the struct behind bench.session/1.
 *
 * Shape   the first arm is the reference, the second is the one that is judged against it, a third
 *         is the control: a copy of the reference. A block measures each arm once, with fresh
 *         processes: in slices that alternate, or, where the arms cannot live together, in one
 *         trial each. The block is the sample; verdicts rest on differences within blocks, never on
 *         requests. A block that the machine disturbed unevenly, or whose server died, was measured
 *         again, and is kept in `redone` without its figures.
 *         Everything that a verdict needs is here, so it can be derived again from a stored one.
 * Units   in the names; 0 means "none" for limits.
 * Owner   a session owns everything in it; session_fini frees it.
 * Errors  none: it is data.
 */
#ifndef MODEL_SESSION_H
#define MODEL_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/result.h"

#define SESSION_SCHEMA       "bench.session/1"
#define SESSION_ARMS_MAX     3
#define SESSION_BLOCKS_MAX   24
#define SESSION_REDONE_MAX   48 /* each block twice */
#define SESSION_GATES_MAX    100
#define SESSION_SLICES_LEAST 6 /* of each arm in a block */
#define SESSION_SLICES_MOST  96
#define SESSION_PADDING_MAX  4096

enum session_layout { SESSION_LAYOUT_SLICES, SESSION_LAYOUT_TRIALS, SESSION_LAYOUT_COUNT };
extern const char *const session_layout_names[SESSION_LAYOUT_COUNT]; /* "slices", "trials" */

/* Why whole trials were measured instead of slices. */
enum session_apart {
    SESSION_TOGETHER,
    SESSION_APART_ASKED,  /* by an option */
    SESSION_APART_IDLE,   /* an arm without load used over 2 % of a core */
    SESSION_APART_START,  /* the second arm does not start beside the first */
    SESSION_APART_MEMORY, /* both together do not fit into memory */
    SESSION_APART_COUNT
};
extern const char *const session_apart_names[SESSION_APART_COUNT]; /* NULL for TOGETHER */

struct session_arm {
    char *name;
    char *target; /* as given, without passwords: a URL, a command, or options of run */
    bool is_url;  /* no fresh processes, and no CPU or memory is known */
    struct setting *config;
    size_t nconfig;
};

/* How a gate was asked for. */
enum session_gate_kind {
    SESSION_GATE_DETECT, /* "p99 20%": a change of that size must not go unnoticed */
    SESSION_GATE_FAIL,   /* "p99>+10% and +1ms", or an absolute limit, "p99>250ms" */
    SESSION_GATE_WARN,
    SESSION_GATE_KIND_COUNT
};
extern const char *const session_gate_kind_names[SESSION_GATE_KIND_COUNT];

struct session_gate {
    enum session_gate_kind kind;
    bool is_default; /* nobody asked for it: where it cannot be measured it is dropped */
    char *text;
};

/* What the machine did to one arm in one block, in cores, over the arm's own slices. */
struct session_share {
    double stolen;    /* by the hypervisor */
    double foreign;   /* used by other programs */
    double throttled; /* by a quota of the control group */
    double idle;      /* used by the arm itself while the other one had the load; NAN: not known */
};

/* What one arm gave in one block: `result` holds the sum of its slices, only as far as a block
 * measures it: accounting, latency and unfinished histograms, duration_s, the server's total CPU
 * and peak memory, and for a server that died target_end with its last words in a warning. */
struct session_side {
    struct result result;
    struct session_share share;
    int64_t padding_bytes; /* of the environment of its processes */
};

struct session_block {
    int64_t started_wall_ms;
    bool is_mirrored; /* BAAB instead of ABBA; of trials: the second arm came first */
    bool is_valid;    /* false: redone twice, and still disturbed or dead; it decides nothing */
    struct session_side *sides; /* one per arm, in their order */
};

/* Why a block was measured again. */
enum session_flaw {
    SESSION_FLAW_STOLEN,
    SESSION_FLAW_FOREIGN,
    SESSION_FLAW_THROTTLED,
    SESSION_FLAW_CLOCK, /* the wall clock was set meanwhile */
    SESSION_FLAW_DIED,  /* a server, or it did not start */
    SESSION_FLAW_COUNT
};
extern const char *const session_flaw_names[SESSION_FLAW_COUNT];

struct session_redo {
    size_t block; /* which one it would have been; the first is 0 */
    enum session_flaw flaw;
    size_t arm;       /* the one that was worse off, or died */
    double imbalance; /* by how many cores; NAN where it has no size */
    char *text;       /* the last words of a server; NULL: none */
};

struct session {
    char *title, *tool_version;
    char **argv;
    size_t nargv;
    struct environment environment;
    int64_t started_wall_ms, finished_wall_ms;
    double measured_s; /* the time that all its blocks took, with those that were redone */

    char *path;    /* of the requests; NULL: each arm's own */
    uint64_t seed; /* at most 2^53 - 1 */
    int64_t max_blocks;
    double budget_s; /* NAN: no limit */
    bool has_control, all_gates;
    bool allow_errors;
    struct session_gate *gates;
    size_t ngates;
    struct session_arm *arms;
    size_t narms;

    enum session_layout layout;
    enum session_apart apart;
    int64_t slices;             /* of each arm in a block: an even number */
    int64_t slice_ns, guard_ns; /* all three are set by the pilot, and 0 until then. A whole trial
                                 * is as long as the slices of an arm together, and has no guard */
    bool is_one_sided; /* three redone blocks in a row were worse for one arm, which must cause it
                        * itself: from then on none was redone */
    struct session_block *blocks;
    size_t nblocks;
    struct session_redo *redone;
    size_t nredone;
    bool interrupted; /* by a signal; the blocks so far count */
    bool out_of_time; /* the budget was over before max_blocks */
    char *problem;    /* why it could not go on, with a server's last words; NULL */
};

void session_init(struct session *s);
void session_fini(struct session *s);
/* Copies the texts. */
/* Its arms were loaded at a given rate. */
bool session_is_open_loop(const struct session *s);
struct session_arm *session_add_arm(struct session *s, const char *name, const char *target);
void session_add_gate(struct session *s, enum session_gate_kind kind, const char *text,
                      bool is_default);
void session_drop_gate(struct session *s, size_t gate);
/* A new block with a side for each arm, all missing. It stays where it is until the next one. */
struct session_block *session_add_block(struct session *s);
void session_drop_block(struct session *s); /* the last one */
void session_drop_all(struct session *s);   /* blocks, and what was redone */
void session_add_redo(struct session *s, const struct session_redo *redo); /* copies the text */

/* The coin of a block: the same seed and number give the same side. */
bool session_is_mirrored(uint64_t seed, size_t block);
/* The padding of an arm's environment in a block: 0..SESSION_PADDING_MAX, from the seed. */
int64_t session_padding(uint64_t seed, size_t block, size_t arm);
/* The slices of a block in their order, as arms: ABBAABBAABBA or BAABBAABBAAB; with a control
 * ABCCBA and so on. `order` holds narms x slices. */
void session_slice_order(size_t narms, size_t slices, bool is_mirrored, size_t *order);

#endif
