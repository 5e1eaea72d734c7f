//! Parquet's hybrid of runs and packed bits, for the numbers of words and for what is missing. Knows numbers of a fixed
//! width, not what they mean.

/// Numbers that are packed together, as the format has it.
const GROUP: usize = 8;

/// How many bits a number takes where `most` is the greatest.
pub(super) fn width(most: usize) -> u32 {
    usize::BITS - most.leading_zeros()
}

/// Appends `numbers`, each of at most `width` bits: a run where a group of eight and what follows is one number, packed
/// bits elsewhere. The last group is filled up with 0; the reader knows how many numbers there are.
pub(super) fn append(numbers: &[u32], width: u32, into: &mut Vec<u8>) {
    let (mut packed, mut at) = (0, 0);
    while at < numbers.len() {
        let run = run_at(&numbers[at..]);
        if run < GROUP {
            at = (at + GROUP).min(numbers.len());
            continue;
        }
        pack(&numbers[packed..at], width, into);
        append_run(numbers[at], run, width, into);
        at += run;
        packed = at;
    }
    pack(&numbers[packed..], width, into);
}

/// One number, `n` times.
pub(super) fn append_run(number: u32, n: usize, width: u32, into: &mut Vec<u8>) {
    append_varint((n as u64) << 1, into);
    into.extend_from_slice(&number.to_le_bytes()[..width.div_ceil(8) as usize]);
}

/// `n` numbers of one bit, which stand in `bits` already, the first one lowest.
pub(super) fn append_bits(bits: &[u8], n: usize, into: &mut Vec<u8>) {
    append_varint((n.div_ceil(GROUP) as u64) << 1 | 1, into);
    into.extend_from_slice(&bits[..n.div_ceil(8)]);
}

/// How often the first number is there before another one comes, 0 where it is not a whole group.
fn run_at(numbers: &[u32]) -> usize {
    let Some((group, rest)) = numbers.split_first_chunk::<GROUP>() else { return 0 };
    // Without a branch for each: nearly always this is all there is to see.
    if group.iter().fold(0, |differs, number| differs | (number ^ group[0])) != 0 {
        return 0;
    }
    GROUP + rest.iter().take_while(|number| **number == group[0]).count()
}

/// Packs all `numbers`, a multiple of eight of them unless they are the last.
fn pack(numbers: &[u32], width: u32, into: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    append_varint((numbers.len().div_ceil(GROUP) as u64) << 1 | 1, into);
    for group in numbers.chunks(GROUP) {
        let mut eight = [0; GROUP];
        eight[..group.len()].copy_from_slice(group);
        pack_eight(eight, width, into);
    }
}

/// Eight numbers take as many bytes as one takes bits.
fn pack_eight(eight: [u32; GROUP], width: u32, into: &mut Vec<u8>) {
    if width <= 8 {
        // Few words, as there nearly always are: all eight at once.
        let place = |(number, i): (&u32, u32)| u64::from(*number) << (i * width);
        let all = eight.iter().zip(0..).map(place).fold(0, |all, one| all | one);
        into.extend_from_slice(&all.to_le_bytes()[..width as usize]);
        return;
    }
    let (mut bits, mut n) = (0_u64, 0);
    for number in eight {
        bits |= u64::from(number) << n;
        n += width;
        while n >= 8 {
            into.push(bits as u8);
            (bits, n) = (bits >> 8, n - 8);
        }
    }
}

fn append_varint(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::{append, append_bits, append_run, width};

    fn hybrid(numbers: &[u32], width: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        append(numbers, width, &mut bytes);
        bytes
    }

    #[test]
    fn the_formats_own_example() {
        // 0 to 7 of three bits each, as the format's document packs them.
        assert_eq!(hybrid(&[0, 1, 2, 3, 4, 5, 6, 7], 3), [3, 0b1000_1000, 0b1100_0110, 0b1111_1010]);
        assert_eq!(hybrid(&[4; 300], 3), [0b1101_1000, 0b0000_0100, 4]);
    }

    #[test]
    fn runs_and_packed_groups_take_turns() {
        let numbers = [&[1, 0][..], &[1; 20], &[0]].concat();
        // A packed group of the first eight, a run of the fourteen after them, a packed group for the last.
        assert_eq!(hybrid(&numbers, 1), [3, 0b1111_1101, 28, 1, 3, 0]);
        assert!(hybrid(&[], 5).is_empty());
    }

    #[test]
    fn any_width_is_packed_bit_by_bit() {
        for width in 0..=32 {
            let most = ((1_u64 << width) - 1) as u32;
            let numbers: Vec<u32> = (0..8_u32).map(|i| 0x9e37_79b9_u32.rotate_left(i * 5) & most).collect();
            let bytes = hybrid(&numbers, width);
            if numbers.iter().all(|n| *n == numbers[0]) {
                assert_eq!(bytes[0], 16, "{width}");
                continue;
            }
            let bit = |at: usize| u32::from(bytes[1 + at / 8] >> (at % 8) & 1);
            let width = width as usize;
            let read = |i: usize| (0..width).map(|at| bit(i * width + at) << at).sum::<u32>();
            assert_eq!((0..8).map(read).collect::<Vec<_>>(), numbers, "{width}");
            assert_eq!(bytes.len(), 1 + width);
        }
    }

    #[test]
    fn bits_stay_as_they_are() {
        let mut bytes = Vec::new();
        append_bits(&[0b0110_0101, 0b1, 7], 9, &mut bytes);
        append_run(1, 9, 1, &mut bytes);
        assert_eq!(bytes, [5, 0b0110_0101, 0b1, 18, 1]);
        assert_eq!([0, 1, 2, 255, 256].map(width), [0, 1, 2, 8, 9]);
    }
}
