/* opt_internal: what the files that parse options share. */
#ifndef BASE_OPT_INTERNAL_H
#define BASE_OPT_INTERNAL_H

#include "base/opt.h"

/* Puts text into the row's field. */
int opt_store(const struct opt *row, void *into, const char *text, struct err *err);

#endif
