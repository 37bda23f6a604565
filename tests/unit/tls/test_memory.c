/* What OpenSSL keeps for a connection that is open and idle, and that all of it is given back. */
#include <malloc.h>
#include <openssl/crypto.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/tls_bed.h"

#define CONNECTIONS 20

static size_t in_use; /* bytes that OpenSSL has */

static void *counted_realloc(void *old, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    in_use -= malloc_usable_size(old);
    void *memory = realloc(old, size);
    in_use += malloc_usable_size(memory);
    return memory;
}

static void *counted_malloc(size_t size, const char *file, int line)
{
    return counted_realloc(NULL, size, file, line);
}

static void counted_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    in_use -= malloc_usable_size(memory);
    free(memory);
}

/* Opens them one after the other, with data each way, and leaves them idle. */
static void open_all(struct tls_bed *beds, const struct bed_pair *p)
{
    for (int i = 0; i < CONNECTIONS; i++) {
        bed_open(&beds[i], p->client, p->server);
        bed_run(&beds[i]);
        bed_check_open(&beds[i]);
    }
}

static size_t close_ends(struct bed_side *(*side)(struct tls_bed *bed), struct tls_bed *beds)
{
    size_t before = in_use;
    for (int i = 0; i < CONNECTIONS; i++)
        tls_close(&side(&beds[i])->tls);
    return (before - in_use) / CONNECTIONS;
}

static struct bed_side *client_of(struct tls_bed *bed)
{
    return &bed->client;
}

static struct bed_side *server_of(struct tls_bed *bed)
{
    return &bed->server;
}

static void close_all(struct tls_bed *beds)
{
    for (int i = 0; i < CONNECTIONS; i++)
        bed_close(&beds[i]);
}

static void idle_connections_are_small(void **state)
{
    static const struct {
        enum tls_version version;
        bool lean;
        size_t most_bytes;
    } cases[] = {
        {TLS_VERSION_1_2, false, 58000},
        {TLS_VERSION_1_3, false, 58000},
        {TLS_VERSION_1_2, true, 24000},
        {TLS_VERSION_1_3, true, 24000},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed_pair p = {.options.lean = cases[i].lean};
        struct tls_bed beds[CONNECTIONS];
        bed_pair_open(&p, cases[i].version);
        open_all(beds, &p); /* what is made once is there afterwards */
        close_all(beds);
        size_t before = in_use;
        open_all(beds, &p);
        size_t client_bytes = close_ends(client_of, beds);
        size_t server_bytes = close_ends(server_of, beds);
        print_message("%zu bytes for a client, %zu for a server\n", client_bytes, server_bytes);
        assert_true(client_bytes > 8000 && client_bytes <= cases[i].most_bytes);
        assert_true(server_bytes > 8000 && server_bytes <= 24000);
        assert_int_equal(in_use, before);
        close_all(beds);
        bed_pair_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_connections_are_small),
    };
    if (CRYPTO_set_mem_functions(counted_malloc, counted_realloc, counted_free) != 1)
        return 1;
    return cmocka_run_group_tests(tests, bed_files_up, bed_files_down);
}
