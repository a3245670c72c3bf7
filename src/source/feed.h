/*
 * What a stream of CloudEvents does to the model: shared by the live stream and by files.
 * Telemetry becomes samples; births, deaths, status and messages become events and what they
 * say of the device.
 */
#ifndef SOURCE_FEED_H
#define SOURCE_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct feed;
struct source;

/* Resumes from the source's recorded position; brings back the devices it knew. */
struct feed *feed_new(struct source *s);
void feed_free(struct feed *f);
/*
 * One event; a bad one is counted.  false: events before it are missing and it was not taken;
 * the server may still have them, so dial anew from feed_position().  Only where feed_asked().
 */
bool feed_message(struct feed *f, struct slice msg);
/* An array of events, or one: what files hold; WebSocket has no batches. */
void feed_batch(struct feed *f, struct slice msg);
/* For a recording: the devices that are known from before it began; and back from there. */
void feed_keep_known(struct feed *f);
void feed_replay_known(struct feed *f, struct slice text);
/* The server is asked, now, to go on behind feed_position(). */
void feed_asked(struct feed *f);
/* The last sequence taken in, "" when none had one. */
void feed_position(const struct feed *f, char *out, size_t n);
void feed_save_position(struct feed *f); /* when telemetry alone has moved it */

#endif
