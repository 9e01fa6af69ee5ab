/* libwebp uses none of SSE's own intrinsics but this one, of which SSE2's make use too. */
#ifndef DECKLE_XMMINTRIN_H
#define DECKLE_XMMINTRIN_H

/* Four numbers of two bits, from the highest place to the lowest. */
#define _MM_SHUFFLE(d, c, b, a) (((d) << 6) | ((c) << 4) | ((b) << 2) | (a))

#endif
