#include "cli/capacity_report.h"

#include <string.h>

#include "analysis/capacity/search.h"
#include "report/capacity/report.h"
#include "store/capacity_file.h"

int capacity_report_goal(const struct capacity *c, struct goal *goal, struct err *err)
{
    if (goal_parse(c->goal, goal, err) < 0)
        return err_wrap(err, "goal");
    bool is_same = goal->clauses.count == c->clauses.count;
    for (size_t i = 0; is_same && i < goal->clauses.count; i++)
        is_same = strcmp(goal->clauses.items[i], c->clauses.items[i]) == 0;
    if (is_same)
        return 0;
    goal_fini(goal);
    return err_set(err, ERR_USAGE, "clauses are not those of its goal");
}

int capacity_report_judge(struct capacity *c, struct err *err)
{
    struct goal goal;
    if (capacity_report_goal(c, &goal, err) < 0)
        return -1;
    goal_fini(&goal);
    capacity_judge(c);
    return 0;
}

int capacity_report_write(const struct capacity *c, const struct capacity_report *report,
                          const struct report_style *style, struct buf *out, struct err *err)
{
    struct goal goal;
    const char *format = report->format == NULL ? "text" : report->format;
    if (capacity_report_goal(c, &goal, err) < 0)
        return -1;
    const struct capacity_page page = {.capacity = c, .goal = &goal, .file = report->file};
    if (strcmp(format, "json") == 0)
        capacity_write(c, DOC_LINE, out);
    else if (strcmp(format, "md") == 0)
        report_capacity_markdown(&page, report->most, out);
    else if (strcmp(format, "csv") == 0)
        report_capacity_csv(&page, out);
    else
        report_capacity(&page, style, out);
    goal_fini(&goal);
    return 0;
}
