//! `report.html`: one file that needs no network, runs no text of the input and prints on A4. Filled in from a
//! template in which every text is escaped; the policy of the page itself allows one style sheet and one script, both
//! by their hash, and no request. It counts nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};
use sha2::{Digest, Sha256};

use crate::charts;
use crate::diag::printable;

use super::document::Report;
use super::view;

const PAGE: &str = include_str!("page.html.jinja");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page.
///
/// # Errors
/// A mistake of the template or of a chart, in words: none depends on the input.
pub(super) fn html(report: &Report) -> Result<String, String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|e| e.to_string())?);
    environment.add_template("page.html", PAGE).map_err(|e| e.to_string())?;
    let style = STYLE.replace("ACCENT", &report.theme.accent).replace("FONTS", &faces());
    let logo = report.theme.logo.as_ref().map(|logo| {
        (format!("data:{};base64,{}", logo.media_type, STANDARD.encode(&logo.bytes)), logo.alt.clone())
    });
    let template = environment.get_template("page.html").map_err(|e| e.to_string())?;
    let page = context! {
        title => printable(&report.title),
        head => report.head.clone(),
        sections => Value::from(Serde(view::sections(report)?)),
        cases => Value::from(Serde(view::cases(report))),
        zone => report.zone.name(),
        logo => logo,
        style => style.as_str(),
        script => SCRIPT,
        style_hash => hash(&style),
        script_hash => hash(SCRIPT),
    };
    template.render(page).map_err(|e| format!("{e:#}"))
}

/// The font that ships, in the page itself: charts are laid out for its widths, and no machine needs to have it.
fn faces() -> String {
    let face = |(weight, bytes): &(&str, &[u8])| {
        let data = STANDARD.encode(bytes);
        format!(
            "@font-face {{ font-family: Inter; font-weight: {weight}; src: url(data:font/otf;base64,{data}); }}\n"
        )
    };
    charts::FONTS.iter().map(face).collect()
}

/// The source expression of a style or script that stands in the page.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}
