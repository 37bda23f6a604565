#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "store/accounting_json.h"
#include "store/hist_json.h"
#include "store/result_measures.h"
#include "store/result_rows.h"
#include "store/session_check.h"
#include "store/session_file.h"
#include "store/session_json.h"
#include "store/session_rows.h"
#include "store/settings_json.h"
#include "store/share_json.h"

#define PLACE 64 /* bytes of "blocks[123456].sides[123456].share" */

static int read_tool(const json_t *doc, struct session *s, struct err *err)
{
    if (field_rows(doc, "tool", session_tool_rows, s, err) < 0)
        return -1;
    return field_tool_argv(doc, &s->argv, &s->nargv, err);
}

static int read_gate(const json_t *entry, const char *where, struct session *s, struct err *err)
{
    int kind = field_name_index(json_object_get(entry, "kind"), session_gate_kind_names,
                                SESSION_GATE_KIND_COUNT);
    if (kind < 0)
        return field_problem(where, "kind", "is none of detect, fail, warn", err);
    session_add_gate(s, (enum session_gate_kind)kind, "", false);
    struct session_gate *gate = &s->gates[s->ngates - 1];
    if (fields_read(entry, where, session_gate_rows, gate, err) < 0)
        return -1;
    return gate->text[0] == '\0' ? field_problem(where, "text", "is empty", err) : 0;
}

static int read_gates(const json_t *doc, struct session *s, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "gates", &array, err) < 0)
        return -1;
    if (json_array_size(array) > SESSION_GATES_MAX)
        return field_problem("", "gates", "are more than " STR_NUMBER(SESSION_GATES_MAX), err);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "gates[%zu]", i);
        if (read_gate(entry, where, s, err) < 0)
            return -1;
    }
    return 0;
}

static bool find_arm(const struct session *s, const char *name, size_t *out)
{
    for (size_t i = 0; i < s->narms; i++) {
        if (strcmp(s->arms[i].name, name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static int read_arm(const json_t *entry, const char *where, struct session *s, struct err *err)
{
    size_t same = 0;
    const char *name = json_string_value(json_object_get(entry, "name"));
    if (name == NULL || *name == '\0')
        return field_problem(where, "name", "is not a text of one character or more", err);
    if (find_arm(s, name, &same))
        return field_problem(where, "name", "is that of another arm", err);
    struct session_arm *arm = session_add_arm(s, name, "");
    if (fields_read(entry, where, session_arm_rows, arm, err) < 0)
        return -1;
    return settings_from_json(entry, where, &arm->config, &arm->nconfig, err);
}

static int read_arms(const json_t *doc, struct session *s, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "arms", &array, err) < 0)
        return -1;
    if (json_array_size(array) != (s->has_control ? 3 : 2))
        return field_problem(
            "", "arms", s->has_control ? "are not three, as with a control" : "are not two", err);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "arms[%zu]", i);
        if (read_arm(entry, where, s, err) < 0)
            return -1;
    }
    return 0;
}

static int read_course(const json_t *doc, struct session *s, struct err *err)
{
    int layout = field_name_index(json_object_get(doc, "layout"), session_layout_names,
                                  SESSION_LAYOUT_COUNT);
    int apart =
        field_name_index(json_object_get(doc, "apart"), session_apart_names, SESSION_APART_COUNT);
    if (layout < 0)
        return field_problem("", "layout", "is none of slices, trials", err);
    if (apart < 0)
        return field_problem("", "apart", "is none of null, asked, idle-cpu, start, memory", err);
    if ((layout == SESSION_LAYOUT_TRIALS) != (apart != SESSION_TOGETHER))
        return field_problem("", "apart", "contradicts the layout", err);
    s->layout = (enum session_layout)layout;
    s->apart = (enum session_apart)apart;
    return fields_read(doc, "", session_course_rows, s, err);
}

static int read_server(const json_t *entry, struct result *r, struct err *err)
{
    r->has_server = !json_is_null(json_object_get(entry, "server"));
    return r->has_server ? field_rows(entry, "server", session_server_rows, &r->server.total, err)
                         : 0;
}

/* A side without TLS has no key. */
static int read_tls(const json_t *entry, struct result *r, struct err *err)
{
    r->has_tls = json_object_get(entry, "tls") != NULL;
    return r->has_tls ? field_rows(entry, "tls", session_tls_rows, &r->tls, err) : 0;
}

static int read_hists(const json_t *entry, struct result *r, struct err *err)
{
    json_t *hists = NULL;
    if (field_object(entry, "", "histograms", &hists, err) < 0 ||
        hist_from_json(hists, "histograms", "latency", &r->latency, err) < 0)
        return -1;
    return hist_from_json(hists, "histograms", "unfinished", &r->unfinished, err);
}

/* A side does not say how many connections it had, nor threads. */
static int read_merged(const json_t *entry, struct result *r, struct err *err)
{
    r->connections = r->workers = MISSING;
    int failed = merged_from_json(entry, r, err);
    r->connections = r->workers = 0;
    return failed;
}

