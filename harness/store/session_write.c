#include "store/accounting_json.h"
#include "store/hist_json.h"
#include "store/result_json.h"
#include "store/result_rows.h"
#include "store/session_file.h"
#include "store/session_json.h"
#include "store/session_rows.h"
#include "store/settings_json.h"
#include "store/share_json.h"

static json_t *tool_object(const struct session *s)
{
    json_t *object = json_object();
    doc_put(object, "name", json_string("bench"));
    fields_write(object, session_tool_rows, s);
    doc_put(object, "argv", doc_texts(s->argv, s->nargv));
    return object;
}

static json_t *gates_array(const struct session *s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < s->ngates; i++) {
        json_t *object = json_object();
        doc_put(object, "kind", doc_text(session_gate_kind_names[s->gates[i].kind]));
        fields_write(object, session_gate_rows, &s->gates[i]);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *arms_array(const struct session *s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < s->narms; i++) {
        json_t *object = fields_object(session_arm_rows, &s->arms[i]);
        doc_put(object, "config", settings_to_json(s->arms[i].config, s->arms[i].nconfig));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *hists_object(const struct result *r)
{
    json_t *object = json_object();
    doc_put(object, "latency", hist_to_json(r->latency));
    doc_put(object, "unfinished", hist_to_json(r->unfinished));
    return object;
}

static json_t *side_object(const struct session_side *side)
{
    const struct result *r = &side->result;
    json_t *object = fields_object(session_side_rows, side);
    fields_write(object, session_late_rows, side);
    doc_put(object, "share", fields_object(session_share_rows, &side->share));
    doc_put(object, "server",
            r->has_server ? fields_object(session_server_rows, &r->server.total) : json_null());
    if (r->has_tls)
        doc_put(object, "tls", fields_object(session_tls_rows, &r->tls));
    doc_put(object, "accounting", accounting_to_json(&r->accounting));
    doc_put(object, "statusCodeStats", statuses_to_json(r->accounting.statuses));
    if (r->merged != NULL)
        doc_put(object, "merged", merged_to_json(r->merged));
    doc_put(object, "warnings", result_warnings_to_json(r));
    doc_put(object, "histograms", hists_object(r));
    return object;
}

static json_t *blocks_array(const struct session *s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < s->nblocks; i++) {
        json_t *object = fields_object(session_block_rows, &s->blocks[i]);
        json_t *sides = json_array();
        for (size_t k = 0; k < s->narms; k++)
            (void)json_array_append_new(sides, side_object(&s->blocks[i].sides[k]));
        doc_put(object, "sides", sides);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *redone_array(const struct session *s)
{
    json_t *array = json_array();
    for (size_t i = 0; i < s->nredone; i++) {
        const struct session_redo *redo = &s->redone[i];
        json_t *object = json_object();
        doc_put(object, "block", json_integer((json_int_t)redo->block));
        doc_put(object, "flaw", doc_text(session_flaw_names[redo->flaw]));
        doc_put(object, "arm", doc_text(s->arms[redo->arm].name));
        fields_write(object, session_redo_rows, redo);
        (void)json_array_append_new(array, object);
    }
    return array;
}

json_t *session_to_json(const struct session *s)
{
    json_t *doc = json_object();
    doc_put(doc, "schema", json_string(SESSION_SCHEMA));
    fields_write(doc, session_rows, s);
    doc_put(doc, "tool", tool_object(s));
    doc_put(doc, "environment", fields_object(environment_rows, &s->environment));
    doc_put(doc, "gates", gates_array(s));
    doc_put(doc, "arms", arms_array(s));
    doc_put(doc, "layout", doc_text(session_layout_names[s->layout]));
    doc_put(doc, "apart", doc_text(session_apart_names[s->apart]));
    fields_write(doc, session_course_rows, s);
    doc_put(doc, "redone", redone_array(s));
    doc_put(doc, "blocks", blocks_array(s));
    return doc;
}

void session_write(const struct session *s, enum doc_layout layout, struct buf *out)
{
    json_t *doc = session_to_json(s);
    doc_dump(doc, layout, out);
    json_decref(doc);
}
