//! Writes XML text: tags, attributes, escaped character data.

use shape::Namespace;
use std::fmt::Write;

/// XML in the making.
pub(crate) struct Writer {
    out: String,
}

// === impl Writer ===

impl Writer {
    /// Begins with the XML declaration.
    pub(crate) fn new() -> Self {
        Writer { out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned() }
    }

    /// The document.
    pub(crate) fn done(self) -> Vec<u8> {
        self.out.into_bytes()
    }

    /// `<name`, to be followed by attributes and [`Writer::close_start`].
    pub(crate) fn open_start(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
    }

    /// ` xmlns="..."`
    pub(crate) fn namespace(&mut self, space: Option<Namespace>) {
        if let Some(Namespace { prefix, uri }) = space {
            match prefix {
                None => self.attribute("xmlns", uri),
                Some(prefix) => self.attribute(&format!("xmlns:{prefix}"), uri),
            }
        }
    }

    /// ` name="value"`
    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        let _ = write!(self.out, " {name}=\"");
        escape(&mut self.out, value, true);
        self.out.push('"');
    }

    /// `>`
    pub(crate) fn close_start(&mut self) {
        self.out.push('>');
    }

    /// `<name>`
    pub(crate) fn start(&mut self, name: &str) {
        self.open_start(name);
        self.close_start();
    }

    /// `</name>`; a name with a prefix keeps it.
    pub(crate) fn end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// Character data.
    pub(crate) fn text(&mut self, text: &str) {
        escape(&mut self.out, text, false);
    }

    /// `<name>text</name>`
    pub(crate) fn leaf(&mut self, name: &str, text: &str) {
        self.start(name);
        self.text(text);
        self.end(name);
    }
}

/// Control characters become references: a reader must get back what was written. Those that XML
/// 1.0 forbids are written as references too, as AWS does.
fn escape(out: &mut String, text: &str, attribute: bool) {
    let mut rest = text;
    let special = |letter: char| match letter {
        '&' | '<' | '>' | '\r' | '\u{85}' | '\u{2028}' => true,
        '"' => attribute,
        '\n' | '\t' => attribute,
        _ => letter < ' ',
    };
    while let Some(at) = rest.find(special) {
        out.push_str(&rest[..at]);
        let letter = rest[at..].chars().next().expect("find gave the start of a letter");
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => {
                let _ = write!(out, "&#x{:X};", letter as u32);
            }
        }
        rest = &rest[at + letter.len_utf8()..];
    }
    out.push_str(rest);
}
