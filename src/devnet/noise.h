/*
 * Chance without state: every number is a pure function of a key and a moment, so that any
 * moment of a run can be computed again.  Not random in any stronger sense.
 */
#ifndef DEVNET_NOISE_H
#define DEVNET_NOISE_H

#include <stdint.h>

/* Mixes two words (the finaliser of splitmix64 over a weighted sum). */
static inline uint64_t noise_mix(uint64_t a, uint64_t b)
{
	uint64_t x = a + b * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* -1 .. 1 */
static inline double noise_unit(uint64_t key, uint64_t i)
{
	return (double)(int64_t)noise_mix(key, i) * 0x1p-63;
}

/* 0 .. n-1 */
static inline uint64_t noise_pick(uint64_t key, uint64_t i, uint64_t n)
{
	return (uint64_t)(((__uint128_t)noise_mix(key, i) * n) >> 64);
}

/* Knots of chance every `period` seconds, joined smoothly: -1 .. 1, and close in time is close
 * in value.  t >= 0. */
static inline double noise_smooth(uint64_t key, double t, double period)
{
	double x = t / period;
	uint64_t i = (uint64_t)x;
	double f = x - (double)i, a = noise_unit(key, i), b = noise_unit(key, i + 1);

	return a + (b - a) * f * f * (3 - 2 * f);
}

/* Two scales of it and a grain: what a sensor on something real looks like. */
static inline double noise_sensor(uint64_t key, double t, double period)
{
	return 0.62 * noise_smooth(key, t, period) + 0.26 * noise_smooth(key ^ 0x5bd1, t, period / 5) +
	       0.12 * noise_unit(key ^ 0xc2b2, (uint64_t)(t * 8));
}

#endif
