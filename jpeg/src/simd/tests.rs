//! This machine's operations equal the portable ones.

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
            or xor mul16 dot add32 sub32 narrow32 narrow16
            zip8_low zip8_high zip16_low zip16_high
            zip32_low zip32_high zip64_low zip64_high
        }
        assert_eq!(super::halves(super::shr32::<11>(x)), portable::halves(portable::shr32::<11>(p)));
        assert_eq!(super::halves(super::splat32(-5)), portable::halves(portable::splat32(-5)));
    }
}
