//! The grammar of expressions: numbers, texts, names, calls, lists, operators.

use std::iter::Peekable;
use std::str::CharIndices;

/// An expression, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Number(f64),
    Text(String),
    /// A query's id, or a word that a function knows.
    Name(String),
    Call(String, Vec<Expression>),
    List(Vec<Expression>),
    Minus(Box<Expression>),
    Two(Operator, Box<Expression>, Box<Expression>),
}

/// Between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Over,
    Power,
}

/// Expressions may be nested this deep, and be this long.
const DEEPEST: usize = 64;
const LONGEST: usize = 2048;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Name(String),
    Operator(Operator),
    Sign(char),
}

/// Reads an expression; `Err` says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    if text.len() > LONGEST {
        return Err("it is too long".to_owned());
    }
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0 };
    let expression = reader.operators(0)?;
    match reader.tokens.get(reader.at) {
        None => Ok(expression),
        Some(token) => Err(format!("unexpected {}", shown(token))),
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Number(number) => number.to_string(),
        Token::Text(text) => format!("'{text}'"),
        Token::Name(name) => name.clone(),
        Token::Operator(_) => "operator".to_owned(),
        Token::Sign(sign) => sign.to_string(),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut rest = text.char_indices().peekable();
    let mut tokens = Vec::new();
    while let Some((at, first)) = rest.next() {
        let token = match first {
            _ if first.is_whitespace() => continue,
            '0'..='9' | '.' => number(text, at, &mut rest)?,
            '"' | '\'' => {
                let mut inner = String::new();
                loop {
                    match rest.next() {
                        None => return Err("a quote is not closed".to_owned()),
                        Some((_, one)) if one == first => break,
                        Some((_, one)) => inner.push(one),
                    }
                }
                Token::Text(inner)
            }
            _ if first.is_ascii_alphabetic() => {
                let mut end = at + 1;
                while let Some((next, _)) =
                    rest.next_if(|(_, one)| one.is_ascii_alphanumeric() || *one == '_')
                {
                    end = next + 1;
                }
                match &text[at..end] {
                    "AND" => Token::Operator(Operator::And),
                    "OR" => Token::Operator(Operator::Or),
                    name => Token::Name(name.to_owned()),
                }
            }
            '(' | ')' | '[' | ']' | ',' => Token::Sign(first),
            _ => operator(first, &mut rest)?,
        };
        tokens.push(token);
    }
    Ok(tokens)
}

fn number(text: &str, at: usize, rest: &mut Peekable<CharIndices>) -> Result<Token, String> {
    let mut end = at + 1;
    let mut before = ' ';
    while let Some((next, one)) = rest.next_if(|(_, one)| {
        let exponent = matches!(before, 'e' | 'E') && matches!(one, '+' | '-');
        one.is_ascii_digit() || matches!(one, '.' | 'e' | 'E') || exponent
    }) {
        (end, before) = (next + 1, one);
    }
    let number: Option<f64> = text[at..end].parse().ok();
    let finite = number.filter(|number| number.is_finite());
    finite.map(Token::Number).ok_or_else(|| format!("{} is no number", &text[at..end]))
}

fn operator(first: char, rest: &mut Peekable<CharIndices>) -> Result<Token, String> {
    let mut then = |wanted: char| rest.next_if(|(_, one)| *one == wanted).is_some();
    Ok(Token::Operator(match first {
        '+' => Operator::Plus,
        '-' => Operator::Minus,
        '*' => Operator::Times,
        '/' => Operator::Over,
        '^' => Operator::Power,
        '<' if then('=') => Operator::LessOrEqual,
        '<' => Operator::Less,
        '>' if then('=') => Operator::GreaterOrEqual,
        '>' => Operator::Greater,
        '=' if then('=') => Operator::Equal,
        '!' if then('=') => Operator::Unequal,
        '&' if then('&') => Operator::And,
        '|' if then('|') => Operator::Or,
        other => return Err(format!("unexpected {other}")),
    }))
}

impl Operator {
    /// What binds tighter is higher.
    fn strength(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Equal
            | Operator::Unequal
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => 3,
            Operator::Plus | Operator::Minus => 4,
            Operator::Times | Operator::Over => 5,
            Operator::Power => 7,
        }
    }
}

/// A minus in front binds tighter than products, looser than powers.
const MINUS: u8 = 6;

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn take(&mut self, sign: char) -> bool {
        let is = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(is);
        is
    }

    /// Operands with operators at least this strong between them.
    fn operators(&mut self, least: u8) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it is nested too deep".to_owned());
        }
        let mut left = self.operand()?;
        while let Some(Token::Operator(operator)) = self.tokens.get(self.at).cloned() {
            let strength = operator.strength();
            if strength < least {
                break;
            }
            self.at += 1;
            // Powers group to the right, all others to the left.
            let right = self.operators(strength + u8::from(operator != Operator::Power))?;
            left = Expression::Two(operator, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn operand(&mut self) -> Result<Expression, String> {
        match self.next() {
            Some(Token::Number(number)) => Ok(Expression::Number(number)),
            Some(Token::Text(text)) => Ok(Expression::Text(text)),
            Some(Token::Operator(Operator::Minus)) => {
                Ok(Expression::Minus(Box::new(self.operators(MINUS)?)))
            }
            Some(Token::Sign('(')) => {
                let inner = self.operators(0)?;
                if self.take(')') { Ok(inner) } else { Err("a ) is missing".to_owned()) }
            }
            Some(Token::Sign('[')) => self.list(']').map(Expression::List),
            Some(Token::Name(name)) => match self.take('(') {
                true => Ok(Expression::Call(name, self.list(')')?)),
                false => Ok(Expression::Name(name)),
            },
            Some(token) => Err(format!("unexpected {}", shown(&token))),
            None => Err("it ends too early".to_owned()),
        }
    }

    fn list(&mut self, end: char) -> Result<Vec<Expression>, String> {
        let mut list = Vec::new();
        if self.take(end) {
            return Ok(list);
        }
        loop {
            list.push(self.operators(0)?);
            if self.take(end) {
                return Ok(list);
            }
            if !self.take(',') {
                return Err(format!("a {end} or a comma is missing"));
            }
        }
    }
}
