#include "tls/trouble.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "tls/tls_internal.h"

#define OR_INSECURE ", or use --insecure to connect without a check"

/* clang-format off */
static const struct {
    const char *key, *what, *remedy;
} rows[] = {
    [TLS_TROUBLE_NONE] = {.key = "none", .what = "nothing is wrong", .remedy = "go on"},
    [TLS_TROUBLE_SELF_SIGNED] = {.key = "self_signed",
     .what = "the certificate is self-signed",
     .remedy = "give it with --ca FILE" OR_INSECURE},
    [TLS_TROUBLE_UNKNOWN_AUTHORITY] = {.key = "unknown_authority",
     .what = "the certificate is of an authority that is not trusted",
     .remedy = "give the certificate of the authority with --ca FILE" OR_INSECURE},
    [TLS_TROUBLE_EXPIRED] = {.key = "expired",
     .what = "the certificate has expired",
     .remedy = "renew it, correct the clock of this machine" OR_INSECURE},
    [TLS_TROUBLE_NOT_YET_VALID] = {.key = "not_yet_valid",
     .what = "the certificate is not valid yet",
     .remedy = "correct the clock of this machine or of the one that made it" OR_INSECURE},
    [TLS_TROUBLE_WRONG_NAME] = {.key = "wrong_name",
     .what = "the certificate is for another name",
     .remedy = "connect to a name that it has, or give one with --servername" OR_INSECURE},
    [TLS_TROUBLE_BAD_CERTIFICATE] = {.key = "bad_certificate",
     .what = "the certificate cannot be accepted",
     .remedy = "replace it" OR_INSECURE},
    [TLS_TROUBLE_CLIENT_CERTIFICATE_MISSING] = {.key = "client_certificate_missing",
     .what = "the server takes only clients that have a certificate",
     .remedy = "give one with --cert FILE and --key FILE"},
    [TLS_TROUBLE_CLIENT_CERTIFICATE_REFUSED] = {.key = "client_certificate_refused",
     .what = "the server refused the certificate of the client",
     .remedy = "give one of an authority that it trusts with --cert FILE and --key FILE"},
    [TLS_TROUBLE_VERSION] = {.key = "version",
     .what = "there is no TLS version that both sides allow",
     .remedy = "allow an older one with --tls-min, or a newer one with --tls-max"},
    [TLS_TROUBLE_CIPHER] = {.key = "no_shared_cipher",
     .what = "the handshake was refused, most often because no cipher is allowed on both sides",
     .remedy = "allow others with --ciphers or --tls-min, or look into the log of the server"},
    [TLS_TROUBLE_ALPN] = {.key = "alpn_refused",
     .what = "the server has none of the protocols that were offered (ALPN)",
     .remedy = "ask for one that it has, or enable this one there"},
    [TLS_TROUBLE_SERVERNAME] = {.key = "unknown_servername",
     .what = "the server has no such name",
     .remedy = "give one that it has with --servername"},
    [TLS_TROUBLE_NOT_TLS] = {.key = "not_tls",
     .what = "what came is not TLS",
     .remedy = "use http:// if the port is one of plain HTTP"},
    [TLS_TROUBLE_ALERT] = {.key = "alert",
     .what = "the peer ended the connection with an alert",
     .remedy = "look into its log"},
    [TLS_TROUBLE_CLOSED] = {.key = "closed_in_handshake",
     .what = "the connection was closed during the handshake",
     .remedy = "look into the log of the server, and whether the port is one of TLS"},
    [TLS_TROUBLE_CUT] = {.key = "cut",
     .what = "the connection ended without the end of its data (close_notify)",
     .remedy = "do not trust the last reply to be whole; look whether the server died, or "
               "something between cut the connection"},
    [TLS_TROUBLE_BAD_RECORD] = {.key = "bad_record",
     .what = "a damaged record came",
     .remedy = "look for what changes the bytes between the two sides"},
    [TLS_TROUBLE_IDLE] = {.key = "no_data",
     .what = "the peer sent only messages of TLS (keys, tickets), and no data",
     .remedy = "look why: a server has no use for more than a few between two replies"},
    [TLS_TROUBLE_OTHER] = {.key = "other",
     .what = "OpenSSL cannot go on",
     .remedy = "look into the log of the server"},
};
/* clang-format on */

_Static_assert(LEN(rows) == TLS_TROUBLES, "a row for each trouble");

const char *tls_trouble_key(enum tls_trouble trouble)
{
    return rows[trouble].key;
}

const char *tls_trouble_what(enum tls_trouble trouble)
{
    return rows[trouble].what;
}

const char *tls_trouble_remedy(enum tls_trouble trouble)
{
    return rows[trouble].remedy;
}

/* --- which one it is --- */

