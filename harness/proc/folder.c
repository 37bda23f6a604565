#include "proc/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define PASSES 10 /* a folder that changes while it is read may give up names only bit by bit */

int folder_make(char **out_path, struct err *err)
{
    char reason[80];
    const char *place = secure_getenv("TMPDIR");
    if (place == NULL || place[0] != '/')
        place = "/tmp"; /* a relative one would be another folder to another program */
    char *path = mem_printf("%s/bench-run-XXXXXX", place);
    if (mkdtemp(path) != NULL) {
        *out_path = path;
        return 0;
    }
    (void)err_set(err, ERR_USAGE,
                  "no private folder can be made in %s: %s; set TMPDIR to a folder that can be "
                  "written",
                  place, strerror_r(errno, reason, sizeof reason));
    free(path);
    return -1;
}

int folder_open(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool is_file(const char *name)
{
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* How many names are gone: 0 when there were none left. */
static int unlink_all(int fd)
{
    _Alignas(struct dirent64) char bytes[4096];
    int gone = 0;
    (void)lseek(fd, 0, SEEK_SET);
    for (ssize_t n = getdents64(fd, bytes, sizeof bytes); n > 0;
         n = getdents64(fd, bytes, sizeof bytes)) {
        const struct dirent64 *e = NULL;
        for (ssize_t at = 0; at < n; at += e->d_reclen) {
            e = (const void *)(bytes + at);
            if (is_file(e->d_name) && unlinkat(fd, e->d_name, 0) == 0)
                gone++;
        }
    }
    return gone;
}

void folder_remove(const char *path, int fd)
{
    for (int i = 0; i < PASSES && unlink_all(fd) > 0; i++)
        continue;
    (void)rmdir(path); /* files that stay hold no secret */
    (void)close(fd);
}
