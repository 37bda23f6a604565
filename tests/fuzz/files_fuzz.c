/* Random files of requests, HAR, forms and feeds. The first byte chooses the reader. Whatever a
 * file has, it is read or refused with a sentence that begins with its name; what was read twice is
 * the same; and what was read can be sent: texts have no NUL, weights are above 0. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "feed/feed.h"
#include "requests/complete.h"
#include "requests/form.h"
#include "requests/har.h"
#include "requests/request_file.h"
#include "store/doc.h"
#include "store/file.h"

/* NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

/* No input here is large enough, and no file is read but the input. */
bool doc_is_oversized(const char *bytes, size_t len)
{
    (void)bytes;
    (void)len;
    return false;
}

int store_file_read(const char *path, struct buf *out, struct err *err)
{
    (void)out;
    return err_set(err, ERR_USAGE, "cannot read %s", path);
}

static void must(bool holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "wrong: %s\n", what);
        abort();
    }
}

static void check_error(const struct err *err, const char *name)
{
    must(err->kind == ERR_USAGE && err->text[0] != '\0', "an error says what is wrong");
    must(strstr(err->text, name) != NULL, "an error names the file");
}

static void check_list(struct request_list *list)
{
    struct err err;
    const struct complete_with with = {.method = "GET", .path = "/"};
    must(list->count > 0, "a list that was read has requests");
    if (requests_complete(list, &with, &err) < 0)
        return check_error(&err, "input");
    for (size_t i = 0; i < list->count; i++) {
        const struct request_entry *e = &list->items[i];
        must(e->name != NULL && e->method != NULL && e->path[0] == '/', "a request is complete");
        must(isnan(e->weight) || (e->weight > 0 && isfinite(e->weight)), "a weight is above 0");
        must(isnan(e->weight) != list->is_weighted, "all have a weight or none");
        must(e->think_min_ns >= 0 && e->think_min_ns <= e->think_max_ns, "a think time is one");
        for (size_t k = 0; k < e->headers.count; k++)
            must(strpbrk(e->headers.items[k], "\r\n") == NULL, "a header is one line");
        must(strpbrk(e->path, " \r\n#") == NULL, "a path can be sent");
    }
}

static int read_list(const struct written *text, bool is_har, struct request_list *list)
{
    struct err err = {0};
    char *left_out = NULL;
    *list = (struct request_list){0};
    int failed = is_har ? har_parse(text, NULL, list, &left_out, &err)
                        : request_file_parse(text, ENTRY_CHECKED_HEADERS, list, &err);
    free(left_out);
    if (failed < 0)
        check_error(&err, text->name);
    return failed;
}

static void fuzz_list(const struct written *text, bool is_har)
{
    struct request_list list;
    struct request_list again;
    int failed = read_list(text, is_har, &list);
    must(read_list(text, is_har, &again) == failed, "twice the same");
    must(list.count == again.count, "twice the same requests");
    if (failed == 0)
        check_list(&list);
    request_list_fini(&list);
    request_list_fini(&again);
}

static void fuzz_form(const struct written *text)
{
    struct form form;
    struct err err = {0};
    char *json = malloc(text->len + 2);
    must(json != NULL, "memory");
    json[0] = '{'; /* else it is the name of a file */
    memcpy(json + 1, text->bytes, text->len);
    json[text->len + 1] = '\0';
    if (form_read(json, &form, &err) < 0)
        check_error(&err, "-F/--form");
    else
        must(form.body.len > 0 && form.content_type != NULL, "a form has a body");
    form_fini(&form);
    free(json);
}

/* Two cursors of two take the rows that one takes alone. */
static void check_rows(const struct feed *f)
{
    struct feed_cursor *all = feed_cursor_new(f, 0, 1);
    struct feed_cursor *each[] = {feed_cursor_new(f, 0, 2), feed_cursor_new(f, 1, 2)};
    for (size_t k = 0; k < 20; k++) {
        must(feed_next(all) && feed_next(each[k % 2]), "a feed has no end");
        for (size_t i = 0; i < feed_columns(f); i++) {
            size_t len = 0;
            size_t other_len = 0;
            const char *value = feed_value(all, i, &len);
            const char *other = feed_value(each[k % 2], i, &other_len);
            must(value != NULL && other != NULL && len == other_len, "each row has its values");
            must(memcmp(value, other, len) == 0, "the same rows");
        }
    }
    feed_cursor_free(each[0]);
    feed_cursor_free(each[1]);
    feed_cursor_free(all);
}

static void fuzz_feed(const struct written *text)
{
    struct err err = {0};
    char path[64];
    int fd = memfd_create("feed", 0);
    must(fd >= 0 && write(fd, text->bytes, text->len) == (ssize_t)text->len, "a file");
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct feed *f = feed_open(path, &err);
    if (f == NULL || feed_check(f, &err) < 0)
        check_error(&err, path);
    else
        check_rows(f);
    feed_close(f);
    (void)close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    if (size < 1)
        return 0;
    char *copy = malloc(size > 1 ? size - 1 : 1); /* its exact size: reading on is seen */
    must(copy != NULL, "memory");
    memcpy(copy, input + 1, size - 1);
    const struct written text = {"input", copy, size - 1};
    switch (input[0] % 4) {
    case 0:
        fuzz_list(&text, false);
        break;
    case 1:
        fuzz_list(&text, true);
        break;
    case 2:
        fuzz_form(&text);
        break;
    default:
        fuzz_feed(&text);
        break;
    }
    free(copy);
    return 0;
}
