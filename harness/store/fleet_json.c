#include "store/fleet_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/second.h"
#include "store/doc.h"
#include "store/fields.h"
#include "store/result_json.h"

#define TEXT_MOST 600 /* bytes of a text that is shown */

/* A text for people: without what would drive a terminal, and not too long. NULL: there is none. */
static char *shown(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (text == NULL)
        return NULL;
    char *copy = mem_strndup(text, str_fit(text, TEXT_MOST));
    str_make_printable(copy, strlen(copy));
    return copy;
}

static void add_host(const json_t *object, struct fleet_line *out)
{
    char *host = shown(object, "host");
    str_list_add(&out->hosts, host == NULL ? "?" : host);
    free(host);
}

static void read_hosts(const json_t *doc, struct fleet_line *out)
{
    size_t i = 0;
    const json_t *host = NULL;
    json_array_foreach(json_object_get(doc, "hosts"), i, host) add_host(host, out);
}

static void read_event(const json_t *doc, struct fleet_line *out)
{
    static const struct {
        const char *name;
        enum fleet_news news;
    } events[] = {{"hosts", FLEET_HOSTS},
                  {"window", FLEET_WINDOW},
                  {"end", FLEET_END},
                  {"lost", FLEET_LOST},
                  {"failed", FLEET_FAILED}};
    const char *name = json_string_value(json_object_get(doc, "event"));
    for (size_t i = 0; i < LEN(events) && name != NULL; i++) {
        if (strcmp(events[i].name, name) == 0)
            out->news = events[i].news;
    }
    if (out->news == FLEET_HOSTS)
        read_hosts(doc, out);
    else if (out->news == FLEET_LOST)
        add_host(doc, out);
    if (out->news == FLEET_LOST || out->news == FLEET_FAILED)
        out->text = shown(doc, out->news == FLEET_LOST ? "why" : "message");
    const json_t *code = json_object_get(doc, "code");
    out->code = json_is_integer(code) ? json_integer_value(code) : MISSING;
}

/* A count that may be missing or null; then *out stays as it is. */
static int read_count(const json_t *object, const char *key, int64_t *out, struct err *err)
{
    const json_t *value = json_object_get(object, key);
    return value == NULL || json_is_null(value) ? 0 : field_count(object, "second", key, out, err);
}

static int read_faults(const json_t *doc, struct faults *out, struct err *err)
{
    const json_t *faults = json_object_get(doc, "faults");
    const json_t *failed = json_object_get(faults, "failed");
    int wrong = read_count(faults, "timed_out", &out->timed_out, err);
    if (wrong == 0)
        wrong = read_count(faults, "connect_failed", &out->connect_failed, err);
    for (size_t i = 0; i < LOSS_COUNT && wrong == 0; i++)
        wrong = read_count(failed, loss_keys[i], &out->failed[i], err);
    return wrong;
}

static int read_counts(const json_t *doc, struct second *s, struct err *err)
{
    const struct {
        const char *key;
        int64_t *to;
    } counts[] = {{"requests", &s->requests}, {"errors", &s->errors}, {"non_2xx", &s->non_2xx},
                  {"bytes", &s->bytes},       {"due", &s->due},       {"sent", &s->sent},
                  {"late", &s->late},         {"p50_ns", &s->p50_ns}, {"p99_ns", &s->p99_ns},
                  {"max_ns", &s->max_ns}};
    for (size_t i = 0; i < LEN(counts); i++) {
        if (read_count(doc, counts[i].key, counts[i].to, err) < 0)
            return -1;
    }
    return 0;
}

/* What other processes sampled of a server is not read: the one of the run is here. */
static int read_second(const json_t *doc, struct fleet_line *out, struct err *err)
{
    struct second *s = &out->second;
    const json_t *at_s = json_object_get(doc, "at_s");
    const json_t *length_s = json_object_get(doc, "length_s");
    second_init(s);
    out->news = FLEET_SECOND;
    if (!json_is_number(at_s) || !json_is_number(length_s) || !(json_number_value(length_s) > 0))
        return err_set(err, ERR_USAGE, "a second has no at_s and length_s");
    s->at_s = json_number_value(at_s);
    s->length_s = json_number_value(length_s);
    return read_counts(doc, s, err) < 0 ? -1 : read_faults(doc, &s->faults, err);
}

static int read_result(const json_t *doc, struct fleet_line *out, struct err *err)
{
    struct result *r = mem_zalloc(sizeof *r);
    if (result_from_json(doc, r, err) < 0) {
        free(r);
        return -1;
    }
    out->news = FLEET_RESULT;
    out->result = r;
    return 0;
}

static int read_doc(const json_t *doc, struct fleet_line *out, struct err *err)
{
    const char *schema = json_string_value(json_object_get(doc, "schema"));
    if (schema == NULL)
        return err_set(err, ERR_USAGE, "it has no schema");
    if (strcmp(schema, "bench.fleet/1") == 0)
        read_event(doc, out);
    else if (strcmp(schema, "bench.second/1") == 0)
        return read_second(doc, out, err);
    else if (strcmp(schema, RESULT_SCHEMA) == 0)
        return read_result(doc, out, err);
    return 0;
}

int fleet_line_read(const char *text, size_t len, struct fleet_line *out, struct err *err)
{
    *out = (struct fleet_line){0};
    json_t *doc = doc_parse(text, len, err);
    if (doc == NULL)
        return -1;
    int failed = read_doc(doc, out, err);
    json_decref(doc);
    return failed;
}

void fleet_line_fini(struct fleet_line *line)
{
    str_list_fini(&line->hosts);
    free(line->text);
    if (line->result != NULL)
        result_fini(line->result);
    free(line->result);
}
