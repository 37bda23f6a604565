/* --hosts: what it names, what does not go with it, and what the hosts are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cli/handed_on.h"
#include "support/parsed_run.h"

static void hosts_and_their_shares_are_counted(void **state)
{
    static const struct {
        const char *text;
        int64_t count, slots;
        bool are_here, is_here;
    } cases[] = {
        {"run --hosts localhost http://h/", 1, 1, true, true},
        {"run --hosts localhost:2 http://h/", 1, 2, true, true},
        {"run --hosts 127.0.0.1,a:3 http://h/", 2, 4, false, true},
        {"run --hosts a,b:2,c -c 4 http://h/", 3, 4, false, false},
        {"run --hosts node-1.example_x -c 4 http://h/", 1, 1, false, false},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        if (parsed_run(&p, cases[i].text) < 0)
            fail_msg("%s: %s", cases[i].text, p.err.text);
        const struct plan_hosts *hosts = &p.options.plan.hosts;
        assert_int_equal(hosts->count, cases[i].count);
        assert_int_equal(hosts->slots, cases[i].slots);
        assert_int_equal(hosts->are_here, cases[i].are_here);
        assert_int_equal(hosts->is_here, cases[i].is_here);
        assert_true(plan_is_elsewhere(&p.options.plan));
        plan_fini(&p.options.plan);
    }
}

static void this_machine_is_known_by_its_name(void **state)
{
    (void)state;
    char name[256];
    assert_int_equal(gethostname(name, sizeof name), 0);
    char *text = mem_printf("run --hosts %s --strategy pool", name);
    struct parsed_run p;
    assert_int_equal(parsed_run(&p, text), 0);
    assert_true(p.options.plan.hosts.are_here);
    plan_fini(&p.options.plan);
    free(text);
}

static void what_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"run --hosts= http://h/", "'' is not the name of a host"},
        {"run --hosts a,,b http://h/", "'' is not the name of a host"},
        {"run --hosts a,b, http://h/", "'' is not the name of a host"},
        {"run --hosts a,a http://h/", "for two shares on it, write a:2"},
        {"run --hosts a:2,A http://h/", "'A' is there twice"},
        {"run --hosts me@a http://h/", "'me@a' is not the name of a host"},
        {"run --hosts a;b http://h/", "'a;b' is not the name of a host"},
        {"run --hosts a,-x http://h/", "'-x' is not the name of a host"},
        {"run --hosts a:0 http://h/", "the number of its shares, 1 to 1000"},
        {"run --hosts a:1001 http://h/", "the number of its shares, 1 to 1000"},
        {"run --hosts a: http://h/", "the number of its shares, 1 to 1000"},
        {"run --hosts a:2x http://h/", "the number of its shares, 1 to 1000"},
        {"run --hosts a:99999999999999999999 http://h/", "the number of its shares, 1 to 1000"},
        {"run --hosts a:600,b:600 -c 2000 http://h/", "1200 shares are more than the 1000"},
        {"run --hosts a,b -c 1 http://h/", "1 connections are too few for 2 shares"},
        {"run --hosts a,b,c -c 10 -O 2 http://h/", "2 requests are too few for 3 shares"},
        {"run --hosts a --share 0/2 http://h/", "--hosts with --share"},
        {"run --hosts a --start-at 2099-01-01T00:00:00Z http://h/", "--start-at"},
        {"run --hosts a -f http://h/", "--hosts with -f/--forever"},
        {"run --hosts a -S /tmp/s http://h/", "--hosts with -S/--socket-path"},
        {"run --hosts localhost --strategy pool --tls", "--hosts with --tls"},
        {"run --hosts a --strategy pool", "the server listens on 127.0.0.1"},
        {"run --hosts a --bind 127.0.0.2 --strategy pool", "the server listens on 127.0.0.2"},
        {"run --hosts a --cmd x", "give the address of this one that they use"},
        {"run --hosts a --mpi-net 10.0.0.0 http://h/", "'10.0.0.0' is not a network of IPv4"},
        {"run --hosts a --mpi-net eth0/3 http://h/", "'eth0/3' is not a network of IPv4"},
        {"run --hosts a --mpi-net 10.0.0.0/33 http://h/", "'10.0.0.0/33' is not a network"},
        {"run --hosts a --mpi-net 10.0.0.0/ http://h/", "'10.0.0.0/' is not a network"},
        {"run --mpi-net 10.0.0.0/8 http://h/", "name them with --hosts a,b"},
        {"run --on-lost continue http://h/", "name them with --hosts a,b"},
        {"run --print-command http://h/", "name them with --hosts a,b"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        if (parsed_run(&p, cases[i].text) == 0)
            fail_msg("%s is taken", cases[i].text);
        if (strstr(p.err.text, cases[i].why) == NULL)
            fail_msg("%s: %s", cases[i].text, p.err.text);
        assert_int_equal(p.err.kind, ERR_USAGE);
        plan_fini(&p.options.plan);
        target_options_fini(&p.options.target);
    }
}

static void the_hosts_are_told_what_makes_the_load(void **state)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"run --hosts a -c 8 -d 3 -W 1 --seed 7 http://h/", "--connections 8"},
        {"run --hosts a -R 50 --arrivals poisson -p 2 http://h/",
         "--pipelining 2 --rate 50 --arrivals poisson"},
        {"run --hosts a -B 5 --wait-open 1 -L 100 http://h/",
         "--bailout 5 --wait-open 1 --sample-int 100"},
        {"run --hosts a -m POST -b x -H A:1 -H B:2 --insecure https://h/",
         "--method POST --body x --header A:1 --header B:2 --insecure"},
        {"run --hosts a --no-save -j -n -T t -o f --status-codes --probe /p --probe-rate 5 "
         "http://h/",
         ""},
        {"run --hosts localhost --strategy pool --pool-size 2 --work count:5 --drain none "
         "--max-rss 1GiB --ready-timeout 5 --bind 127.0.0.1",
         ""},
        {"run --hosts localhost --cmd x --cmd-scheme http --on-lost continue --mpi-net 10.0.0.0/8",
         ""},
        {"run http://h/ -c 8", ""}, /* it makes the load itself */
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct parsed_run p;
        struct buf words;
        if (parsed_run(&p, cases[i].text) < 0)
            fail_msg("%s: %s", cases[i].text, p.err.text);
        struct plan *plan = &p.options.plan;
        hand_on(plan, &p.line.given);
        buf_init(&words, BUF_TEXT_MAX);
        buf_puts(&words, "");
        for (size_t k = 0; k < plan->load_argv.count; k++)
            buf_printf(&words, "%s%s", k > 0 ? " " : "", plan->load_argv.items[k]);
        assert_string_equal(words.data, cases[i].words);
        buf_fini(&words);
        plan_fini(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_and_their_shares_are_counted),
        cmocka_unit_test(this_machine_is_known_by_its_name),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(the_hosts_are_told_what_makes_the_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
