/* stream_internal: what the files of a stream share; no other file includes it.
 *
 * Shape   stream.c opens, reads and closes the socket. Where the stream has TLS, it hands what it
 *         reads and what is to be written to stream_tls.c. Both write through stream_send.c.
 */
#ifndef LOAD_STREAM_INTERNAL_H
#define LOAD_STREAM_INTERNAL_H

#include "load/stream.h"

/* --- stream_send.c --- */

void stream_broke(struct stream *s, int error, int64_t now_ns); /* error 0: the TLS's trouble */
/* Tries to write, and queues the rest. The bytes stay until has_written or on_written. */
int stream_send(struct stream *s, char *bytes, size_t len);

/* --- stream_tls.c --- */

struct stream_tls *stream_tls_new(void);
void stream_tls_free(struct stream_tls *t);
void stream_tls_begin(struct stream *s, int64_t now_ns); /* it is connected */
void stream_tls_feed(struct stream *s, const char *bytes, size_t len, int64_t now_ns);
void stream_tls_eof(struct stream *s, int64_t now_ns);
int stream_tls_write(struct stream *s, char *bytes, size_t len);
/* What stream_send queued is written. True: nothing is left to write, or write_error is set. */
bool stream_tls_written(struct stream *s);
size_t stream_tls_unwritten(const struct stream *s);
void stream_tls_close(struct stream *s);

#endif
