#include "targets/redis/greeting.h"

#include <stdio.h>
#include <string.h>

#include "targets/redis/command.h"

/* The server may quote part of a long password, so everything from the first quote on is cut. */
static void on_auth(void *ctx, const struct link_answer *answer)
{
    char words[SESSION_WORDS_MAX];
    if (answer->end != LINK_REFUSED)
        return;
    (void)snprintf(words, sizeof words, "%.*s", (int)strcspn(answer->text, "'`\""), answer->text);
    session_drop_if_refused(ctx, "AUTH", &(struct link_answer){.end = LINK_REFUSED, .text = words});
}

static void on_select(void *ctx, const struct link_answer *answer)
{
    session_drop_if_refused(ctx, "SELECT", answer);
}

/* Refused or not: the name only helps people who look at CLIENT LIST. */
static void on_client_name(void *ctx, const struct link_answer *answer)
{
    (void)ctx;
    (void)answer;
}

/* The last answer. PING is refused while the server loads its file, or without its password. */
static void on_ping(void *ctx, const struct link_answer *answer)
{
    if (answer->end == LINK_ANSWERED)
        session_come_up(ctx);
    else
        session_drop_if_refused(ctx, "PING", answer);
}

/* No limit for each: the link limits the whole greeting. */
static void send_command(struct session *s, link_done_fn done)
{
    struct pending_request r = {.limit_ns = LINK_NO_LIMIT, .done = done, .ctx = s};
    session_send(s, &r);
}

static void send_auth(struct session *s)
{
    command_begin(&s->command, s->url.user == NULL ? 2 : 3);
    command_add_text(&s->command, "AUTH");
    if (s->url.user != NULL)
        command_add_text(&s->command, s->url.user);
    command_add_text(&s->command, s->url.password);
    send_command(s, on_auth);
}

static void send_select(struct session *s)
{
    command_begin(&s->command, 2);
    command_add_text(&s->command, "SELECT");
    command_add_number(&s->command, (size_t)s->url.db);
    send_command(s, on_select);
}

static void send_client_name(struct session *s, const char *name)
{
    command_begin(&s->command, 3);
    command_add_text(&s->command, "CLIENT");
    command_add_text(&s->command, "SETNAME");
    command_add_text(&s->command, name);
    send_command(s, on_client_name);
}

static void send_ping(struct session *s)
{
    command_begin(&s->command, 1);
    command_add_text(&s->command, "PING");
    send_command(s, on_ping);
}

void greeting_send(struct session *s, const char *client_name, struct script *scripts,
                   size_t script_count)
{
    if (s->url.password != NULL)
        send_auth(s);
    if (s->url.db != 0)
        send_select(s);
    if (client_name != NULL)
        send_client_name(s, client_name);
    for (size_t i = 0; i < script_count; i++)
        script_load(&scripts[i]);
    send_ping(s);
}
