#include "store/share_json.h"

#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "store/agree.h"
#include "store/doc.h"
#include "store/fields.h"

#define SHARE  "share"
#define MERGED "merged"
#define PLACE  32 /* bytes of "merged.parts[999]" */

#define IN(type, member) offsetof(struct type, member)

/* clang-format off */
static const struct field share_head_rows[] = {
    {"index", FIELD_COUNT, IN(share, index)},
    {"count", FIELD_COUNT, IN(share, count)},
    {"host", FIELD_TEXT_NULL, IN(share, host)},
    {.type = FIELD_END},
};

static const struct field share_rows[] = {
    {"start_us", FIELD_COUNT, IN(share, start_us)},
    {"start_skew_us", FIELD_SIGNED_NULL, IN(share, start_skew_us)},
    {"clock_error_us", FIELD_REAL_NULL, IN(share, clock_error_us)},
    {.type = FIELD_END},
};

static const struct field part_rows[] = {
    {"cores", FIELD_COUNT_NULL, IN(merged_part, cores)},
    {"connections", FIELD_COUNT, IN(merged_part, connections)},
    {"workers", FIELD_COUNT, IN(merged_part, workers)},
    {"start_s", FIELD_REAL_NULL, IN(merged_part, start_s)},
    {"duration", FIELD_REAL_NULL, IN(merged_part, duration_s)},
    {"due", FIELD_COUNT_NULL, IN(merged_part, due)},
    {"sent", FIELD_COUNT, IN(merged_part, sent)},
    {"completed", FIELD_COUNT, IN(merged_part, completed)},
    {"carried", FIELD_COUNT, IN(merged_part, carried)},
    {"timed_out", FIELD_COUNT, IN(merged_part, timed_out)},
    {"failed", FIELD_COUNT, IN(merged_part, failed)},
    {"in_flight_at_end", FIELD_COUNT, IN(merged_part, in_flight_at_end)},
    {"late", FIELD_COUNT_NULL, IN(merged_part, late)},
    {"slip_p50_ns", FIELD_COUNT_NULL, IN(merged_part, slip_p50_ns)},
    {"slip_p99_ns", FIELD_COUNT_NULL, IN(merged_part, slip_p99_ns)},
    {"slip_max_ns", FIELD_COUNT_NULL, IN(merged_part, slip_max_ns)},
    {"cpu_s", FIELD_REAL_NULL, IN(merged_part, cpu_s)},
    {"busiest_worker", FIELD_REAL_NULL, IN(merged_part, busiest_worker)},
    {"saturated", FIELD_FLAG, IN(merged_part, saturated)},
    {"sent_late", FIELD_FLAG, IN(merged_part, is_late)},
    {"why", FIELD_TEXT_NULL, IN(merged_part, why)},
    {.type = FIELD_END},
};

static const struct field merged_rows[] = {
    {"overlap", FIELD_REAL_NULL, IN(merged, overlap)},
    {"lost_after_s", FIELD_REAL_NULL, IN(merged, lost_after_s)},
    {"partial", FIELD_FLAG, IN(merged, partial)},
    {.type = FIELD_END},
};
/* clang-format on */

json_t *share_to_json(const struct share *s)
{
    json_t *object = fields_object(share_head_rows, s);
    fields_write(object, share_rows, s);
    return object;
}

static json_t *part_to_json(const struct merged_part *p)
{
    json_t *object = share_to_json(&p->share);
    fields_write(object, part_rows, p);
    doc_put(object, "offered_rate", doc_figure(merged_part_offered_rps(p)));
    doc_put(object, "achieved_rate", doc_figure(merged_part_achieved_rps(p)));
    doc_put(object, "state", doc_text(part_state_names[p->state]));
    return object;
}

json_t *merged_to_json(const struct merged *m)
{
    json_t *object = fields_object(merged_rows, m);
    json_t *parts = json_array();
    for (size_t i = 0; i < m->nparts; i++)
        (void)json_array_append_new(parts, part_to_json(&m->parts[i]));
    doc_put(object, "parts", parts);
    return object;
}

/* --- reading --- */

static int head_read(const json_t *object, const char *where, struct share *s, struct err *err)
{
    if (fields_read(object, where, share_head_rows, s, err) < 0)
        return -1;
    if (s->count < 1 || s->count > SHARES_MAX)
        return field_problem(where, "count", "is not a number of shares", err);
    if (s->index >= s->count)
        return field_problem(where, "index", "is not below the count", err);
    return 0;
}

static int share_read(const json_t *object, const char *where, struct share *s, struct err *err)
{
    return head_read(object, where, s, err) < 0 ? -1
                                                : fields_read(object, where, share_rows, s, err);
}

int share_head_from_json(const json_t *line, struct share *out, struct err *err)
{
    json_t *object = NULL;
    if (field_object(line, "", SHARE, &object, err) < 0)
        return -1;
    return head_read(object, SHARE, out, err);
}

/* A rate that stands beside the counts that it is made of. */
static int check_rate(const json_t *object, const char *where, const char *key, double derived,
                      struct err *err)
{
    const json_t *said = json_object_get(object, key);
    if (said == NULL ||
        !agree_figure(json_is_number(said) ? json_number_value(said) : NAN, derived, 0))
        return field_problem(where, key, "is not what counts and duration give", err);
    return 0;
}

