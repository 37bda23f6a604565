#include "store/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define MODE_FILE 0666 /* the umask applies */

int temporary_write_all(int fd, const char *bytes, size_t len)
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

char *temporary_folder_of(const char *path)
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
int temporary_open(const char *folder, size_t first, char **out_name)
{
    for (size_t i = first; i < first + TEMPORARY_TRIES; i++) {
        char *name = mem_printf("%s/.bench-%ld-%zu.tmp", folder, (long)getpid(), i);
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

char *temporary_fill(const char *path, size_t first, const struct stat *like, const void *bytes,
                     size_t len)
{
    char *name = NULL;
    char *folder = temporary_folder_of(path);
    int fd = temporary_open(folder, first, &name);
    free(folder);
    if (fd < 0)
        return NULL;
    bool bad = like != NULL && fchmod(fd, like->st_mode & 0777) < 0;
    bad = bad || temporary_write_all(fd, bytes, len) < 0 || fsync(fd) < 0;
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

void temporary_folder_flush(const char *path)
{
    char *folder = temporary_folder_of(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
    free(folder);
}
