/* Alerts from what the collector tells today: devices that are not well, and what Prometheus
 * servers say is firing.  Rows that tell the same story of one site are one alert. */
#ifndef UI_SCREEN_ALERTS_H
#define UI_SCREEN_ALERTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALERTS_MAX 2000

struct client_view;

enum alert_severity { ALERT_INFO, ALERT_WARN, ALERT_CRITICAL };

struct alert {
	uint64_t id; /* of its story: the same as long as it lasts */
	enum alert_severity severity;
	bool firing;
	int64_t since_ms, until_ms; /* until: resolved then */
	const json_t *row;	    /* of the first device, or the event; borrowed from the view */
	uint64_t devices;	    /* that it is about; 0: none of ours */
	bool of_devices;	    /* made from devices, not told by a server */
};

/* Fills out, the worst first; either view may be NULL.  Returns how many there are. */
size_t alerts_gather(struct client_view *devices, struct client_view *events, struct alert *out);

#define ALERTS_DEVICES "status>=degraded"
#define ALERTS_EVENTS                                                                              \
	"type in ('net.depin.prometheus.firing.v1', 'net.depin.prometheus.resolved.v1')"

#endif
