/* What libwebp asks of the C library; webp/src/libc.rs has it, but for abs, which the compiler knows. */
#ifndef DECKLE_STDLIB_H
#define DECKLE_STDLIB_H

#include <stddef.h>

void *malloc(size_t);
void *calloc(size_t, size_t);
void free(void *);
void qsort(void *, size_t, size_t, int (*)(const void *, const void *));

static inline int abs(int value) { return __builtin_abs(value); }

#endif
