#include "report/marks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/spread.h"
#include "report/text.h"

static bool is_key(const struct arm_figure *figure, const char *one, const char *other)
{
    return strcmp(figure->key, one) == 0 || strcmp(figure->key, other) == 0;
}

static void collect(struct marks *marks, const struct arm_figure *figure,
                    const struct arm_summary *sum)
{
    bool of_threads = is_key(figure, "run_wait", "switches_per_request");
    bool of_cpu = is_key(figure, "cpu_per_request", "cpu_per_work");
    marks->probe_new |= strcmp(figure->key, "probe_new_p99") == 0;
    marks->cpu_wait |= strcmp(figure->key, "run_wait") == 0;
    marks->few |= sum->is_few && figure->few == NULL;
    marks->few_ticks |= sum->is_few && of_cpu;
    marks->few_rate |= sum->is_few && figure->few != NULL && !of_cpu;
    marks->bound_threads |= sum->is_bound && of_threads;
    marks->bound_time |= sum->is_bound && !of_threads;
}

char *marks_cell(struct marks *marks, const struct arm_figure *figure,
                 const struct arm_summary *sum, const struct report_style *style, char *text,
                 size_t size)
{
    char number[32];
    if (isnan(sum->median)) {
        (void)snprintf(text, size, "-");
        return text;
    }
    (void)snprintf(text, size, "%s%s%s", sum->is_bound ? spread_bound_sign(style) : "",
                   text_figure(sum->median, figure->unit, number, sizeof number),
                   sum->is_few ? "*" : "");
    collect(marks, figure, sum);
    return text;
}

static void note_bound(const char *why, const struct report_style *style, struct str_list *notes)
{
    char *text = mem_printf("%s %s", spread_bound_sign(style), why);
    str_list_add(notes, text);
    free(text);
}

void marks_notes(const struct marks *marks, const struct report_style *style,
                 struct str_list *notes)
{
    if (marks->few)
        str_list_add(notes,
                     "* percentile: fewer than 10 samples above it, so a single slow request "
                     "would change it");
    if (marks->few_rate)
        str_list_add(notes, "* rate: based on fewer than 30 completions, or less than 0.5 s");
    if (marks->few_ticks)
        str_list_add(notes, "* CPU: fewer than 10 ticks of the kernel's clock (0.1 s)");
    if (marks->cpu_wait)
        str_list_add(notes, "CPU wait is summed over all threads of the server");
    if (marks->probe_new)
        str_list_add(notes, PROBE_NEW_NOTE);
    if (marks->bound_time)
        note_bound("lower bound: unfinished requests count with the time elapsed so far", style,
                   notes);
    if (marks->bound_threads)
        note_bound(
            "switches and CPU wait: threads that exited between two samples are not included",
            style, notes);
}
