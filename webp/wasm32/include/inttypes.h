/* libwebp prints no number outside of its debugging code. */
#ifndef DECKLE_INTTYPES_H
#define DECKLE_INTTYPES_H

#include <stdint.h>

#endif
