//! Decoding of any modules returns, and what it returns is sound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use saoma::decode::{BitGrid, maxicode};
use saoma_fuzz::check;

/// Symbols that zint draws: rows, column 0 the highest bit.
const SYMBOLS: [[u32; 33]; 6] = [
    // Mode 4.
    [
        0x880F_7DCC, 0x00B3_20E8, 0x2783_04F0, 0x5555_5558, 0x0000_0008, 0xAAAA_AAA8, 0x5555_5558,
        0x0000_0008, 0xAAAA_AAA4, 0x55F4_2958, 0x0050_9400, 0xAAA0_0AA8, 0x5640_3558, 0x03C0_3000,
        0xA8C0_12A4, 0x5500_0150, 0x0080_0808, 0xAB00_0AA8, 0x5600_0554, 0x01C0_2800, 0xAA40_36A4,
        0x5560_2558, 0x00E2_DC0C, 0xAAB2_46A0, 0x5555_59CC, 0x0000_0328, 0xAAAA_AA1C, 0x5721_0228,
        0x1ABE_4678, 0xC905_D4E8, 0xA55F_AA38, 0x98CD_4BA0, 0x0D3D_74B8,
    ],
    // Mode 2.
    [
        0x8448_095C, 0xB03B_2008, 0x321A_66A0, 0x5555_5550, 0x0000_0008, 0xAAAA_AAA8, 0x5555_5550,
        0x0000_0000, 0xAAAA_AAAC, 0x5570_1158, 0x0034_080C, 0xAA00_56A8, 0x5400_2D54, 0x0100_2C08,
        0xA900_1EA0, 0x5500_1D50, 0x0080_080C, 0xAA80_1AA8, 0x5400_1D5C, 0x02C0_0008, 0xAAE0_32A8,
        0x5520_7950, 0x00AD_FC08, 0xAAFF_72A8, 0x5555_53E4, 0x0000_0A08, 0xAAAA_AB0C, 0x4BDE_DD98,
        0xB0EA_0E3C, 0xDEC2_74F0, 0x21E0_6E4C, 0xDDE3_3F40, 0x211C_3D0C,
    ],
    // Mode 3.
    [
        0x8442_895C, 0xB03A_A000, 0x3208_26AC, 0x5555_5558, 0x0000_0000, 0xAAAA_AAA0, 0x5555_5554,
        0x0000_0000, 0xAAAA_AAA8, 0x5578_2558, 0x001C_1408, 0xAA80_D2A0, 0x57C0_2154, 0x00C0_1800,
        0xAA40_1EA4, 0x5580_0158, 0x0280_0804, 0xAB00_0AA8, 0x5500_1D54, 0x0280_1C08, 0xABC0_0AA4,
        0x55E0_1D50, 0x00E0_7800, 0xAAB6_46A0, 0x5555_5EF8, 0x0000_0DE0, 0xAAAA_AD94, 0xCB41_3108,
        0xF46C_8BC0, 0x4F5A_F1B8, 0xA622_8198, 0x7624_F3E0, 0xD364_658C,
    ],
    // Mode 5.
    [
        0x8BEF_FF7C, 0xEBA0_0A38, 0xF422_7234, 0x5502_0A08, 0x00F6_20C8, 0xAA78_E5F8, 0x5555_555C,
        0x0000_0008, 0xAAAA_AAA4, 0x5570_0550, 0x007C_9C08, 0xAA20_A2A8, 0x5760_2150, 0x0200_0400,
        0xAA00_0AA4, 0x5500_0158, 0x0080_0804, 0xAA00_0AA8, 0x57C0_015C, 0x0200_0800, 0xAA40_16A4,
        0x6B60_2698, 0xC0A1_D20C, 0x8678_5028, 0x9CC3_5F24, 0xBEE8_0870, 0x4F99_6E14, 0xC017_6E60,
        0x55DB_AAA8, 0x631D_F4E8, 0x2E26_1588, 0x7CA1_C7B0, 0xC150_108C,
    ],
    // Mode 6, the second of three.
    [
        0x62DA_555C, 0xCA78_0000, 0xF8E8_AAAC, 0x5555_5550, 0x0000_000C, 0xAAAA_AAA0, 0x5555_5554,
        0x0000_0000, 0xAAAA_AAA4, 0x5570_0950, 0x00D4_9808, 0xAA60_4AA0, 0x55A0_3D5C, 0x0200_3008,
        0xAB40_12AC, 0x5500_0958, 0x0080_080C, 0xAA00_0AA8, 0x5580_0950, 0x01C0_2C08, 0xAA00_2EA4,
        0x5580_0D50, 0x00E6_E00C, 0xAAB2_6AA8, 0x5555_51D4, 0x0000_0698, 0xAAAA_AFDC, 0x8E26_9488,
        0x5CF3_D2D8, 0xC452_9628, 0x9116_16D8, 0xAB85_E8F8, 0x6B88_F898,
    ],
    // Mode 4 with an ECI.
    [
        0x35F5_555C, 0x3C80_0008, 0xD01A_AAAC, 0x5555_5558, 0x0000_0008, 0xAAAA_AAA0, 0x5555_5554,
        0x0000_0008, 0xAAAA_AAA8, 0x5539_3558, 0x0057_840C, 0xAA40_3EA0, 0x55E0_3954, 0x02C0_1C08,
        0xA900_06A4, 0x5580_0158, 0x0280_0808, 0xAA80_0EA8, 0x5700_0954, 0x0100_2008, 0xA800_3EA4,
        0x5520_7158, 0x00A9_C800, 0xAA34_52A8, 0x5555_5308, 0x0000_0FE0, 0xAAAA_A748, 0xAFF6_F258,
        0x6145_22D8, 0xBA73_54E8, 0x6BFA_273C, 0x6969_3C28, 0xA235_A0FC,
    ],
];

// The first byte chooses a symbol and whether it is turned over, or another size than a symbol has;
// the rest are the modules that differ from it, eight a byte.
fuzz_target!(|data: &[u8]| {
    let Some((&first, changed)) = data.split_first() else { return };
    let symbol = &SYMBOLS[usize::from(first >> 2 & 7) % SYMBOLS.len()];
    let (over_columns, over_rows) = (first & 1 == 1, first & 2 == 2);
    let side = usize::from(first & 31);
    let (width, height) = if first < 224 { (30, 33) } else { (side, 33 - side) };
    let grid = BitGrid::from_fn(width, height, |x, y| {
        let index = y * width + x;
        let is_changed = changed.get(index / 8).is_some_and(|bits| bits >> (index % 8) & 1 == 1);
        let column = if over_columns { (29 - y % 2).saturating_sub(x) } else { x };
        let row = if over_rows { 32 - y } else { y };
        (symbol[row] << column >> 31 == 1) != is_changed
    });
    let Ok(symbol) = maxicode(&grid) else { return };
    check(&symbol);
});
