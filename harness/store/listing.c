#include "store/listing.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ENTRIES_MAX 100000 /* of any name that are looked at */

static int failed(const char *folder, struct err *err)
{
    const char *reason = strerrordesc_np(errno);
    return err_set(err, ERR_USAGE, "cannot read the folder %s: %s", folder,
                   reason == NULL ? "unknown error" : reason);
}

static int too_many(const char *folder, const char *suffix, size_t most, struct err *err)
{
    return err_set(err, ERR_USAGE,
                   "%s holds too much: at most %zu files named *%s, and %d entries in all; give a "
                   "smaller folder, or two files",
                   folder, most, suffix, ENTRIES_MAX);
}

static int read_names(DIR *dir, const char *folder, const char *suffix, size_t most,
                      struct str_list *out, struct err *err)
{
    size_t seen = 0;
    errno = 0;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): only this function has the DIR */
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (++seen > ENTRIES_MAX)
            return too_many(folder, suffix, most, err);
        if (e->d_name[0] != '.' && str_ends(e->d_name, suffix)) {
            if (out->count == most)
                return too_many(folder, suffix, most, err);
            str_list_add(out, e->d_name);
        }
        errno = 0;
    }
    return errno == 0 ? 0 : failed(folder, err);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int store_list(const char *folder, const char *suffix, size_t most, struct str_list *out,
               struct err *err)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return failed(folder, err);
    int result = read_names(dir, folder, suffix, most, out, err);
    (void)closedir(dir);
    if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, by_bytes);
    return result;
}

bool store_is_file(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0 && S_ISREG(there.st_mode);
}

bool store_is_special(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode);
}

bool store_is_same(const char *path, const char *other)
{
    struct stat a;
    struct stat b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}
