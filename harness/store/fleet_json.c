#include "store/fleet_json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/doc.h"
#include "store/fields.h"
#include "store/result_json.h"
#include "store/result_rows.h"

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

/* A second of other processes says nothing of a server, and nothing of faults by their kind. */
static int read_second(const json_t *doc, struct fleet_line *out, struct err *err)
{
    struct second *s = &out->second;
    *s = (struct second){.due = MISSING, .sent = MISSING, .late = MISSING, .busiest_worker = NAN};
    out->news = FLEET_SECOND;
    if (fields_read(doc, "second", second_rows, s, err) < 0)
        return -1;
    if (json_object_get(doc, "due") == NULL)
        return 0;
    return fields_read(doc, "second", second_open_rows, s, err);
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
