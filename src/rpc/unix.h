/*
 * Unix sockets that are this user's alone.  What must hold: nobody but this user (or root) can
 * put another socket in the place of ours, and two servers that start at once never both win.
 */
#ifndef RPC_UNIX_H
#define RPC_UNIX_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/err.h"

/* Connects now (a unix socket answers at once or never); non-blocking.  -1: no such socket,
 * nobody listens, or it belongs to somebody else. */
int unix_connect(const char *path, struct err *e);
/* Binds path with mode 0600: replaces a dead socket, refuses a live one (ERR_REFUSED, says who)
 * and one in a directory that others can write.  *bound is for unix_unlink(). */
int unix_listen(const char *path, struct stat *bound, struct err *e);
void unix_unlink(const char *path, const struct stat *bound); /* that socket and nothing else */
/* Who sits at the other end: true when it is this user or root. */
bool unix_peer_trusted(int fd, struct ucred *who);

#endif
