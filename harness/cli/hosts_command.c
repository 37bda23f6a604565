#include "cli/hosts_command.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "cli/output.h"
#include "report/shell_word.h"
#include "runner/fleet_command.h"

/* Of a server that bench starts, which has no port yet. */
static char *url_of_target(const struct plan *plan)
{
    const char *host = plan->bind != NULL ? plan->bind : "127.0.0.1";
    bool is_ipv6 = strchr(host, ':') != NULL;
    return mem_printf("%s://%s%s%s:{port}%s", plan_scheme(plan), is_ipv6 ? "[" : "", host,
                      is_ipv6 ? "]" : "", plan_path(plan));
}

static void add_urls(const struct plan *plan, struct str_list *urls)
{
    char *own = plan->url == NULL ? url_of_target(plan) : NULL;
    str_list_add(urls, own != NULL ? own : plan->url);
    for (size_t i = 0; i < plan->more_urls.count; i++)
        str_list_add(urls, plan->more_urls.items[i]);
    free(own);
}

static void add_words(const struct str_list *words, struct buf *out)
{
    for (size_t i = 0; i < words->count; i++) {
        char *word = secret_free(words->items[i]);
        buf_puts(out, out->len > 0 ? " " : "");
        shell_word(out, word);
        free(word);
    }
}

int hosts_command_print(const struct plan *plan, struct err *err)
{
    struct fleet_command command;
    struct str_list urls = {0};
    struct buf line;
    add_urls(plan, &urls);
    int failed = fleet_command_make(plan, &urls, &command, err);
    buf_init(&line, BUF_TEXT_MAX);
    add_words(&command.launch, &line);
    add_words(&command.rank, &line);
    add_words(&command.load, &line);
    buf_puts(&line, "\n");
    if (failed == 0 && command.variable != NULL)
        log_warn("the command is shown without its secrets; put them in again before you run it");
    if (failed == 0)
        failed = output_text(&line, err);
    buf_fini(&line);
    str_list_fini(&urls);
    fleet_command_fini(&command);
    return failed;
}
