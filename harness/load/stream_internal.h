/* stream_internal: what stream.c and stream_tls.c share; no other file includes it.
 *
 * Shape   stream.c has the socket, and all of a plain stream. It hands to stream_tls.c what it
 * reads and what is to be written, when the stream has TLS.
 */
#ifndef LOAD_STREAM_INTERNAL_H
#define LOAD_STREAM_INTERNAL_H

#include "load/stream.h"

void stream_broke(struct stream *s, int error, int64_t now_ns); /* error 0: the TLS's trouble */
/* Tries to write, and queues the rest. The bytes stay until on_written or stream_tls_written. */
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
