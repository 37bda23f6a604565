#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "targets/redis/command.h"
#include "targets/redis/session.h"

#define HIDDEN "***"

/* A server or a proxy that does not know AUTH quotes what it was told. */
void greeting_words(const struct link *l, const char *words, char *out, size_t size)
{
    const char *secret = l->state == LINK_GREETS ? l->url.password : NULL;
    size_t len = secret == NULL ? 0 : strlen(secret);
    struct buf shown;
    buf_init(&shown, BUF_TEXT_MAX);
    for (const char *hit = len == 0 ? NULL : strstr(words, secret); hit != NULL;
         hit = strstr(words, secret)) {
        buf_add(&shown, words, (size_t)(hit - words));
        buf_puts(&shown, HIDDEN);
        words = hit + len;
    }
    buf_puts(&shown, words);
    (void)snprintf(out, size, "%s", shown.data);
    str_make_printable(out, strlen(out));
    buf_fini(&shown);
}

void greeting_refused(struct link *l, const char *what, const struct link_answer *answer)
{
    struct err why;
    if (answer->end != LINK_REFUSED)
        return; /* the connection is lost, and that is told */
    (void)err_set(&why, ERR_USAGE, "%s was refused: %s", what, answer->text);
    link_drop(l, why.text);
}

/* A long password may be quoted in part, so nothing quoted is repeated. */
static void on_auth(void *ctx, const struct link_answer *answer)
{
    char words[WORDS_MAX];
    if (answer->end != LINK_REFUSED)
        return;
    (void)snprintf(words, sizeof words, "%.*s", (int)strcspn(answer->text, "'`\""), answer->text);
    greeting_refused(ctx, "AUTH", &(struct link_answer){.end = LINK_REFUSED, .text = words});
}

static void on_select(void *ctx, const struct link_answer *answer)
{
    greeting_refused(ctx, "SELECT", answer);
}

/* The name is for people who look at CLIENT LIST: it is well without. */
static void on_client_name(void *ctx, const struct link_answer *answer)
{
    (void)ctx;
    (void)answer;
}

/* The last. It is refused while the server loads its file, or when it wants a password. */
static void on_ping(void *ctx, const struct link_answer *answer)
{
    if (answer->end == LINK_ANSWERED)
        link_came_up(ctx);
    else
        greeting_refused(ctx, "PING", answer);
}

static void ask(struct link *l, link_done_fn done)
{
    struct question q = {
        .limit_ns = LINK_NO_LIMIT, .done = done, .ctx = l}; /* the greeting has one limit */
    link_send(l, &q);
}

static void ask_auth(struct link *l)
{
    command_begin(&l->command, l->url.user == NULL ? 2 : 3);
    command_add_text(&l->command, "AUTH");
    if (l->url.user != NULL)
        command_add_text(&l->command, l->url.user);
    command_add_text(&l->command, l->url.password);
    ask(l, on_auth);
}

static void ask_select(struct link *l)
{
    command_begin(&l->command, 2);
    command_add_text(&l->command, "SELECT");
    command_add_number(&l->command, (size_t)l->url.db);
    ask(l, on_select);
}

static void ask_client_name(struct link *l)
{
    command_begin(&l->command, 3);
    command_add_text(&l->command, "CLIENT");
    command_add_text(&l->command, "SETNAME");
    command_add_text(&l->command, l->client_name);
    ask(l, on_client_name);
}

static void ask_ping(struct link *l)
{
    command_begin(&l->command, 1);
    command_add_text(&l->command, "PING");
    ask(l, on_ping);
}

void greeting_send(struct link *l)
{
    if (l->url.password != NULL)
        ask_auth(l);
    if (l->url.db != 0)
        ask_select(l);
    if (l->client_name != NULL)
        ask_client_name(l);
    for (size_t i = 0; i < l->script_count; i++)
        script_load(&l->scripts[i]);
    ask_ping(l);
}
