/* Declared for libwebp's animation encoder, which is compiled and never linked. */
#ifndef DECKLE_STDIO_H
#define DECKLE_STDIO_H

#include <stddef.h>

typedef struct FILE FILE;
extern FILE *stderr;
int fprintf(FILE *, const char *, ...);
int printf(const char *, ...);
int snprintf(char *, size_t, const char *, ...);

#endif
