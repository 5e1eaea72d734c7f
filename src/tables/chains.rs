//! How long the chains of operators in a query are. The engine takes memory and time by the square of a chain's length, and
//! stack by the length itself: some thousands of `OR`s end in gigabytes. It reads text as SQL splits it into words, and knows
//! nothing of what they mean.

/// Operators that stand in a row at most.
pub(super) const CHAIN_MAX: usize = 2_000;

/// Words that make a level of an expression or of a query each.
const LINKS: [&str; 7] = ["OR", "AND", "WHEN", "UNION", "INTERSECT", "EXCEPT", "JOIN"];

/// The longest chain of operators between two commas, within one pair of brackets.
pub(super) fn longest(sql: &str) -> usize {
    let (mut open, mut longest) = (vec![0_usize], 0);
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let n = token(rest, c);
        let (text, after) = rest.split_at(n);
        rest = after;
        let is_link = match c {
            '(' => {
                open.push(0);
                false
            }
            ')' if open.len() > 1 => {
                open.pop();
                false
            }
            ',' | ';' => {
                open.last_mut().into_iter().for_each(|count| *count = 0);
                false
            }
            '+' | '*' | '/' | '%' | '|' => true,
            '-' => !text.starts_with("--"),
            _ => LINKS.iter().any(|link| text.eq_ignore_ascii_case(link)),
        };
        if is_link
            && !text.starts_with("/*")
            && let Some(count) = open.last_mut()
        {
            *count += 1;
            longest = longest.max(*count);
        }
    }
    longest
}

/// Bytes of the token that `text` begins with: a word, a text, a name in quotes, a comment, or one character.
fn token(text: &str, first: char) -> usize {
    let up_to =
        |end: &str, from: usize| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    match first {
        '\'' | '"' | '`' => up_to(&first.to_string(), 1),
        '-' if text.starts_with("--") => up_to("\n", 2),
        '/' if text.starts_with("/*") => up_to("*/", 2),
        '|' if text.starts_with("||") => 2,
        _ if first.is_alphanumeric() || first == '_' => {
            text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
        }
        _ => first.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::longest;

    #[test]
    fn lists_are_no_chains_and_texts_and_comments_none() {
        assert_eq!(longest("SELECT case_id FROM cases WHERE case_id IN ('a', 'b', 'c OR d')"), 0);
        assert_eq!(longest("SELECT a + b, c -- a OR b\n FROM t WHERE x = 'it''s' OR y AND z /* + + */"), 2);
        assert_eq!(longest("SELECT \"a OR b\" FROM t WHERE (a OR b OR c) or ((d))"), 2);
        assert_eq!(longest(&format!("SELECT 1{}", "+1".repeat(20_000))), 20_000);
        assert_eq!(longest("a || b)) OR 'open"), 2);
        assert_eq!(longest("'é' OR ü"), 1);
    }
}
