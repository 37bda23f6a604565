#include "store/session_rows.h"

#include "model/session.h"

#define IN(type, member) offsetof(struct type, member)

/* clang-format off */
const struct field session_rows[] = {
    {"title", FIELD_TEXT_NULL, IN(session, title)},
    {"start", FIELD_WALL_MS, IN(session, started_wall_ms)},
    {"finish", FIELD_WALL_MS, IN(session, finished_wall_ms)},
    {"measured_s", FIELD_REAL_NULL, IN(session, measured_s)},
    {"interrupted", FIELD_FLAG, IN(session, interrupted)},
    {"out_of_time", FIELD_FLAG, IN(session, out_of_time)},
    {"problem", FIELD_TEXT_NULL, IN(session, problem)},
    {"path", FIELD_TEXT_NULL, IN(session, path)},
    {"seed", FIELD_COUNT, IN(session, seed)},
    {"max_blocks", FIELD_COUNT, IN(session, max_blocks)},
    {"budget_s", FIELD_REAL_NULL, IN(session, budget_s)},
    {"control", FIELD_FLAG, IN(session, has_control)},
    {"all_gates", FIELD_FLAG, IN(session, all_gates)},
    {"allow_errors", FIELD_FLAG, IN(session, allow_errors)},
    {.type = FIELD_END},
};

const struct field session_tool_rows[] = {
    {"version", FIELD_TEXT_NULL, IN(session, tool_version)},
    {.type = FIELD_END},
};

const struct field session_course_rows[] = {
    {"slices", FIELD_COUNT, IN(session, slices)},
    {"slice_ns", FIELD_COUNT, IN(session, slice_ns)},
    {"guard_ns", FIELD_COUNT, IN(session, guard_ns)},
    {"one_sided", FIELD_FLAG, IN(session, is_one_sided)},
    {.type = FIELD_END},
};

const struct field session_gate_rows[] = {
    {"text", FIELD_TEXT, IN(session_gate, text)},
    {"default", FIELD_FLAG, IN(session_gate, is_default)},
    {.type = FIELD_END},
};

const struct field session_arm_rows[] = {
    {"name", FIELD_TEXT, IN(session_arm, name)},
    {"target", FIELD_TEXT, IN(session_arm, target)},
    {"is_url", FIELD_FLAG, IN(session_arm, is_url)},
    {.type = FIELD_END},
};

const struct field session_block_rows[] = {
    {"start", FIELD_WALL_MS, IN(session_block, started_wall_ms)},
    {"mirrored", FIELD_FLAG, IN(session_block, is_mirrored)},
    {"valid", FIELD_FLAG, IN(session_block, is_valid)},
    {.type = FIELD_END},
};

const struct field session_side_rows[] = {
    {"padding_bytes", FIELD_COUNT, IN(session_side, padding_bytes)},
    {"duration", FIELD_REAL_NULL, IN(session_side, result.duration_s)},
    {"saturated", FIELD_FLAG, IN(session_side, result.client.saturated)},
    {"end", FIELD_TEXT_NULL, IN(session_side, result.target_end)},
    {.type = FIELD_END},
};

const struct field session_late_rows[] = {
    {"late", FIELD_FLAG, IN(session_side, result.client.late)},
    {.type = FIELD_END},
};

const struct field session_share_rows[] = {
    {"stolen", FIELD_SIGNED_NULL, IN(session_share, stolen)},
    {"foreign", FIELD_SIGNED_NULL, IN(session_share, foreign)},
    {"throttled", FIELD_SIGNED_NULL, IN(session_share, throttled)},
    {"idle", FIELD_SIGNED_NULL, IN(session_share, idle)},
    {.type = FIELD_END},
};

const struct field session_server_rows[] = {
    {"cpu_user_s", FIELD_REAL_NULL, IN(process_cost, cpu_user_s)},
    {"cpu_system_s", FIELD_REAL_NULL, IN(process_cost, cpu_system_s)},
    {"cpu_per_request_us", FIELD_REAL_NULL, IN(process_cost, cpu_per_request_us)},
    {"rss_peak_bytes", FIELD_COUNT_NULL, IN(process_cost, rss_peak_bytes)},
    {.type = FIELD_END},
};

const struct field session_tls_rows[] = {
    {"version", FIELD_TEXT_NULL, IN(tls_use, version)},
    {"cipher", FIELD_TEXT_NULL, IN(tls_use, cipher)},
    {"mixed", FIELD_FLAG, IN(tls_use, is_mixed)},
    {"verified", FIELD_FLAG, IN(tls_use, is_verified)},
    {.type = FIELD_END},
};

const struct field session_redo_rows[] = {
    {"imbalance", FIELD_REAL_NULL, IN(session_redo, imbalance)},
    {"text", FIELD_TEXT_NULL, IN(session_redo, text)},
    {.type = FIELD_END},
};
/* clang-format on */
