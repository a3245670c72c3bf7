#include "model/kind.h"

enum { ID, SEVERITY, STATE, KIND, DEVICE, DEVICES, SITE, SUMMARY, SINCE, NETWORK, STATUS, REASON, UNTIL,
	BY, NOTE, SOURCE, SCORE, ACKED, SILENCE, FIRST, LAST };

static const struct field fields[] = {
	[ID] = { "id", FIELD_STR, .help = "the same for the same cause, also after a restart" },
	[SEVERITY] = { "severity", FIELD_ENUM, .help = "info, warn, critical" },
	[STATE] = { "state", FIELD_ENUM, .help = "resolved, silenced, acked, active" },
	[KIND] = { "kind", FIELD_STR, .help = "status: devices are not up; prometheus: a server says so" },
	[DEVICE] = { "device", FIELD_STR, .help = "id of the device, when it is about one" },
	[DEVICES] = { "devices", FIELD_INT, .help = "how many it is about; of a resolved one, at most" },
	[SITE] = { "site", FIELD_STR, .help = "where they stand" },
	[SUMMARY] = { "summary", FIELD_STR, .help = "what is wrong" },
	[SINCE] = { "since", FIELD_TIME, .help = "when it began" },
	[NETWORK] = { "network", FIELD_STR, .help = "the network they serve", .wide = true },
	[STATUS] = { "status", FIELD_ENUM, .help = "their status", .wide = true },
	[REASON] = { "reason", FIELD_STR, .help = "why their status is what it is", .wide = true },
	[UNTIL] = { "until", FIELD_TIME, .help = "when it was resolved", .wide = true },
	[BY] = { "by", FIELD_STR, .help = "who acknowledged or silenced it", .wide = true },
	[NOTE] = { "note", FIELD_STR, .help = "why", .wide = true },
	[SOURCE] = { "source", FIELD_STR, .help = "the server that tells of it", .wide = true },
	[SCORE] = { "score", FIELD_NUM, .help = "how unusual it is, 0 to 1, where a detector says so",
		.wide = true },
	[ACKED] = { "acked", FIELD_TIME, .help = "when it was acknowledged", .extra = true },
	[SILENCE] = { "silence", FIELD_INT, .help = "id of the silence that hides it", .extra = true },
	[FIRST] = { "first", FIELD_STR, .help = "id of the device that it began with, while that is in it",
		.extra = true },
	[LAST] = { "last", FIELD_STR, .help = "id of the device that joined it last, while that is in it",
		.extra = true },
	{ 0 },
};

static const struct kind kind = { "alerts", "alert", "al",
	"what is wrong now, the worst first, and what was resolved lately", .fields = fields };

static const struct word severity_words[] = {
	[ALERT_INFO] = { "info", 0 }, [ALERT_WARN] = { "warn", 1 }, [ALERT_CRITICAL] = { "critical", 2 },
	{ NULL, 0 },
};

static const struct word state_words[] = {
	[ALERT_RESOLVED] = { "resolved", 0 }, [ALERT_SILENCED] = { "silenced", 1 },
	[ALERT_ACKED] = { "acked", 2 }, [ALERT_ACTIVE] = { "active", 3 }, { NULL, 0 },
};

static uint64_t total(const struct model *m)
{
	return m->alerts.open_n - m->alerts.waiting_n + m->alerts.resolved_n;
}

static uint64_t next(const struct model *m, uint64_t row)
{
	uint32_t at = row == ROW_NONE ? 0 : (uint32_t)row + 1;

	while (at < m->alerts.n && !m->alerts.v[at].cause)
		at++;
	return at < m->alerts.n ? alert_row(m, &m->alerts.v[at]) : ROW_NONE;
}

void v_alert(struct value *v, const struct alert *a)
{
	v->type = V_NONE;
	if (!a)
		return;
	alert_id_text(a->id, v->tmp);
	v_str(v, slice_mem(v->tmp, ALERT_ID_TEXT));
}

/* Of what a server tells: the device may come and go. */
static void about_told(const struct model *m, const struct alert *a, unsigned col, struct value *v)
{
	uint32_t device = alert_device(m, a);

	switch (col) {
	case KIND:
		v_str(v, slice_of("prometheus"));
		break;
	case DEVICE:
		v_device(v, m, device);
		break;
	case DEVICES:
		v_int(v, device != MODEL_NONE);
		break;
	case SITE:
		if (device != MODEL_NONE)
			v_str(v, str_get(&m->strs, m->devices[device].site));
		break;
	case NETWORK:
		v_network(v, m, device);
		break;
	}
}

static void about(const struct model *m, const struct alert *a, unsigned col, struct value *v)
{
	switch (col) {
	case KIND:
		v_str(v, slice_of("status"));
		break;
	case DEVICE:
		if (a->device)
			v_str(v, slice_of(a->device));
		else
			v_device(v, m, alert_device(m, a));
		break;
	case DEVICES:
		v_int(v, a->end ? a->most : a->devices);
		break;
	case SITE:
		v_str(v, str_get(&m->strs, a->site));
		break;
	case NETWORK:
		v_str(v, str_get(&m->strs, m->networks[a->network].name));
		break;
	case STATUS:
		v_word(v, &status_words[a->status]);
		break;
	case REASON:
		v_str(v, str_get(&m->strs, a->reason));
		break;
	case FIRST:
		v_device(v, m, a->first);
		break;
	case LAST:
		v_device(v, m, a->last);
		break;
	}
}

/* What somebody did to it: what hides it comes first. */
static void done(const struct alert *a, unsigned col, struct value *v)
{
	const struct silence *s = a->silence;

	switch (col) {
	case BY:
		v_str(v, slice_of(s ? s->who : a->who));
		break;
	case NOTE:
		v_str(v, slice_of(s ? s->note : a->note));
		break;
	case ACKED:
		v_time(v, a->acked_ms);
		break;
	case SILENCE:
		if (s)
			v_int(v, s->id);
		break;
	}
}

static void value(const struct model *m, uint64_t row, unsigned col, struct value *v)
{
	const struct alert *a = alert_at(m, row);

	v->type = V_NONE;
	if (!a)
		return;
	switch (col) {
	case ID:
		v_alert(v, a);
		break;
	case SEVERITY:
		v_word(v, &severity_words[a->severity]);
		break;
	case STATE:
		v_word(v, &state_words[alert_state(a)]);
		break;
	case SUMMARY:
		v_str(v, slice_of(a->summary));
		break;
	case SINCE:
		v_time(v, a->since_ms);
		break;
	case UNTIL:
		v_time(v, a->until_ms);
		break;
	case SOURCE:
		v_str(v, slice_of(a->source));
		break;
	case SCORE:
		break;
	case BY:
	case NOTE:
	case ACKED:
	case SILENCE:
		done(a, col, v);
		break;
	default:
		(a->kind == ALERT_OF_STATUS ? about : about_told)(m, a, col, v);
	}
}

static const struct word *words(unsigned col)
{
	return col == SEVERITY ? severity_words : col == STATE ? state_words : status_words;
}

const struct rows rows_alerts = {
	.kind = &kind, .total = total, .next = next, .value = value, .words = words,
	.sort = "state:desc,severity:desc,since:desc", .names = { "id" },
};
