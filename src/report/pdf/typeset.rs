//! A report to the bytes of a PDF: its view as JSON beside the template, then the typesetter. Nothing here depends on
//! the time or the machine, so that the same report gives the same bytes.

use serde::Serialize;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::codes;
use crate::diag::{Diagnostic, Error, printable};

use super::super::audit::internal;
use super::super::document::Report;
use super::super::manifest::sha256;
use super::super::theme::Theme;
use super::super::view::{self, SectionView};
use super::desk::Desk;

const TEMPLATE: &str = include_str!("page.typ");

/// Versions that the typesetter keeps of what it has laid out, for a report after this one: none.
const KEPT: usize = 0;

/// A report as the template wants it.
#[derive(Serialize)]
struct Page {
    title: String,
    head: Vec<(String, String)>,
    zone: &'static str,
    accent: String,
    /// What the logo shows, where there is one.
    logo: Option<String>,
    sections: Vec<SectionView>,
    /// Cases that report.html explains.
    n_cases: usize,
}

/// The PDF of `report`.
///
/// # Errors
/// F403 for a mistake of the template or of a chart; no text of the input can cause it.
pub(in crate::report) fn pdf(report: &Report) -> Result<Vec<u8>, Error> {
    let broken = |e: String| internal(&format!("report.pdf: {e}"));
    let data = data(report).map_err(broken)?;
    let ident = sha256(&data);
    let made = typeset(report, data).and_then(|document| written(&document, &ident));
    comemo::evict(KEPT);
    made.map_err(broken)
}

/// Asks whether a PDF can be made with `theme`: a logo that no browser minds may be none for a typesetter.
///
/// # Errors
/// F109 for a logo that cannot be set.
pub(in crate::report) fn ready(theme: &Theme) -> Result<(), Error> {
    if theme.logo.is_none() {
        return Ok(());
    }
    let empty = Report {
        title: "slaudit".to_owned(),
        head: Vec::new(),
        sections: Vec::new(),
        cases: Vec::new(),
        zone: chrono_tz::Tz::UTC,
        theme: theme.clone(),
    };
    let made = data(&empty).and_then(|data| typeset(&empty, data));
    made.map(|_| ()).map_err(|e| {
        Error::Invalid(vec![
            Diagnostic::error(codes::F109, format!("logo cannot be set into `report.pdf`: {e}"))
                .hint("a whole PNG, JPEG or SVG file; an SVG that refers to no other file"),
        ])
    })
}

pub(super) fn data(report: &Report) -> Result<Vec<u8>, String> {
    let page = Page {
        title: printable(&report.title),
        head: report.head.iter().map(|(name, value)| (name.clone(), printable(value))).collect(),
        zone: report.zone.name(),
        accent: report.theme.accent.clone(),
        logo: report.theme.logo.as_ref().map(|logo| printable(&logo.alt)),
        sections: view::sections(report)?,
        n_cases: report.cases.len(),
    };
    serde_json::to_vec(&page).map_err(|e| e.to_string())
}

pub(super) fn typeset(report: &Report, data: Vec<u8>) -> Result<PagedDocument, String> {
    let mut files = vec![("report.json", data)];
    files.extend(report.theme.logo.iter().map(|logo| ("logo", logo.bytes.clone())));
    let desk = Desk::new(TEMPLATE, files)?;
    typst::compile::<PagedDocument>(&desk).output.map_err(|all| in_words(&all))
}

/// PDF/UA-1, for those who have it read to them. That asks for every letter in the font: a text with others is tagged
/// all the same, and does not claim it.
fn written(document: &PagedDocument, ident: &str) -> Result<Vec<u8>, String> {
    let universal = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|e| e.message().to_string())?;
    let options = PdfOptions {
        ident: Smart::Custom(ident.to_owned()),
        creator: Smart::Custom(Some(concat!("slaudit ", env!("CARGO_PKG_VERSION")).to_owned())),
        standards: universal,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options)
        .or_else(|_| typst_pdf::pdf(document, &PdfOptions { standards: PdfStandards::default(), ..options }))
        .map_err(|all| in_words(&all))
}

fn in_words(all: &[SourceDiagnostic]) -> String {
    all.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join("; ")
}
