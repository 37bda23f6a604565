#include "cli/article.h"

#include "analysis/claims/claims.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "report/shell_word.h"

const struct arm_spec article_arms[ARTICLE_ARMS] = {
    {.name = "inline", .strategy = "inline"},
    {.name = "threads", .strategy = "threads"},
    {.name = ARM_THREADS_V8, .strategy = "threads", .option = "isolate", .text = "v8"},
    {.name = "pool", .strategy = "pool"},
    {.name = "offload", .strategy = "offload"},
    {.name = "queue", .strategy = "queue"},
    {.name = ARM_QUEUE_LARGER, .strategy = "queue", .work_times = ARTICLE_LARGER},
};

/* As on the command line; docs/article.md has the source of each. */
static const struct {
    const struct opt *rows;
    const char *option, *text;
} published[] = {
    {run_load_opts, "connections", STR_NUMBER(ARTICLE_CONNECTIONS)},
    {run_load_opts, "duration", STR_NUMBER(ARTICLE_DURATION_S)},
    {target_opts, "pool-size", STR_NUMBER(ARTICLE_POOL)},
    {target_opts, "fanout", STR_NUMBER(ARTICLE_FANOUT)},
};

static int check_given(const struct plan *plan, const struct opt_given *given, struct err *err)
{
    if (opt_given_text(given, "strategies") != NULL)
        return err_set(err, ERR_USAGE,
                       "--article has its own arms and cannot be combined with --strategies");
    if (given->nwords > 0)
        return err_set(err, ERR_USAGE, "--article always requests /heavy: remove '%s'",
                       given->words[0]);
    static const char *const isolates[] = {"isolate", "isolate-boot-ms", "isolate-mib"};
    for (size_t i = 0; i < LEN(isolates); i++) {
        if (opt_given_text(given, isolates[i]) != NULL)
            return err_set(err, ERR_USAGE,
                           "--article measures threads with and without isolates: remove --%s",
                           isolates[i]);
    }
    if (plan_is_open_loop(plan))
        return err_set(err, ERR_USAGE,
                       "--article has its published load, a closed loop, and cannot be combined "
                       "with a rate");
    if (plan->target_tls || plan->http2)
        return err_set(err, ERR_USAGE,
                       "--article measures what was published, plain HTTP/1.1: remove --%s",
                       plan->target_tls ? "tls" : "http2");
    return 0;
}

int article_set_up(struct run_options *shared, struct opt_given *given, struct err *err)
{
    if (check_given(&shared->plan, given, err) < 0)
        return -1;
    for (size_t i = 0; i < LEN(published); i++) {
        bool is_load = published[i].rows == run_load_opts;
        const struct opt_group group = {
            .rows = published[i].rows,
            .into = is_load ? (void *)&shared->plan : (void *)&shared->target,
        };
        if (opt_given_text(given, published[i].option) == NULL &&
            opt_set(&group, published[i].option, published[i].text, given, err) < 0)
            return -1;
    }
    return 0;
}

void article_offer_page(const char *path)
{
    struct buf command;
    buf_init(&command, BUF_TEXT_MAX);
    shell_word(&command, path);
    log_say("to read it as a page with pictures: bench report %s -o article.html", command.data);
    buf_fini(&command);
}
