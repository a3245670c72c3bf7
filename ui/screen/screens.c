#include "ui/screen/screen.h"

const struct screen *const screens[] = {
	&screen_overview, &screen_devices,  &screen_chooser, &screen_confirm,    &screen_events,
	&screen_ledger,	  &screen_networks, &screen_sources, &screen_map,	 &screen_alerts,
	&screen_governance, &screen_silences, &screen_help, &screen_device,  &screen_block,	 &screen_describe,
	NULL,
};

const struct screen *screen_find(struct slice name)
{
	for (size_t i = 0; screens[i]; i++)
		if (slice_is(name, screens[i]->name))
			return screens[i];
	return NULL;
}
