//! Reads pages of HTML as far as the tests need it.

/// Elements that have no end.
const VOID: [&str; 4] = ["meta", "br", "link", "hr"];

/// One piece of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// `<name …>` with its attributes as they stand.
    Open(String, String),
    /// `</name>`.
    Close(String),
    /// What stands between, with its entities resolved.
    Text(String),
}

/// The pieces of a page; the contents of scripts and styles are one text each.
pub fn pieces(page: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            all.push(Piece::Text(resolved(&rest[..at])));
        }
        let end = at
            + rest[at..]
                .find('>')
                .unwrap_or_else(|| panic!("no `>` after {:?}", &rest[at..]));
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            all.push(Piece::Close(name.to_owned()));
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let empty = attributes.ends_with('/') || tag.starts_with('!') || VOID.contains(&name);
        all.push(Piece::Open(
            name.to_owned(),
            attributes.trim_end_matches('/').to_owned(),
        ));
        if empty {
            all.push(Piece::Close(name.to_owned()));
        }
        if ["script", "style"].contains(&name) {
            let end = rest.find(&format!("</{name}>")).unwrap();
            all.push(Piece::Text(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
    all.push(Piece::Text(resolved(rest)));
    all
}

fn resolved(text: &str) -> String {
    let mut text = text.to_owned();
    for (entity, letter) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2F;", "/"),
    ] {
        text = text.replace(entity, letter);
    }
    text.replace("&amp;", "&")
}

/// Asserts that every element is closed in its order and every attribute is quoted.
#[track_caller]
pub fn assert_well_formed(page: &str) {
    let mut open: Vec<String> = Vec::new();
    for piece in pieces(page) {
        match piece {
            Piece::Open(name, attributes) => {
                assert!(
                    attributes.matches('"').count() % 2 == 0 || name.starts_with('!'),
                    "{name} {attributes}"
                );
                open.push(name);
            }
            Piece::Close(name) => assert_eq!(open.pop().as_deref(), Some(name.as_str())),
            Piece::Text(_) => {}
        }
    }
    assert_eq!(open, Vec::<String>::new());
}

/// The names of all elements in their order.
pub fn skeleton(page: &str) -> Vec<String> {
    let name = |piece: Piece| match piece {
        Piece::Open(name, _) => Some(name),
        Piece::Close(name) => Some(format!("/{name}")),
        Piece::Text(_) => None,
    };
    pieces(page).into_iter().filter_map(name).collect()
}

/// The rows of every table whose caption begins so, each with its cells; without the head.
pub fn table(page: &str, caption: &str) -> Vec<Vec<String>> {
    let all = pieces(page);
    let named = |at: &usize| {
        matches!(&all[*at], Piece::Open(name, _) if name == "caption")
            && matches!(&all[at + 1], Piece::Text(text) if text.starts_with(caption))
    };
    let Some(begin) = (0..all.len()).find(named) else {
        return Vec::new();
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    for piece in &all[begin..] {
        match piece {
            Piece::Close(name) if name == "table" => break,
            Piece::Open(name, _) if name == "tr" => rows.push(Vec::new()),
            Piece::Open(name, _) if name == "td" || name == "th" => {
                rows.last_mut().unwrap().push(String::new());
            }
            Piece::Text(text) => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.push_str(text.trim());
                }
            }
            _ => {}
        }
    }
    rows.split_off(1)
}
