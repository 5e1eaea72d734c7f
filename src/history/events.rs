//! All events of a history, in a few long pieces, and where each case's stand. In pieces, because that is how `ingest`
//! makes them: one list would be a second copy of the largest thing there is. Not the order within a case.

use super::event::Event;

/// Where a case's events stand: which piece, the first, how many.
#[derive(Clone, Copy, Debug)]
struct Stand {
    piece: u32,
    from: u32,
    n: u32,
}

/// Events by case. Two are equal where every case has equal events, however they are stored.
#[derive(Clone, Debug, Default)]
pub struct Events {
    pieces: Vec<Vec<Event>>,
    /// Number of each piece's first event.
    bases: Vec<usize>,
    cases: Vec<Stand>,
    n: usize,
}

impl Events {
    /// Of the events of each case, by case.
    pub fn of<'e>(cases: impl IntoIterator<Item = &'e [Event]>) -> Events {
        let (mut events, mut stands) = (Vec::new(), Vec::new());
        for case in cases {
            stands.push((0, events.len() as u32, case.len() as u32));
            events.extend_from_slice(case);
        }
        Events::of_pieces(vec![events], stands.into_iter())
    }

    /// Of pieces, and for each case its piece, its first event there and how many.
    pub(crate) fn of_pieces(pieces: Vec<Vec<Event>>, cases: impl Iterator<Item = (u32, u32, u32)>) -> Events {
        let mut n = 0;
        let base = |piece: &Vec<Event>| {
            n += piece.len();
            n - piece.len()
        };
        let bases = pieces.iter().map(base).collect();
        let cases = cases.map(|(piece, from, n)| Stand { piece, from, n }).collect();
        Events { pieces, bases, cases, n }
    }

    /// How many events.
    pub fn len(&self) -> usize {
        self.n
    }

    /// Of how many cases.
    pub fn n_cases(&self) -> usize {
        self.cases.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// The events of case `case`, in order of the history.
    #[inline]
    pub fn of_case(&self, case: usize) -> &[Event] {
        let Stand { piece, from, n } = self.cases[case];
        &self.pieces[piece as usize][from as usize..(from + n) as usize]
    }

    /// The numbers of a case's events, by which [`crate::ingest::Places`] knows them; those of a case follow each other,
    /// those of two cases in no particular order. `None` where there is no such case.
    pub fn numbers(&self, case: usize) -> Option<std::ops::Range<usize>> {
        let Stand { piece, from, n } = *self.cases.get(case)?;
        let first = self.bases[piece as usize] + from as usize;
        Some(first..first + n as usize)
    }

    /// All events, case by case.
    pub fn iter(&self) -> impl Iterator<Item = &Event> {
        (0..self.cases.len()).flat_map(|case| self.of_case(case))
    }

    /// All events as they are stored, for what asks for no order; one piece after the other they are in order of their
    /// numbers.
    pub(crate) fn pieces(&self) -> &[Vec<Event>] {
        &self.pieces
    }
}

impl PartialEq for Events {
    fn eq(&self, other: &Events) -> bool {
        let n = self.cases.len();
        n == other.cases.len() && (0..n).all(|case| self.of_case(case) == other.of_case(case))
    }
}

impl Eq for Events {}
