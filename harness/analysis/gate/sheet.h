/* sheet: a list of outcomes, file by file, with the warnings of the runs that they are of.
 *
 * Shape   `file` is the name under which a run, or an arm of a comparison, is reported. Outcomes
 * and warnings are in the order of the files. Owner   a sheet owns its lists and the texts of its
 * warnings; file names are borrowed. Errors  none.
 */
#ifndef ANALYSIS_GATE_SHEET_H
#define ANALYSIS_GATE_SHEET_H

#include "analysis/gate/gate.h"

/* A warning of a run, beside its outcomes. */
struct gate_warning {
    const char *file;
    char *code, *message, *remedy; /* remedy may be NULL */
};

struct gate_sheet {
    struct gate_outcome *outcomes;
    size_t count;
    struct gate_warning *warnings;
    size_t nwarnings;
};

struct gate_counts {
    size_t passed, failed, warned, unknown;
};

void gate_sheet_add(struct gate_sheet *sheet, const struct gate_outcome *outcome);
/* Copies the texts; remedy may be NULL. */
void gate_sheet_warn(struct gate_sheet *sheet, const char *file, const struct warning *w);
/* Of the warnings from `from` on, those of `file` end before this one. */
size_t gate_sheet_warnings_end(const struct gate_sheet *sheet, size_t from, const char *file);
void gate_sheet_fini(struct gate_sheet *sheet);
struct gate_counts gate_sheet_count(const struct gate_sheet *sheet);
/* GATE: a failing threshold is crossed. INVALID: a run could not be checked at all, or not against
 * a failing threshold. Otherwise NONE; a threshold that only warns has no other effect. */
enum err_kind gate_sheet_kind(const struct gate_sheet *sheet);

#endif
