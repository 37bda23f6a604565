/* damage: a document of ours, spoilt in one place, as a stranger might hand it in. */
#ifndef TESTS_DAMAGE_H
#define TESTS_DAMAGE_H

#include <jansson.h>

struct damage {
    const char *path;  /* keys and indexes with '/' between */
    const char *value; /* JSON; NULL takes the key away */
    const char *complaint;
};

void damage_at(json_t *doc, const char *path, const char *value);

#endif
