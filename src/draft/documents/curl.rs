//! A curl command, as documents show it and browsers copy it.

use url::form_urlencoded;

use super::curl_options::{CurlOption, long, short};
use super::error::DocumentError;
use super::header_noise::is_noise;
use super::plan_place::PlanPlace;
use crate::draft::body_draft::{BodyDraft, PartDraft};
use crate::draft::literal::literal;
use crate::draft::load_draft::LoadDraft;
use crate::draft::one_request::{DraftError, UrlParts, header, ready};
use crate::draft::plan_draft::PlanDraft;
use crate::draft::secret_draft::{SecretDraft, is_confidential};
use crate::draft::step_draft::{StepDraft, StepMethod};
use crate::draft::toml_text::quoted;

const FORM: &str = "application/x-www-form-urlencoded";

/// What a command says.
#[derive(Debug, Default)]
struct CurlCommand {
    url: Option<String>,
    method: Option<String>,
    headers: Vec<(String, String)>,
    data: Vec<String>,
    parts: Vec<(String, PartDraft)>,
    file: Option<String>,
    user: Option<String>,
    target_keys: Vec<(String, String)>,
    step_keys: Vec<(String, String)>,
    as_query: bool,
    is_head: bool,
    is_json: bool,
    left_out: Vec<String>,
}

/// The plan of a command.
pub(super) fn draft(command: &str, place: PlanPlace<'_>) -> Result<PlanDraft, DocumentError> {
    let mut read = CurlCommand::read(command)?;
    let written = read.url.clone().ok_or(DocumentError::NoUrl)?;
    let written = if written.contains("://") {
        written
    } else {
        format!("http://{written}")
    };
    let mut address = UrlParts::of(&written)?;
    if read.as_query && !read.data.is_empty() {
        let sign = if address.path.contains('?') { '&' } else { '?' };
        address.path = format!("{}{sign}{}", address.path, read.data.join("&"));
        read.data.clear();
    }
    let target = match place.url {
        Some(url) => UrlParts::of(url)?,
        None => address.clone(),
    };
    let mut secrets = Vec::new();
    let body = read.body().without_secrets(&mut secrets);
    let method = match read.method.as_deref() {
        Some(name) => StepMethod::named(name).ok_or_else(|| DraftError::Method(name.to_owned()))?,
        None if read.is_head => StepMethod::Head,
        None if read.file.is_some() => StepMethod::Put,
        None if body == BodyDraft::Nothing => StepMethod::Get,
        None => StepMethod::Post,
    };
    let mut target_keys = vec![("ready".to_owned(), ready(&target.socket))];
    if let Some(login) = read.user.take().or(address.login) {
        let secret = SecretDraft::named("basic_auth", &login);
        target_keys.push((
            "auth".to_owned(),
            format!("{{ basic = {} }}", quoted(&secret.used())),
        ));
        secrets.push(secret);
    }
    target_keys.append(&mut read.target_keys);
    let headers = read.headers.into_iter().map(|(name, value)| {
        if !is_confidential(&name) {
            return (name, literal(&value));
        }
        let secret = SecretDraft::named(&name, &value);
        let used = secret.used();
        secrets.push(secret);
        (name, used)
    });
    let step = StepDraft {
        headers: headers.collect(),
        body,
        more: read.step_keys,
        ideas: vec![
            "expect  = { status = 200, \"$.id\" = \"present\" }   # what a good reply is".to_owned(),
            "capture = { id = \"$.id\" }                         # and {{id}} in a step behind this one".to_owned(),
        ],
        ..StepDraft::new(method, literal(&address.path))
    };
    let mut left_out = read.left_out;
    if !left_out.is_empty() {
        left_out.insert(0, "Not taken over from the curl command:".to_owned());
    }
    Ok(PlanDraft {
        about: PlanDraft::begin(
            &format!("{method} {}, from a curl command.", target.origin),
            place.file,
        ),
        name: place.name.to_owned(),
        target: target.origin,
        target_keys,
        vars: Vec::new(),
        secrets,
        may_lack_secrets: true,
        flow: "main".to_owned(),
        steps: vec![step],
        load: LoadDraft::default(),
        left_out,
    })
}

