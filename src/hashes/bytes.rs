//! Hash functions for bytes. A number is hashed as the eight little-endian bytes of its 64 bits.

use super::Key;
use super::numbers::bits;
use siphasher::sip::SipHasher13;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What `function` makes of the bytes of `key`.
#[inline]
pub(super) fn of(key: Key<'_>, function: impl Fn(&[u8]) -> u64) -> i64 {
    let hash = match (key, bits(key)) {
        (Key::Bytes(bytes), _) => function(bytes),
        (_, bits) => function(&bits.unwrap_or_default().to_le_bytes()),
    };
    hash as i64
}

/// FNV-1a, by Fowler, Noll and Vo, of 64 bits. Each byte waits for the one before it: that is what makes it slow for long
/// keys.
#[inline]
pub(super) fn fnv1a(bytes: &[u8]) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    bytes.iter().fold(OFFSET_BASIS, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

/// XXH3 of 64 bits, by Yann Collet. Of what is fast, stable and kept, it was the fastest up to 64 bytes: 5.3 ns and
/// 52 instructions for 16 bytes, 5.8 and 62 for 32; rapidhash 6.2 and 66, 8.2 and 94. From 256 bytes on, that is
/// ahead: 20 ns against 23.
#[inline]
pub(super) fn xxh3(seed: u64, bytes: &[u8]) -> u64 {
    xxh3_64_with_seed(bytes, seed)
}

/// SipHash-1-3, by Aumasson and Bernstein, which Python and Rust have for their own tables: nobody who does not know
/// the seed can choose keys that collide.
#[inline]
pub(super) fn sip(seed: [u64; 2], bytes: &[u8]) -> u64 {
    SipHasher13::new_with_keys(seed[0], seed[1]).hash(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fnv1a_is_the_one_of_its_authors() {
        for (text, hash) in [
            ("", 0xcbf2_9ce4_8422_2325),
            ("a", 0xaf63_dc4c_8601_ec8c),
            ("b", 0xaf63_df4c_8601_f1a5),
            ("foo", 0xdcb2_7518_fed9_d577),
            ("foobar", 0x8594_4171_f739_67e8),
        ] {
            assert_eq!(fnv1a(text.as_bytes()), hash, "{text}");
        }
    }

    #[test]
    fn xxh3_is_the_one_of_its_author() {
        // The bytes of the author's own test vectors.
        const PRIME: u64 = 11_400_714_785_074_694_797;
        let mut state = 2_654_435_761_u64;
        let buffer: Vec<u8> = (0..2367)
            .map(|_| {
                let byte = (state >> 56) as u8;
                state = state.wrapping_mul(PRIME);
                byte
            })
            .collect();
        for (length, plain, seeded) in [
            (0, 0x2d06_8005_38d3_94c2, 0xa8a6_b918_b2f0_364a),
            (1, 0xc44b_dff4_074e_ecdb, 0x032b_e332_dd76_6ef8),
            (6, 0x27b5_6a84_cd2d_7325, 0x8458_9c11_6ab5_9ab9),
            (12, 0xa713_daf0_dfbb_77e7, 0xe730_3e1b_2336_de0e),
            (24, 0xa3fe_70bf_9d35_10eb, 0x850e_80fc_35bd_d690),
            (48, 0x397d_a259_ecba_1f11, 0xadc2_cbaa_44ac_c616),
            (80, 0xbcde_fbbb_2c47_c90a, 0xc6dd_0cb6_9953_2e73),
            (195, 0xcd94_217e_e362_ec3a, 0xba68_003d_370c_b3d9),
            (403, 0xcdeb_804d_65c6_dea4, 0x6259_f6ec_fd64_43fd),
            (512, 0x617e_4959_9013_cb6b, 0x3ce4_57de_14c2_7708),
            (2048, 0xdd59_e2c3_a5f0_38e0, 0x66f8_1670_669a_babc),
            (2367, 0xcb37_aeb9_e5d3_61ed, 0xd2db_3415_b942_b42a),
        ] {
            assert_eq!(xxh3(0, &buffer[..length]), plain, "{length}");
            assert_eq!(xxh3(PRIME, &buffer[..length]), seeded, "{length}");
        }
    }

    #[test]
    fn siphash_is_the_one_of_its_authors() {
        let bytes: Vec<u8> = (0..64).collect();
        for (length, hash) in [
            (0, 0xabac_0158_050f_c4dc),
            (1, 0xc9f4_9bf3_7d57_ca93),
            (2, 0x82cb_9b02_4dc7_d44d),
            (7, 0xd392_7d98_9bb1_1140),
            (8, 0x3690_9511_8d29_9a8e),
            (15, 0xd320_d86d_2a51_9956),
            (63, 0x9d19_9062_b7bb_b3a8),
        ] {
            let seed = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908];
            assert_eq!(sip(seed, &bytes[..length]), hash, "{length}");
        }
    }
}
