//! What a stored document was when it was read, so that it is noticed when it is another one by now.

use crate::segment::Segment;

/// A stored document as someone has seen it: its revision, and a hash of what is in it. Git and people put
/// other content under the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its revision.
    pub revision: u64,
    /// The BLAKE3 hash of the document; `None` where only the number was seen.
    content: Option<blake3::Hash>,
}

impl Version {
    /// That of a document as it was read.
    #[must_use]
    pub fn of(segment: &Segment) -> Self {
        Self { revision: segment.revision, content: Some(hash(segment)) }
    }

    /// That of a document of which only the revision is known, as of one in a list.
    #[must_use]
    pub fn numbered(revision: u64) -> Self {
        Self { revision, content: None }
    }

    /// Whether a document is still this one.
    #[must_use]
    pub fn is(&self, segment: &Segment) -> bool {
        segment.revision == self.revision && self.content.is_none_or(|content| content == hash(segment))
    }

    /// The hash, as files have it.
    pub(super) fn content(&self) -> Option<String> {
        self.content.map(|content| content.to_hex().to_string())
    }

    /// What a file says of a version.
    pub(super) fn from_file(revision: u64, content: Option<&str>) -> Self {
        Self { revision, content: content.and_then(|content| blake3::Hash::from_hex(content).ok()) }
    }
}

/// Equal documents have equal texts, however their files were written.
fn hash(segment: &Segment) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    // A hasher takes all that it is given.
    let _ = segment.write_json(&mut hasher);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_content_under_the_same_number_is_another_version() {
        let segment = Segment { revision: 3, ..Segment::new("s", "D", "id") };
        let version = Version::of(&segment);
        assert!(version.is(&segment) && Version::numbered(3).is(&segment));
        let changed = Segment { description: "by git".to_owned(), ..segment.clone() };
        assert!(!version.is(&changed) && Version::numbered(3).is(&changed));
        assert!(!version.is(&Segment { revision: 4, ..segment }));
        assert_eq!(Version::from_file(3, version.content().as_deref()), version);
    }
}
