#include "redis_bed.h"

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
#include "loop_wait.h"
#include "proc/folder.h"

#define TEST_S    60 /* longer than any wait within it */
#define URL_START "redis://default:"
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

/* ---- the server ---- */

static void on_ready(void *ctx, const char *url, int port)
{
    struct redis_bed *bed = ctx;
    const char *password = url + strlen(URL_START);
    bed->is_ready = true;
    bed->port = port;
    bed->pid = redis_server_pid(bed->server);
    (void)snprintf(bed->url, sizeof bed->url, "%s", url);
    (void)snprintf(bed->password, sizeof bed->password, "%.*s", (int)strcspn(password, "@"),
                   password);
}

static void on_exit_note(void *ctx, const char *text)
{
    struct redis_bed *bed = ctx;
    (void)text;
    bed->is_gone = true;
}

static void start_server(struct redis_bed *bed)
{
    struct err err = {0};
    bed->is_ready = bed->is_gone = false;
    bed->server = redis_server_start(
        &bed->loop,
        &(struct redis_server_spec){.folder = bed->folder, .ready_timeout_ns = LOOP_WAIT_NS / 2},
        &(struct redis_server_events){bed, on_ready, on_exit_note}, &err);
    assert_string_equal(err.text, "");
    bed_wait(bed, &bed->is_ready);
}

static void bury_server(struct redis_bed *bed)
{
    bed_wait(bed, &bed->is_gone);
    redis_server_free(bed->server);
    bed->server = NULL;
}

void bed_init(struct redis_bed *bed)
{
    *bed = (struct redis_bed){0};
    assert_int_equal(uv_loop_init(&bed->loop), 0);
}

void bed_start(struct redis_bed *bed)
{
    struct err err = {0};
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    if (system("command -v redis-server >/dev/null") != 0) {
        print_message("redis-server is not installed: skipped\n");
        skip();
    }
    bed_init(bed);
    if (folder_make(&bed->folder, &err) < 0)
        fail_msg("%s", err.text);
    start_server(bed);
}

void bed_kill(struct redis_bed *bed)
{
    assert_int_equal(kill(bed->pid, SIGKILL), 0);
    bury_server(bed);
}

void bed_start_again(struct redis_bed *bed)
{
    start_server(bed);
}

void bed_fini(struct redis_bed *bed)
{
    if (bed->server != NULL) {
        redis_server_stop(bed->server, 10 * NS_PER_S);
        bury_server(bed);
    }
    (void)uv_run(&bed->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&bed->loop), 0);
    if (bed->folder != NULL)
        folder_remove(bed->folder, folder_open(bed->folder));
    free(bed->folder);
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
    if (l->bed->password[0] != '\0')
        assert_null(strstr(reason, l->bed->password));
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
        whole.url = bed->url;
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

/* ---- asking ---- */

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

/* Cuts the text into its words. */
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
    (void)link_ask(
        l->link,
        &(struct link_question){
            .argv = argv, .argc = argc, .limit_ns = limit_ns, .done = bed_on_done, .ctx = out},
        &err);
    assert_string_equal(err.text, "");
    assert_false(out->came); /* never from within */
    free(copy);
}

void bed_ask(struct bed_link *l, const char *words, struct bed_said *out)
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
    (void)link_script(
        l->link, script, keys,
        &(struct link_question){.argv = argv, .argc = argc, .done = bed_on_done, .ctx = out}, &err);
    assert_string_equal(err.text, "");
    free(copy);
}
