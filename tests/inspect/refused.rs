//! A profile that `audit` would refuse for its rows is not offered as it is, and says why.

use super::of_bytes;

#[test]
fn severity_words_that_nobody_knows_are_told() {
    let rows: String = (1..9)
        .map(|i| format!("T{i},2026-03-0{i} 09:00,New,{}\n", ["Gold plated", "Cosmetic"][i % 2]))
        .collect();
    let text = format!("ticket id,created,status,severity\n{rows}");
    let (said, profile) = of_bytes("export.csv", text.as_bytes());
    assert!(said.contains("filled in: 8 of 8 rows rejected"), "{said}");
    assert!(said.contains("cannot be used yet: - mend what `audit` refuses in it: 8 of 8 rows"), "{said}");
    assert!(said.contains("- 8 rows of `") && profile.contains("# \"Cosmetic\" = …"), "{profile}");
}

#[test]
fn times_that_are_none_are_told() {
    let time = |i| if i == 7 { "0000-00-00 00:00:00".to_owned() } else { format!("2026-03-{i:02} 09:00:00") };
    let rows: String = (1..29).map(|i| format!("T{i},{},New,1\n", time(i))).collect();
    let (said, profile) =
        of_bytes("export.csv", format!("ticket id,created,status,severity\n{rows}").as_bytes());
    assert!(said.contains("- mend what `audit` refuses in it: 1 of 28 rows rejected"), "{said}");
    assert!(!profile.contains("questions"), "{profile}");
}
