/* Logs in words: a number of topics, the topics, the data. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "evm/abi.h"
#include "evm/logtext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const signatures[] = { "Transfer(address,address,uint256)",
	"VoteCast(address,uint256,uint8,uint256,string)", "DeviceRegistered(bytes32,address,string)",
	"ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,string)",
	"ReadingsAnchored(bytes32,bytes32,uint64,uint64)" };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	uint8_t topics[4][32] = { { 0 } };
	size_t count = n ? data[0] % 4 : 0;
	struct evm_hash h = abi_topic(signatures[n ? data[0] / 4 % 5 : 0]);
	char *copy;
	struct buf out;

	if (n < 1 + 32 * count)
		return 0;
	memcpy(topics[0], h.b, 32); /* nobody guesses it */
	memcpy(topics[1], data + 1, 32 * count);
	data += 1 + 32 * count;
	n -= 1 + 32 * count;
	copy = malloc(n ? n : 1);
	memcpy(copy, data, n);
	buf_init(&out, 1 << 16);
	if (!logtext((const uint8_t(*)[32])topics, 1 + count, slice_mem(copy, n), &out) && out.len)
		abort();
	buf_fini(&out);
	free(copy);
	return 0;
}
