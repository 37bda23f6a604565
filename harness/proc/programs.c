#include "proc/programs.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

/* The folder that this program is in; without a slash at its end. */
static int own_folder(const char *wanted, char folder[PATH_MAX], struct err *err)
{
    ssize_t len = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    if (len < 0)
        return err_set(err, ERR_USAGE, "cannot find %s: /proc/self/exe cannot be read; mount /proc",
                       wanted);
    folder[len] = '\0';
    *strrchr(folder, '/') = '\0'; /* the link is an absolute path */
    return 0;
}

/* NULL when it is not there. */
static char *path_in(const char *folder, const char *name, int mode)
{
    char *path = mem_printf("%s/%s", folder, name);
    if (access(path, mode) == 0)
        return path;
    free(path);
    return NULL;
}

char *program_find(const char *name, struct err *err)
{
    char self[PATH_MAX];
    if (own_folder(name, self, err) < 0)
        return NULL;
    char *path = path_in(self, name, X_OK);
    if (path == NULL)
        (void)err_set(
            err, ERR_USAGE,
            "cannot find %s in %s; build it with scripts/quickstart, or install all of bench", name,
            self);
    return path;
}

char *program_data_find(const char *name, struct err *err)
{
    char self[PATH_MAX];
    if (own_folder(name, self, err) < 0)
        return NULL;
    char *shared = mem_printf("%s/../share/bench", self);
    char *path = path_in(self, name, R_OK);
    if (path == NULL)
        path = path_in(shared, name, R_OK);
    if (path == NULL)
        (void)err_set(err, ERR_USAGE,
                      "cannot find %s in %s or %s; build it with scripts/quickstart, or install "
                      "all of bench",
                      name, self, shared);
    free(shared);
    return path;
}

char *program_in_path(const char *name)
{
    const char *path = getenv("PATH"); /* NOLINT(concurrency-mt-unsafe): no thread changes it */
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
