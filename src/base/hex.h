/*
 * Hexadecimal as Ethereum's JSON-RPC writes it.  Two forms: data ("0x" and two digits a byte,
 * "0x" alone is no bytes) and quantity ("0x" and at least one digit, no leading zero, "0x0").
 * Reading takes both cases of letters; writing is lower case.  -1 for anything else.
 */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include <stdint.h>

#include "base/buf.h"

int hex_digit(char c); /* 0..15, or -1 */
/* Data of any length up to cap bytes; *n bytes written. */
int hex_data(struct slice s, uint8_t *out, size_t cap, size_t *n);
/* Data of exactly n bytes. */
int hex_data_exact(struct slice s, uint8_t *out, size_t n);
/* Quantity of at most 64 bits. */
int hex_quantity(struct slice s, uint64_t *out);

/* "0x", two digits a byte and a NUL: 2 * n + 3 bytes of out.  Its length. */
size_t hex_text(char *out, const void *p, size_t n);
int buf_addhex(struct buf *b, const void *p, size_t n); /* "0x" + digits */
int buf_addquantity(struct buf *b, uint64_t v);

#endif
