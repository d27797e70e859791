//! Text as people compare it: without case and accents, and without characters that cannot be stored.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Folds case and accents: `Zoë Ångström` and `ZOE ANGSTROM` fold to the same text, and so do `Straße` and `STRASSE`.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(plain)
        .collect()
}

/// The plain letters for which people type a letter that does not decompose.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' => ('d', None),
        'ı' => ('i', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

/// Whether a database can hold the text: it has no NUL.
#[must_use]
pub fn is_storable(text: &str) -> bool {
    !text.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(fold("Zoë Ångström"), fold("ZOE ANGSTROM"));
        assert_eq!(fold("Łódź Øre"), "lodz ore");
        assert_eq!(fold("İstanbul"), fold("istanbul"));
        assert_eq!(fold("Straße"), fold("STRASSE"));
        assert_eq!(
            fold("STRAẞE Æsir Œuvre Đà ılık"),
            "strasse aesir oeuvre da ilik"
        );
    }
}
