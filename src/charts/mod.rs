//! Stub.
use crate::tables::Table;
/// Stub.
#[derive(Clone, Debug)]
pub struct Chart {
    /// a
    pub name: String,
    /// a
    pub title: String,
    /// a
    pub alt: String,
    /// a
    pub table: String,
}
impl Chart {
    /// a
    pub fn svg(&self) -> Result<String, String> {
        Ok("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>".into())
    }
    /// a
    pub fn png(&self, _: f32) -> Result<Vec<u8>, String> {
        Ok(vec![])
    }
}
/// a
pub fn all(_: &[Table]) -> Vec<Chart> {
    vec![]
}