static int check_part(const json_t *object, const char *where, const struct merged_part *p,
                      const struct result *r, struct err *err)
{
    if (p->sent != p->completed + p->timed_out + p->failed + p->in_flight_at_end)
        return field_problem(where, "sent", "is not the sum of what became of it", err);
    if ((p->due == MISSING) != (r->accounting.due == MISSING))
        return field_problem(where, "due", "and accounting.due do not say the same loop", err);
    if (p->late != MISSING && p->late > p->sent)
        return field_problem(where, "late", "is more than sent", err);
    if ((p->why == NULL) != (p->state == PART_WHOLE))
        return field_problem(where, "why", "does not fit the state", err);
    if (check_rate(object, where, "offered_rate", merged_part_offered_rps(p), err) < 0)
        return -1;
    return check_rate(object, where, "achieved_rate", merged_part_achieved_rps(p), err);
}

static int part_read(const json_t *object, const struct result *r, struct err *err)
{
    struct merged *m = r->merged;
    char where[PLACE];
    (void)snprintf(where, sizeof where, MERGED ".parts[%zu]", m->nparts);
    struct merged_part *p = &m->parts[m->nparts++];
    merged_part_init(p);
    if (!json_is_object(object))
        return field_problem("", where, "is not an object", err);
    if (share_read(object, where, &p->share, err) < 0 ||
        fields_read(object, where, part_rows, p, err) < 0)
        return -1;
    int state = field_name_index(json_object_get(object, "state"), part_state_names, PART_STATES);
    if (state < 0)
        return field_problem(where, "state", "is none that a share can have", err);
    p->state = (enum part_state)state;
    if (p->share.index != (int64_t)m->nparts - 1)
        return field_problem(where, "index", "is not its place among the parts", err);
    return check_part(object, where, p, r, err);
}

/* Untrusted counts of many parts could overflow. */
static void add(int64_t *sum, int64_t count)
{
    if (count != MISSING)
        *sum = count > INT64_MAX - *sum ? INT64_MAX : *sum + count;
}

static int check_sums(const struct result *r, struct err *err)
{
    const struct accounting *a = &r->accounting;
    const struct {
        const char *key;
        size_t at; /* in a part */
        int64_t whole;
    } sums[] = {
        {"connections", IN(merged_part, connections), r->connections},
        {"workers", IN(merged_part, workers), r->workers},
        {"sent", IN(merged_part, sent), a->sent},
        {"completed", IN(merged_part, completed), a->completed},
        {"carried", IN(merged_part, carried), a->carried},
        {"timed_out", IN(merged_part, timed_out), a->timed_out},
        {"failed", IN(merged_part, failed), accounting_failed(a)},
        {"in_flight_at_end", IN(merged_part, in_flight_at_end), a->in_flight_at_end},
        {"due", IN(merged_part, due), a->due == MISSING ? 0 : a->due},
    };
    for (size_t i = 0; i < LEN(sums); i++) {
        int64_t sum = 0;
        for (size_t k = 0; k < r->merged->nparts; k++)
            add(&sum,
                *(const int64_t *)(const void *)((const char *)&r->merged->parts[k] + sums[i].at));
        bool is_told = sums[i].whole != MISSING; /* a side of a session has no connections */
        if (is_told && sum != sums[i].whole)
            return field_problem(MERGED, sums[i].key, "of the parts is not that of the result",
                                 err);
    }
    return 0;
}

static int check_merged(const struct result *r, struct err *err)
{
    const struct merged *m = r->merged;
    bool saturated = false;
    for (size_t i = 0; i < m->nparts; i++) {
        if (m->parts[i].share.count != (int64_t)m->nparts)
            return field_problem(MERGED, "parts", "are not as many as the plan has shares", err);
        saturated |= m->parts[i].saturated;
    }
    if (saturated && !r->client.saturated)
        return field_problem("client", "saturated", "is false, and a host was", err);
    if (!(m->overlap >= 0 && m->overlap <= 1))
        return field_problem(MERGED, "overlap", "is not from 0 to 1", err);
    return check_sums(r, err);
}

static int merged_read(const json_t *object, struct result *r, struct err *err)
{
    json_t *parts = NULL;
    r->merged = mem_zalloc(sizeof *r->merged);
    if (fields_read(object, MERGED, merged_rows, r->merged, err) < 0 ||
        field_array(object, MERGED, "parts", &parts, err) < 0)
        return -1;
    size_t count = json_array_size(parts);
    if (count < 1 || count > SHARES_MAX)
        return field_problem(MERGED, "parts", "are not as many as a plan can have shares", err);
    r->merged->parts = mem_array(count, sizeof *r->merged->parts);
    for (size_t i = 0; i < count; i++) {
        if (part_read(json_array_get(parts, i), r, err) < 0)
            return -1;
    }
    return check_merged(r, err);
}

int merged_from_json(const json_t *doc, struct result *r, struct err *err)
{
    json_t *merged = NULL;
    if (json_object_get(doc, MERGED) == NULL)
        return 0;
    return field_object(doc, "", MERGED, &merged, err) < 0 ? -1 : merged_read(merged, r, err);
}

int shares_from_json(const json_t *doc, struct result *r, struct err *err)
{
    json_t *share = json_object_get(doc, SHARE);
    if (share != NULL && json_object_get(doc, MERGED) != NULL)
        return field_problem("", SHARE, "and " MERGED " do not go together", err);
    if (share == NULL)
        return merged_from_json(doc, r, err);
    if (field_object(doc, "", SHARE, &share, err) < 0)
        return -1;
    r->share = mem_zalloc(sizeof *r->share);
    return share_read(share, SHARE, r->share, err);
}
