#include "proc/programs.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

char *program_find(const char *name, struct err *err)
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
    const char *folder = self;
    for (size_t i = 0; i < 2; i++) {
        char *path = i == 0 ? mem_printf("%s/%s", folder, name)
                            : mem_printf("%s/../libexec/bench/%s", folder, name);
        if (access(path, X_OK) == 0)
            return path;
        free(path);
    }
    (void)err_set(err, ERR_USAGE,
                  "cannot find %s in %s or %s/../libexec/bench; build it with "
                  "scripts/quickstart, or install bench whole",
                  name, folder, folder);
    return NULL;
}
