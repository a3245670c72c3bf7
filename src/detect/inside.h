/*
 * What the parts of the engine tell each other about one row.  `look` judges the row by what was
 * before it, `learn` takes it in; what others still have to look at is learnt after them, the rest
 * by `look` itself.
 */
#ifndef DETECT_INSIDE_H
#define DETECT_INSIDE_H

#include "detect/detect.h"
#include "detect/math.h"

struct signal {
	float surprise;
	double usual, seen;
};

struct row {
	double x, origin;
	int slot;	  /* of the day; -1: no time */
	uint32_t n;	  /* rows before it */
	double scale;	  /* level's slow spread, never 0 */
	double predicted, error; /* of the mix; error: its size */
	double usual_error;
	double season[DEEP_PREDICTORS]; /* what the day's profile predicts */
	bool season_known;
	struct signal *signals; /* DETECT_FEATURES, zeros to begin with */
};

static inline void signal_set(struct row *r, enum detect_feature f, float surprise, double usual,
	double seen)
{
	r->signals[f] = (struct signal){ surprise, usual, seen };
}

/* Takes v in by 1/rows, or as the plain mean while there are fewer. */
static inline double rate_of(uint32_t n, double rows)
{
	return n < rows ? 1.0 / n : 1 / rows;
}

void level_init(struct level *l, double x);
double level_scale(const struct level *l);
void level_look(struct level *l, struct row *r, struct tail *shift, struct tail *drift,
	struct tail *level);
void level_learn(struct level *l, const struct row *r);

void mix_init(struct mix *m, double x);
void mix_look(struct mix *m, const struct level *l, struct season *s, struct row *r,
	struct tail *residual, struct tail *burst);
void mix_learn(struct mix *m, const struct level *l, const struct row *r);

void range_init(struct range *g, double x);
/* step: size of the last step */
void range_look(struct range *g, struct row *r, double step);

/* same: the value did not change */
void records_look(struct records *o, struct row *r, bool same);

void season_predict(const struct season *s, const struct level *l, struct row *r);
void season_look(struct season *s, struct row *r);
void season_learn(struct season *s, const struct row *r);

/* step: size of the last step */
void flat_look(struct flat *f, struct row *r, double step, uint32_t n);

/* One point of so many rows each; the shapes are learnt as they are looked at. */
void shapes_look(struct shapes *s, struct row *r, enum detect_feature f, int rows, double mean);

void sequences_look(struct sequences *s, struct row *r);

/* All features of one row, learnt afterwards. */
void detect_signals(struct detect_core *c, struct detect_deep *d, int64_t t_ms, double x,
	struct signal out[DETECT_FEATURES]);
/* Sum of the weighted excess by groups; fills surprise, n and terms. */
void detect_fuse(const struct signal in[DETECT_FEATURES], uint32_t rows,
	struct detect_verdict *out);
/* Sets score and alert from surprise. */
void detect_alert(struct alert *a, uint32_t rows, struct detect_verdict *out);

#endif
