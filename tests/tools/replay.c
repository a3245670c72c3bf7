/*
 * replay DIR: runs a fuzz target over each file of a folder, the seeds of tests/corpus and what once
 * broke it; a line of TAP for each.  The target aborts when something does not hold.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int run_file(const char *dir, const char *name, int number)
{
	char path[4096];
	uint8_t *data;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END) < 0)
		return -1;
	n = (size_t)ftell(f);
	rewind(f);
	data = malloc(n ? n : 1); /* exactly as long: sanitizers see a step over the end */
	if (!data || fread(data, 1, n, f) != n)
		return -1;
	fclose(f);
	fprintf(stderr, "# %s\n", path);
	LLVMFuzzerTestOneInput(data, n);
	printf("ok %d - %s\n", number, name);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	DIR *d = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		if (run_file(argv[1], e->d_name, ++n) < 0) {
			printf("not ok %d - %s cannot be read\n", n, e->d_name);
			return 1;
		}
	}
	if (d)
		closedir(d);
	printf("1..%d\n", n);
	return n ? 0 : 1;
}
