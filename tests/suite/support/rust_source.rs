//! Rust files as the rules of the house see them: tokens without comments and texts, and the paths they name.

use std::path::{Path, PathBuf};

/// One token and the line it stands on. A string or character literal is the token `""`.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub line: usize,
    pub text: String,
}

/// A path that some code names, from the root of its crate where it begins with `crate`, `self` or `super`.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub line: usize,
    pub path: Vec<String>,
}

impl Named {
    /// Whether the path begins with these parts.
    pub fn begins(&self, parts: &[&str]) -> bool {
        self.path.len() >= parts.len()
            && self.path.iter().zip(parts).all(|(here, part)| here == part)
    }
}

/// One file of the sources.
#[derive(Debug, Clone)]
pub struct RustSource {
    /// Its path below the package's folder.
    pub file: String,
    pub text: String,
    pub tokens: Vec<Token>,
}

impl RustSource {
    /// Every file of the program.
    pub fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let pattern = root.join("src/**/*.rs");
        let files = glob::glob(pattern.to_str().unwrap()).unwrap();
        let read = |path: PathBuf| {
            let text = std::fs::read_to_string(&path).unwrap();
            let file = path.strip_prefix(root).unwrap().to_str().unwrap();
            Self::new(file.replace('\\', "/"), text)
        };
        let all: Vec<_> = files.map(|path| read(path.unwrap())).collect();
        assert!(all.len() > 100, "only {} files were found", all.len());
        all
    }

    /// The names of the types that it declares.
    pub fn types(&self) -> impl Iterator<Item = &Token> {
        let pairs = self.tokens.windows(2);
        pairs
            .filter(|pair| matches!(pair[0].text.as_str(), "struct" | "enum" | "trait"))
            .map(|pair| &pair[1])
    }

    pub fn new(file: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            file: file.into(),
            tokens: tokens(&text),
            text,
        }
    }

    /// The module the file is, as the parts of its path: `src/a/mod.rs` is `a`, `src/a/b.rs` is `a`, `b`.
    pub fn module(&self) -> Vec<String> {
        let inner = self
            .file
            .strip_prefix("src/")
            .unwrap_or(&self.file)
            .trim_end_matches(".rs");
        inner
            .split('/')
            .filter(|part| !matches!(*part, "mod" | "lib" | "main"))
            .map(str::to_owned)
            .collect()
    }

    /// Every path the code names, groups of a `use` taken apart.
    pub fn named(&self) -> Vec<Named> {
        let mut scope = Scope {
            module: self.module(),
            depth: 0,
            opened: Vec::new(),
        };
        let mut all = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            scope.enter(&self.tokens, at);
            if is_path_start(&self.tokens, at) {
                let mut found = Vec::new();
                at = walk(&self.tokens, at, &[], &mut found);
                all.extend(found.into_iter().map(|named| scope.resolve(named)));
            } else {
                at += 1;
            }
        }
        all
    }

    /// The lines on which these tokens follow each other.
    pub fn lines_of(&self, wanted: &[&str]) -> Vec<usize> {
        let fits = |window: &&[Token]| {
            window
                .iter()
                .zip(wanted)
                .all(|(token, text)| token.text == *text)
        };
        self.tokens
            .windows(wanted.len())
            .filter(fits)
            .map(|window| window[0].line)
            .collect()
    }
}

/// Which module a token stands in: the file's own, or one written in braces inside it.
struct Scope {
    module: Vec<String>,
    depth: usize,
    opened: Vec<usize>,
}

