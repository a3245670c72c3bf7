/*
 * Where things live.  All return a malloc'd absolute path; NULL with a story on failure.  The
 * runtime and state folders are made (0700) and must be ours and closed to others.
 */
#ifndef CONFIG_PATHS_H
#define CONFIG_PATHS_H

#include "base/err.h"

struct config;

/* $XDG_CONFIG_HOME/depinctl/config.yaml, else ~/.config/...; not made, may be missing. */
char *config_default_path(struct err *e);
/* $XDG_RUNTIME_DIR/depinctl, else /tmp/depinctl-UID. */
char *config_runtime_dir(struct err *e);
/* $XDG_STATE_HOME/depinctl, else ~/.local/state/depinctl. */
char *config_state_dir(struct err *e);
/* RUNTIME/CONTEXT.sock, checked to fit a socket's address; the name in lower case. */
char *config_socket_path(const char *context, struct err *e);
/* STATE/CONTEXT.db, or in collector.journal.path when that is set. */
char *config_journal_path(const struct config *c, const char *context, struct err *e);

#endif
