/* What the files about lines share. */
#ifndef RPC_LINE_INTERNAL_H
#define RPC_LINE_INTERNAL_H

#include <sys/socket.h>
#include <sys/un.h>

#include "rpc/line.h"

/* Takes the descriptors; the same one twice for a socket. */
struct line *line_new(struct loop *l, int in, int out);
/* Puts path into a; says what is wrong with it. */
int line_addr(struct sockaddr_un *a, const char *path, struct err *e);
/* Who sits at the other end: true when it is this user or root. */
bool line_peer_trusted(int fd, struct ucred *who);

#endif
