//! The only registry of codes: every diagnostic and finding takes its code from here, and every code has a
//! page in docs/codes, part of the binary (`slaudit rule CODE`). Stable: a code is never reused for something else.

/// One code and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// `D501`.
    pub code: &'static str,
    /// A few words, for lists.
    pub title: &'static str,
    /// Its page, Markdown: what it is, why it matters, an example, what to do.
    pub page: &'static str,
}

/// What stands above the list of docs/codes/README.md.
const TOP: &str = "\
# Codes

Every message and finding has a code that never changes its meaning. `C`: closing. `D`: data of the input. `E`: \
entitlement and version of the policy. `F`: a file that cannot be used. `P`: priority order. `R`: response and \
resolution. `S`: changes of severity. `slaudit rule CODE` prints the page.

| code | |
|---|---|
";

/// The text of docs/codes/README.md, Markdown: every code with its title and its page. A test compares it with the file.
pub fn index() -> String {
    let row = |code: &Code| format!("| [{0}]({0}.md) | {1} |\n", code.code, code.title);
    ALL.iter().map(row).fold(TOP.to_owned(), |text, row| text + &row)
}

/// Declares each code as a constant of its own name and the list of all of them.
macro_rules! codes {
    ($($name:ident $title:literal;)*) => {
        $(#[doc = $title] pub const $name: &str = stringify!($name);)*
        /// Every code, in order.
        pub const ALL: &[Code] = &[$(Code {
            code: stringify!($name),
            title: $title,
            page: include_str!(concat!("../docs/codes/", stringify!($name), ".md")),
        },)*];
    };
}

codes! {
    C301 "closed early";
    C302 "closed late";
    C303 "overdue for closing";
    C304 "closed with a customer message unanswered";
    C305 "reopened after inactivity closure";
    C306 "closed with a message sent after the resolution unanswered";
    D501 "timestamp not understood";
    D502 "row without a case id";
    D503 "duplicate row";
    D504 "case without an opening event";
    D505 "events after close without a reopening";
    D506 "status word without a category";
    D508 "local time in a repeated hour";
    D509 "local time in a skipped hour";
    D510 "wrong number of fields";
    D511 "text that is not UTF-8";
    D512 "severity not a whole number from 1 to 9";
    D513 "unknown event or role word";
    D514 "event before the opening";
    D515 "not a JSON object";
    E601 "customer not entitled at opening";
    E602 "case opened before the first policy version";
    F101 "not valid TOML";
    F102 "unknown key";
    F103 "value of the wrong type";
    F104 "value not understood";
    F105 "required key missing";
    F106 "name that is not defined";
    F107 "overlapping hours";
    F108 "defined twice";
    F109 "file named in a policy or profile cannot be used";
    F110 "part of a policy that judges nothing, or is most likely a slip";
    F111 "question that is not answered";
    F301 "input file cannot be read";
    F302 "input file of no known kind";
    F303 "column missing or named twice";
    F304 "too many rejected rows";
    F305 "no usable event in the input";
    F306 "no such case in the input";
    F307 "latest event far from all others";
    F308 "time-zone data much older than the data";
    F401 "output folder is not a report of ours";
    F402 "output cannot be written";
    F403 "facts failed their own checks";
    P401 "more severe cases were overtaken";
    R101 "first response missed";
    R102 "unanswered at close";
    R103 "after-hours best effort exceeded";
    R104 "next response missed";
    R105 "first response overdue, still open";
    R106 "update missed";
    R107 "resolution missed";
    R108 "clock left paused after the customer answered";
    S201 "downgrade masked a miss";
    S202 "reclassified after already over target";
    S203 "flapping: 3 or more changes of severity";
    S204 "severity changed by the customer";
    S205 "returned to the first severity";
}
