#include "store/result_rows.h"

#include "base/mem.h"

#define IN(type, member) offsetof(struct type, member)

/* clang-format off */
const struct field result_head_rows[] = {
    {"title", FIELD_TEXT_NULL, IN(result, title)},
    {"url", FIELD_TEXT_NULL, IN(result, url)},
    {"connections", FIELD_COUNT, IN(result, connections)},
    {"pipelining", FIELD_COUNT, IN(result, pipelining)},
    {"workers", FIELD_COUNT, IN(result, workers)},
    {"duration", FIELD_REAL_NULL, IN(result, duration_s)},
    {"start", FIELD_WALL_MS, IN(result, started_wall_ms)},
    {"finish", FIELD_WALL_MS, IN(result, finished_wall_ms)},
    {.type = FIELD_END},
};

const struct field offered_rows[] = {
    {"rate", FIELD_REAL_NULL, IN(offered_load, rate_rps)},
    {"stages", FIELD_TEXT_NULL, IN(offered_load, stages)},
    {"arrivals", FIELD_TEXT, IN(offered_load, arrivals)},
    {"max_connections", FIELD_COUNT, IN(offered_load, max_connections)},
    {"latency_from_sending", FIELD_FLAG, IN(offered_load, from_sending)},
    {.type = FIELD_END},
};

const struct field result_verdict_rows[] = {
    {"valid", FIELD_FLAG, IN(result, valid)},
    {"interrupted", FIELD_FLAG, IN(result, interrupted)},
    {.type = FIELD_END},
};

const struct field result_bailout_rows[] = {
    {"bailout", FIELD_FLAG, IN(result, bailed_out)},
    {.type = FIELD_END},
};

const struct field result_rounds_rows[] = {
    {"rounds", FIELD_COUNT, IN(result, rounds)},
    {.type = FIELD_END},
};

const struct field tool_rows[] = {
    {"version", FIELD_TEXT_NULL, IN(result, tool_version)},
    {"engine", FIELD_TEXT_NULL, IN(result, engine)},
    {.type = FIELD_END},
};

const struct field target_rows[] = {
    {"strategy", FIELD_TEXT_NULL, IN(result, strategy)},
    {"original", FIELD_TEXT_NULL, IN(result, original)},
    {"command", FIELD_TEXT_NULL, IN(result, command)},
    {"address", FIELD_TEXT_NULL, IN(result, address)},
    {"counted", FIELD_COUNT_NULL, IN(result, target_counted)},
    {"end", FIELD_TEXT_NULL, IN(result, target_end)},
    {.type = FIELD_END},
};

const struct field work_rows[] = {
    {"kind", FIELD_TEXT_NULL, IN(result, work_kind)},
    {"n", FIELD_COUNT_NULL, IN(result, work_n)},
    {.type = FIELD_END},
};

const struct field environment_rows[] = {
    {"hostname", FIELD_TEXT_NULL, IN(environment, hostname)},
    {"os", FIELD_TEXT_NULL, IN(environment, os)},
    {"kernel", FIELD_TEXT_NULL, IN(environment, kernel)},
    {"arch", FIELD_TEXT_NULL, IN(environment, arch)},
    {"cpu_model", FIELD_TEXT_NULL, IN(environment, cpu_model)},
    {"governor", FIELD_TEXT_NULL, IN(environment, governor)},
    {"cores_online", FIELD_COUNT_NULL, IN(environment, cores_online)},
    {"cores_allowed", FIELD_COUNT_NULL, IN(environment, cores_allowed)},
    {"cpu_quota_cores", FIELD_REAL_NULL, IN(environment, cpu_quota_cores)},
    {"memory_bytes", FIELD_COUNT_NULL, IN(environment, memory_bytes)},
    {"fd_limit", FIELD_COUNT_NULL, IN(environment, fd_limit)},
    {"load_average_1m", FIELD_REAL_NULL, IN(environment, load_average_1m)},
    {"libuv_version", FIELD_TEXT_NULL, IN(environment, libuv_version)},
    {.type = FIELD_END},
};

const struct field machine_rows[] = {
    {"other_cpu_cores", FIELD_REAL_NULL, IN(machine, other_cpu_cores)},
    {"stolen_cores", FIELD_REAL_NULL, IN(machine, stolen_cores)},
    {.type = FIELD_END},
};

