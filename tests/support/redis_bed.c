#include "support/redis_bed.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "support/loop_wait.h"

#define TEST_S    60 /* longer than any wait within it */
#define WORDS_MAX 12

int bed_set_alarm(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)alarm(TEST_S);
    return 0;
}

void bed_wait(struct redis_bed *bed, const bool *what)
{
    loop_wait(&bed->loop, what);
}

void bed_must_hold(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("'%s' is not in: %s", words, text);
}

/* ---- begin, end ---- */

void bed_init(struct redis_bed *bed)
{
    *bed = (struct redis_bed){0};
    assert_int_equal(uv_loop_init(&bed->loop), 0);
}

void bed_start(struct redis_bed *bed)
{
    redis_host_need();
    bed_init(bed);
    redis_host_start(&bed->host, &bed->loop);
}

void bed_fini(struct redis_bed *bed)
{
    redis_host_fini(&bed->host);
    (void)uv_run(&bed->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&bed->loop), 0);
}

/* ---- links ---- */

static void on_up(void *ctx)
{
    struct bed_link *l = ctx;
    l->ups++;
    l->is_up = true;
    l->is_down = false;
    assert_true(link_is_up(l->link));
    if (l->when_up != NULL)
        l->when_up(l);
}

static void on_down(void *ctx, const char *reason)
{
    struct bed_link *l = ctx;
    l->downs++;
    l->is_up = false;
    l->is_down = true;
    l->down_ns = clock_now_ns();
    (void)snprintf(l->reason, sizeof l->reason, "%s", reason);
    assert_false(link_is_up(l->link));
    if (l->bed->host.password[0] != '\0')
        assert_null(strstr(reason, l->bed->host.password));
    if (l->when_down != NULL)
        l->when_down(l);
}

static void on_closed(void *ctx)
{
    struct bed_link *l = ctx;
    assert_false(l->is_closed);
    l->is_closed = true;
}

void bed_open(struct redis_bed *bed, struct bed_link *l, const struct link_options *options)
{
    struct err err = {0};
    struct link_options whole = *options;
    if (whole.url == NULL)
        whole.url = bed->host.url;
    l->bed = bed;
    l->link =
        link_open(&bed->loop, &whole, &(struct link_events){l, on_up, on_down, on_closed}, &err);
    assert_string_equal(err.text, "");
    assert_false(link_is_up(l->link));
}

void bed_open_up(struct redis_bed *bed, struct bed_link *l, const struct link_options *options)
{
    bed_open(bed, l, options);
    bed_wait(bed, &l->is_up);
}

void bed_close(struct bed_link *l)
{
    link_close(l->link);
    assert_false(l->is_closed); /* never from within */
    bed_wait(l->bed, &l->is_closed);
}

/* ---- requests ---- */

void bed_on_done(void *ctx, const struct link_answer *answer)
{
    struct bed_said *said = ctx;
    const redisReply *reply = answer->reply;
    assert_false(said->came);
    assert_int_equal(reply != NULL, answer->end == LINK_ANSWERED);
    said->came = true;
    said->end = answer->end;
    if (reply != NULL) {
        said->type = reply->type;
        said->integer = reply->integer;
        said->len = reply->len;
        said->elements = reply->elements;
    }
    const char *text = reply == NULL ? answer->text : reply->str;
    (void)snprintf(said->text, sizeof said->text, "%s", text == NULL ? "" : text);
}

/* Cuts the text into words. */
static size_t split(char *text, const char *argv[WORDS_MAX])
{
    size_t argc = 0;
    for (char *word = strsep(&text, " "); word != NULL; word = strsep(&text, " ")) {
        assert_true(argc < WORDS_MAX);
        argv[argc++] = word;
    }
    return argc;
}

void bed_begin(struct bed_link *l, const char *words, int64_t limit_ns, struct bed_said *out)
{
    struct err err = {0};
    const char *argv[WORDS_MAX];
    char *copy = mem_strdup(words);
    size_t argc = split(copy, argv);
    *out = (struct bed_said){.link = l};
    (void)link_send(
        l->link,
        &(struct link_request){
            .argv = argv, .argc = argc, .limit_ns = limit_ns, .done = bed_on_done, .ctx = out},
        &err);
    assert_string_equal(err.text, "");
    assert_false(out->came); /* never from within */
    free(copy);
}

void bed_request(struct bed_link *l, const char *words, struct bed_said *out)
{
    bed_begin(l, words, 0, out);
    bed_wait(l->bed, &out->came);
}

void bed_script(struct bed_link *l, size_t script, size_t keys, const char *words,
                struct bed_said *out)
{
    struct err err = {0};
    const char *argv[WORDS_MAX];
    char *copy = mem_strdup(words);
    size_t argc = split(copy, argv);
    *out = (struct bed_said){.link = l};
    (void)link_send_script(
        l->link, script, keys,
        &(struct link_request){.argv = argv, .argc = argc, .done = bed_on_done, .ctx = out}, &err);
    assert_string_equal(err.text, "");
    free(copy);
}
