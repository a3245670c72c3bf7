/*
 * What a stream of CloudEvents does to the model: shared by the live stream and by files.
 * Telemetry becomes samples; births, deaths, status and messages become events and what they
 * say of the device.
 */
#ifndef SOURCE_FEED_H
#define SOURCE_FEED_H

#include <stddef.h>

#include "base/slice.h"

struct feed;
struct source;

/* Resumes from the source's recorded position; brings back the devices it knew. */
struct feed *feed_new(struct source *s);
void feed_free(struct feed *f);
void feed_message(struct feed *f, struct slice msg); /* one event; a bad one is counted */
/* The last sequence taken in, "" when none had one. */
void feed_position(const struct feed *f, char *out, size_t n);
void feed_save_position(struct feed *f); /* when telemetry alone has moved it */

#endif
