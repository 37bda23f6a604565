#include "selftest/server_log.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/file.h"

#define BYTES_MAX      ((size_t)128 << 20)
#define SERVICE_MAX_NS (3600 * NS_PER_S)

struct line {
    int64_t arrival_ns, service_ns, start_ns, finish_ns;
};

/* One number and the byte behind it, which is left out; false when there is none. */
static bool take_number(const char **at, char behind, int64_t *out)
{
    char *end = NULL;
    if (**at != '-' && (**at < '0' || **at > '9'))
        return false;
    errno = 0;
    *out = strtoll(*at, &end, 10);
    if (errno != 0 || end == *at || *end != behind)
        return false;
    *at = end + 1;
    return true;
}

static bool take_line(const char **at, struct line *out)
{
    return take_number(at, ' ', &out->arrival_ns) && take_number(at, ' ', &out->service_ns) &&
           take_number(at, ' ', &out->start_ns) && take_number(at, '\n', &out->finish_ns);
}

static bool is_possible(const struct line *line, int64_t before_ns)
{
    return line->arrival_ns >= before_ns && line->service_ns >= 0 &&
           line->service_ns <= SERVICE_MAX_NS && line->start_ns >= line->arrival_ns &&
           (line->finish_ns == -1 || line->finish_ns >= line->start_ns);
}

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (const char *at = strchr(text, '\n'); at != NULL; at = strchr(at + 1, '\n'))
        count++;
    return count;
}

int server_log_parse(const char *text, struct server_log *out, struct err *err)
{
    struct server_log log = {0};
    struct line line = {0};
    int64_t before_ns = 0;
    size_t lines = count_lines(text);
    log.arrivals_ns = mem_array(lines, sizeof *log.arrivals_ns);
    log.services_ns = mem_array(lines, sizeof *log.services_ns);
    log.spans_ns = mem_array(lines, sizeof *log.spans_ns);
    while (*text != '\0') {
        if (!take_line(&text, &line) || !is_possible(&line, before_ns)) {
            int number = (int)log.count + 1;
            server_log_fini(&log);
            return err_set(err, ERR_INVALID,
                           "the log of the delay server has something else in line %d", number);
        }
        before_ns = line.arrival_ns;
        log.arrivals_ns[log.count] = line.arrival_ns;
        log.services_ns[log.count] = line.service_ns;
        log.spans_ns[log.count++] = line.finish_ns == -1 ? -1 : line.finish_ns - line.arrival_ns;
    }
    *out = log;
    return 0;
}

int server_log_read(const char *path, struct server_log *out, struct err *err)
{
    struct buf text;
    buf_init(&text, BYTES_MAX);
    int failed = store_file_read(path, &text, err);
    if (failed < 0)
        err->kind = ERR_INVALID;
    else if (text.len > 0 && strlen(text.data) != text.len)
        failed = err_set(err, ERR_INVALID, "the log of the delay server is not a text");
    else
        failed = server_log_parse(text.len == 0 ? "" : text.data, out, err);
    buf_fini(&text);
    return failed;
}

void server_log_fini(struct server_log *log)
{
    free(log->arrivals_ns);
    free(log->services_ns);
    free(log->spans_ns);
    *log = (struct server_log){0};
}

double server_log_mean_span_ns(const struct server_log *log)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < log->count; i++) {
        if (log->spans_ns[i] < 0)
            continue;
        sum += (double)log->spans_ns[i];
        count++;
    }
    return count == 0 ? NAN : sum / (double)count;
}