const struct field disturbed_rows[] = {
    {"disturbed", FIELD_FLAG, IN(machine, is_disturbed)},
    {"repeated", FIELD_FLAG, IN(machine, was_repeated)},
    {.type = FIELD_END},
};

const struct field suspended_rows[] = {
    {"suspended_s", FIELD_REAL_NULL, IN(machine, suspended_s)},
    {.type = FIELD_END},
};

const struct field accounting_rows[] = {
    {"sent", FIELD_COUNT, IN(accounting, sent)},
    {"completed", FIELD_COUNT, IN(accounting, completed)},
    {"timed_out", FIELD_COUNT, IN(accounting, timed_out)},
    {"in_flight_at_end", FIELD_COUNT, IN(accounting, in_flight_at_end)},
    {"oldest_in_flight_ns", FIELD_COUNT_NULL, IN(accounting, oldest_in_flight_ns)},
    {"warmup_discarded", FIELD_COUNT, IN(accounting, warmup_discarded)},
    {"non_2xx", FIELD_COUNT, IN(accounting, non_2xx)},
    {"mismatches", FIELD_COUNT, IN(accounting, mismatches)},
    {"unasked", FIELD_COUNT, IN(accounting, unasked)},
    {"bytes_received", FIELD_COUNT, IN(accounting, bytes_received)},
    {"bytes_sent", FIELD_COUNT, IN(accounting, bytes_sent)},
    {"connected", FIELD_COUNT, IN(accounting, connected)},
    {"connect_failed", FIELD_COUNT, IN(accounting, connect_failed)},
    {.type = FIELD_END},
};

const struct field accounting_added_rows[] = {
    {"gone_after_ns", FIELD_COUNT_NULL, IN(accounting, gone_after_ns)},
    {.type = FIELD_END},
};

const struct field accounting_judged_rows[] = {
    {"judged_non_2xx", FIELD_COUNT, IN(accounting, judged_non_2xx)},
    {"match_limit", FIELD_COUNT, IN(accounting, match_limit)},
    {"body_limit", FIELD_COUNT, IN(accounting, body_limit)},
    {.type = FIELD_END},
};

const struct field accounting_carried_rows[] = {
    {"carried", FIELD_COUNT, IN(accounting, carried)},
    {.type = FIELD_END},
};

const struct field accounting_unbound_rows[] = {
    {"unbound", FIELD_COUNT, IN(accounting, unbound)},
    {.type = FIELD_END},
};

const struct field accounting_open_rows[] = {
    {"due", FIELD_COUNT_NULL, IN(accounting, due)},
    {"unsent", FIELD_COUNT_NULL, IN(accounting, unsent)},
    {"held", FIELD_COUNT_NULL, IN(accounting, held)},
    {.type = FIELD_END},
};

const struct field accounting_after_rows[] = {
    {"completed_after_end", FIELD_COUNT_NULL, IN(accounting, completed_after_end)},
    {.type = FIELD_END},
};

const struct field loss_rows[] = {
#define X(name, key, meaning) {#key, FIELD_COUNT, IN(accounting, failed[LOSS_##name])},
    LOSS_KINDS(X)
#undef X
    {.type = FIELD_END},
};

const struct field tls_rows[] = {
    {"version", FIELD_TEXT_NULL, IN(tls_use, version)},
    {"cipher", FIELD_TEXT_NULL, IN(tls_use, cipher)},
    {"library", FIELD_TEXT_NULL, IN(tls_use, library)},
    {"handshakes", FIELD_COUNT, IN(tls_use, handshakes)},
    {"resumed", FIELD_COUNT, IN(tls_use, resumed)},
    {"mixed", FIELD_FLAG, IN(tls_use, is_mixed)},
    {"verified", FIELD_FLAG, IN(tls_use, is_verified)},
    {.type = FIELD_END},
};

const struct field http2_rows[] = {
    {"max_streams", FIELD_COUNT_NULL, IN(http2_use, max_streams)},
    {"limit_changes", FIELD_COUNT, IN(http2_use, limit_changes)},
    {"goaways", FIELD_COUNT, IN(http2_use, goaways)},
    {"blocked", FIELD_COUNT, IN(http2_use, blocked)},
    {"blocked_s", FIELD_REAL_NULL, IN(http2_use, blocked_s)},
    {.type = FIELD_END},
};

