#include "cli/arms_csv.h"

#include "analysis/verdict/verdict.h"
#include "cli/capacity_report.h"
#include "cli/gathered.h"
#include "cli/output.h"
#include "cli/recovered.h"
#include "report/compare/csv.h"
#include "report/sweep/report.h"
#include "report/verdict/report.h"

static int add_session(const char *file, const struct session *s, struct buf *out, struct err *err)
{
    struct verdict v;
    if (verdict_make(s, &v, err) < 0)
        return err_wrap(err, "%s", file);
    report_verdict_csv(&(struct verdict_page){.verdict = &v, .file = file}, out);
    verdict_fini(&v);
    return 0;
}

/* A comparison keeps its own problems, which gathering would drop. */
static int add_arms(const char *file, struct stored *s, struct buf *out, struct err *err)
{
    struct comparison one;
    if (s->kind == STORED_COMPARISON) {
        report_arms_csv(file, &s->comparison, out);
        return 0;
    }
    comparison_init(&one);
    int failed = gathered_add(&one, file, s, err);
    report_arms_csv(file, &one, out);
    comparison_fini(&one);
    return failed;
}

/* Others have a row for each arm, and one table of all files. */
static bool has_own_rows(const struct stored *s)
{
    return s->kind == STORED_SESSION || s->kind == STORED_CAPACITY || s->kind == STORED_SWEEP;
}

static int add_own(const char *file, size_t count, struct stored *s, struct buf *out,
                   struct err *err)
{
    const struct report_style style = {0};
    if (s->kind == STORED_SWEEP) {
        report_sweep_csv(&s->sweep, out);
        return 0;
    }
    if (count > 1)
        return err_set(err, ERR_USAGE,
                       "%s: %s has a row for each %s, not for each arm; give it alone", file,
                       stored_names[s->kind], s->kind == STORED_SESSION ? "gate" : "trial");
    if (s->kind == STORED_SESSION)
        return add_session(file, &s->session, out, err);
    if (capacity_report_judge(&s->capacity, err) < 0)
        return err_wrap(err, "%s", file);
    return capacity_report_write(
        &s->capacity, &(struct capacity_report){.file = file, .format = "csv"}, &style, out, err);
}

static int print_file(char *const *files, size_t count, size_t at, const struct recovery_goal *goal,
                      struct err *err)
{
    struct stored s;
    struct buf out;
    int failed = 0;
    if (recovered_load(files[at], goal, &s, err) < 0)
        return -1;
    buf_init(&out, BUF_TEXT_MAX);
    if (s.kind == STORED_SWEEP && count > 1)
        stored_flatten(&s);
    if (has_own_rows(&s))
        failed = add_own(files[at], count, &s, &out, err);
    else if (at == 0)
        report_arms_csv_head(&out);
    if (failed == 0 && !has_own_rows(&s))
        failed = add_arms(files[at], &s, &out, err);
    if (failed == 0)
        failed = output_text(&out, err);
    buf_fini(&out);
    stored_fini(&s);
    return failed;
}

int arms_csv_print(char *const *files, size_t count, const struct recovery_goal *goal,
                   struct err *err)
{
    int failed = 0;
    for (size_t i = 0; failed == 0 && i < count; i++)
        failed = print_file(files, count, i, goal, err);
    return failed;
}
