//! A small XML reader: elements, attributes, text, the five entities and character references.
//! Document types are refused, so nothing expands and nothing is fetched.

use crate::MAX_DEPTH;

/// An element. Names are as written, with their prefixes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Element<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: Vec<(&'a str, String)>,
    pub(crate) children: Vec<Element<'a>>,
    /// All character data directly inside, joined.
    pub(crate) text: String,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

/// The root element of a document.
pub(crate) fn parse(text: &str) -> Result<Element<'_>, String> {
    let mut reader = Reader { text: text.strip_prefix('\u{feff}').unwrap_or(text), at: 0 };
    let root = reader.document()?;
    reader.misc()?;
    match reader.rest().is_empty() {
        true => Ok(root),
        false => Err(reader.problem("text after the root element")),
    }
}

// === impl Element ===

impl Element<'_> {
    /// The name without its prefix.
    pub(crate) fn local(&self) -> &str {
        local(self.name)
    }
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

// === impl Reader ===

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn problem(&self, what: &str) -> String {
        format!("The XML is not well formed at byte {}: {what}", self.at)
    }

    fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    /// Everything up to `end`, and steps over `end`.
    fn until(&mut self, end: &str) -> Result<&'a str, String> {
        let length = self.rest().find(end).ok_or_else(|| self.problem("the text ends early"))?;
        let found = &self.rest()[..length];
        self.at += length + end.len();
        Ok(found)
    }

    /// Comments, processing instructions and blanks between elements.
    fn misc(&mut self) -> Result<(), String> {
        loop {
            self.blanks();
            if self.eat("<!--") {
                self.until("-->")?;
            } else if self.eat("<?") {
                self.until("?>")?;
            } else if self.rest().starts_with("<!") {
                return Err(self.problem("document types are not taken"));
            } else {
                return Ok(());
            }
        }
    }

    fn name(&mut self) -> Result<&'a str, String> {
        let ends = |letter: char| {
            letter.is_whitespace() || matches!(letter, '>' | '/' | '=' | '<' | '"' | '\'' | '&')
        };
        let length = self.rest().find(ends).unwrap_or(self.rest().len());
        let name = &self.rest()[..length];
        if name.is_empty() || name.starts_with(|it: char| it.is_ascii_digit() || it == '-') {
            return Err(self.problem("a name belongs here"));
        }
        self.at += length;
        Ok(name)
    }

    /// Elements that are open wait on a stack of our own, so depth costs no stack of the thread.
    fn document(&mut self) -> Result<Element<'a>, String> {
        self.misc()?;
        let mut open: Vec<Element<'a>> = Vec::new();
        if !self.eat("<") {
            return Err(self.problem("an element belongs here"));
        }
        let (mut element, mut closed) = self.start()?;
        loop {
            if closed {
                match open.pop() {
                    None => return Ok(element),
                    Some(mut parent) => {
                        parent.children.push(element);
                        element = parent;
                    }
                }
            }
            closed = self.content(&mut element)?;
            if !closed {
                let (child, child_closed) = self.start()?;
                if open.len() + 2 > MAX_DEPTH {
                    return Err(self.problem("nested too deep"));
                }
                open.push(std::mem::replace(&mut element, child));
                closed = child_closed;
            }
        }
    }

    /// After `<`: name and attributes, and whether it is `<empty/>`.
    fn start(&mut self) -> Result<(Element<'a>, bool), String> {
        let name = self.name()?;
        let mut element =
            Element { name, attributes: Vec::new(), children: Vec::new(), text: String::new() };
        loop {
            self.blanks();
            if self.eat("/>") {
                return Ok((element, true));
            }
            if self.eat(">") {
                return Ok((element, false));
            }
            let key = self.name()?;
            self.blanks();
            if !self.eat("=") {
                return Err(self.problem("an attribute needs a value"));
            }
            self.blanks();
            let quote = match self.rest().as_bytes().first() {
                Some(b'"') => "\"",
                Some(b'\'') => "'",
                _ => return Err(self.problem("an attribute's value needs quotes")),
            };
            self.at += 1;
            let value = self.until(quote)?;
            if value.contains('<') || element.attributes.iter().any(|(known, _)| *known == key) {
                return Err(self.problem("a bad attribute"));
            }
            let mut text = String::new();
            self.unescape(value, &mut text)?;
            element.attributes.push((key, text));
        }
    }

    /// Text up to the next child (false; after its `<`) or to the end tag (true; after it).
    fn content(&mut self, element: &mut Element<'a>) -> Result<bool, String> {
        loop {
            let length = self.rest().find('<').ok_or_else(|| self.problem("no end tag"))?;
            let text = &self.rest()[..length];
            self.unescape(text, &mut element.text)?;
            self.at += length;
            if self.eat("</") {
                let name = self.name()?;
                self.blanks();
                return match name == element.name && self.eat(">") {
                    true => Ok(true),
                    false => Err(self.problem("an end tag of another element")),
                };
            } else if self.eat("<![CDATA[") {
                element.text.push_str(self.until("]]>")?);
            } else if self.eat("<!--") {
                self.until("-->")?;
            } else if self.eat("<?") {
                self.until("?>")?;
            } else if self.rest().starts_with("<!") {
                return Err(self.problem("document types are not taken"));
            } else {
                self.at += 1;
                return Ok(false);
            }
        }
    }

    /// Replaces references; line ends become `\n` (XML 1.0 section 2.11).
    fn unescape(&self, raw: &str, out: &mut String) -> Result<(), String> {
        let mut rest = raw;
        while let Some(at) = rest.find(['&', '\r']) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix('\r') {
                out.push('\n');
                rest = after.strip_prefix('\n').unwrap_or(after);
                continue;
            }
            let end = rest.find(';').ok_or_else(|| self.problem("a lone ampersand"))?;
            out.push(reference(&rest[1..end]).ok_or_else(|| self.problem("an unknown entity"))?);
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        Ok(())
    }
}

fn reference(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|letter| *letter != '\0')
        }
    }
}
