#include "support/tls_bed.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tls/tls_internal.h"

void bed_check_queue(void)
{
    unsigned long error = ERR_peek_error();
    if (error != 0)
        print_error("left in the queue: %s\n", ERR_reason_error_string(error));
    assert_int_equal(error, 0);
}

/* --- the wire --- */

static void side_init(struct bed_side *side)
{
    *side = (struct bed_side){0};
    buf_init(&side->out, TLS_OUT_BYTES);
    buf_init(&side->got, BUF_TEXT_MAX);
}

void bed_open(struct tls_bed *bed, struct tls_context *client, struct tls_context *server)
{
    *bed = (struct tls_bed){.piece = BED_WHOLE, .plain_size = TLS_PLAIN_BYTES};
    side_init(&bed->client);
    side_init(&bed->server);
    tls_open(&bed->client.tls, client, &bed->client.out);
    tls_open(&bed->server.tls, server, &bed->server.out);
    bed_check_queue();
}

static void side_close(struct bed_side *side)
{
    tls_close(&side->tls);
    bed_check_queue();
    assert_null(side->tls.ssl);
    buf_fini(&side->out);
    buf_fini(&side->got);
}

void bed_close(struct tls_bed *bed)
{
    side_close(&bed->client);
    side_close(&bed->server);
}

/* Everything that the bytes lead to. */
static void drain(struct tls_bed *bed, struct bed_side *side)
{
    char *plain = mem_zalloc(bed->plain_size);
    size_t got = SIZE_MAX;
    enum tls_event event = tls_next(&side->tls, plain, bed->plain_size, &got);
    while (event == TLS_OPENED || event == TLS_DATA) {
        bed_check_queue();
        assert_int_equal(got > 0, event == TLS_DATA);
        assert_true(got <= bed->plain_size);
        side->opened += event == TLS_OPENED;
        buf_add(&side->got, plain, got);
        event = tls_next(&side->tls, plain, bed->plain_size, &got);
    }
    bed_check_queue();
    assert_int_equal(got, 0);
    side->closed = side->closed || event == TLS_CLOSED;
    side->failed = side->failed || event == TLS_FAILED;
    assert_int_equal(side->failed, side->tls.trouble != TLS_TROUBLE_NONE);
    free(plain);
}

void bed_feed(struct tls_bed *bed, struct bed_side *to, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len && !to->failed;) {
        size_t piece = len - at < bed->piece ? len - at : bed->piece;
        char *copy = mem_zalloc(piece);
        memcpy(copy, bytes + at, piece);
        tls_feed(&to->tls, copy, piece);
        drain(bed, to);
        free(copy);
        at += piece;
    }
}

static bool move(struct tls_bed *bed, struct bed_side *from, struct bed_side *to)
{
    size_t len = from->out.len;
    char *bytes = buf_take(&from->out);
    bed_feed(bed, to, bytes, len);
    free(bytes);
    return len > 0;
}

void bed_run(struct tls_bed *bed)
{
    bool moved = true;
    while (moved) {
        moved = move(bed, &bed->client, &bed->server);
        moved = move(bed, &bed->server, &bed->client) || moved;
    }
}

void bed_send(struct tls_bed *bed, struct bed_side *from, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t took = tls_write(&from->tls, bytes + at, len - at);
        bed_check_queue();
        assert_true(took > 0 && took <= len - at);
        assert_true(at + took == len || from->out.len >= TLS_WRITE_BYTES);
        assert_true(from->out.len < TLS_WRITE_BYTES + 2 * (size_t)TLS_PLAIN_BYTES);
        at += took;
        bed_run(bed);
    }
}

static void check_way(struct tls_bed *bed, struct bed_side *from, struct bed_side *to)
{
    static const char text[] = "a few bytes";
    size_t before = to->got.len;
    bed_send(bed, from, text, sizeof text);
    assert_int_equal(to->got.len, before + sizeof text);
    assert_memory_equal(to->got.data + before, text, sizeof text);
}

