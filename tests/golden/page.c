/* page: shows the body of a page of known comparisons, sessions, sweeps, searches and results.
 *
 * page CASE...         of a sweep also CASE@GOAL, another goal than its own
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/capacity/search.h"
#include "base/mem.h"
#include "cases/capacity_cases.h"
#include "cases/compare_cases.h"
#include "cases/render_cases.h"
#include "cases/session_cases.h"
#include "cases/sweep_cases.h"
#include "report/page/page.h"
#include "store/session_file.h"

#define CHAPTERS_MAX 8

struct measured {
    struct comparison comparison, runs;
    struct session session;
    struct sweep sweep;
    struct ranking ranking;
    struct capacity capacity;
    struct goal capacity_goal;
    struct capacity_page found;
    struct verdict verdict;
    struct verdict_page verdict_page;
};

static const struct page_picture pictures[] = {
    {.key = "latency",
     .title = "Latency by percentile",
     .read = "How to read it.",
     .see = "What is to be seen.",
     .numbers = "# percentile\tlatency_ms\n# arm 0 \"a \\042b\\042\"\n0.5\t1.25\n1\t9\n",
     .svg = "<svg viewBox=\"0 0 9 9\"><g id=\"a\"><text fill=\"black\">&lt;b&gt;</text></g></svg>"},
    {.key = "heat",
     .title = "Latency over time",
     .read = "How.",
     .see = "What.",
     .problem = "gnuplot: <not found>"},
};

static int session_chapter(const char *name, struct measured *m, struct page_chapter *out)
{
    struct session s;
    struct err err;
    if (session_case(name, &s) < 0)
        return -1;
    int failed = session_as_stored(&s, &m->session, &err);
    session_fini(&s);
    if (failed < 0 || verdict_make(&m->session, &m->verdict, &err) < 0)
        return -1;
    m->verdict_page = (struct verdict_page){.verdict = &m->verdict, .file = "session.json"};
    *out = (struct page_chapter){.session = &m->verdict_page};
    return 0;
}

static int sweep_chapter(struct measured *m, const char *goal, struct page_chapter *out)
{
    struct err err;
    if (ranking_init(&m->ranking, &m->sweep, goal, &err) < 0)
        return -1;
    *out = (struct page_chapter){.comparison = &m->sweep.comparison,
                                 .sweep = &m->sweep,
                                 .ranking = &m->ranking,
                                 .pictures = &pictures[1],
                                 .npictures = 1};
    return 0;
}

static int capacity_chapter(struct measured *m, struct page_chapter *out)
{
    struct err err;
    if (goal_parse(m->capacity.goal, &m->capacity_goal, &err) < 0)
        return -1;
    capacity_judge(&m->capacity);
    m->found = (struct capacity_page){.capacity = &m->capacity, .goal = &m->capacity_goal};
    *out = (struct page_chapter){.capacity = &m->found, .pictures = &pictures[1], .npictures = 1};
    return 0;
}

static int chapter(char *name, struct measured *m, struct page_chapter *out)
{
    struct result r;
    char *at = strchr(name, '@');
    const char *goal = at == NULL ? NULL : at + 1;
    if (at != NULL)
        *at = '\0';
    comparison_init(&m->comparison);
    comparison_init(&m->runs);
    session_init(&m->session);
    if (sweep_case(name, &m->sweep) == 0)
        return sweep_chapter(m, goal, out);
    if (capacity_case(name, &m->capacity) == 0)
        return capacity_chapter(m, out);
    if (compare_case(name, &m->comparison) == 0) {
        *out = (struct page_chapter){
            .comparison = &m->comparison, .pictures = pictures, .npictures = LEN(pictures)};
        return 0;
    }
    if (render_case(name, &r) == 0) {
        (void)comparison_add_arm(&m->runs, name);
        comparison_add_result(&m->runs, 0, 1, &r);
        *out = (struct page_chapter){.comparison = &m->runs, .is_gathered = true};
        return 0;
    }
    return session_chapter(name, m, out);
}

static void measured_fini(struct measured *m)
{
    comparison_fini(&m->comparison);
    comparison_fini(&m->runs);
    verdict_fini(&m->verdict);
    session_fini(&m->session);
    ranking_fini(&m->ranking);
    sweep_fini(&m->sweep);
    capacity_fini(&m->capacity);
    goal_fini(&m->capacity_goal);
}

/* Without the style and the script, which say nothing of the results. */
static void show(const struct page *page)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    page_write(page, &out);
    const char *from = strstr(out.data, "<body>");
    const char *to = strstr(out.data, "<script>");
    (void)fwrite(from, 1, (size_t)(to - from), stdout);
    (void)puts("");
    buf_fini(&out);
}

int main(int argc, char **argv)
{
    struct measured measured[CHAPTERS_MAX] = {0};
    struct page_chapter chapters[CHAPTERS_MAX];
    size_t count = (size_t)argc - 1;
    if (count < 1 || count > CHAPTERS_MAX) {
        (void)fprintf(stderr, "usage: page CASE...\n");
        return 2;
    }
    for (size_t i = 0; i < count; i++) {
        if (chapter(argv[i + 1], &measured[i], &chapters[i]) < 0) {
            (void)fprintf(stderr, "page: %s is no case\n", argv[i + 1]);
            return 2;
        }
    }
    const struct page page = {
        .chapters = chapters, .nchapters = count, .command = "bench report a.json -o a.html"};
    show(&page);
    for (size_t i = 0; i < count; i++)
        measured_fini(&measured[i]);
    return 0;
}
