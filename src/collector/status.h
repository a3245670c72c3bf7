/* What the status of now (status.c) and that of a moment gone by (past_status.c) share. */
#ifndef COLLECTOR_STATUS_H
#define COLLECTOR_STATUS_H

struct jw;
struct model;

void status_layer(struct jw *w, const char *name, const char *state, const char *text);
void status_devices(struct jw *w, const struct model *m);
void status_alerts(struct jw *w, const struct model *m);

#endif
