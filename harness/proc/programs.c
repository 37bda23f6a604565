#include "proc/programs.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

static char *find(const char *name, const char *installed, int mode, struct err *err)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len < 0) {
        (void)err_set(err, ERR_USAGE, "cannot find %s: /proc/self/exe cannot be read; mount /proc",
                      name);
        return NULL;
    }
    self[len] = '\0';
    *strrchr(self, '/') = '\0'; /* the link is an absolute path */
    for (size_t i = 0; i < 2; i++) {
        char *path = mem_printf("%s%s/%s", self, i == 0 ? "" : installed, name);
        if (access(path, mode) == 0)
            return path;
        free(path);
    }
    (void)err_set(
        err, ERR_USAGE,
        "cannot find %s in %s or %s%s; build it with scripts/quickstart, or install bench "
        "whole",
        name, self, self, installed);
    return NULL;
}

char *program_find(const char *name, struct err *err)
{
    return find(name, "/../libexec/bench", X_OK, err);
}

char *program_data_find(const char *name, struct err *err)
{
    return find(name, "/../share/bench", R_OK, err);
}

char *program_in_path(const char *name)
{
    const char *path = getenv("PATH"); /* NOLINT(concurrency-mt-unsafe): nobody changes it */
    for (const char *p = path == NULL ? "" : path; *p != '\0';) {
        size_t len = strcspn(p, ":");
        char *file = mem_printf("%.*s/%s", (int)len, p, name);
        if (access(file, X_OK) == 0)
            return file;
        free(file);
        p += len + (p[len] == ':');
    }
    return NULL;
}