/* What a side has in common with a result. */
static int read_measures(const json_t *entry, struct session_side *side, struct err *err)
{
    struct result *r = &side->result;
    if (json_object_get(entry, "late") != NULL &&
        fields_read(entry, "", session_late_rows, side, err) < 0)
        return -1;
    if (fields_read(entry, "", session_side_rows, side, err) < 0 ||
        field_rows(entry, "share", session_share_rows, &side->share, err) < 0 ||
        accounting_from_json(entry, &r->accounting, err) < 0 || read_server(entry, r, err) < 0 ||
        read_tls(entry, r, err) < 0 || result_read_warnings(entry, r, err) < 0)
        return -1;
    if (read_merged(entry, r, err) < 0)
        return -1;
    if (side->padding_bytes > SESSION_PADDING_MAX)
        return field_problem("", "padding_bytes", "is more than " STR_NUMBER(SESSION_PADDING_MAX),
                             err);
    return read_hists(entry, r, err);
}

static int read_sides(const json_t *entry, const char *where, const struct session *s,
                      struct session_block *block, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *value = NULL;
    if (field_array(entry, where, "sides", &array, err) < 0)
        return -1;
    if (json_array_size(array) != s->narms)
        return field_problem(where, "sides", "are not one for each arm", err);
    json_array_foreach(array, i, value)
    {
        if (read_measures(value, &block->sides[i], err) < 0)
            return err_wrap(err, "%s.sides[%zu]", where, i);
    }
    return 0;
}

static int read_blocks(const json_t *doc, struct session *s, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "blocks", &array, err) < 0)
        return -1;
    if (json_array_size(array) > SESSION_BLOCKS_MAX)
        return field_problem("", "blocks", "are more than " STR_NUMBER(SESSION_BLOCKS_MAX), err);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "blocks[%zu]", i);
        struct session_block *block = session_add_block(s);
        if (fields_read(entry, where, session_block_rows, block, err) < 0 ||
            read_sides(entry, where, s, block, err) < 0)
            return -1;
    }
    return 0;
}

static int read_redo(const json_t *entry, const char *where, struct session *s, struct err *err)
{
    struct session_redo redo = {0};
    int64_t block = 0;
    const char *name = json_string_value(json_object_get(entry, "arm"));
    int flaw =
        field_name_index(json_object_get(entry, "flaw"), session_flaw_names, SESSION_FLAW_COUNT);
    if (field_count(entry, where, "block", &block, err) < 0)
        return -1;
    if (block >= SESSION_BLOCKS_MAX)
        return field_problem(where, "block", "is none of a session's", err);
    if (flaw < 0)
        return field_problem(where, "flaw",
                             "is none of stolen, foreign-cpu, throttled, clock-set, died", err);
    if (name == NULL || !find_arm(s, name, &redo.arm))
        return field_problem(where, "arm", "is not the name of an arm", err);
    redo.block = (size_t)block;
    redo.flaw = (enum session_flaw)flaw;
    session_add_redo(s, &redo);
    return fields_read(entry, where, session_redo_rows, &s->redone[s->nredone - 1], err);
}

static int read_redone(const json_t *doc, struct session *s, struct err *err)
{
    json_t *array = NULL;
    size_t i = 0;
    json_t *entry = NULL;
    if (field_array(doc, "", "redone", &array, err) < 0)
        return -1;
    if (json_array_size(array) > SESSION_REDONE_MAX)
        return field_problem("", "redone", "are more than two for each block", err);
    json_array_foreach(array, i, entry)
    {
        char where[PLACE];
        (void)snprintf(where, sizeof where, "redone[%zu]", i);
        if (read_redo(entry, where, s, err) < 0)
            return -1;
    }
    return 0;
}

static int read_all(const json_t *doc, struct session *s, struct err *err)
{
    if (field_schema(doc, SESSION_SCHEMA, "session", err) < 0 ||
        fields_read(doc, "", session_rows, s, err) < 0)
        return -1;
    if (s->max_blocks < 1 || s->max_blocks > SESSION_BLOCKS_MAX)
        return field_problem("", "max_blocks", "is not from 1 to " STR_NUMBER(SESSION_BLOCKS_MAX),
                             err);
    if (read_tool(doc, s, err) < 0 ||
        field_rows(doc, "environment", environment_rows, &s->environment, err) < 0)
        return -1;
    if (read_gates(doc, s, err) < 0 || read_arms(doc, s, err) < 0 || read_course(doc, s, err) < 0)
        return -1;
    if (read_redone(doc, s, err) < 0 || read_blocks(doc, s, err) < 0)
        return -1;
    return session_check(s, err);
}

int session_from_json(const json_t *doc, struct session *out, struct err *err)
{
    session_init(out);
    int result = read_all(doc, out, err);
    if (result < 0)
        session_fini(out);
    return result;
}

int session_read(const char *bytes, size_t len, struct session *out, struct err *err)
{
    json_t *doc = doc_parse(bytes, len, err);
    int result = doc == NULL ? -1 : session_from_json(doc, out, err);
    json_decref(doc);
    return result;
}
