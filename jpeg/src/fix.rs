//! 13-bit fixed-point constants of both transforms, by libjpeg's names.

pub(crate) const F_0_298631336: i32 = 2446;
pub(crate) const F_0_390180644: i32 = 3196;
pub(crate) const F_0_541196100: i32 = 4433;
pub(crate) const F_0_707106781: i32 = 5793;
pub(crate) const F_0_765366865: i32 = 6270;
pub(crate) const F_0_899976223: i32 = 7373;
pub(crate) const F_1_175875602: i32 = 9633;
pub(crate) const F_1_224744871: i32 = 10033;
pub(crate) const F_1_501321110: i32 = 12299;
pub(crate) const F_1_847759065: i32 = 15137;
pub(crate) const F_1_961570560: i32 = 16069;
pub(crate) const F_2_053119869: i32 = 16819;
pub(crate) const F_2_562915447: i32 = 20995;
pub(crate) const F_3_072711026: i32 = 25172;
pub(crate) const ONE: i32 = 1 << 13;
