#include "support/sqlite_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void sqlite_refused(struct bed *bed, const char *word)
{
    const char *const words[] = {bed_path(bed), word, NULL};
    bed_refused(bed, words);
}

void sqlite_fill(struct bed *bed)
{
    struct bed_broker gateway;
    bed_open(bed, &gateway, BROKER_GATEWAY);
    bed_add_many(&gateway, 300);
    bed_close(&gateway);
}
