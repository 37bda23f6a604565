#include "rank/seconds.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stat/hist_text.h"
#include "store/doc.h"

/* The lines of one member that were not taken yet. */
struct given {
    json_t **lines;
    size_t count;  /* that it gave in all */
    double last_s; /* the end of the last one */
    bool left;
};

struct seconds {
    int members;
    size_t taken;
    struct given *of;
};

struct seconds *seconds_new(int members)
{
    struct seconds *s = mem_zalloc(sizeof *s);
    s->members = members;
    s->of = mem_array((size_t)members, sizeof *s->of);
    return s;
}

void seconds_free(struct seconds *s)
{
    if (s == NULL)
        return;
    for (int i = 0; i < s->members; i++) {
        for (size_t k = s->taken; k < s->of[i].count; k++)
            json_decref(s->of[i].lines[k]);
        free(s->of[i].lines);
    }
    free(s->of);
    free(s);
}

int seconds_add(struct seconds *s, int member, const char *line, struct err *err)
{
    struct given *g = &s->of[member];
    json_t *second = doc_parse(line, strlen(line), err);
    if (second == NULL)
        return -1;
    const char *schema = json_string_value(json_object_get(second, "schema"));
    const json_t *at_s = json_object_get(second, "at_s");
    if (schema == NULL || strcmp(schema, "bench.second/1") != 0 || !json_is_number(at_s) ||
        g->left) {
        json_decref(second);
        return err_set(err, ERR_USAGE, "a line is no bench.second/1");
    }
    g->lines = mem_one_more(g->lines, g->count, sizeof(json_t *));
    g->lines[g->count++] = second;
    g->last_s = json_number_value(at_s);
    return 0;
}

void seconds_leave(struct seconds *s, int member)
{
    s->of[member].left = true;
}

/* ---- one of all ---- */

/* Adds up numbers under the same names; what is missing on one side is that of the other. */
static void add_numbers(json_t *into, json_t *from)
{
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value)
    {
        json_t *sum = json_object_get(into, key);
        if (sum == NULL)
            doc_put(into, key, json_deep_copy(value));
        else if (json_is_integer(sum) && json_is_integer(value))
            (void)json_integer_set(sum, json_integer_value(sum) + json_integer_value(value));
    }
}

/* The same, and of the objects in it: {"failed": {"reset": 1}}. */
static void add_counts(json_t *into, json_t *from)
{
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value)
    {
        json_t *sum = json_object_get(into, key);
        if (json_is_object(sum) && json_is_object(value))
            add_numbers(sum, value);
    }
    add_numbers(into, from);
}

/* The counts of a second; null when one of them is not known. */
static void add_known(json_t *into, const json_t *from, const char *key)
{
    const json_t *more = json_object_get(from, key);
    const json_t *sum = json_object_get(into, key);
    if (json_is_integer(sum) && json_is_integer(more))
        doc_put(into, key, doc_count(json_integer_value(sum) + json_integer_value(more)));
    else
        doc_put(into, key, json_null());
}

static void put_longest(json_t *into, const json_t *from, const char *key)
{
    double s = json_number_value(json_object_get(from, key));
    if (s > json_number_value(json_object_get(into, key)))
        doc_put(into, key, doc_real(s));
}

static void add_second(json_t *into, const json_t *from, struct hist *latency)
{
    static const char *const counts[] = {"requests", "due",     "sent", "late",
                                         "errors",   "non_2xx", "bytes"};
    static const char *const objects[] = {"faults", "statuses"};
    struct err err;
    for (size_t i = 0; i < LEN(counts); i++)
        add_known(into, from, counts[i]);
    for (size_t i = 0; i < LEN(objects); i++) {
        if (json_is_object(json_object_get(into, objects[i])))
            add_counts(json_object_get(into, objects[i]), json_object_get(from, objects[i]));
    }
    const char *text = json_string_value(json_object_get(from, "latency"));
    if (text != NULL)
        (void)hist_text_read(text, latency, &err); /* what cannot be read is in no percentile */
    put_longest(into, from, "length_s");
    put_longest(into, from, "at_s"); /* what all did until then is in it */
}

static void put_latency(json_t *second, const struct hist *latency)
{
    static const struct {
        const char *name;
        double q;
    } percentiles[] = {{"p50_ns", 0.5}, {"p99_ns", 0.99}};
    struct buf text;
    bool any = hist_count(latency) > 0;
    for (size_t i = 0; i < LEN(percentiles); i++)
        doc_put(second, percentiles[i].name,
                any ? json_integer(hist_percentile_ns(latency, percentiles[i].q)) : json_null());
    doc_put(second, "max_ns", any ? json_integer(hist_max_ns(latency)) : json_null());
    buf_init(&text, BUF_TEXT_MAX);
    hist_text_write(latency, &text);
    doc_put(second, "latency", doc_text(text.data));
    buf_fini(&text);
}

/* Every member that has it, in one; NULL when none has. */
static json_t *sum_of(const struct seconds *s, size_t k)
{
    json_t *sum = NULL;
    int hosts = 0;
    struct hist *latency = hist_text_new();
    for (int i = 0; i < s->members; i++) {
        if (k >= s->of[i].count)
            continue;
        if (sum == NULL) {
            const json_t *first = s->of[i].lines[k];
            struct err err;
            const char *text = json_string_value(json_object_get(first, "latency"));
            sum = json_deep_copy(first);
            if (text != NULL)
                (void)hist_text_read(text, latency, &err);
        } else {
            add_second(sum, s->of[i].lines[k], latency);
        }
        hosts++;
    }
    if (sum != NULL) {
        (void)json_object_del(sum, "share");
        if (json_object_get(sum, "latency") != NULL)
            put_latency(sum, latency);
        doc_put(sum, "hosts", doc_count(hosts));
    }
    hist_free(latency);
    return sum;
}

bool seconds_take(struct seconds *s, struct buf *out)
{
    for (int i = 0; i < s->members; i++) {
        if (s->of[i].count <= s->taken && !s->of[i].left)
            return false;
    }
    json_t *sum = sum_of(s, s->taken);
    if (sum == NULL)
        return false;
    doc_dump(sum, DOC_LINE, out);
    json_decref(sum);
    for (int i = 0; i < s->members; i++) {
        if (s->of[i].count > s->taken)
            json_decref(s->of[i].lines[s->taken]);
    }
    s->taken++;
    return true;
}

double seconds_of_all(const struct seconds *s)
{
    double least_s = s->of[0].last_s;
    for (int i = 1; i < s->members; i++)
        least_s = s->of[i].last_s < least_s ? s->of[i].last_s : least_s;
    return least_s;
}