static enum tls_trouble of_verification(long result)
{
    switch (result) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return TLS_TROUBLE_SELF_SIGNED;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return TLS_TROUBLE_UNKNOWN_AUTHORITY;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return TLS_TROUBLE_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return TLS_TROUBLE_NOT_YET_VALID;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return TLS_TROUBLE_WRONG_NAME;
    default:
        return TLS_TROUBLE_BAD_CERTIFICATE;
    }
}

/* Of an alert that a server sent. */
static enum tls_trouble of_alert(const struct tls *t, int alert)
{
    switch (alert) {
    case SSL_AD_PROTOCOL_VERSION:
        return TLS_TROUBLE_VERSION;
    case SSL_AD_NO_APPLICATION_PROTOCOL:
        return TLS_TROUBLE_ALPN;
    case SSL_AD_UNRECOGNIZED_NAME:
        return TLS_TROUBLE_SERVERNAME;
    case SSL_AD_INSUFFICIENT_SECURITY:
        return TLS_TROUBLE_CIPHER;
    case SSL_AD_CERTIFICATE_REQUIRED:
        return TLS_TROUBLE_CLIENT_CERTIFICATE_MISSING;
    case SSL_AD_HANDSHAKE_FAILURE:
        return t->lacks_certificate ? TLS_TROUBLE_CLIENT_CERTIFICATE_MISSING : TLS_TROUBLE_CIPHER;
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
        return t->lacks_certificate ? TLS_TROUBLE_CLIENT_CERTIFICATE_MISSING
                                    : TLS_TROUBLE_CLIENT_CERTIFICATE_REFUSED;
    default:
        return TLS_TROUBLE_ALERT;
    }
}

/* Of what this side found. */
static enum tls_trouble of_reason(int reason)
{
    switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_INAPPROPRIATE_FALLBACK:
        return TLS_TROUBLE_VERSION;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_CIPHERS_AVAILABLE:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
        return TLS_TROUBLE_CIPHER;
    case SSL_R_NO_APPLICATION_PROTOCOL:
        return TLS_TROUBLE_ALPN;
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
        return TLS_TROUBLE_CLIENT_CERTIFICATE_MISSING;
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
    case SSL_R_BAD_RECORD_TYPE:
    case SSL_R_UNEXPECTED_RECORD:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_ENCRYPTED_LENGTH_TOO_LONG:
    case SSL_R_DATA_LENGTH_TOO_LONG:
    case SSL_R_LENGTH_TOO_SHORT:
    case SSL_R_RECORD_LENGTH_MISMATCH:
    case SSL_R_INVALID_CCS_MESSAGE:
    case SSL_R_INVALID_ALERT:
    case SSL_R_UNKNOWN_ALERT_TYPE:
        return TLS_TROUBLE_BAD_RECORD;
    default:
        return TLS_TROUBLE_OTHER;
    }
}

/* A handshake begins with a record of it, or with an alert; both begin with the version 3.x. */
bool tls_trouble_looks_like_tls(const struct tls *t)
{
    bool is_kind =
        t->head_len == 0 || t->head[0] == SSL3_RT_HANDSHAKE || t->head[0] == SSL3_RT_ALERT;
    return is_kind && (t->head_len < 2 || t->head[1] == SSL3_VERSION_MAJOR);
}

static void show_head(struct tls *t)
{
    char head[TLS_HEAD_BYTES + 1] = {0};
    memcpy(head, t->head, t->head_len);
    size_t len = strcspn(head, "\r\n");
    str_make_printable(head, len);
    (void)snprintf(t->detail, sizeof t->detail, "it begins with \"%.*s\"", (int)len, head);
}

/* The latest error is that of the call; others may have left older ones. */
static int last_reason(void)
{
    unsigned long error = ERR_peek_last_error();
    return ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
}

int tls_trouble_alert(void)
{
    int reason = last_reason();
    return reason > SSL_AD_REASON_OFFSET ? reason - SSL_AD_REASON_OFFSET : 0;
}

enum tls_trouble tls_trouble_find(struct tls *t)
{
    int reason = last_reason();
    int alert = tls_trouble_alert();
    if (t->state == TLS_SHAKING && !tls_trouble_looks_like_tls(t)) {
        show_head(t);
        return TLS_TROUBLE_NOT_TLS;
    }
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
        return of_verification(SSL_get_verify_result(t->ssl)); /* with the detail of its callback */
    if (alert != 0) {
        (void)snprintf(t->detail, sizeof t->detail, "alert \"%s\"",
                       SSL_alert_desc_string_long(alert));
        return t->context->is_server ? TLS_TROUBLE_ALERT : of_alert(t, alert);
    }
    (void)snprintf(t->detail, sizeof t->detail, "%s",
                   t->out->overflow ? "too much is to be sent" : tls_reason());
    return of_reason(reason);
}
