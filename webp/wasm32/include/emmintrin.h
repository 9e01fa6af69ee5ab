/* SSE2 on WebAssembly's 128-bit vectors: the intrinsics that libwebp uses, and no others.
 *
 * Each does what Intel's manual says of it (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2), to the bit, but
 * that counts of shifts have to be constants smaller than a lane, as libwebp's are. Lanes are numbered from the lowest address,
 * on both sides. tests/everywhere.rs holds libwebp's output to what it is natively.
 */
#ifndef DECKLE_EMMINTRIN_H
#define DECKLE_EMMINTRIN_H

#include <stdint.h>
#include <wasm_simd128.h>
#include <xmmintrin.h>

typedef v128_t __m128i;

#define DECKLE_INLINE static __inline__ __attribute__((__always_inline__, __nodebug__))

/* Memory. No address has to be aligned: WebAssembly does not ask for it. */

DECKLE_INLINE __m128i _mm_load_si128(const __m128i *p) { return wasm_v128_load(p); }
DECKLE_INLINE __m128i _mm_loadu_si128(const __m128i *p) { return wasm_v128_load(p); }
DECKLE_INLINE __m128i _mm_loadl_epi64(const __m128i *p) { return wasm_v128_load64_zero(p); }
DECKLE_INLINE void _mm_store_si128(__m128i *p, __m128i a) { wasm_v128_store(p, a); }
DECKLE_INLINE void _mm_storeu_si128(__m128i *p, __m128i a) { wasm_v128_store(p, a); }
DECKLE_INLINE void _mm_storel_epi64(__m128i *p, __m128i a) { wasm_v128_store64_lane(p, a, 0); }
/* Bytes whose mask has its highest bit set. The others are written too, as they were: nobody looks at the same time. */
DECKLE_INLINE void _mm_maskmoveu_si128(__m128i a, __m128i mask, char *p) {
  wasm_v128_store(p, wasm_v128_bitselect(a, wasm_v128_load(p), wasm_i8x16_shr(mask, 7)));
}

/* From numbers, and to one. */

DECKLE_INLINE __m128i _mm_setzero_si128(void) { return wasm_i32x4_const_splat(0); }
DECKLE_INLINE __m128i _mm_set1_epi8(char a) { return wasm_i8x16_splat(a); }
DECKLE_INLINE __m128i _mm_set1_epi16(short a) { return wasm_i16x8_splat(a); }
DECKLE_INLINE __m128i _mm_set1_epi32(int a) { return wasm_i32x4_splat(a); }
DECKLE_INLINE __m128i _mm_set_epi16(short h, short g, short f, short e, short d, short c, short b, short a) {
  return wasm_i16x8_make(a, b, c, d, e, f, g, h);
}
DECKLE_INLINE __m128i _mm_set_epi32(int d, int c, int b, int a) { return wasm_i32x4_make(a, b, c, d); }
DECKLE_INLINE __m128i _mm_cvtsi32_si128(int a) { return wasm_i32x4_replace_lane(wasm_i32x4_const_splat(0), 0, a); }
DECKLE_INLINE int _mm_cvtsi128_si32(__m128i a) { return wasm_i32x4_extract_lane(a, 0); }
DECKLE_INLINE int _mm_movemask_epi8(__m128i a) { return (int)wasm_i8x16_bitmask(a); }
#define _mm_insert_epi16(a, value, lane) wasm_i16x8_replace_lane(a, lane, (short)(value))

/* Bits. */

DECKLE_INLINE __m128i _mm_and_si128(__m128i a, __m128i b) { return wasm_v128_and(a, b); }
DECKLE_INLINE __m128i _mm_or_si128(__m128i a, __m128i b) { return wasm_v128_or(a, b); }
DECKLE_INLINE __m128i _mm_xor_si128(__m128i a, __m128i b) { return wasm_v128_xor(a, b); }
/* SSE2 complements the first operand, WebAssembly the second. */
DECKLE_INLINE __m128i _mm_andnot_si128(__m128i a, __m128i b) { return wasm_v128_andnot(b, a); }

/* Sums and differences, wrapping and saturating. */

