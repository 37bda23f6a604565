#include "support/tls_meeting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/count_of.h"

struct tls_world w;

static struct tls_identity *make(const char *name, const struct tls_identity *issuer,
                                 int64_t from_s, int64_t to_s)
{
    return bed_identity(&(struct tls_identity_spec){.name = name,
                                                    .names = "DNS:localhost,IP:127.0.0.1,IP:::1",
                                                    .issuer = issuer,
                                                    .from_s = from_s,
                                                    .to_s = to_s});
}

int tls_world_up(void **state)
{
    if (bed_files_up(state) != 0)
        return -1;
    w.authority = make("authority", NULL, -HOUR_S, HOUR_S);
    w.other = make("other authority", NULL, -HOUR_S, HOUR_S);
    w.leaf = make("leaf", w.authority, -HOUR_S, HOUR_S);
    w.below_leaf = make("below the leaf", w.leaf, -HOUR_S, HOUR_S);
    w.local = bed_local();
    w.expired = make("old", NULL, -2 * HOUR_S, -HOUR_S);
    w.early = make("new", NULL, HOUR_S, 2 * HOUR_S);
    w.authority_file = bed_certificate_file("authority.pem", w.authority);
    w.other_file = bed_certificate_file("other.pem", w.other);
    w.leaf_file = bed_certificate_file("leaf.pem", w.leaf);
    w.local_file = bed_certificate_file("local.pem", w.local);
    w.expired_file = bed_certificate_file("expired.pem", w.expired);
    w.early_file = bed_certificate_file("early.pem", w.early);
    w.leaf_key = bed_key_file("leaf.key", w.leaf, NULL);
    w.other_key = bed_key_file("other.key", w.other, NULL);
    return 0;
}

int tls_world_down(void **state)
{
    struct tls_identity *identities[] = {w.authority, w.other,   w.leaf, w.below_leaf,
                                         w.local,     w.expired, w.early};
    char *files[] = {w.authority_file, w.other_file, w.leaf_file, w.local_file,
                     w.expired_file,   w.early_file, w.leaf_key,  w.other_key};
    for (size_t i = 0; i < LEN(identities); i++)
        tls_identity_free(identities[i]);
    for (size_t i = 0; i < LEN(files); i++)
        free(files[i]);
    return bed_files_down(state);
}

static void check_words(const struct bed_side *side, const struct tls_meeting *m)
{
    char text[600];
    tls_explain(&side->tls, text, sizeof text);
    assert_says(text, tls_trouble_what(side->tls.trouble));
    assert_says(text, tls_trouble_remedy(side->tls.trouble));
    if (m->says != NULL)
        assert_says(text, m->says);
}

void check_kind(const struct bed_side *side, enum tls_trouble trouble)
{
    if (side->tls.trouble != trouble)
        print_error("%s, not %s: %s\n", tls_trouble_key(side->tls.trouble),
                    tls_trouble_key(trouble), side->tls.detail);
    assert_int_equal(side->tls.trouble, trouble);
    assert_int_equal(side->failed, trouble != TLS_TROUBLE_NONE);
}

void check_meeting(struct tls_meeting m)
{
    struct tls_bed bed;
    if (m.server.identity == NULL)
        m.server.identity = w.local;
    if (m.client_ca != NULL)
        str_list_add(&m.server.client_ca_files, m.client_ca);
    str_list_add(&m.client.ca_files, m.ca == NULL ? w.local_file : m.ca);
    struct tls_context *client = bed_client(&m.client, m.host == NULL ? "localhost" : m.host);
    struct tls_context *server = bed_server(&m.server);
    bed_open(&bed, client, server);
    bed_run(&bed);
    check_kind(&bed.client, m.trouble);
    check_kind(&bed.server, m.server_trouble);
    if (m.trouble == TLS_TROUBLE_NONE)
        bed_check_open(&bed);
    else
        check_words(&bed.client, &m);
    bed_close(&bed);
    tls_context_free(client);
    tls_context_free(server);
    str_list_fini(&m.client.ca_files);
    str_list_fini(&m.server.client_ca_files);
}

void check_both(struct tls_meeting m)
{
    m.client.rules.max = TLS_VERSION_1_2;
    check_meeting(m);
    m.client.rules.max = TLS_VERSION_ANY;
    m.client.rules.min = TLS_VERSION_1_3;
    check_meeting(m);
}
