/* facts: how something was measured, as names and values.
 *
 * Owner   facts_fini frees what the lists hold.
 * Errors  none. What is not known is left out, and so is a setting that is off, 0 or not given.
 */
#ifndef REPORT_PAGE_FACTS_H
#define REPORT_PAGE_FACTS_H

#include "base/str.h"
#include "model/result.h"

struct facts {
    struct str_list names, values;
};

void facts_fini(struct facts *f);
void facts_add_settings(struct facts *f, const struct setting *settings, size_t count);
void facts_add_environment(struct facts *f, const struct environment *e);
void facts_add_command(struct facts *f, const char *name, char *const *argv, size_t count);
void facts_add_result(struct facts *f, const struct result *r);  /* all of it */
const char *facts_find(const struct facts *f, const char *name); /* NULL: there is none */

#endif
