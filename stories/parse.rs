//! The text of a story, line by line, as data.

use world::Span;

/// One line of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// `> api Operation {json}`: call and wait. `?>`: call and do not wait (`false`).
    Call(String, String, String, bool),
    /// `< {json}`: what the last answer must contain. `<?`: what the oldest one not yet awaited
    /// must contain (`false`).
    Answer(String, bool),
    /// `! Code words`: the last call must have been refused so.
    Refused(String, String),
    /// `wait 30s`.
    Wait(Span),
    /// `settle`.
    Settle,
    /// `crash`.
    Crash,
    /// `poweroff`.
    PowerOff,
    /// `dark ZONE` or `heal ZONE` (`false`).
    Dark(String, bool),
    /// `kill MACHINE`.
    Kill(String),
    /// `freeze MACHINE` or `thaw MACHINE` (`false`).
    Freeze(String, bool),
    /// `cut ZONE ZONE` or `mend ZONE ZONE` (`false`).
    Cut(String, String, bool),
    /// `serve MACHINE PORT 503|refuse|hang|200 text of the answer`: what a guest answers from now
    /// on, whenever it runs; without it guests answer 200 on every port.
    Serve(Vec<String>),
    /// `usage on` or `usage off`: whether machines report what they use. While it is on, the world
    /// never comes to rest: use `wait` and not `settle`.
    Usage(bool),
    /// `load MACHINE 80`: its programs use 80 % of its processors from now on (with `usage on`).
    Load(String, u32),
    /// `ask FROM HOST PORT PATH 200|refused|timeout [text]`: what a client hears; `internet` or a
    /// machine asks, HOST is an address or a name of the model's own.
    Ask(Vec<String>),
    /// `letters 2`: so many letters were delivered since the story began; `letters last some text`:
    /// the last one's body contains this.
    Letters(String),
    /// `probe FROM TO PROTOCOL [PORT] arrives MACHINE|dropped`.
    Probe(Vec<String>),
    /// `account 111122223333`.
    Account(String),
    /// `region eu-west-3`.
    Region(String),
    /// `things`.
    Things,
}

/// Takes a story apart: line numbers (from 1) and lines. Indented lines continue the one above.
pub fn parse(text: &str) -> Result<Vec<(usize, Line)>, String> {
    let mut joined: Vec<(usize, String)> = Vec::new();
    for (at, raw) in text.lines().enumerate() {
        if raw.trim().is_empty() || raw.trim_start().starts_with('#') {
            continue;
        }
        match joined.last_mut().filter(|_| raw.starts_with(char::is_whitespace)) {
            Some((_, line)) => {
                line.push(' ');
                line.push_str(raw.trim());
            }
            None => joined.push((at + 1, raw.trim_end().to_owned())),
        }
    }
    let line = |(at, text): (usize, String)| {
        let parsed = one(&text).ok_or_else(|| format!("line {at} cannot be read: {text}"))?;
        Ok(parsed.into_iter().map(|line| (at, line)).collect::<Vec<_>>())
    };
    let lines: Result<Vec<Vec<(usize, Line)>>, String> = joined.into_iter().map(line).collect();
    Ok(lines?.concat())
}

fn one(text: &str) -> Option<Vec<Line>> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = rest.trim();
    let line = match word {
        ">" | "?>" => {
            let (api, rest) = rest.split_once(' ')?;
            let (operation, json) = rest.split_once(' ').unwrap_or((rest, "{}"));
            Line::Call(api.into(), operation.into(), comment(json).into(), word == ">")
        }
        "<" => Line::Answer(comment(rest).into(), true),
        "<?" => Line::Answer(comment(rest).into(), false),
        "!" => {
            let (code, words) = rest.split_once(' ').unwrap_or((rest, ""));
            Line::Refused(code.into(), comment(words).into())
        }
        _ => return other(word, comment(rest)),
    };
    Some(vec![line])
}

fn other(word: &str, rest: &str) -> Option<Vec<Line>> {
    let line = match word {
        "wait" => Line::Wait(span(rest)?),
        "settle" => Line::Settle,
        "crash" => Line::Crash,
        "poweroff" => Line::PowerOff,
        "things" => Line::Things,
        "dark" | "heal" => Line::Dark(rest.into(), word == "dark"),
        "kill" => Line::Kill(rest.into()),
        "freeze" | "thaw" => Line::Freeze(rest.into(), word == "freeze"),
        "cut" | "mend" => {
            let (one, other) = rest.split_once(' ')?;
            Line::Cut(one.into(), other.trim().into(), word == "cut")
        }
        "usage" if matches!(rest, "on" | "off") => Line::Usage(rest == "on"),
        "load" => {
            let (machine, percent) = rest.split_once(' ')?;
            Line::Load(machine.into(), percent.trim().parse().ok()?)
        }
        "serve" => Line::Serve(words(rest)),
        "ask" => Line::Ask(words(rest)),
        "letters" => Line::Letters(rest.into()),
        "probe" => Line::Probe(words(rest)),
        "region" => Line::Region(rest.into()),
        "account" => match rest.split_once(" region ") {
            Some((account, region)) => {
                let account = Line::Account(account.trim().into());
                return Some(vec![account, Line::Region(region.trim().into())]);
            }
            None => Line::Account(rest.into()),
        },
        _ => return None,
    };
    Some(vec![line])
}

/// Without a trailing ` # comment`.
fn comment(text: &str) -> &str {
    text.rfind(" # ")
        .filter(|at| !text[*at..].contains(['"', '}']))
        .map_or(text, |at| &text[..at])
        .trim()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn span(text: &str) -> Option<Span> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    let micros = match text[digits..].trim() {
        "us" => 1,
        "ms" => 1_000,
        "s" => 1_000_000,
        "m" => 60_000_000,
        "h" => 3_600_000_000,
        "d" => 86_400_000_000,
        _ => return None,
    };
    Some(Span(number * micros))
}
