//! What is looked for, and the tables by which it is found fast.

use std::collections::HashMap;
use std::ops::Range;

use zeroize::Zeroizing;

use crate::encodings::forms;

/// Bytes of the shortest value that is looked for.
pub const SHORTEST: usize = 6;

/// Bytes of patterns and tables at most.
const MOST_BYTES: usize = 64 << 20;
/// Bytes of a block: what the search looks at.
const BLOCK: usize = 3;
/// The longest window: the further a pattern reaches, the further the search skips, up to where skipping costs nothing any more.
const LONGEST_WINDOW: usize = 16;

/// The values, in all their forms, compiled for the search. Zeroed on drop; shows nothing of them.
pub struct Patterns {
    /// All forms, one after the other.
    bytes: Zeroizing<Vec<u8>>,
    /// Where each is, in the order of their bytes.
    all: Vec<Pattern>,
    names: Vec<String>,
    unpromised: Vec<String>,
    /// Bytes from a beginning that the search looks at: as many as the shortest pattern has.
    window: usize,
    /// How far the search can go on when it sees a block at the end of its window; 0: a pattern may begin there.
    shifts: Vec<u8>,
    shift_bits: u32,
    /// Patterns by their first [`SHORTEST`] bytes.
    starts: HashMap<u64, Range<u32>>,
    longest: usize,
}

#[derive(Clone, Copy)]
struct Pattern {
    at: u32,
    length: u32,
    name: u32,
}

/// The values are too large together to be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secrets are too large together to be looked for in a stream")]
pub struct TooLarge;

/// What stands at a place of a text.
pub(crate) enum Here {
    /// What begins there ends within the text: the longest match, and the names, the longest first.
    Known(usize, Vec<u32>),
    /// Something that begins there may go on after the end of the text.
    Open,
}

impl Patterns {
    /// Compiles names and values.
    ///
    /// # Errors
    /// [`TooLarge`]: the tables would take more than 64 MiB.
    pub fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, TooLarge> {
        let mut names = Vec::new();
        let mut unpromised = Vec::new();
        let mut found = Vec::new();
        let mut total = 0;
        for (name, value) in secrets {
            if value.trim_ascii().len() < SHORTEST {
                unpromised.push(name.to_owned());
            }
            let index = u32::try_from(names.len()).map_err(|_| TooLarge)?;
            names.push(name.to_owned());
            for form in forms(value) {
                total += form.len();
                found.push((form, index));
            }
            if total > MOST_BYTES {
                return Err(TooLarge);
            }
        }
        found.sort_by(|(a, first), (b, second)| a.as_slice().cmp(b).then(first.cmp(second)));
        // Two secrets of one value: the first of them names it.
        found.dedup_by(|later, earlier| later.0 == earlier.0);
        let mut patterns = Self {
            bytes: Zeroizing::new(Vec::with_capacity(total)),
            all: Vec::with_capacity(found.len()),
            names,
            unpromised,
            window: found
                .iter()
                .map(|(form, _)| form.len())
                .min()
                .unwrap_or(SHORTEST)
                .min(LONGEST_WINDOW),
            longest: found.iter().map(|(form, _)| form.len()).max().unwrap_or(0),
            shifts: Vec::new(),
            shift_bits: 0,
            starts: HashMap::new(),
        };
        for (form, name) in found {
            let at = u32::try_from(patterns.bytes.len()).map_err(|_| TooLarge)?;
            let length = u32::try_from(form.len()).map_err(|_| TooLarge)?;
            patterns.bytes.extend_from_slice(&form);
            patterns.all.push(Pattern { at, length, name });
        }
        patterns.fill_tables();
        Ok(patterns)
    }

    /// The names of values that are too short to be looked for.
    #[must_use]
    pub fn unpromised(&self) -> &[String] {
        &self.unpromised
    }

    /// The most that a stream ever holds back.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.longest
    }

    fn fill_tables(&mut self) {
        let blocks = self.all.len() * (self.window + 1 - BLOCK);
        // Sparse, so that most blocks of a text are in no pattern; small, so that the table stays in the nearest cache.
        self.shift_bits = (blocks * 16).next_power_of_two().ilog2().clamp(12, 16);
        let furthest = u8::try_from(self.window + 1 - BLOCK).unwrap_or(1);
        let mut shifts = vec![furthest; 1 << self.shift_bits];
        let mut starts: HashMap<u64, Range<u32>> = HashMap::with_capacity(self.all.len());
        for (index, pattern) in (0..).zip(&self.all) {
            let bytes = self.bytes_of(*pattern);
            for end in BLOCK..=self.window {
                let Some(block) = bytes.get(end - BLOCK..end) else {
                    continue;
                };
                let shift = u8::try_from(self.window - end).unwrap_or(0);
                if let Some(slot) = shifts.get_mut(self.slot(block)) {
                    *slot = (*slot).min(shift);
                }
            }
            let same = starts.entry(start_of(bytes)).or_insert(index..index);
            same.end = index + 1;
        }
        self.shifts = shifts;
        self.starts = starts;
    }

    fn slot(&self, block: &[u8]) -> usize {
        let [a, b, c] = block else { return 0 };
        let block = u32::from_le_bytes([*a, *b, *c, 0]);
        // Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4).
        (block.wrapping_mul(0x9E37_79B1) >> (32 - self.shift_bits)) as usize
    }

    /// The first place from `from` on where a pattern may begin. Of the last bytes, fewer than a window, every one is such a place.
    pub(crate) fn candidate(&self, text: &[u8], from: usize) -> usize {
        if self.all.is_empty() {
            return text.len();
        }
        let mut at = from;
        while let Some(block) = text.get(at + self.window - BLOCK..at + self.window) {
            match self.shifts.get(self.slot(block)) {
                Some(0) | None => return at,
                Some(shift) => at += usize::from(*shift),
            }
        }
        at.min(text.len())
    }

    /// What begins at the beginning of `text`, which is not empty. If it `ends` there, nothing goes on after its end.
    pub(crate) fn begins(&self, text: &[u8], ends: bool) -> Here {
        let range = if text.len() >= SHORTEST {
            self.starts.get(&start_of(text)).cloned()
        } else {
            // Few bytes: is there one that begins with them?
            let first = self.all.partition_point(|pattern| self.bytes_of(*pattern) < text);
            u32::try_from(first).ok().map(|first| first..first.saturating_add(1))
        };
        let range = range.map_or(0..0, |range| range.start as usize..range.end as usize);
        let mut longest = 0;
        let mut names = Vec::new();
        // Longer ones follow those that they begin with.
        for pattern in self.all.get(range).unwrap_or_default().iter().rev() {
            let bytes = self.bytes_of(*pattern);
            if text.starts_with(bytes) {
                longest = longest.max(bytes.len());
                if !names.contains(&pattern.name) {
                    names.push(pattern.name);
                }
            } else if !ends && bytes.starts_with(text) {
                return Here::Open;
            }
        }
        Here::Known(longest, names)
    }

    pub(crate) fn name(&self, index: u32) -> &str {
        self.names.get(index as usize).map_or("", String::as_str)
    }

    fn bytes_of(&self, pattern: Pattern) -> &[u8] {
        let at = pattern.at as usize;
        self.bytes.get(at..at + pattern.length as usize).unwrap_or_default()
    }
}

impl std::fmt::Debug for Patterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Patterns")
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

/// The first [`SHORTEST`] bytes, as a number.
fn start_of(bytes: &[u8]) -> u64 {
    let first = bytes.iter().take(SHORTEST);
    first.fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
