//! SVG to PNG, with the font that ships and no other, so that a machine without fonts shows the same letters.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::font::{REGULAR, SEMIBOLD};

/// Most pixels along one side.
const MOST: f32 = 16_000.0;

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(SEMIBOLD.to_vec());
        Arc::new(fonts)
    };
    FONTS.get_or_init(load).clone()
}

/// `svg` as PNG, `scale` pixels a pixel of the SVG, and no side over 16,000.
///
/// # Errors
/// What resvg said of it.
pub(in crate::charts) fn png(svg: &str, scale: f32) -> Result<Vec<u8>, String> {
    let options = Options { fontdb: fonts(), font_family: "Inter".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|e| e.to_string())?;
    let size = tree.size();
    let scale = scale.min(MOST / size.width()).min(MOST / size.height()).max(f32::MIN_POSITIVE);
    let side = |length: f32| (length * scale).round().max(1.0) as u32;
    let mut pixels =
        Pixmap::new(side(size.width()), side(size.height())).ok_or("a picture of no size cannot be made")?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| e.to_string())
}