impl CurlCommand {
    fn read(command: &str) -> Result<Self, DocumentError> {
        let command = plain_quotes(&command.replace("\\\r\n", " ").replace("\\\n", " "));
        let words = shlex::split(&command).ok_or(DocumentError::Quotes)?;
        let mut read = Self::default();
        let mut words = words.into_iter().skip(1);
        let mut only_urls = false;
        while let Some(word) = words.next() {
            let value = |words: &mut dyn Iterator<Item = String>| {
                words
                    .next()
                    .ok_or_else(|| DocumentError::NoValue(word.clone()))
            };
            if only_urls || !word.starts_with('-') || word == "-" {
                read.take(Some(CurlOption::Url), &word, word.clone())?;
            } else if word == "--" {
                only_urls = true;
            } else if let Some(name) = word.strip_prefix("--") {
                let (option, takes) = long(name);
                let value = if takes {
                    value(&mut words)?
                } else {
                    String::new()
                };
                read.take(option, &word, value)?;
            } else {
                let letters = word[1..].char_indices();
                for (at, letter) in letters {
                    let (option, takes) = short(letter);
                    let rest = &word[1 + at + letter.len_utf8()..];
                    let option_word = format!("-{letter}");
                    if !takes {
                        read.take(option, &option_word, String::new())?;
                        continue;
                    }
                    let value = if rest.is_empty() {
                        value(&mut words)?
                    } else {
                        rest.to_owned()
                    };
                    read.take(option, &option_word, value)?;
                    break;
                }
            }
        }
        Ok(read)
    }

    fn take(
        &mut self,
        option: Option<CurlOption>,
        word: &str,
        value: String,
    ) -> Result<(), DocumentError> {
        match option {
            Some(CurlOption::Url) if self.url.is_none() => self.url = Some(value),
            Some(CurlOption::Url) => self
                .left_out
                .push(format!("  {value}: a second URL is a further step")),
            Some(CurlOption::Method) => self.method = Some(value),
            Some(CurlOption::Header) => self.header(&value)?,
            Some(CurlOption::Data) => self.data_or_file(&value),
            Some(CurlOption::RawData) => self.data.push(value),
            Some(CurlOption::EncodedData) => {
                let (name, text) = value.split_once('=').unwrap_or(("", &value));
                let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
                let sign = if name.is_empty() { "" } else { "=" };
                self.data.push(format!("{name}{sign}{text}"));
            }
            Some(CurlOption::Json) => {
                self.is_json = true;
                self.data_or_file(&value);
            }
            Some(CurlOption::Form) => self.part(&value),
            Some(CurlOption::TextForm) => {
                let (name, text) = value.split_once('=').unwrap_or((&value, ""));
                self.parts
                    .push((name.to_owned(), PartDraft::Text(literal(text))));
            }
            Some(CurlOption::User) => self.user = Some(value),
            Some(CurlOption::Cookie) if value.contains('=') => {
                self.headers.push(("cookie".to_owned(), value));
            }
            Some(CurlOption::Insecure) => self.target("tls", "{ insecure = true }"),
            Some(CurlOption::Follow) => self.step("http.follow", "10"),
            Some(CurlOption::Compressed) => self.step("http.compression", "true"),
            Some(CurlOption::Query) => self.as_query = true,
            Some(CurlOption::Head) => self.is_head = true,
            Some(CurlOption::Upload) => self.file = Some(value),
            Some(CurlOption::Timeout) => self.target("timeout", &quoted(&format!("{value}s"))),
            Some(CurlOption::Proxy) => self.target("proxy", &quoted(&value)),
            Some(CurlOption::Nothing) => {}
            Some(CurlOption::Cookie) | None => {
                self.left_out
                    .push(format!("  {word} {value}").trim_end().to_owned());
            }
        }
        Ok(())
    }

    fn target(&mut self, key: &str, value: &str) {
        self.target_keys.push((key.to_owned(), value.to_owned()));
    }

    fn step(&mut self, key: &str, value: &str) {
        self.step_keys.push((key.to_owned(), value.to_owned()));
    }

    fn header(&mut self, text: &str) -> Result<(), DocumentError> {
        let (name, value) = header(text)?;
        if !is_noise(name) && !value.is_empty() {
            self.headers
                .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            self.headers.push((name.to_owned(), value.to_owned()));
        }
        Ok(())
    }

