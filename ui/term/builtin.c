/* The themes of themes/, put into the program by the assembler as they stand there. */
#include <stddef.h>

#include "base/alloc.h"
#include "ui/term/theme.h"

#define THEMES(X)                                                                                  \
	X(dark, "dark")                                                                            \
	X(light, "light") X(contrast, "high-contrast") X(blind, "colour-blind-safe")               \
		X(mono, "mono")

#define X(id, name)                                                                                \
	__asm__(".section .rodata\n"                                                               \
		"theme_" #id "_text:\n"                                                            \
		".incbin \"themes/" name ".yaml\"\n"                                               \
		"theme_" #id "_end:\n"                                                             \
		".byte 0\n"                                                                        \
		".previous\n");                                                                    \
	extern const char theme_##id##_text[], theme_##id##_end[];
THEMES(X)
#undef X

static const struct {
	const char *name, *text, *end;
} builtin[] = {
#define X(id, n) { n, theme_##id##_text, theme_##id##_end },
	THEMES(X)
#undef X
};

const char *theme_builtin(size_t i)
{
	return i < ARRAY_LEN(builtin) ? builtin[i].name : NULL;
}

struct slice theme_builtin_text(size_t i)
{
	if (i >= ARRAY_LEN(builtin))
		return slice_of("");
	return slice_mem(builtin[i].text, (size_t)(builtin[i].end - builtin[i].text));
}