impl Scope {
    fn enter(&mut self, tokens: &[Token], at: usize) {
        match tokens[at].text.as_str() {
            "{" => {
                self.depth += 1;
                if at >= 2 && tokens[at - 2].text == "mod" {
                    self.module.push(tokens[at - 1].text.clone());
                    self.opened.push(self.depth);
                }
            }
            "}" => {
                if self.opened.last() == Some(&self.depth) {
                    self.opened.pop();
                    self.module.pop();
                }
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
    }

    fn resolve(&self, named: Named) -> Named {
        let ups = named
            .path
            .iter()
            .take_while(|part| *part == "super")
            .count();
        let rest = match named.path.first().map(String::as_str) {
            Some("self") => &named.path[1..],
            Some("super") => &named.path[ups..],
            _ => return named,
        };
        let kept = self.module.len().saturating_sub(ups);
        let root = std::iter::once("crate".to_owned());
        let path = root
            .chain(self.module[..kept].iter().cloned())
            .chain(rest.iter().cloned())
            .collect();
        Named {
            line: named.line,
            path,
        }
    }
}

/// Words that may stand right before a path without being part of it.
const KEYWORDS: [&str; 20] = [
    "as", "break", "const", "dyn", "else", "fn", "for", "if", "impl", "in", "let", "match", "mod",
    "move", "mut", "pub", "ref", "return", "use", "where",
];

fn is_word(token: &Token) -> bool {
    token
        .text
        .starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !KEYWORDS.contains(&token.text.as_str())
}

fn is_path_start(tokens: &[Token], at: usize) -> bool {
    let after = |text: &str| at > 0 && tokens[at - 1].text == text;
    let is_member = after(".") && !(at > 1 && tokens[at - 2].text == ".");
    if !is_word(&tokens[at]) || is_member {
        return false;
    }
    // `::http::Method` begins at `http`; in `<T as A>::b` and `Vec::<u8>::new` the last part belongs to no path.
    !after("::") || at < 2 || !(is_word(&tokens[at - 2]) || tokens[at - 2].text == ">")
}

/// Notes the paths that begin at a token, and says where to read on.
fn walk(tokens: &[Token], mut at: usize, before: &[String], found: &mut Vec<Named>) -> usize {
    let line = tokens[at].line;
    let mut path = before.to_vec();
    loop {
        path.push(tokens[at].text.clone());
        at += 1;
        let next = |ahead: usize| {
            tokens
                .get(at + ahead)
                .map_or("", |token| token.text.as_str())
        };
        if next(0) != "::" {
            break;
        }
        if next(1) == "{" {
            return walk_group(tokens, at + 2, &path, found);
        }
        if next(1) != "*" && !tokens.get(at + 1).is_some_and(is_word) {
            break;
        }
        at += 1;
    }
    found.push(Named { line, path });
    at
}

fn walk_group(tokens: &[Token], mut at: usize, path: &[String], found: &mut Vec<Named>) -> usize {
    while at < tokens.len() && tokens[at].text != "}" {
        match tokens[at].text.as_str() {
            // The new name of `a as b`.
            "as" => at += 2,
            "*" => at = walk(tokens, at, path, found),
            _ if is_word(&tokens[at]) => at = walk(tokens, at, path, found),
            _ => at += 1,
        }
    }
    at + 1
}

fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader {
        rest: text,
        line: 1,
    };
    let mut all = Vec::new();
    while let Some(first) = reader.rest.chars().next() {
        let line = reader.line;
        let word: usize = reader
            .rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .map(char::len_utf8)
            .sum();
        let token = if first.is_whitespace() {
            reader.skip(first.len_utf8());
            continue;
        } else if reader.skip_comment() {
            continue;
        } else if reader.skip_literal() {
            "\"\"".to_owned()
        } else if word > 0 {
            reader.skip(word)
        } else if reader.rest.starts_with("::") {
            reader.skip(2)
        } else {
            reader.skip(first.len_utf8())
        };
        all.push(Token { line, text: token });
    }
    all
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl Reader<'_> {
    fn skip(&mut self, bytes: usize) -> String {
        let (read, rest) = self.rest.split_at(bytes.min(self.rest.len()));
        self.line += read.matches('\n').count();
        self.rest = rest;
        read.to_owned()
    }

    fn skip_comment(&mut self) -> bool {
        if self.rest.starts_with("//") {
            self.skip(self.rest.find('\n').unwrap_or(self.rest.len()));
            return true;
        }
        if !self.rest.starts_with("/*") {
            return false;
        }
        let mut depth = 0;
        loop {
            let (change, bytes) = match self.rest {
                "" => return true,
                rest if rest.starts_with("/*") => (1, 2),
                rest if rest.starts_with("*/") => (-1, 2),
                rest => (0, rest.chars().next().map_or(0, char::len_utf8)),
            };
            depth += change;
            self.skip(bytes);
            if depth == 0 {
                return true;
            }
        }
    }

    /// Skips a string, raw string, byte string or character; lifetimes are none.
    fn skip_literal(&mut self) -> bool {
        let prefix = ["br", "cr", "b", "c", "r", ""]
            .into_iter()
            .find(|prefix| self.rest.starts_with(prefix));
        let prefix = prefix.unwrap_or_default();
        let after = &self.rest[prefix.len()..];
        let hashes = after.len() - after.trim_start_matches('#').len();
        if prefix.ends_with('r') && after[hashes..].starts_with('"') {
            let body = prefix.len() + hashes + 1;
            let end = format!("\"{}", "#".repeat(hashes));
            let length = self.rest[body..]
                .find(&end)
                .map_or(self.rest.len(), |at| body + at + end.len());
            self.skip(length);
            return true;
        }
        let quote = match after.chars().next() {
            Some('"') if !prefix.ends_with('r') => '"',
            Some('\'') if matches!(prefix, "" | "b") && is_character(after) => '\'',
            _ => return false,
        };
        self.skip(prefix.len() + 1);
        while let Some(next) = self.rest.chars().next() {
            let escape = self
                .rest
                .chars()
                .nth(1)
                .filter(|_| next == '\\')
                .map_or(0, char::len_utf8);
            self.skip(next.len_utf8() + escape);
            if next == quote {
                break;
            }
        }
        true
    }
}

fn is_character(quoted: &str) -> bool {
    let mut chars = quoted.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        RustSource::new("src/a/b.rs", text)
            .named()
            .into_iter()
            .map(|named| named.path.join("::"))
            .collect()
    }

    #[test]
    fn comments_and_literals_are_no_code() {
        let text = "let a = \"x /* \\\" \"; // b\n/* c /* d */ e */ 'f: loop { '\\'' b'g' br#\"h\"i\"# r\"j\" }\nk";
        let source = RustSource::new("src/a.rs", text);
        let words: Vec<_> = source
            .tokens
            .iter()
            .map(|token| token.text.as_str())
            .collect();
        assert_eq!(
            words,
            [
                "let", "a", "=", "\"\"", ";", "'", "f", ":", "loop", "{", "\"\"", "\"\"", "\"\"",
                "\"\"", "}", "k"
            ]
        );
        assert_eq!(source.tokens.last().unwrap().line, 3);
    }

    #[test]
    fn groups_are_taken_apart_and_super_is_resolved() {
        assert_eq!(
            paths("use crate::{c::{D, E as F}, g, h::*};"),
            ["crate::c::D", "crate::c::E", "crate::g", "crate::h::*"]
        );
        assert_eq!(
            paths("super::c::D super::super::e::F self::g"),
            ["crate::a::c::D", "crate::e::F", "crate::a::b::g"]
        );
        assert_eq!(
            paths("mod t { super::c super::super::d } super::e"),
            ["t", "crate::a::b::c", "crate::a::d", "crate::a::e"]
        );
        assert_eq!(
            paths("use ::http::Method; x.y 0..crate::N Vec::<u8>::new"),
            ["http::Method", "x", "crate::N", "Vec", "u8"]
        );
    }
}
