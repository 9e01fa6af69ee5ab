//! This processor's operations equal the portable ones.

use super::portable;

fn inputs() -> Vec<[i16; 8]> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        match state >> 29 {
            0 => i16::MIN,
            1 => i16::MAX,
            2 => (state >> 8) as i16 >> 8,
            _ => (state >> 8) as i16,
        }
    };
    let mut all = vec![[0; 8], [-1; 8], [i16::MIN; 8], [i16::MAX; 8]];
    all.extend((0..200).map(|_| core::array::from_fn(|_| next())));
    all
}

#[test]
fn every_operation_equals_the_portable_one() {
    let inputs = inputs();
    for (a, b) in inputs.iter().zip(inputs.iter().rev()) {
        let (x, y) = (super::load(a), super::load(b));
        let (p, q) = (portable::load(a), portable::load(b));
        assert_eq!(super::is_zero(x), portable::is_zero(p));
        assert_eq!(super::halves(x), portable::halves(p));
        macro_rules! same {
            ($($name:ident)*) => {$(
                assert_eq!(
                    super::halves(super::$name(x, y)),
                    portable::halves(portable::$name(p, q)),
                    concat!(stringify!($name), " of {:?} and {:?}"), a, b
                );
            )*};
        }
        same! {
            and or xor add16 sub16 mul16 dot add32 sub32 narrow32 narrow16 narrow16_unsigned min16 min8 max8
            zip8_low zip8_high zip16_low zip16_high
            zip32_low zip32_high zip64_low zip64_high
        }
        assert_eq!(super::nonzero_bytes(x), portable::nonzero_bytes(p));
        let bytes: [u8; 16] = core::array::from_fn(|i| (a[i / 2] >> (8 * (i % 2))) as u8);
        let half = bytes.first_chunk().unwrap_or(&[0; 8]);
        assert_eq!(super::halves(super::load_bytes(&bytes)), portable::halves(p));
        assert_eq!(super::halves(super::load_half(half)), portable::halves(portable::load_half(half)));
        let (mut lanes, mut stored) = ([0; 8], [0; 16]);
        super::store(&mut lanes, x);
        super::store_bytes(&mut stored, x);
        assert_eq!((&lanes, stored), (a, bytes));
        portable::store(&mut lanes, q);
        portable::store_bytes(&mut stored, q);
        assert_eq!(lanes, *b);
        assert_eq!(portable::load_bytes(&stored), q);
        assert_eq!(super::halves(super::shr16::<3>(x)), portable::halves(portable::shr16::<3>(p)));
        assert_eq!(super::halves(super::shl16::<2>(x)), portable::halves(portable::shl16::<2>(p)));
        assert_eq!(super::halves(super::shr32::<11>(x)), portable::halves(portable::shr32::<11>(p)));
        assert_eq!(super::halves(super::shl32::<10>(x)), portable::halves(portable::shl32::<10>(p)));
        for bits in [0, 7, 31] {
            assert_eq!(super::halves(super::shr32_by(x, bits)), portable::halves(portable::shr32_by(p, bits)));
        }
        assert_eq!(super::halves(super::load_wide(half)), portable::halves(portable::load_wide(half)));
        assert_eq!(super::halves(super::splat32(-5)), portable::halves(portable::splat32(-5)));
    }
}