void bed_check_open(struct tls_bed *bed)
{
    char text[600];
    if (bed->client.failed || bed->server.failed) {
        tls_explain(bed->client.failed ? &bed->client.tls : &bed->server.tls, text, sizeof text);
        print_error("%s: %s\n", bed->client.failed ? "client" : "server", text);
    }
    assert_int_equal(bed->client.opened, 1);
    assert_int_equal(bed->server.opened, 1);
    check_way(bed, &bed->client, &bed->server);
    check_way(bed, &bed->server, &bed->client);
    assert_false(bed->client.failed || bed->server.failed);
}

/* --- contexts --- */

static void check_made(const void *made, const struct err *err)
{
    if (made == NULL)
        print_error("%s\n", err->text);
    bed_check_queue();
    assert_non_null(made);
}

struct tls_context *bed_client(const struct tls_options *options, const char *host)
{
    struct err err = {0};
    struct tls_client *client = tls_client_new(options, &err);
    check_made(client, &err);
    struct tls_context *context = tls_client_context(client, host, &err);
    check_made(context, &err);
    tls_client_free(client);
    return context;
}

struct tls_context *bed_server(const struct tls_server_options *options)
{
    struct err err = {0};
    struct tls_context *context = tls_server_new(options, &err);
    check_made(context, &err);
    return context;
}

struct tls_identity *bed_identity(const struct tls_identity_spec *spec)
{
    struct err err = {0};
    struct tls_identity *identity = tls_identity_make(spec, &err);
    check_made(identity, &err);
    return identity;
}

struct tls_identity *bed_local(void)
{
    struct err err = {0};
    struct tls_identity *identity = tls_identity_make_local(&err);
    check_made(identity, &err);
    return identity;
}

void bed_pair_open(struct bed_pair *p, enum tls_version version)
{
    p->identity = bed_local();
    char *file = bed_certificate_file("ca.pem", p->identity);
    str_list_add(&p->options.ca_files, file);
    p->server_options.identity = p->identity;
    p->server_options.rules.min = p->server_options.rules.max = version;
    p->server = bed_server(&p->server_options);
    p->client = bed_client(&p->options, "localhost");
    free(file);
}

void bed_pair_close(struct bed_pair *p)
{
    tls_context_free(p->client);
    tls_context_free(p->server);
    tls_identity_free(p->identity);
    str_list_fini(&p->options.ca_files);
    str_list_fini(&p->server_options.client_ca_files);
}

/* --- files --- */

static char folder[] = "/tmp/bench-tls-XXXXXX";
static struct str_list made;

int bed_files_up(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

int bed_files_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < made.count; i++)
        (void)unlink(made.items[i]);
    str_list_fini(&made);
    return rmdir(folder);
}

static FILE *create(const char *name, char **path)
{
    *path = mem_printf("%s/%s", folder, name);
    str_list_add(&made, *path);
    FILE *file = fopen(*path, "we");
    assert_non_null(file);
    return file;
}

char *bed_file(const char *name, const char *text)
{
    char *path = NULL;
    FILE *file = create(name, &path);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return path;
}

char *bed_certificate_file(const char *name, const struct tls_identity *identity)
{
    char *pem = tls_identity_pem(identity);
    char *path = bed_file(name, pem);
    free(pem);
    return path;
}

char *bed_key_file(const char *name, const struct tls_identity *identity, const char *password)
{
    char *path = NULL;
    FILE *file = create(name, &path);
    const EVP_CIPHER *cipher = password == NULL ? NULL : EVP_aes_128_cbc();
    int len = password == NULL ? 0 : (int)strlen(password);
    int wrote = PEM_write_PKCS8PrivateKey(file, identity->key, cipher, password, len, NULL, NULL);
    assert_int_equal(wrote, 1);
    assert_int_equal(fclose(file), 0);
    return path;
}
