/* Reads whole files, and pipes to their end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/file.h"
#include "store/file_internal.h"

#define CHUNK    ((size_t)64 << 10)
#define WRITER_S 5   /* how long nobody may write to a pipe */
#define PAUSE_MS 100 /* between two looks whether somebody does */

int store_failed(const char *verb, const char *path, struct err *err)
{
    const char *reason = strerrordesc_np(errno);
    return err_set(err, ERR_USAGE, "cannot %s %s: %s", verb, path,
                   reason == NULL ? "unknown error" : reason);
}

int store_open(const char *path, int flags, const char *verb, struct err *err)
{
    struct stat there;
    int fd = open(path, flags | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0)
        return fd;
    int why = errno;
    if (why == ENXIO && stat(path, &there) == 0 && !S_ISCHR(there.st_mode))
        return err_set(err, ERR_USAGE, "cannot %s %s: it is a %s", verb, path,
                       S_ISFIFO(there.st_mode) ? "pipe that nobody reads" : "socket");
    errno = why;
    return store_failed(verb, path, err);
}

static int too_large(const char *path, size_t max_bytes, struct err *err)
{
    return err_set(err, ERR_USAGE, "cannot read %s: larger than %zu MiB", path, max_bytes >> 20);
}

/* A named pipe gives no bytes, as at its end, while nobody has opened it for writing. */
struct reading {
    int fd;
    bool awaits_writer;
    int64_t until_ns;
};

/* For as long as it takes, if there is a writer: a program may take long to print its result. */
static int wait_for_bytes(struct reading *r)
{
    struct pollfd ready = {.fd = r->fd, .events = POLLIN};
    if (r->awaits_writer && clock_now_ns() > r->until_ns) {
        errno = ETIME;
        return -1;
    }
    if (poll(&ready, 1, r->awaits_writer ? PAUSE_MS : -1) < 0 && errno != EINTR)
        return -1;
    if ((ready.revents & POLLHUP) != 0)
        r->awaits_writer = false; /* it has come and gone */
    return 0;
}

/* As read(), but it waits. errno is ETIME for a pipe that nobody writes to. */
static ssize_t read_some(struct reading *r, char *chunk)
{
    for (;;) {
        ssize_t got = read(r->fd, chunk, CHUNK);
        bool is_empty = got < 0 && errno == EAGAIN;
        if (got > 0 || is_empty)
            r->awaits_writer = false;
        if (got > 0 || (got == 0 && !r->awaits_writer))
            return got;
        if (got < 0 && !is_empty && errno != EINTR)
            return -1;
        if ((got == 0 || is_empty) && wait_for_bytes(r) < 0)
            return -1;
    }
}

static int read_all(struct reading *r, const char *path, struct buf *out, struct err *err)
{
    char *chunk = mem_array(CHUNK, 1);
    ssize_t got = 0;
    int failed = 0;
    do {
        got = read_some(r, chunk);
        if (got > 0)
            buf_add(out, chunk, (size_t)got);
    } while (!out->overflow && got > 0);
    if (got < 0 && errno == ETIME)
        failed =
            err_set(err, ERR_USAGE, "cannot read %s: it is a pipe, and nobody writes to it", path);
    else if (got < 0)
        failed = store_failed("read", path, err);
    free(chunk);
    return out->overflow ? too_large(path, out->max, err) : failed;
}

int store_file_read(const char *path, struct buf *out, struct err *err)
{
    struct stat there;
    int fd = store_open(path, O_RDONLY, "read", err);
    int failed = 0;
    if (fd < 0)
        return -1;
    bool is_known = fstat(fd, &there) == 0;
    struct reading r = {.fd = fd,
                        .awaits_writer = is_known && S_ISFIFO(there.st_mode),
                        .until_ns = clock_now_ns() + WRITER_S * NS_PER_S};
    if (is_known && S_ISREG(there.st_mode) && (uint64_t)there.st_size > out->max)
        failed = too_large(path, out->max, err);
    else
        failed = read_all(&r, path, out, err);
    (void)close(fd);
    return failed;
}

int store_input_read(const char *path, struct buf *out, struct err *err)
{
    struct reading r = {.fd = STDIN_FILENO};
    if (strcmp(path, "-") != 0)
        return store_file_read(path, out, err);
    return read_all(&r, "stdin", out, err);
}