const struct field second_rows[] = {
    {"at_s", FIELD_REAL_NULL, IN(second, at_s)},
    {"length_s", FIELD_REAL_NULL, IN(second, length_s)},
    {"requests", FIELD_COUNT, IN(second, requests)},
    {"errors", FIELD_COUNT, IN(second, errors)},
    {"non_2xx", FIELD_COUNT, IN(second, non_2xx)},
    {"bytes", FIELD_COUNT, IN(second, bytes)},
    {"p50_ns", FIELD_COUNT_NULL, IN(second, p50_ns)},
    {"p99_ns", FIELD_COUNT_NULL, IN(second, p99_ns)},
    {"max_ns", FIELD_COUNT_NULL, IN(second, max_ns)},
    {"server_cpu_cores", FIELD_REAL_NULL, IN(second, server_cpu_cores)},
    {"server_rss_bytes", FIELD_COUNT_NULL, IN(second, server_rss_bytes)},
    {"server_threads", FIELD_COUNT_NULL, IN(second, server_threads)},
    {"server_switches", FIELD_COUNT_NULL, IN(second, server_switches)},
    {"server_run_wait_s", FIELD_REAL_NULL, IN(second, server_run_wait_s)},
    {"queue_backlog", FIELD_COUNT_NULL, IN(second, queue_backlog)},
    {"jobs_completed", FIELD_COUNT_NULL, IN(second, jobs_completed)},
    {.type = FIELD_END},
};

const struct field second_open_rows[] = {
    {"due", FIELD_COUNT_NULL, IN(second, due)},
    {"sent", FIELD_COUNT_NULL, IN(second, sent)},
    {"late", FIELD_COUNT_NULL, IN(second, late)},
    {.type = FIELD_END},
};

const struct field process_rows[] = {
    {"role", FIELD_TEXT, IN(process_cost, role)},
    {"pid", FIELD_COUNT_NULL, IN(process_cost, pid)},
    {.type = FIELD_END},
};

const struct field cost_rows[] = {
    {"cpu_user_s", FIELD_REAL_NULL, IN(process_cost, cpu_user_s)},
    {"cpu_system_s", FIELD_REAL_NULL, IN(process_cost, cpu_system_s)},
    {"cpu_per_request_us", FIELD_REAL_NULL, IN(process_cost, cpu_per_request_us)},
    {"rss_peak_bytes", FIELD_COUNT_NULL, IN(process_cost, rss_peak_bytes)},
    {"threads_peak", FIELD_COUNT_NULL, IN(process_cost, threads_peak)},
    {"threads_started", FIELD_COUNT_NULL, IN(process_cost, threads_started)},
    {"switches_voluntary", FIELD_COUNT_NULL, IN(process_cost, switches_voluntary)},
    {"switches_involuntary", FIELD_COUNT_NULL, IN(process_cost, switches_involuntary)},
    {"run_wait_s", FIELD_REAL_NULL, IN(process_cost, run_wait_s)},
    {"live_threads_only", FIELD_FLAG, IN(process_cost, live_threads_only)},
    {.type = FIELD_END},
};

const struct field client_rows[] = {
    {"cpu_user_s", FIELD_REAL_NULL, IN(client_cost, cpu_user_s)},
    {"cpu_system_s", FIELD_REAL_NULL, IN(client_cost, cpu_system_s)},
    {"cpu_per_request_us", FIELD_REAL_NULL, IN(client_cost, cpu_per_request_us)},
    {"busiest_worker", FIELD_REAL_NULL, IN(client_cost, busiest_worker)},
    {"rss_peak_bytes", FIELD_COUNT_NULL, IN(client_cost, rss_peak_bytes)},
    {"run_wait_s", FIELD_REAL_NULL, IN(client_cost, run_wait_s)},
    {"little_residual", FIELD_SIGNED_NULL, IN(client_cost, little_residual)},
    {"saturated", FIELD_FLAG, IN(client_cost, saturated)},
    {.type = FIELD_END},
};

const struct field client_open_rows[] = {
    {"spin_s", FIELD_REAL_NULL, IN(client_cost, spin_s)},
    {.type = FIELD_END},
};

const struct field client_added_rows[] = {
    {"late", FIELD_FLAG, IN(client_cost, late)},
    {.type = FIELD_END},
};

const struct field thread_rows[] = {
    {"cpu_s", FIELD_REAL_NULL, IN(thread_cost, cpu_s)},
    {"run_wait_s", FIELD_REAL_NULL, IN(thread_cost, run_wait_s)},
    {.type = FIELD_END},
};

