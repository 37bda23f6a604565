#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/file_internal.h"

#define TRIES       1000 /* names, temporary or numbered, before giving up */
#define MODE_FILE   0666 /* the umask applies to both */
#define MODE_FOLDER 0777

static int write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t wrote = write(fd, bytes, len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return -1;
        bytes += wrote;
        len -= (size_t)wrote;
    }
    return 0;
}

/* The path without its last part; "." or "/" when nothing else is left. */
static char *folder_of(const char *path)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    while (len > 0 && path[len - 1] != '/')
        len--;
    while (len > 1 && path[len - 1] == '/')
        len--;
    return len == 0 ? mem_strdup(".") : mem_strndup(path, len);
}

/* The temporary name does not contain the final one, which may already have the maximum length. */
static int temp_open(const char *folder, char **out_name)
{
    for (int i = 0; i < TRIES; i++) {
        char *name = mem_printf("%s/.bench-%ld-%d.tmp", folder, (long)getpid(), i);
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE_FILE);
        if (fd >= 0) {
            *out_name = name;
            return fd;
        }
        free(name);
        if (errno != EEXIST)
            break;
    }
    return -1;
}

/* Writes the bytes to a temporary file beside `path` and flushes it; returns its name, or NULL with
 * errno set. `like` is the file that it will replace, NULL for none. */
static char *temp_fill(const char *path, const struct stat *like, const void *bytes, size_t len)
{
    char *name = NULL;
    char *folder = folder_of(path);
    int fd = temp_open(folder, &name);
    free(folder);
    if (fd < 0)
        return NULL;
    bool bad = like != NULL && fchmod(fd, like->st_mode & 0777) < 0;
    bad = bad || write_all(fd, bytes, len) < 0 || fsync(fd) < 0;
    int why = errno;
    if (close(fd) < 0 && !bad) {
        bad = true;
        why = errno;
    }
    if (!bad)
        return name;
    (void)unlink(name);
    free(name);
    errno = why;
    return NULL;
}

/* Flushes the rename itself to the disk; a file system that cannot do so is no error. */
static void folder_flush(const char *path)
{
    char *folder = folder_of(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
    free(folder);
}

static int replace(const char *path, const struct stat *like, const void *bytes, size_t len,
                   struct err *err)
{
    char *temp = temp_fill(path, like, bytes, len);
    if (temp == NULL)
        return store_failed("write", path, err);
    int result = 0;
    if (rename(temp, path) < 0) {
        result = store_failed("write", path, err);
        (void)unlink(temp);
    }
    free(temp);
    if (result == 0)
        folder_flush(path);
    return result;
}

static int write_through(const char *path, const void *bytes, size_t len, struct err *err)
{
    int fd = store_open(path, O_WRONLY, "write", err);
    if (fd < 0)
        return -1;
    (void)fcntl(fd, F_SETFL, O_WRONLY); /* only the open must not wait */
    int result = write_all(fd, bytes, len) < 0 ? store_failed("write", path, err) : 0;
    if (close(fd) < 0 && result == 0)
        result = store_failed("write", path, err);
    return result;
}

int store_file_write(const char *path, const void *bytes, size_t len, struct err *err)
{
    struct stat there;
    if (stat(path, &there) < 0)
        return replace(path, NULL, bytes, len, err);
    if (!S_ISREG(there.st_mode))
        return write_through(path, bytes, len, err);
    char *real = realpath(path, NULL);
    if (real == NULL)
        return store_failed("write", path, err);
    int result = replace(real, &there, bytes, len, err);
    free(real);
    return result;
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

int store_file_write_new(const char *path, const void *bytes, size_t len, char **out_path,
                         struct err *err)
{
    char *temp = temp_fill(path, NULL, bytes, len);
    if (temp == NULL)
        return store_failed("write", path, err);
    char *name = NULL;
    int moved = -1;
    for (int number = 1; moved < 0 && number <= TRIES; number++) {
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
        folder_flush(name);
    }
    free(temp);
    *out_path = name;
    return moved;
}

bool store_is_folder(const char *path)
{
    struct stat there;
    return str_ends(path, "/") || (stat(path, &there) == 0 && S_ISDIR(there.st_mode));
}

int store_folder_make(const char *path, struct err *err)
{
    struct stat there;
    if (mkdir(path, MODE_FOLDER) == 0)
        return 0;
    int why = errno;
    if (stat(path, &there) == 0 && S_ISDIR(there.st_mode))
        return 0;
    errno = why;
    return store_failed("make the folder", path, err);
}

static int folder_try(const char *folder, const char *path, struct err *err)
{
    char *name = NULL;
    int fd = temp_open(folder, &name);
    if (fd < 0)
        return store_failed("write to", path, err);
    (void)close(fd);
    (void)unlink(name);
    free(name);
    return 0;
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
    char *real = exists ? realpath(path, NULL) : NULL;
    char *folder = folder_of(real == NULL ? path : real);
    int result = folder_try(folder, path, err);
    free(folder);
    free(real);
    return result;
}
