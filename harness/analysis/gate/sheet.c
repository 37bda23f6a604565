#include "analysis/gate/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void gate_sheet_add(struct gate_sheet *sheet, const struct gate_outcome *outcome)
{
    sheet->outcomes = mem_one_more(sheet->outcomes, sheet->count, sizeof *sheet->outcomes);
    sheet->outcomes[sheet->count++] = *outcome;
}

void gate_sheet_warn(struct gate_sheet *sheet, const char *file, const struct warning *w)
{
    sheet->warnings = mem_one_more(sheet->warnings, sheet->nwarnings, sizeof *sheet->warnings);
    sheet->warnings[sheet->nwarnings++] =
        (struct gate_warning){.file = file,
                              .code = mem_strdup(w->code),
                              .message = mem_strdup(w->message),
                              .remedy = mem_strdup_or_null(w->remedy)};
}

size_t gate_sheet_warnings_end(const struct gate_sheet *sheet, size_t from, const char *file)
{
    while (from < sheet->nwarnings && strcmp(sheet->warnings[from].file, file) == 0)
        from++;
    return from;
}

void gate_sheet_fini(struct gate_sheet *sheet)
{
    for (size_t i = 0; i < sheet->nwarnings; i++) {
        free(sheet->warnings[i].code);
        free(sheet->warnings[i].message);
        free(sheet->warnings[i].remedy);
    }
    free(sheet->warnings);
    free(sheet->outcomes);
    *sheet = (struct gate_sheet){0};
}

struct gate_counts gate_sheet_count(const struct gate_sheet *sheet)
{
    struct gate_counts counts = {0};
    for (size_t i = 0; i < sheet->count; i++) {
        const struct gate_outcome *o = &sheet->outcomes[i];
        if (o->verdict == GATE_PASSED)
            counts.passed++;
        else if (o->verdict == GATE_UNKNOWN)
            counts.unknown++;
        else if (o->threshold->level == GATE_FAIL)
            counts.failed++;
        else
            counts.warned++;
    }
    return counts;
}

enum err_kind gate_sheet_kind(const struct gate_sheet *sheet)
{
    enum err_kind kind = ERR_NONE;
    for (size_t i = 0; i < sheet->count; i++) {
        const struct gate_outcome *o = &sheet->outcomes[i];
        bool whole_run = o->reason == GATE_INVALID || o->reason == GATE_INTERRUPTED;
        if (o->verdict == GATE_CROSSED && o->threshold->level == GATE_FAIL)
            return ERR_GATE;
        if (o->reason == GATE_INTERVAL && o->threshold->level == GATE_FAIL)
            kind = kind == ERR_NONE ? ERR_INCONCLUSIVE : kind;
        else if (o->verdict == GATE_UNKNOWN && (o->threshold->level == GATE_FAIL || whole_run))
            kind = ERR_INVALID;
    }
    return kind;
}
