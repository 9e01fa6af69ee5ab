/* What libwebp asks of the C library; webp/src/libc.rs has it, but for abs, which the compiler knows. Under names of our own, because
 * WebAssembly exports them. */
#ifndef DECKLE_STDLIB_H
#define DECKLE_STDLIB_H

#include <stddef.h>

#define malloc deckle_webp_malloc
#define calloc deckle_webp_calloc
#define free deckle_webp_free
#define qsort deckle_webp_qsort

void *malloc(size_t);
void *calloc(size_t, size_t);
void free(void *);
void qsort(void *, size_t, size_t, int (*)(const void *, const void *));

static inline int abs(int value) { return __builtin_abs(value); }

#endif
