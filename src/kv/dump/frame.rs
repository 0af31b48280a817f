//! What stands around the bytes of a dumped value: `content ++ version u16 ++ checksum u64`, both
//! little-endian, where Redis has them too. The version tells a payload of Redis from one of trine.

/// Which way of writing values.
const VERSION: u16 = 0x5401;

/// The CRC-64 that Redis uses (Jones' polynomial, bits reversed).
fn checksum(bytes: &[u8]) -> u64 {
    const TABLE: [u64; 256] = table();
    bytes.iter().fold(0, |sum, &byte| TABLE[usize::from(sum as u8 ^ byte)] ^ sum >> 8)
}

const fn table() -> [u64; 256] {
    const POLYNOMIAL: u64 = 0x95ac_9329_ac4b_c9b5;
    let (mut table, mut index) = ([0; 256], 0);
    while index < 256 {
        let (mut sum, mut bit) = (index as u64, 0);
        while bit < 8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ POLYNOMIAL } else { sum >> 1 };
            bit += 1;
        }
        table[index] = sum;
        index += 1;
    }
    table
}

/// Adds version and checksum.
pub fn close(mut content: Vec<u8>) -> Vec<u8> {
    content.extend_from_slice(&VERSION.to_le_bytes());
    content.extend_from_slice(&checksum(&content).to_le_bytes());
    content
}

/// The content of a payload whose version and checksum are right.
pub fn open(payload: &[u8]) -> Option<&[u8]> {
    let (summed, sum) = payload.split_last_chunk::<8>()?;
    let (content, version) = summed.split_last_chunk::<2>()?;
    let right = u16::from_le_bytes(*version) == VERSION && u64::from_le_bytes(*sum) == checksum(summed);
    right.then_some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_redis() {
        assert_eq!(checksum(b"123456789"), 0xe9c6_d914_c4b8_d9ca);
        // A payload of Redis is one, but not of ours.
        assert_eq!(open(b"\x00\xc0\n\n\x00n\x9fWE\x0e\xaec\xbb"), None);
        assert_eq!(open(&close(b"content".to_vec())), Some(&b"content"[..]));
    }
}
