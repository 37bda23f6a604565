#include "store/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/file.h"
#include "store/file_internal.h"
#include "store/temporary.h"

#define LINKS_MAX 40 /* that are followed, as the kernel does */

/* --- where a path leads --- */

/* What the link names, as seen from the caller's folder; NULL: it is no link. */
static char *follow(const char *path)
{
    char target[PATH_MAX];
    ssize_t len = readlink(path, target, sizeof target - 1);
    if (len < 0)
        return NULL;
    target[len] = '\0';
    if (target[0] == '/')
        return mem_strdup(target);
    char *folder = temporary_folder_of(path);
    char *whole = mem_printf("%s/%s", folder, target);
    free(folder);
    return whole;
}

char *store_real_path(const char *path)
{
    char *real = realpath(path, NULL);
    if (real != NULL || errno != ENOENT)
        return real;
    real = mem_strdup(path); /* not there yet: it, or what a link of it names */
    for (int i = 0; i < LINKS_MAX; i++) {
        char *next = follow(real);
        if (next == NULL)
            return real;
        free(real);
        real = next;
    }
    free(real);
    errno = ELOOP;
    return NULL;
}

/* --- one file --- */

static int write_through(const struct batch_file *f, struct err *err)
{
    int fd = store_open(f->path, O_WRONLY, "write", err);
    if (fd < 0)
        return -1;
    (void)fcntl(fd, F_SETFL, O_WRONLY); /* only the open must not wait */
    int result =
        temporary_write_all(fd, f->bytes, f->len) < 0 ? store_failed("write", f->path, err) : 0;
    if (close(fd) < 0 && result == 0)
        result = store_failed("write", f->path, err);
    return result;
}

static int give_name(struct batch_file *f, struct err *err)
{
    if (rename(f->temp, f->real) < 0)
        return store_failed("write", f->path, err);
    free(f->temp);
    f->temp = NULL;
    return 0;
}

void batch_hold(struct batch *b)
{
    if (!b->is_held)
        signals_hold(&b->signals);
    b->is_held = true;
}

/* --- all --- */

void batch_init(struct batch *b, const struct inputs *inputs)
{
    *b = (struct batch){.inputs = inputs};
}

int batch_folder(struct batch *b, const char *path, struct err *err)
{
    bool is_there = access(path, F_OK) == 0;
    batch_hold(b);
    if (store_folder_make(path, err) < 0)
        return -1;
    if (!is_there)
        b->made = mem_strdup(path);
    return 0;
}

int batch_add(struct batch *b, const char *path, const void *bytes, size_t len, struct err *err)
{
    struct stat there;
    struct batch_file f = {.path = mem_strdup(path), .len = len};
    bool exists = stat(path, &there) == 0;
    int failed = inputs_check(b->inputs, path, err);
    if (failed == 0 && exists && S_ISDIR(there.st_mode)) {
        errno = EISDIR;
        failed = store_failed("write", path, err);
    } else if (failed == 0 && exists && !S_ISREG(there.st_mode)) {
        f.bytes = mem_array(len + 1, 1);
        memcpy(f.bytes, bytes, len);
    } else if (failed == 0) {
        batch_hold(b);
        f.real = store_real_path(path);
        if (f.real != NULL)
            f.temp = temporary_fill(f.real, b->count, exists ? &there : NULL, bytes, len);
        if (f.temp == NULL)
            failed = store_failed("write", path, err);
    }
    b->items = mem_one_more(b->items, b->count, sizeof *b->items);
    b->items[b->count++] = f;
    return failed;
}

/* Devices and pipes first: they are what can still fail. */
int batch_finish(struct batch *b, struct err *err)
{
    for (size_t i = 0; i < b->count; i++) {
        if (b->items[i].bytes != NULL && write_through(&b->items[i], err) < 0)
            return -1;
    }
    for (size_t i = 0; i < b->count; i++) {
        if (b->items[i].temp != NULL && give_name(&b->items[i], err) < 0)
            return -1;
    }
    for (size_t i = 0; i < b->count; i++) {
        if (b->items[i].real != NULL)
            temporary_folder_flush(b->items[i].real);
    }
    free(b->made);
    b->made = NULL;
    return 0;
}

void batch_fini(struct batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct batch_file *f = &b->items[i];
        if (f->temp != NULL)
            (void)unlink(f->temp);
        free(f->temp);
        free(f->bytes);
        free(f->real);
        free(f->path);
    }
    free(b->items);
    if (b->made != NULL)
        (void)rmdir(b->made);
    free(b->made);
    if (b->is_held)
        signals_release(&b->signals);
    *b = (struct batch){0};
}