DECKLE_INLINE __m128i _mm_add_epi8(__m128i a, __m128i b) { return wasm_i8x16_add(a, b); }
DECKLE_INLINE __m128i _mm_sub_epi8(__m128i a, __m128i b) { return wasm_i8x16_sub(a, b); }
DECKLE_INLINE __m128i _mm_add_epi16(__m128i a, __m128i b) { return wasm_i16x8_add(a, b); }
DECKLE_INLINE __m128i _mm_sub_epi16(__m128i a, __m128i b) { return wasm_i16x8_sub(a, b); }
DECKLE_INLINE __m128i _mm_add_epi32(__m128i a, __m128i b) { return wasm_i32x4_add(a, b); }
DECKLE_INLINE __m128i _mm_sub_epi32(__m128i a, __m128i b) { return wasm_i32x4_sub(a, b); }
DECKLE_INLINE __m128i _mm_add_epi64(__m128i a, __m128i b) { return wasm_i64x2_add(a, b); }
DECKLE_INLINE __m128i _mm_sub_epi64(__m128i a, __m128i b) { return wasm_i64x2_sub(a, b); }
DECKLE_INLINE __m128i _mm_adds_epi8(__m128i a, __m128i b) { return wasm_i8x16_add_sat(a, b); }
DECKLE_INLINE __m128i _mm_subs_epi8(__m128i a, __m128i b) { return wasm_i8x16_sub_sat(a, b); }
DECKLE_INLINE __m128i _mm_adds_epu8(__m128i a, __m128i b) { return wasm_u8x16_add_sat(a, b); }
DECKLE_INLINE __m128i _mm_subs_epu8(__m128i a, __m128i b) { return wasm_u8x16_sub_sat(a, b); }
DECKLE_INLINE __m128i _mm_adds_epi16(__m128i a, __m128i b) { return wasm_i16x8_add_sat(a, b); }
DECKLE_INLINE __m128i _mm_subs_epi16(__m128i a, __m128i b) { return wasm_i16x8_sub_sat(a, b); }
DECKLE_INLINE __m128i _mm_adds_epu16(__m128i a, __m128i b) { return wasm_u16x8_add_sat(a, b); }
DECKLE_INLINE __m128i _mm_subs_epu16(__m128i a, __m128i b) { return wasm_u16x8_sub_sat(a, b); }
DECKLE_INLINE __m128i _mm_avg_epu8(__m128i a, __m128i b) { return wasm_u8x16_avgr(a, b); }
/* The sum of eight absolute differences, in each half. */
DECKLE_INLINE __m128i _mm_sad_epu8(__m128i a, __m128i b) {
  const v128_t steps = wasm_v128_or(wasm_u8x16_sub_sat(a, b), wasm_u8x16_sub_sat(b, a));
  const v128_t fours = wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extadd_pairwise_u8x16(steps));
  return wasm_v128_and(wasm_i64x2_add(fours, wasm_u64x2_shr(fours, 32)), wasm_i64x2_const_splat(0xffff));
}

/* Products. */

