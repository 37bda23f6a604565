#include "targets/child/private_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "proc/folder.h"

#define RANDOM_PART "-XXXXXX" /* of the name, for mkdtemp */
#define TRIES       10

struct private_folder {
    char *path;
    int fd; /* holds the lock */
};

static const char *temporary_place(void)
{
    const char *place = secure_getenv("TMPDIR");
    return place != NULL && place[0] == '/' ? place : "/tmp";
}

/* A folder of this user whose lock is free: its program was killed. */
static void remove_if_stale(const char *path)
{
    struct stat st;
    int fd = folder_open(path);
    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0)
        folder_remove(path, fd); /* what cannot be removed is left for the next start */
    else
        (void)close(fd);
}

static bool is_of_kind(const char *name, const char *kind)
{
    return str_starts(name, kind) && strlen(name) == strlen(kind) + strlen(RANDOM_PART) &&
           name[strlen(kind)] == RANDOM_PART[0];
}

static void remove_stale(const char *place, const char *kind)
{
    DIR *dir = opendir(place);
    if (dir == NULL)
        return;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): only this function has the DIR */
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        if (!is_of_kind(e->d_name, kind))
            continue;
        char *path = mem_printf("%s/%s", place, e->d_name);
        remove_if_stale(path);
        free(path);
    }
    (void)closedir(dir);
}

/* Between mkdtemp and flock another program may take the folder for a stale one. Then the lock is
 * taken, or the folder was removed, and its path does not lead to it any more. */
static bool hold(struct private_folder *f)
{
    struct stat of_fd;
    struct stat of_path;
    f->fd = folder_open(f->path);
    if (f->fd < 0)
        return false;
    if (flock(f->fd, LOCK_EX | LOCK_NB) == 0 && fstat(f->fd, &of_fd) == 0 &&
        stat(f->path, &of_path) == 0 && of_fd.st_dev == of_path.st_dev &&
        of_fd.st_ino == of_path.st_ino)
        return true;
    (void)close(f->fd);
    return false;
}

struct private_folder *private_folder_make(const char *kind, struct err *err)
{
    char reason[80];
    struct private_folder *f = mem_zalloc(sizeof *f);
    const char *place = temporary_place();
    remove_stale(place, kind);
    for (int i = 0; i < TRIES; i++) {
        free(f->path);
        f->path = mem_printf("%s/%s" RANDOM_PART, place, kind);
        if (mkdtemp(f->path) == NULL)
            break;
        if (hold(f))
            return f;
        errno = EBUSY;
    }
    (void)err_set(err, ERR_USAGE,
                  "no private folder can be made in %s: %s; set TMPDIR to a folder that can be "
                  "written",
                  place, strerror_r(errno, reason, sizeof reason));
    free(f->path);
    free(f);
    return NULL;
}

const char *private_folder_path(const struct private_folder *f)
{
    return f->path;
}

void private_folder_remove(struct private_folder *f)
{
    if (f == NULL)
        return;
    folder_remove(f->path, f->fd);
    if (access(f->path, F_OK) == 0)
        log_warn("the private folder %s cannot be removed; remove it by hand", f->path);
    free(f->path);
    free(f);
}
