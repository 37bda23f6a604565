#include "cli/session_gates.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/change.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "http/url.h"
#include "store/file.h"

#define GATES_FILE_MAX ((size_t)1 << 20)

static int arm_path(const struct plan *plan, char **out, struct err *err)
{
    struct url url;
    *out = NULL;
    if (plan->url == NULL) {
        *out = mem_strdup(plan_path(plan));
        return 0;
    }
    if (url_parse(plan->url, &url, err) < 0)
        return -1;
    *out = mem_strdup(url.path);
    url_fini(&url);
    return 0;
}

/* The path that all requests go to; NULL: it is not the same for all arms. */
static int common_path(const struct arms *arms, char **out, struct err *err)
{
    *out = NULL;
    for (size_t i = 0; i < arms->count; i++) {
        char *path;
        int failed = arm_path(&arms->items[i].options.plan, &path, err);
        if (i == 0) {
            *out = path;
            path = NULL;
        } else if (failed == 0 && *out != NULL && strcmp(*out, path) != 0) {
            free(*out);
            *out = NULL;
        }
        free(path);
        if (failed < 0)
            return -1;
    }
    return 0;
}

static int add_text(const struct change_file *file, struct session *s, struct err *err)
{
    int others;
    if (change_add_file(s, file, &others, err) < 0)
        return -1;
    if (others > 0)
        log_warn("%s: %d %s for other paths than %s", file->name, others,
                 others == 1 ? "line is" : "lines are",
                 file->path == NULL ? "one that all arms have" : file->path);
    return 0;
}

static int add_file(const char *name, struct session_plan *plan, struct err *err)
{
    struct buf text;
    char *path;
    buf_init(&text, GATES_FILE_MAX);
    int failed = common_path(&plan->arms, &path, err);
    if (failed == 0)
        failed = store_file_read(name, &text, err);
    if (failed == 0)
        failed = add_text(&(struct change_file){.name = name,
                                                .text = text.data == NULL ? "" : text.data,
                                                .len = text.len,
                                                .path = path},
                          &plan->session, err);
    free(path);
    buf_fini(&text);
    return failed;
}

static int add_limits(const struct str_list *texts, enum session_gate_kind kind, struct session *s,
                      struct err *err)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (change_add(s, kind, texts->items[i], err) < 0)
            return err_wrap(err, "--%s", session_gate_kind_names[kind]);
    }
    return 0;
}

/* Whether somebody asked for a change that may fail: then no default is added to it. */
static bool asks_for_change(const struct session *s)
{
    for (size_t i = 0; i < s->ngates; i++) {
        struct change_gate gate;
        struct err err;
        if (s->gates[i].kind != SESSION_GATE_WARN &&
            change_parse(s->gates[i].kind, s->gates[i].text, &gate, &err) == 0 &&
            gate.bounds[0].scale != CHANGE_ABSOLUTE)
            return true;
    }
    return false;
}

int session_gates_add(const struct check_live_options *options,
                      const struct check_live_gates *gates, struct session_plan *plan,
                      struct err *err)
{
    struct session *s = &plan->session;
    s->allow_errors = gates->allow_errors;
    if (add_limits(gates->fail, SESSION_GATE_FAIL, s, err) < 0 ||
        add_limits(gates->warn, SESSION_GATE_WARN, s, err) < 0)
        return -1;
    if (options->gates != NULL && add_file(options->gates, plan, err) < 0)
        return err_wrap(err, "--gates");
    for (size_t i = 0; i < options->detect.count; i++) {
        if (change_add_detections(s, options->detect.items[i], err) < 0)
            return err_wrap(err, "--detect");
    }
    if (!asks_for_change(s))
        change_add_defaults(s);
    return change_check_measurable(s, &plan->dropped, err);
}
