/* Decimal arithmetic shared by num.c (reading) and num_print.c (writing). */
#ifndef BASE_NUM_DEC_H
#define BASE_NUM_DEC_H

#include <locale.h>
#include <stdint.h>

/* The longest text a number may have; 17 digits are enough for any double. */
#define NUM_MAX_BYTES 800

locale_t num_c_locale(void);
uint64_t num_pow10(int k);	       /* 0 <= k <= 19 */
double num_scale10(uint64_t m, int e); /* m * 10^e correctly rounded; -19 <= e <= 19 */

#endif
