#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/signals.h"
#include "store/batch.h"
#include "store/file_internal.h"
#include "store/temporary.h"

/* Ctrl-C and its like wait meanwhile: they would leave the temporary file. */
int store_file_write(const char *path, const void *bytes, size_t len, struct err *err)
{
    struct batch alone;
    batch_init(&alone, NULL);
    int failed = batch_add(&alone, path, bytes, len, err);
    if (failed == 0)
        failed = batch_finish(&alone, err);
    batch_fini(&alone);
    return failed;
}

static char *numbered(const char *path, int number)
{
    if (number == 1)
        return mem_strdup(path);
    const char *name = strrchr(path, '/');
    const char *dot = strrchr(name == NULL ? path : name, '.');
    size_t stem = dot == NULL ? strlen(path) : (size_t)(dot - path);
    return mem_printf("%.*s-%d%s", (int)stem, path, number, path + stem);
}

/* Uses link() where the file system cannot rename without replacing. */
static int rename_new(const char *temp, const char *path)
{
    if (renameat2(AT_FDCWD, temp, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (link(temp, path) < 0)
        return -1;
    (void)unlink(temp);
    return 0;
}

static int write_new(const char *path, const void *bytes, size_t len, char **out_path,
                     struct err *err)
{
    char *temp = temporary_fill(path, 0, NULL, bytes, len);
    if (temp == NULL)
        return store_failed("write", path, err);
    char *name = NULL;
    int moved = -1;
    for (int number = 1; moved < 0 && number <= TEMPORARY_TRIES; number++) {
        free(name);
        name = numbered(path, number);
        moved = rename_new(temp, name);
        if (moved < 0 && errno != EEXIST)
            break;
    }
    if (moved < 0) {
        (void)store_failed("write", name, err);
        (void)unlink(temp);
        free(name);
        name = NULL;
    } else {
        temporary_folder_flush(name);
    }
    free(temp);
    *out_path = name;
    return moved;
}

int store_file_write_new(const char *path, const void *bytes, size_t len, char **out_path,
                         struct err *err)
{
    struct signals signals;
    signals_hold(&signals);
    int failed = write_new(path, bytes, len, out_path, err);
    signals_release(&signals);
    return failed;
}

static int folder_try(const char *folder, const char *path, struct err *err)
{
    struct signals signals;
    char *name = NULL;
    signals_hold(&signals);
    int fd = temporary_open(folder, 0, &name);
    int failed = fd < 0 ? store_failed("write to", path, err) : 0;
    if (fd >= 0) {
        (void)close(fd);
        (void)unlink(name);
    }
    signals_release(&signals);
    free(name);
    return failed;
}

int store_check_writable(const char *path, struct err *err)
{
    struct stat there;
    bool exists = stat(path, &there) == 0;
    if (!exists && errno != ENOENT)
        return store_failed("write to", path,
                            err); /* a name too long, a file for a folder, a loop */
    if (exists && S_ISFIFO(there.st_mode))
        return err_set(err, ERR_USAGE, "%s is a pipe, which could block for ever; give a file",
                       path);
    if (exists && S_ISSOCK(there.st_mode))
        return err_set(err, ERR_USAGE, "%s is a socket; give a file", path);
    if (exists && S_ISDIR(there.st_mode))
        return folder_try(path, path, err);
    if (exists && access(path, W_OK) < 0)
        return store_failed("write to", path, err);
    if (exists && !S_ISREG(there.st_mode))
        return 0;
    char *real = store_real_path(path);
    char *folder = temporary_folder_of(real == NULL ? path : real);
    int result = folder_try(folder, path, err);
    free(folder);
    free(real);
    return result;
}
