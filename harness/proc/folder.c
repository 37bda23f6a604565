#include "proc/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"

#define LOCK        "bench.lock"
#define RANDOM_PART "-XXXXXX" /* of the name, for mkdtemp */
#define TRIES       10
#define PASSES      10 /* removing files while the folder is read may hide some of its names */

struct folder {
    char *path;
    struct folder_hold hold;
};

/* --- removing --- */

static int open_folder(int at_fd, const char *path)
{
    return openat(at_fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

struct folder_hold folder_hold(const char *path)
{
    struct folder_hold hold = {.fd = open_folder(AT_FDCWD, path), .lock_fd = -1};
    if (hold.fd >= 0)
        hold.lock_fd = openat(hold.fd, LOCK, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (hold.lock_fd >= 0)
        (void)flock(hold.lock_fd, LOCK_SH | LOCK_NB); /* shared with the owner */
    return hold;
}

/* The lock file is removed last: without it, no sweep would ever remove what is left. */
static bool is_file(const char *name)
{
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, LOCK) != 0;
}

/* How many files it removed: 0 when there were none left that could be. */
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

void folder_clear(const char *path, struct folder_hold hold)
{
    if (hold.fd < 0)
        return;
    for (int i = 0; i < PASSES && unlink_all(hold.fd) > 0; i++)
        continue;
    (void)unlinkat(hold.fd, LOCK, 0);
    (void)rmdir(path); /* files that stay hold no secret */
    (void)close(hold.fd);
    if (hold.lock_fd >= 0)
        (void)close(hold.lock_fd);
}

/* --- what killed programs left --- */

const char *folder_place(void)
{
    const char *place = secure_getenv("TMPDIR");
    /* A relative one would be another folder to another program. */
    return place != NULL && place[0] == '/' ? place : "/tmp";
}

/* A folder without a lock file is removed only when it is empty: then its owner is just making it,
 * and makes another one. With files in it, it is not ours and stays. */
static void remove_if_stale(int place_fd, const char *place, const char *name)
{
    struct stat st;
    struct folder_hold hold = {.fd = open_folder(place_fd, name), .lock_fd = -1};
    char *path = mem_printf("%s/%s", place, name);
    bool is_ours = hold.fd >= 0 && fstat(hold.fd, &st) == 0 && st.st_uid == geteuid();
    if (is_ours)
        hold.lock_fd = openat(hold.fd, LOCK, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (is_ours && hold.lock_fd < 0 && errno == ENOENT)
        (void)unlinkat(place_fd, name, AT_REMOVEDIR);
    if (hold.lock_fd >= 0 && flock(hold.lock_fd, LOCK_EX | LOCK_NB) == 0) {
        folder_clear(path, hold); /* what cannot be removed is left for the next start */
    } else if (hold.fd >= 0) {
        (void)close(hold.fd);
        if (hold.lock_fd >= 0)
            (void)close(hold.lock_fd);
    }
    free(path);
}

static bool is_of_kind(const char *name, const char *kind)
{
    return str_starts(name, kind) && strlen(name) == strlen(kind) + strlen(RANDOM_PART) &&
           name[strlen(kind)] == RANDOM_PART[0];
}

static void sweep(const char *place, const char *const *kinds, size_t nkinds)
{
    DIR *dir = opendir(place);
    if (dir == NULL)
        return;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): only this function has the DIR */
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        for (size_t i = 0; i < nkinds; i++) {
            if (is_of_kind(e->d_name, kinds[i]))
                remove_if_stale(dirfd(dir), place, e->d_name);
        }
    }
    (void)closedir(dir);
}

void folder_sweep(void)
{
    static const char *const kinds[] = {FOLDER_RUN, "bench-queue", "bench-redis"};
    sweep(folder_place(), kinds, LEN(kinds));
}

/* --- making --- */

static void let_go(struct folder *f)
{
    if (f->hold.lock_fd >= 0)
        (void)close(f->hold.lock_fd);
    if (f->hold.fd >= 0)
        (void)close(f->hold.fd);
    f->hold = (struct folder_hold){-1, -1};
}

/* False when a sweep took the folder for a stale one before the lock was held: the sweep holds the
 * lock, or has removed the lock file or the folder. */
static bool lock(struct folder *f)
{
    struct stat st;
    f->hold.fd = open_folder(AT_FDCWD, f->path);
    if (f->hold.fd < 0)
        return false;
    f->hold.lock_fd =
        openat(f->hold.fd, LOCK, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (f->hold.lock_fd < 0 || flock(f->hold.lock_fd, LOCK_SH | LOCK_NB) < 0)
        return false;
    errno = EBUSY;
    return fstat(f->hold.lock_fd, &st) == 0 && st.st_nlink > 0;
}

/* 0, or the errno of what failed. */
static int make(struct folder *f, const char *place, const char *kind)
{
    int error = 0;
    for (int i = 0; i < TRIES; i++) {
        free(f->path);
        f->path = mem_printf("%s/%s" RANDOM_PART, place, kind);
        if (mkdtemp(f->path) == NULL)
            return errno;
        if (lock(f))
            return 0;
        error = errno;
        if (f->hold.fd >= 0)
            (void)unlinkat(f->hold.fd, LOCK, 0);
        (void)rmdir(f->path);
        let_go(f);
    }
    return error;
}

struct folder *folder_make(const char *kind, struct err *err)
{
    struct folder *f = mem_zalloc(sizeof *f);
    const char *place = folder_place();
    f->hold = (struct folder_hold){-1, -1};
    sweep(place, &kind, 1);
    int error = make(f, place, kind);
    if (error == 0)
        return f;
    bool is_starved = error == EMFILE || error == ENFILE;
    (void)err_set(err, ERR_USAGE, "no private folder can be made in %s: %s; %s", place,
                  strerrordesc_np(error),
                  is_starved ? "raise the limit with 'ulimit -n'"
                             : "set TMPDIR to a folder that can be written");
    free(f->path);
    free(f);
    return NULL;
}

const char *folder_path(const struct folder *f)
{
    return f->path;
}

void folder_anonymise(const struct folder *f, char *text)
{
    size_t kept = strlen(f->path) - strlen(RANDOM_PART);
    for (char *at = strstr(text, f->path); at != NULL; at = strstr(at + kept, f->path)) {
        for (size_t i = 0; i < strlen(RANDOM_PART); i++)
            at[kept + i] = RANDOM_PART[i];
    }
}

void folder_remove(struct folder *f)
{
    if (f == NULL)
        return;
    folder_clear(f->path, f->hold);
    if (access(f->path, F_OK) == 0)
        log_warn("the private folder %s cannot be removed; remove it by hand", f->path);
    free(f->path);
    free(f);
}
