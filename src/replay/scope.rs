//! Which cases a policy version covers, by attribute and by entitlement (SPEC 4). Void is the replay's business.

use crate::calendar::Instant;
use crate::history::{History, WordId};
use crate::policy::{DateRange, Entitlements, Policy};

use super::fact::Reason;

/// The scope rules of one version with its words looked up in one history.
#[derive(Debug)]
pub struct Scope<'a> {
    policy: &'a Policy,
    /// For each key of `include`: the attribute's values by case, and which of its words are allowed.
    include: Vec<(&'a [WordId], Vec<bool>)>,
    /// The key attribute's values by case, and for each of its words the ranges of that customer.
    entitled: Option<(&'a [WordId], Vec<&'a [DateRange]>)>,
}

impl<'a> Scope<'a> {
    /// Looks up every word that the rules name.
    pub fn new(policy: &'a Policy, history: &'a History) -> Scope<'a> {
        let include = policy.scope.include.iter().map(|(key, allowed)| {
            let allow = |word: &str| allowed.iter().any(|value| value == word);
            let words = history.attribute(key);
            let values = words.map_or(&[][..], |attribute| &attribute.values);
            let flags = words.map(|attribute| attribute.words.iter().map(allow).collect());
            (values, flags.unwrap_or_default())
        });
        let entitled = policy.scope.entitled.as_ref().map(|list| {
            let attribute = history.attribute(&list.key);
            let values = attribute.map_or(&[][..], |attribute| &attribute.values);
            let ranges = attribute.map(|attribute| attribute.words.iter().map(|w| ranges(list, w)).collect());
            (values, ranges.unwrap_or_default())
        });
        Scope { policy, include: include.collect(), entitled }
    }

    /// Why case `case` is out of scope; `None`: it is in. Include comes before entitlement (SPEC 4).
    pub fn reason(&self, case: u32, opened_at: Instant) -> Option<Reason> {
        let word = |values: &[WordId]| values.get(case as usize).and_then(|id| id.get());
        for (i, (values, allowed)) in self.include.iter().enumerate() {
            if !word(values).is_some_and(|w| allowed[w]) {
                return Some(Reason::NotIncluded(u16::try_from(i).unwrap_or(u16::MAX)));
            }
        }
        let (values, ranges) = self.entitled.as_ref()?;
        let on = opened_at.in_zone(self.policy.timezone)?.date_naive();
        let within =
            |range: &DateRange| range.0.is_none_or(|from| from <= on) && range.1.is_none_or(|to| on <= to);
        let entitled = word(values).is_some_and(|w| ranges[w].iter().any(within));
        (!entitled).then_some(Reason::NotEntitled)
    }
}

fn ranges<'a>(list: &'a Entitlements, customer: &str) -> &'a [DateRange] {
    let found = list.customers.binary_search_by(|(name, _)| name.as_str().cmp(customer));
    found.map_or(&[], |i| &list.customers[i].1)
}
