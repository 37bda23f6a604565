#include <string.h>

#include "tls/tls_internal.h"

static int wire_read(BIO *bio, char *bytes, size_t size, size_t *got)
{
    struct tls *t = BIO_get_data(bio);
    size_t len = size < t->in_len ? size : t->in_len;
    BIO_clear_retry_flags(bio);
    *got = len;
    t->is_dry = len == 0;
    if (t->is_dry) {
        BIO_set_retry_read(bio);
        return -1;
    }
    memcpy(bytes, t->in, len);
    t->in += len;
    t->in_len -= len;
    return 1;
}

/* Takes all or, past the ceiling of `out`, nothing: then the connection fails. */
static int wire_write(BIO *bio, const char *bytes, size_t len, size_t *wrote)
{
    struct tls *t = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    buf_add(t->out, bytes, len);
    *wrote = len;
    return t->out->overflow ? -1 : 1;
}

/* There is nothing to flush; whatever else is asked has no answer here. */
static long wire_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/* Types with a number of their own are few (127 a process), and nothing looks for this one. */
BIO_METHOD *tls_wire_method(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "fed bytes");
    if (method == NULL)
        return NULL;
    (void)BIO_meth_set_read_ex(method, wire_read);
    (void)BIO_meth_set_write_ex(method, wire_write);
    (void)BIO_meth_set_ctrl(method, wire_control);
    return method;
}
