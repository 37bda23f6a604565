#include "cli/stored_report.h"

#include "cli/capacity_report.h"
#include "cli/output.h"
#include "cli/session_report.h"
#include "report/compare/markdown.h"
#include "report/compare/report.h"
#include "report/run/markdown.h"
#include "report/run/report.h"
#include "report/sweep/report.h"
#include "store/comparison_file.h"
#include "store/result_file.h"
#include "store/result_json.h"
#include "store/sweep_file.h"

static void add_result(const struct stored_report *how, const struct result *r, struct buf *out)
{
    if (how->json)
        result_write(r, DOC_LINE, out);
    else if (how->md)
        report_run_markdown(r, how->style, how->most, out);
    else
        report_run(r, how->style, out);
}

static void add_comparison(const struct stored_report *how, const struct comparison *c,
                           struct buf *out)
{
    if (how->json)
        comparison_write(c, DOC_LINE, out);
    else if (how->md)
        report_comparison_markdown(c, how->most, out);
    else
        report_comparison(c, how->style, out);
}

static int add_sweep(const struct stored_report *how, const struct sweep *s, struct buf *out,
                     struct err *err)
{
    struct ranking r;
    if (ranking_init(&r, s, how->goal, err) < 0)
        return err_wrap(err, "%s", how->file);
    if (how->json)
        sweep_write(s, DOC_LINE, out);
    else if (how->md)
        report_sweep_markdown(&r, out);
    else
        report_sweep(&r, how->style, out);
    ranking_fini(&r);
    return 0;
}

static int add_capacity(const struct stored_report *how, const struct capacity *c, struct buf *out,
                        struct err *err)
{
    const struct capacity_report as = {.file = how->file,
                                       .format = how->json ? "json"
                                                 : how->md ? "md"
                                                           : "text",
                                       .most = how->most};
    return capacity_report_write(c, &as, how->style, out, err);
}

static int add_session(const struct stored_report *how, const struct session *s, struct buf *out,
                       struct err *err)
{
    const struct session_report as = {
        .file = how->file, .json = how->json, .md = how->md, .most = how->most};
    return session_report_write(s, &as, how->style, out, err);
}

static int add(const struct stored_report *how, const struct stored *s, struct buf *out,
               struct err *err)
{
    switch (s->kind) {
    case STORED_RESULT:
        add_result(how, &s->result, out);
        return 0;
    case STORED_COMPARISON:
        add_comparison(how, &s->comparison, out);
        return 0;
    case STORED_SWEEP:
        return add_sweep(how, &s->sweep, out, err);
    case STORED_CAPACITY:
        return add_capacity(how, &s->capacity, out, err);
    case STORED_SESSION:
        break;
    }
    return add_session(how, &s->session, out, err);
}

int stored_report_print(const struct stored_report *how, const struct stored *s, struct err *err)
{
    struct buf out;
    buf_init(&out, RESULT_MAX_BYTES);
    int failed = add(how, s, &out, err);
    if (failed == 0)
        failed = output_text(&out, err);
    buf_fini(&out);
    return failed;
}