const struct field fairness_rows[] = {
    {"min", FIELD_COUNT_NULL, IN(fairness, min)},
    {"median", FIELD_COUNT_NULL, IN(fairness, median)},
    {"max", FIELD_COUNT_NULL, IN(fairness, max)},
    {"starved", FIELD_COUNT_NULL, IN(fairness, starved)},
    {"jain", FIELD_REAL_NULL, IN(fairness, jain)},
    {.type = FIELD_END},
};

const struct field probe_rows[] = {
    {"path", FIELD_TEXT, IN(probe_counts, path)},
    {"rate", FIELD_REAL_NULL, IN(probe_counts, rate_rps)},
    {.type = FIELD_END},
};

const struct field probe_fate_rows[] = {
    {"due", FIELD_COUNT, IN(probe_fate, due)},
    {"completed", FIELD_COUNT, IN(probe_fate, completed)},
    {"timed_out", FIELD_COUNT, IN(probe_fate, timed_out)},
    {"failed", FIELD_COUNT, IN(probe_fate, failed)},
    {"open_at_end", FIELD_COUNT, IN(probe_fate, open_at_end)},
    {.type = FIELD_END},
};

const struct field probe_fate_added_rows[] = {
    {"non_2xx", FIELD_COUNT, IN(probe_fate, non_2xx)},
    {.type = FIELD_END},
};

const struct field queue_rows[] = {
    {"broker", FIELD_TEXT_NULL, IN(queue_account, broker)},
    {"accepted", FIELD_COUNT_NULL, IN(queue_account, accepted)},
    {"completed", FIELD_COUNT_NULL, IN(queue_account, completed)},
    {"failed", FIELD_COUNT_NULL, IN(queue_account, failed)},
    {"backlog_start", FIELD_COUNT_NULL, IN(queue_account, backlog_start)},
    {"backlog_end", FIELD_COUNT_NULL, IN(queue_account, backlog_end)},
    {"completed_per_s", FIELD_REAL_NULL, IN(queue_account, completed_per_s)},
    {"workers", FIELD_COUNT_NULL, IN(queue_account, workers)},
    {"workers_lost", FIELD_COUNT_NULL, IN(queue_account, workers_lost)},
    {.type = FIELD_END},
};

const struct field drain_rows[] = {
    {"time_s", FIELD_REAL_NULL, IN(queue_account, drain_s)},
    {"left", FIELD_COUNT_NULL, IN(queue_account, drain_left)},
    {.type = FIELD_END},
};

const struct field drain_added_rows[] = {
    {"completed", FIELD_COUNT_NULL, IN(queue_account, drain_completed)},
    {"most_s", FIELD_REAL_NULL, IN(queue_account, drain_most_s)},
    {.type = FIELD_END},
};

const struct field warning_rows[] = {
    {"code", FIELD_TEXT, IN(warning, code)},
    {"message", FIELD_TEXT, IN(warning, message)},
    {"remedy", FIELD_TEXT_NULL, IN(warning, remedy)},
    {.type = FIELD_END},
};

const struct named_hist result_hists[RESULT_HIST_COUNT] = {
#define X(name) {#name, IN(result, name)},
    RESULT_HISTS(X)
#undef X
};
/* clang-format on */

int64_t result_status_class(const struct result *r, int digit)
{
    int64_t sum = 0;
    for (int status = digit * 100; status < digit * 100 + 100; status++)
        sum += r->accounting.statuses[status];
    return sum;
}

void result_repeated(const struct result *r, struct repeated out[RESULT_REPEATED_COUNT])
{
    const struct accounting *a = &r->accounting;
    const struct repeated all[RESULT_REPEATED_COUNT] = {
        {"sampleInt", result_sample_ms(r)},
        {"samples", (int64_t)result_second_stats(r, SECOND_REQUESTS).count},
        {"errors", a->timed_out + accounting_failed(a) + a->connect_failed},
        {"timeouts", a->timed_out},
        {"mismatches", a->mismatches},
        {"non2xx", a->non_2xx},
        {"resets", 0}, /* of request sequences; there are none */
        {"1xx", result_status_class(r, 1)},
        {"2xx", result_status_class(r, 2)},
        {"3xx", result_status_class(r, 3)},
        {"4xx", result_status_class(r, 4)},
        {"5xx", result_status_class(r, 5)},
    };
    for (size_t i = 0; i < LEN(all); i++)
        out[i] = all[i];
}
