#include "model/mismatch.h"

#include <stdlib.h>

#include "base/mem.h"

const char *const mismatch_keys[MISMATCH_KIND_COUNT] = {
    [MISMATCH_STATUS] = "status", [MISMATCH_BODY] = "body", [MISMATCH_CONTAINS] = "contains",
    [MISMATCH_REGEX] = "regex",   [MISMATCH_SIZE] = "size", [MISMATCH_SHA256] = "sha256",
};

struct mismatch *mismatch_copy(const struct mismatch *m)
{
    if (m == NULL)
        return NULL;
    struct mismatch *copy = mem_zalloc(sizeof *copy);
    *copy = *m;
    copy->request = mem_strdup_or_null(m->request);
    copy->wanted = mem_strdup(m->wanted);
    return copy;
}

void mismatch_free(struct mismatch *m)
{
    if (m == NULL)
        return;
    free(m->request);
    free(m->wanted);
    free(m);
}
