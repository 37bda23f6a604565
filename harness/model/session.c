#include "model/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

const char *const session_layout_names[SESSION_LAYOUT_COUNT] = {
    [SESSION_LAYOUT_SLICES] = "slices",
    [SESSION_LAYOUT_TRIALS] = "trials",
};
const char *const session_apart_names[SESSION_APART_COUNT] = {
    [SESSION_APART_ASKED] = "asked",
    [SESSION_APART_IDLE] = "idle-cpu",
    [SESSION_APART_START] = "start",
    [SESSION_APART_MEMORY] = "memory",
};
const char *const session_gate_kind_names[SESSION_GATE_KIND_COUNT] = {
    [SESSION_GATE_DETECT] = "detect",
    [SESSION_GATE_FAIL] = "fail",
    [SESSION_GATE_WARN] = "warn",
};
const char *const session_flaw_names[SESSION_FLAW_COUNT] = {
    [SESSION_FLAW_STOLEN] = "stolen",       [SESSION_FLAW_FOREIGN] = "foreign-cpu",
    [SESSION_FLAW_THROTTLED] = "throttled", [SESSION_FLAW_CLOCK] = "clock-set",
    [SESSION_FLAW_DIED] = "died",
};

void session_init(struct session *s)
{
    *s = (struct session){.max_blocks = SESSION_BLOCKS_MAX, .budget_s = NAN};
    environment_init(&s->environment);
}

static void arm_fini(struct session_arm *arm)
{
    settings_free(arm->config, arm->nconfig);
    free(arm->target);
    free(arm->name);
}

static void block_fini(const struct session *s, struct session_block *block)
{
    for (size_t i = 0; i < s->narms; i++)
        result_fini(&block->sides[i].result);
    free(block->sides);
}

void session_fini(struct session *s)
{
    for (size_t i = 0; i < s->nblocks; i++)
        block_fini(s, &s->blocks[i]);
    for (size_t i = 0; i < s->nredone; i++)
        free(s->redone[i].text);
    for (size_t i = 0; i < s->narms; i++)
        arm_fini(&s->arms[i]);
    for (size_t i = 0; i < s->ngates; i++)
        free(s->gates[i].text);
    for (size_t i = 0; i < s->nargv; i++)
        free(s->argv[i]);
    environment_fini(&s->environment);
    free(s->blocks);
    free(s->redone);
    free(s->arms);
    free(s->gates);
    free(s->argv);
    free(s->title);
    free(s->tool_version);
    free(s->path);
    free(s->problem);
    *s = (struct session){0};
}

bool session_is_open_loop(const struct session *s)
{
    static const char *const names[] = {"rate", "connection_rate"};
    bool any = false;
    for (size_t i = 0; s->narms > 0 && i < s->arms[0].nconfig; i++) {
        const struct setting *setting = &s->arms[0].config[i];
        for (size_t k = 0; k < LEN(names); k++)
            any |= setting->kind == SETTING_TEXT && strcmp(setting->name, names[k]) == 0;
    }
    return any;
}

struct session_arm *session_add_arm(struct session *s, const char *name, const char *target)
{
    s->arms = mem_grow(s->arms, s->narms + 1, sizeof *s->arms);
    struct session_arm *arm = &s->arms[s->narms++];
    *arm = (struct session_arm){.name = mem_strdup(name), .target = mem_strdup(target)};
    return arm;
}

void session_add_gate(struct session *s, enum session_gate_kind kind, const char *text,
                      bool is_default)
{
    s->gates = mem_grow(s->gates, s->ngates + 1, sizeof *s->gates);
    s->gates[s->ngates++] =
        (struct session_gate){.kind = kind, .is_default = is_default, .text = mem_strdup(text)};
}

void session_drop_gate(struct session *s, size_t gate)
{
    free(s->gates[gate].text);
    s->ngates--;
    memmove(&s->gates[gate], &s->gates[gate + 1], (s->ngates - gate) * sizeof *s->gates);
}

struct session_block *session_add_block(struct session *s)
{
    s->blocks = mem_grow(s->blocks, s->nblocks + 1, sizeof *s->blocks);
    struct session_block *block = &s->blocks[s->nblocks++];
    *block = (struct session_block){.is_valid = true};
    block->sides = mem_array(s->narms, sizeof *block->sides);
    for (size_t i = 0; i < s->narms; i++) {
        block->sides[i].share = (struct session_share){NAN, NAN, NAN, NAN};
        block->sides[i].padding_bytes = 0;
        result_init(&block->sides[i].result);
    }
    return block;
}

void session_drop_block(struct session *s)
{
    block_fini(s, &s->blocks[--s->nblocks]);
}

void session_drop_all(struct session *s)
{
    while (s->nblocks > 0)
        session_drop_block(s);
    while (s->nredone > 0)
        free(s->redone[--s->nredone].text);
    s->is_one_sided = false;
}

void session_add_redo(struct session *s, const struct session_redo *redo)
{
    s->redone = mem_grow(s->redone, s->nredone + 1, sizeof *s->redone);
    struct session_redo *copy = &s->redone[s->nredone++];
    *copy = *redo;
    copy->text = mem_strdup_or_null(redo->text);
}

/* The random numbers of one block, whatever was drawn in others. */
static void block_rng(uint64_t seed, size_t block, struct rng *out)
{
    struct rng of_session;
    rng_init(&of_session, seed);
    rng_init(out, rng_next(&of_session) + block);
}

bool session_is_mirrored(uint64_t seed, size_t block)
{
    struct rng rng;
    block_rng(seed, block, &rng);
    return rng_unit(&rng) < 0.5;
}

int64_t session_padding(uint64_t seed, size_t block, size_t arm)
{
    struct rng rng;
    block_rng(seed, block, &rng);
    for (size_t i = 0; i <= arm; i++)
        (void)rng_next(&rng); /* the first is the coin */
    return (int64_t)(rng_unit(&rng) * (SESSION_PADDING_MAX + 1));
}

/* There and back again, so that a drift within the block meets all arms alike. */
void session_slice_order(size_t narms, size_t slices, bool is_mirrored, size_t *order)
{
    for (size_t i = 0; i < narms * slices; i++) {
        size_t at = i % (2 * narms);
        size_t arm = at < narms ? at : 2 * narms - 1 - at;
        order[i] = is_mirrored ? narms - 1 - arm : arm;
    }
}