DECKLE_INLINE __m128i _mm_mullo_epi16(__m128i a, __m128i b) { return wasm_i16x8_mul(a, b); }
DECKLE_INLINE __m128i _mm_mulhi_epi16(__m128i a, __m128i b) {
  const v128_t low = wasm_i32x4_extmul_low_i16x8(a, b);
  const v128_t high = wasm_i32x4_extmul_high_i16x8(a, b);
  return wasm_i16x8_shuffle(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
}
DECKLE_INLINE __m128i _mm_mulhi_epu16(__m128i a, __m128i b) {
  const v128_t low = wasm_u32x4_extmul_low_u16x8(a, b);
  const v128_t high = wasm_u32x4_extmul_high_u16x8(a, b);
  return wasm_i16x8_shuffle(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
}
DECKLE_INLINE __m128i _mm_madd_epi16(__m128i a, __m128i b) { return wasm_i32x4_dot_i16x8(a, b); }
DECKLE_INLINE __m128i _mm_mul_epu32(__m128i a, __m128i b) {
  return wasm_u64x2_extmul_low_u32x4(wasm_i32x4_shuffle(a, a, 0, 2, 0, 2), wasm_i32x4_shuffle(b, b, 0, 2, 0, 2));
}

/* Comparisons: all bits of a lane, or none. */

DECKLE_INLINE __m128i _mm_cmpeq_epi8(__m128i a, __m128i b) { return wasm_i8x16_eq(a, b); }
DECKLE_INLINE __m128i _mm_cmpgt_epi8(__m128i a, __m128i b) { return wasm_i8x16_gt(a, b); }
DECKLE_INLINE __m128i _mm_cmpeq_epi16(__m128i a, __m128i b) { return wasm_i16x8_eq(a, b); }
DECKLE_INLINE __m128i _mm_cmpgt_epi16(__m128i a, __m128i b) { return wasm_i16x8_gt(a, b); }
DECKLE_INLINE __m128i _mm_cmpeq_epi32(__m128i a, __m128i b) { return wasm_i32x4_eq(a, b); }
DECKLE_INLINE __m128i _mm_cmpgt_epi32(__m128i a, __m128i b) { return wasm_i32x4_gt(a, b); }
DECKLE_INLINE __m128i _mm_max_epu8(__m128i a, __m128i b) { return wasm_u8x16_max(a, b); }
DECKLE_INLINE __m128i _mm_min_epu8(__m128i a, __m128i b) { return wasm_u8x16_min(a, b); }
DECKLE_INLINE __m128i _mm_max_epi16(__m128i a, __m128i b) { return wasm_i16x8_max(a, b); }
DECKLE_INLINE __m128i _mm_min_epi16(__m128i a, __m128i b) { return wasm_i16x8_min(a, b); }

/* Shifts of lanes, and of the whole by bytes. */

DECKLE_INLINE __m128i _mm_slli_epi16(__m128i a, int count) { return wasm_i16x8_shl(a, (uint32_t)count); }
DECKLE_INLINE __m128i _mm_slli_epi64(__m128i a, int count) { return wasm_i64x2_shl(a, (uint32_t)count); }
DECKLE_INLINE __m128i _mm_srli_epi16(__m128i a, int count) { return wasm_u16x8_shr(a, (uint32_t)count); }
DECKLE_INLINE __m128i _mm_srli_epi32(__m128i a, int count) { return wasm_u32x4_shr(a, (uint32_t)count); }
DECKLE_INLINE __m128i _mm_srli_epi64(__m128i a, int count) { return wasm_u64x2_shr(a, (uint32_t)count); }
DECKLE_INLINE __m128i _mm_srai_epi16(__m128i a, int count) { return wasm_i16x8_shr(a, (uint32_t)count); }
DECKLE_INLINE __m128i _mm_srai_epi32(__m128i a, int count) { return wasm_i32x4_shr(a, (uint32_t)count); }

#define _mm_srli_si128(a, n) \
  wasm_i8x16_shuffle(a, wasm_i32x4_const_splat(0), (n), (n) + 1, (n) + 2, (n) + 3, (n) + 4, (n) + 5, (n) + 6, (n) + 7, \
                     (n) + 8, (n) + 9, (n) + 10, (n) + 11, (n) + 12, (n) + 13, (n) + 14, (n) + 15)
#define _mm_slli_si128(a, n) \
  wasm_i8x16_shuffle(wasm_i32x4_const_splat(0), a, 16 - (n), 17 - (n), 18 - (n), 19 - (n), 20 - (n), 21 - (n), 22 - (n), \
                     23 - (n), 24 - (n), 25 - (n), 26 - (n), 27 - (n), 28 - (n), 29 - (n), 30 - (n), 31 - (n))

/* Lanes in another order, two bits for each place. */

#define _mm_shuffle_epi32(a, order) \
  wasm_i32x4_shuffle(a, a, (order) & 3, (order) >> 2 & 3, (order) >> 4 & 3, (order) >> 6 & 3)
#define _mm_shufflelo_epi16(a, order) \
  wasm_i16x8_shuffle(a, a, (order) & 3, (order) >> 2 & 3, (order) >> 4 & 3, (order) >> 6 & 3, 4, 5, 6, 7)
#define _mm_shufflehi_epi16(a, order) \
  wasm_i16x8_shuffle(a, a, 0, 1, 2, 3, 4 + ((order) & 3), 4 + ((order) >> 2 & 3), 4 + ((order) >> 4 & 3), \
                     4 + ((order) >> 6 & 3))

/* Two vectors to one: narrowed with saturation, or lane by lane in turn. */

DECKLE_INLINE __m128i _mm_packs_epi16(__m128i a, __m128i b) { return wasm_i8x16_narrow_i16x8(a, b); }
DECKLE_INLINE __m128i _mm_packus_epi16(__m128i a, __m128i b) { return wasm_u8x16_narrow_i16x8(a, b); }
DECKLE_INLINE __m128i _mm_packs_epi32(__m128i a, __m128i b) { return wasm_i16x8_narrow_i32x4(a, b); }
DECKLE_INLINE __m128i _mm_unpacklo_epi8(__m128i a, __m128i b) {
  return wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
DECKLE_INLINE __m128i _mm_unpackhi_epi8(__m128i a, __m128i b) {
  return wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
DECKLE_INLINE __m128i _mm_unpacklo_epi16(__m128i a, __m128i b) { return wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
DECKLE_INLINE __m128i _mm_unpackhi_epi16(__m128i a, __m128i b) { return wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
DECKLE_INLINE __m128i _mm_unpacklo_epi32(__m128i a, __m128i b) { return wasm_i32x4_shuffle(a, b, 0, 4, 1, 5); }
DECKLE_INLINE __m128i _mm_unpackhi_epi32(__m128i a, __m128i b) { return wasm_i32x4_shuffle(a, b, 2, 6, 3, 7); }
DECKLE_INLINE __m128i _mm_unpacklo_epi64(__m128i a, __m128i b) { return wasm_i64x2_shuffle(a, b, 0, 2); }
DECKLE_INLINE __m128i _mm_unpackhi_epi64(__m128i a, __m128i b) { return wasm_i64x2_shuffle(a, b, 1, 3); }

#undef DECKLE_INLINE

#endif
