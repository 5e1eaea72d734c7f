//! The bytes of an input file as UTF-8 text: taken out of gzip or zstd, and out of UTF-16 or a declared encoding,
//! as a stream. What a file is packed in is told by its first bytes, never by its name. It knows no rows.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Error, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::GzDecoder;

use super::encoding::{Decoded, Encoding};

/// A packed file may grow to this many times its length: more is taken for an attack or a mistake.
pub(super) const RATIO_MAX: u64 = 200;
/// Growth up to this many bytes is never looked at.
pub(super) const GROWTH_FREE: u64 = 64 << 20;

/// A stream of bytes that may go from thread to thread.
pub(super) type Bytes = Box<dyn Read + Send>;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// Not at all.
    Plain,
    /// Gzip, of one or more members.
    Gzip,
    /// Zstandard, of one or more frames.
    Zstd,
}

impl Packing {
    /// What the first bytes of a file say.
    pub(super) fn of(start: &[u8]) -> Packing {
        match start {
            [0x1F, 0x8B, ..] => Packing::Gzip,
            // A frame that holds nothing to unpack may stand first: tools that pack in parts write their sizes so.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Packing::Zstd,
            _ => Packing::Plain,
        }
    }

    /// As messages say it.
    fn word(self) -> &'static str {
        match self {
            Packing::Plain => "plain",
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
        }
    }
}

/// The unpacked bytes of a file, not yet as text.
///
/// # Errors
/// Those of the file. Damage and more than [`RATIO_MAX`] times the packed length are errors of the stream.
pub(super) fn unpacked(file: File) -> io::Result<(Packing, Bytes)> {
    let (packing, bytes, _) = counted(file)?;
    Ok((packing, bytes))
}

/// How many bytes of a packed file were taken.
pub(super) type Taken = Arc<AtomicU64>;

/// The same, with what counts the packed bytes as they are taken; `None` of a file that is not packed.
///
/// # Errors
/// As [`unpacked`].
pub(super) fn counted(mut file: File) -> io::Result<(Packing, Bytes, Option<Taken>)> {
    let start = first(&mut file, 4)?;
    let packing = Packing::of(&start);
    if packing == Packing::Plain {
        // A large file goes by without a layer between.
        return Ok((packing, Box::new(Cursor::new(start).chain(file)), None));
    }
    let taken = Arc::new(AtomicU64::new(0));
    let packed = Counted { inner: Cursor::new(start).chain(file), taken: Arc::clone(&taken) };
    let inner: Bytes = match packing {
        Packing::Zstd => Box::new(zstd::stream::read::Decoder::new(packed)?),
        _ => Box::new(Members::new(packed)),
    };
    let bytes = Box::new(Unpacked { inner, packing, taken: Arc::clone(&taken), given: 0 });
    Ok((packing, bytes, Some(taken)))
}

/// The text of a file in UTF-8. UTF-16 is known by its first bytes; every other encoding is `declared`.
///
/// # Errors
/// As [`unpacked`].
pub(super) fn text_of(file: File, declared: Encoding) -> io::Result<Bytes> {
    decoded(unpacked(file)?.1, declared)
}

/// Unpacked bytes as text, as [`text_of`].
///
/// # Errors
/// Those of the bytes.
pub(super) fn decoded(mut bytes: Bytes, declared: Encoding) -> io::Result<Bytes> {
    let start = first(&mut bytes, 3)?;
    let encoding = Encoding::of(&start, declared);
    let whole = Cursor::new(start).chain(bytes);
    Ok(match encoding {
        Encoding::Utf8 => Box::new(whole),
        other => Box::new(Decoded::new(Box::new(whole), other)),
    })
}

/// The first `n` bytes, or all there are.
pub(super) fn first(reader: &mut impl Read, n: u64) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    reader.take(n).read_to_end(&mut start)?;
    Ok(start)
}

/// The members of a gzip file one after another, as gzip itself reads them: zeros behind the last one are padding of tapes
/// and blocks, anything else there is damage.
struct Members<R: Read> {
    /// `None`: there is no more.
    member: Option<GzDecoder<BufReader<R>>>,
}

impl<R: Read> Members<R> {
    fn new(packed: R) -> Members<R> {
        Members { member: Some(GzDecoder::new(BufReader::with_capacity(64 << 10, packed))) }
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(mut member) = self.member.take() {
            let n = member.read(buffer)?;
            if n > 0 || buffer.is_empty() {
                self.member = Some(member);
                return Ok(n);
            }
            let mut rest = member.into_inner();
            let (is_end, is_padded) = skip_zeros(&mut rest)?;
            let is_next = !is_padded && rest.fill_buf()?.first() == Some(&0x1F);
            if !is_end && !is_next {
                return Err(Error::new(
                    ErrorKind::InvalidData,
                    "bytes that are not gzip stand behind its last part",
                ));
            }
            self.member = (!is_end).then(|| GzDecoder::new(rest));
        }
        Ok(0)
    }
}

/// Passes over zeros; whether that was all, and whether there were any.
fn skip_zeros(reader: &mut impl BufRead) -> io::Result<(bool, bool)> {
    let mut is_padded = false;
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok((true, is_padded));
        }
        let n = bytes.iter().take_while(|byte| **byte == 0).count();
        let is_other = n < bytes.len();
        is_padded |= n > 0;
        reader.consume(n);
        if is_other {
            return Ok((false, is_padded));
        }
    }
}

/// Counts the packed bytes as they are taken.
struct Counted<R> {
    inner: R,
    taken: Taken,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Unpacked bytes, within the bound.
struct Unpacked {
    inner: Bytes,
    packing: Packing,
    taken: Taken,
    given: u64,
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let name = self.packing.word();
        let damaged = |cause: Error| {
            let message = format!("its {name} data is damaged or cut short: {cause}");
            Error::new(ErrorKind::InvalidData, message)
        };
        let n = self.inner.read(buffer).map_err(damaged)?;
        self.given += n as u64;
        let most = self.taken.load(Ordering::Relaxed).saturating_mul(RATIO_MAX).max(GROWTH_FREE);
        if self.given > most {
            let free = GROWTH_FREE >> 20;
            let message = format!(
                "its {name} data unpacks to more than {RATIO_MAX} times its length and more than {free} MiB: \
                 unpack it yourself if it is what it should be"
            );
            return Err(Error::new(ErrorKind::InvalidData, message));
        }
        Ok(n)
    }
}
