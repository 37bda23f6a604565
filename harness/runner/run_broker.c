#include "runner/run_broker.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "proc/programs.h"

#define PRIVATE_FILE  "private: a sqlite file, removed after the run"
#define PRIVATE_REDIS "private: a redis-server, removed after the run"
#define PRIVATE_QUEUE "private: a name of its own, removed after the run"
#define DROP_QUEUE    "--drop-queue"
#define NAME_BYTES    6 /* random ones, of a queue's name */

/* --- as given by the user --- */

static int check_redis_server(struct err *err)
{
    char *path = program_in_path("redis-server");
    if (path == NULL)
        return err_set(err, ERR_USAGE,
                       "--broker redis: redis-server is not in PATH; install it: apt-get install "
                       "redis-server");
    free(path);
    return 0;
}

int run_broker_check(struct target_options *target, const struct opt_given *given, struct err *err)
{
    if (target_options_check_broker(target, err) < 0)
        return -1;
    if (target->broker == NULL) {
        target->broker = PRIVATE_FILE;
    } else if (strcmp(target->broker, BROKER_PRIVATE_REDIS) == 0) {
        target->broker = target->broker_folder == NULL ? PRIVATE_REDIS : RUN_BROKER_SERVER;
        return check_redis_server(err);
    } else if (broker_is_redis(target->broker) && opt_given_text(given, "queue") == NULL) {
        target->queue = PRIVATE_QUEUE;
        target->drop_queue = true;
    }
    return 0;
}

static void add_option(struct str_list *argv, const char *name, const char *text)
{
    str_list_add(argv, name);
    str_list_add(argv, text);
}

static bool is_of_broker(const struct opt *row)
{
    static const char *const names[] = {"broker", "broker-folder", "broker-sync", "drop-queue"};
    for (size_t i = 0; i < LEN(names); i++) {
        if (strcmp(row->name, names[i]) == 0)
            return true;
    }
    return false;
}

void run_broker_forward(const struct plan *plan, const struct opt_given *given,
                        struct str_list *argv)
{
    bool has_none = plan->strategy != NULL && !plan_has_queue(plan);
    struct opt_given own = *given;
    own.count = 0;
    for (size_t i = 0; i < given->count; i++) {
        if (!has_none || !is_of_broker(given->options[i].row))
            own.options[own.count++] = given->options[i];
    }
    opt_forward(&own, target_opts, argv);
}

void run_broker_use_variable(struct target_options *target, struct str_list *argv)
{
    target_options_use_variable(target);
    if (target->broker != NULL)
        add_option(argv, "--broker", target->broker);
}

/* --- as passed to the target --- */

/* The value of an option given to the strategy; NULL: not given. */
static const char *option_text(const struct plan *plan, const char *name)
{
    const struct str_list *words = &plan->strategy_argv;
    const char *text = NULL;
    for (size_t i = 0; i + 1 < words->count; i++) {
        if (strcmp(words->items[i], name) == 0)
            text = words->items[i + 1];
    }
    return text;
}

static int make_file(struct str_list *argv, struct folder **out_folder, struct err *err)
{
    *out_folder = folder_make(FOLDER_RUN, err);
    if (*out_folder == NULL)
        return -1;
    char *url = mem_printf("sqlite:%s/queue.db", folder_path(*out_folder));
    add_option(argv, "--broker", url);
    free(url);
    return 0;
}

static int make_server(const struct plan *plan, struct str_list *argv, struct folder **out_folder,
                       struct err *err)
{
    if (option_text(plan, "--broker-folder") != NULL)
        return 0;
    *out_folder = folder_make(FOLDER_RUN, err);
    if (*out_folder == NULL)
        return -1;
    add_option(argv, "--broker-folder", folder_path(*out_folder));
    return 0;
}

static int name_queue(const struct plan *plan, struct str_list *argv, struct err *err)
{
    char random[2 * NAME_BYTES + 1];
    if (option_text(plan, "--queue") != NULL)
        return 0;
    if (rng_hex(random, NAME_BYTES) < 0)
        return err_set(err, ERR_USAGE, "no random numbers for the queue's name; give --queue NAME");
    char *name = mem_printf("heavy-%s", random);
    add_option(argv, "--queue", name);
    str_list_add(argv, DROP_QUEUE);
    free(name);
    return 0;
}

int run_broker_make(const struct plan *plan, struct str_list *argv, struct folder **out_folder,
                    struct err *err)
{
    const char *broker = option_text(plan, "--broker");
    *out_folder = NULL;
    if (!plan_has_queue(plan))
        return 0;
    if (broker == NULL)
        return make_file(argv, out_folder, err);
    if (strcmp(broker, BROKER_PRIVATE_REDIS) == 0)
        return make_server(plan, argv, out_folder, err);
    return broker_is_redis(broker) ? name_queue(plan, argv, err) : 0;
}

bool run_broker_is_dropped(const struct str_list *argv)
{
    for (size_t i = 0; i < argv->count; i++) {
        if (strcmp(argv->items[i], DROP_QUEUE) == 0)
            return true;
    }
    return false;
}
