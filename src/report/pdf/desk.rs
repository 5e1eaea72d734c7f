//! What the typesetter may reach: one template, one report, one logo, the font that ships. No file of the machine, no
//! other font, no package, no network, no clock. Not the template.

use std::collections::HashMap;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::charts;

/// The typesetter's world.
pub(super) struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    files: HashMap<FileId, Bytes>,
}

impl Desk {
    /// A desk with `template` on it, and `files` by the names that it reads them by.
    ///
    /// # Errors
    /// A name that cannot be a file's.
    pub(super) fn new(template: &str, files: Vec<(&str, Vec<u8>)>) -> Result<Desk, String> {
        let fonts: Vec<Font> =
            charts::FONTS.iter().filter_map(|(_, bytes)| Font::new(Bytes::new(*bytes), 0)).collect();
        let named = |(name, bytes): (&str, Vec<u8>)| Ok((id(name)?, Bytes::new(bytes)));
        Ok(Desk {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(id("page.typ")?, template.to_owned()),
            files: files.into_iter().map(named).collect::<Result<_, String>>()?,
        })
    }
}

fn id(name: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(name).map_err(|e| format!("`{name}`: {e}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn absent(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(absent(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| absent(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