    /// The text, or the file that it names: read now, as curl does, or by the plan where there is none yet.
    fn data_or_file(&mut self, value: &str) {
        match value.strip_prefix('@') {
            None => self.data.push(value.to_owned()),
            Some(file) => match std::fs::read_to_string(file) {
                Ok(text) => self.data.push(text),
                Err(_) => self.file = Some(file.to_owned()),
            },
        }
    }

    /// `name=text`, or `name=@file;type=audio/wav`.
    fn part(&mut self, value: &str) {
        let (name, content) = value.split_once('=').unwrap_or((value, ""));
        let mut pieces = content.split(';');
        let first = pieces.next().unwrap_or_default();
        let part = match first.strip_prefix(['@', '<']) {
            None => PartDraft::Text(literal(content)),
            Some(path) => PartDraft::File {
                path: from_plan(path.trim_matches('"')),
                media_type: pieces
                    .find_map(|piece| piece.trim().strip_prefix("type=").map(str::to_owned)),
            },
        };
        self.parts.push((name.to_owned(), part));
    }

    /// The body, and the header that its type needs or no longer needs.
    fn body(&mut self) -> BodyDraft {
        if !self.parts.is_empty() {
            self.headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            return BodyDraft::Multipart(std::mem::take(&mut self.parts));
        }
        if let Some(file) = &self.file {
            return BodyDraft::File(from_plan(file));
        }
        if self.data.is_empty() {
            return BodyDraft::Nothing;
        }
        let text = self.data.join("&");
        let is_type = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-type");
        let said = self.headers.iter().find(|header| is_type(header));
        let usual = if self.is_json {
            "application/json"
        } else {
            FORM
        };
        let said = said.map_or(usual.to_owned(), |(_, value)| value.clone());
        self.headers.retain(|header| !is_type(header));
        let body = typed(&text, &said);
        if body.media_type() != Some(said.as_str()) {
            self.headers.push(("content-type".to_owned(), said));
        }
        body
    }
}

/// A body by its media type.
pub(super) fn typed(text: &str, media_type: &str) -> BodyDraft {
    let plain = media_type.split(';').next().unwrap_or_default().trim();
    if plain.eq_ignore_ascii_case(FORM)
        && text.contains('=')
        && !text.trim_start().starts_with(['{', '['])
    {
        let fields = form_urlencoded::parse(text.as_bytes());
        let fields: Vec<(String, String)> = fields
            .map(|(name, value)| (name.into_owned(), literal(&value)))
            .collect();
        let mut names: Vec<&String> = fields.iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        if names.len() == fields.len() {
            return BodyDraft::Form(fields);
        }
    }
    BodyDraft::of(text).literal()
}

/// `$'…'`, which browsers copy, as a quote that every shell has.
fn plain_quotes(command: &str) -> String {
    let (mut out, mut rest) = (String::new(), command);
    let mut quote = None;
    while let Some(c) = rest.chars().next() {
        if quote.is_none() && rest.starts_with("$'") {
            let (text, behind) = ansi(&rest[2..]);
            out.push_str(
                &shlex::try_quote(&text).map_or(text.clone(), std::borrow::Cow::into_owned),
            );
            rest = behind;
            continue;
        }
        let mut step = c.len_utf8();
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None | Some('"'), '\\') => step += rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => {}
        }
        out.push_str(&rest[..step]);
        rest = &rest[step..];
    }
    out
}

/// The text of `$'…'` behind its begin, and what follows it.
fn ansi(text: &str) -> (String, &str) {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => return (out, &text[at + 1..]),
            '\\' => match chars.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, 'r')) => out.push('\r'),
                Some((_, 't')) => out.push('\t'),
                Some((at, 'u')) => {
                    let code = text
                        .get(at + 1..at + 5)
                        .and_then(|hex| u32::from_str_radix(hex, 16).ok());
                    if let Some(c) = code.and_then(char::from_u32) {
                        out.push(c);
                        chars.nth(3);
                    }
                }
                Some((_, other)) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    (out, "")
}

/// A path as it is from the folder `plans`, in which the plan stands.
fn from_plan(path: &str) -> String {
    let path = literal(path);
    if path.starts_with('/') {
        path
    } else {
        format!("../{path}")
    }
}
