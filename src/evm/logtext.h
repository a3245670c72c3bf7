/*
 * Logs of well-known contracts in words: tokens (ERC-20, ERC-721), votes (ERC-5805), governors
 * (OpenZeppelin's) and device registries.  An event is known by its signature alone, so the words
 * say what the log claims, not what its contract is worth.
 */
#ifndef EVM_LOGTEXT_H
#define EVM_LOGTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

#define LOGTEXT_STRING 300 /* bytes of a string that are shown */

/* "Transfer from 0x… to 0x… value 1000".  False, and nothing added: an event that is not known,
 * or not as its signature says. */
bool logtext(const uint8_t topics[][32], size_t topics_n, struct slice data, struct buf *out);

#endif
