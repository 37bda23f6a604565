/* run/report_internal: the sections of a run's report, in the order in which report.c writes them.
 *
 * Shape   each adds its lines, or nothing if it does not apply.
 */
#ifndef REPORT_RUN_REPORT_INTERNAL_H
#define REPORT_RUN_REPORT_INTERNAL_H

#include "base/buf.h"
#include "model/result.h"
#include "report/style.h"
#include "report/table.h"

/* All of it on one line. */
void run_section_brief(const struct result *r, const struct report_style *style, struct buf *out);
void run_section_summary(const struct result *r, const struct report_style *style, struct buf *out);
void run_section_queue(const struct result *r, const struct report_style *style, struct buf *out);
void run_section_latency(const struct result *r, const struct report_style *style, struct buf *out);
void run_section_requests(const struct result *r, const struct report_style *style,
                          struct buf *out);
void run_section_percentiles(const struct result *r, const struct report_style *style,
                             struct buf *out);
void run_section_rates(const struct result *r, const struct report_style *style, struct buf *out);
void run_section_statuses(const struct result *r, const struct report_style *style,
                          struct buf *out);
void run_section_accounts(const struct result *r, const struct report_style *style,
                          struct buf *out);
void run_section_recovery(const struct result *r, const struct report_style *style,
                          struct buf *out);
/* Its sentences. */
void run_recovery_texts(const struct result *r, struct str_list *texts);
/* The rows of that table, all of its columns; none if nothing was measured. */
void run_latency_cells(const struct result *r, const struct report_style *style, struct table *t);
/* INVALID, NOTHING COMPLETED and so on: a line each. */
void run_notices(const struct result *r, const struct report_style *style, struct buf *out);
/* "pool (20M counts per request) at http://127.0.0.1:40123/heavy"; "closed loop, 100 connections"
 */
void run_target(const struct result *r, struct buf *text);
void run_load(const struct result *r, struct buf *text);
/* A part of the accounts. */
void run_section_protocol(const struct result *r, const struct report_style *style,
                          struct buf *out);
void run_section_costs(const struct result *r, const struct report_style *style, struct buf *out);

/* A line for a connect that failed in TLS: "3 x the certificate has expired (...); renew it, ...".
 */
void protocol_add_trouble(struct buf *text, const struct connect_error *e);

/* " (81 x 503, 3 x 404)": the first few non-2xx statuses. */
void accounts_add_non_2xx(struct buf *text, const int64_t statuses[1000]);

#endif
