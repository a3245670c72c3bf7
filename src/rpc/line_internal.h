/* What the files about lines share. */
#ifndef RPC_LINE_INTERNAL_H
#define RPC_LINE_INTERNAL_H

#include "rpc/line.h"

/* Takes the descriptors; the same one twice for a socket. */
struct line *line_new(struct loop *l, int in, int out);

#endif
