#include "support/damage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void damage_at(json_t *doc, const char *path, const char *value)
{
    char step[64];
    json_t *at = doc;
    const char *slash = strchr(path, '/');
    for (; slash != NULL; slash = strchr(path, '/')) {
        (void)snprintf(step, sizeof step, "%.*s", (int)(slash - path), path);
        at = json_is_array(at) ? json_array_get(at, strtoul(step, NULL, 10))
                               : json_object_get(at, step);
        assert_non_null(at);
        path = slash + 1;
    }
    json_t *new_value = value == NULL ? NULL : json_loads(value, JSON_DECODE_ANY, NULL);
    assert_true(value == NULL || new_value != NULL);
    if (json_is_array(at))
        assert_int_equal(json_array_set_new(at, strtoul(path, NULL, 10), new_value), 0);
    else if (value == NULL)
        assert_int_equal(json_object_del(at, path), 0);
    else
        assert_int_equal(json_object_set_new(at, path, new_value), 0);
}
