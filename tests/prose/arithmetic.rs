//! Arithmetic in a code span, `1 / (1 - 0.8) = 5`: read, worked out, and compared with what is claimed.

use crate::number::{self, Number};

/// What a name followed by parentheses stands for.
type Function = fn(f64) -> f64;

const FUNCTIONS: [(&str, Function); 5] =
    [("ln", f64::ln), ("exp", f64::exp), ("sqrt", f64::sqrt), ("log2", f64::log2), ("log10", f64::log10)];
const RELATIONS: [char; 6] = ['=', '≈', '<', '>', '≤', '≥'];
/// How far an expression after `≈` may be off: it is rounded within.
const NEARLY: f64 = 0.01;

#[derive(Debug, Clone)]
enum Token {
    Number(Number),
    Function(Function),
    Mark(char),
}

/// What is wrong with the claim, if it is arithmetic: nothing but numbers, `+ - * / ^ ( ) %` and a few functions, with a
/// relation between. Anything else, such as a setting, is none of ours.
pub(crate) fn check(span: &str) -> Option<Result<(), String>> {
    let tokens = tokens(span)?;
    let is_relation = |token: &Token| matches!(token, Token::Mark(mark) if RELATIONS.contains(mark));
    let sides: Vec<&[Token]> = tokens.split(is_relation).collect();
    let has_number = |side: &&[Token]| side.iter().any(|token| matches!(token, Token::Number(_)));
    if sides.len() < 2 || !sides.iter().all(has_number) {
        return None;
    }
    let relations = tokens.iter().filter(|token| is_relation(token));
    let relations = relations.filter_map(|token| if let Token::Mark(mark) = token { Some(*mark) } else { None });
    Some(compare(&sides, &relations.collect::<Vec<_>>()))
}

/// Every side against the one before it, by the relation between; equal ones against the first of them, so that rounded
/// steps do not add up.
fn compare(sides: &[&[Token]], relations: &[char]) -> Result<(), String> {
    let mut first = value(sides[0])?;
    let mut previous = first;
    for (side, relation) in sides[1..].iter().zip(relations) {
        let found = value(side)?;
        let holds = match relation {
            '=' | '≈' => (first - found).abs() <= tolerance(side, *relation, first),
            '<' => previous < found,
            '>' => previous > found,
            '≤' => previous <= found,
            _ => previous >= found,
        };
        if !holds {
            let left = if matches!(relation, '=' | '≈') { first } else { previous };
            return Err(format!("the left of {relation} is {left}, the right {found}"));
        }
        if !matches!(relation, '=' | '≈') {
            first = found;
        }
        previous = found;
    }
    Ok(())
}

/// A number alone is exact to its last digit; an expression is exact, or nearly so.
fn tolerance(side: &[Token], relation: char, expected: f64) -> f64 {
    let exact = 1e-9 * expected.abs();
    let side = if let [Token::Mark('-'), rest @ ..] = side { rest } else { side };
    exact
        + match side {
            [Token::Number(number)] if relation == '≈' => number.rough_rounding(),
            [Token::Number(number)] => number.rounding(),
            [Token::Number(number), Token::Mark('%')] => number.rounding() / 100.0,
            _ if relation == '≈' => NEARLY * expected.abs(),
            _ => 0.0,
        }
}

fn tokens(span: &str) -> Option<Vec<Token>> {
    let text: Vec<char> = span.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(c) = text.get(at) {
        at += 1;
        match c {
            ' ' => {}
            '0'..='9' => {
                let number = number::read(&text, at - 1);
                at = number.end;
                tokens.push(Token::Number(number));
            }
            '×' | '·' => tokens.push(Token::Mark('*')),
            '÷' => tokens.push(Token::Mark('/')),
            '−' => tokens.push(Token::Mark('-')),
            '+' | '-' | '*' | '/' | '^' | '(' | ')' | '%' => tokens.push(Token::Mark(*c)),
            c if RELATIONS.contains(c) => tokens.push(Token::Mark(*c)),
            _ => {
                let word: String = text[at - 1..].iter().take_while(|c| c.is_ascii_alphanumeric()).collect();
                tokens.push(Token::Function(FUNCTIONS.iter().find(|(name, _)| *name == word)?.1));
                at += word.len() - 1;
            }
        }
    }
    Some(tokens)
}

fn value(side: &[Token]) -> Result<f64, String> {
    let mut reader = Reader { tokens: side, at: 0 };
    let value = reader.sum()?;
    if reader.at < side.len() {
        return Err("it does not parse: something is missing between two parts of it".into());
    }
    Ok(value)
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    /// Whether this mark is next; if so it is taken.
    fn takes(&mut self, mark: char) -> bool {
        let is_next = matches!(self.tokens.get(self.at), Some(Token::Mark(next)) if *next == mark);
        self.at += usize::from(is_next);
        is_next
    }

    fn sum(&mut self) -> Result<f64, String> {
        let mut sum = self.product()?;
        loop {
            if self.takes('+') {
                sum += self.product()?;
            } else if self.takes('-') {
                sum -= self.product()?;
            } else {
                return Ok(sum);
            }
        }
    }

    fn product(&mut self) -> Result<f64, String> {
        let mut product = self.signed()?;
        loop {
            if self.takes('*') {
                product *= self.signed()?;
            } else if self.takes('/') {
                product /= self.signed()?;
            } else {
                return Ok(product);
            }
        }
    }

    fn signed(&mut self) -> Result<f64, String> {
        if self.takes('-') { Ok(-self.signed()?) } else { self.power() }
    }

    fn power(&mut self) -> Result<f64, String> {
        let base = self.atom()?;
        let base = if self.takes('%') { base / 100.0 } else { base };
        if self.takes('^') { Ok(base.powf(self.signed()?)) } else { Ok(base) }
    }

    fn atom(&mut self) -> Result<f64, String> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token {
            Some(Token::Number(number)) => Ok(number.value()),
            Some(Token::Function(function)) if self.takes('(') => Ok(function(self.closed()?)),
            Some(Token::Mark('(')) => self.closed(),
            _ => Err("it does not parse: a number is missing".into()),
        }
    }

    fn closed(&mut self) -> Result<f64, String> {
        let value = self.sum()?;
        if self.takes(')') { Ok(value) } else { Err("it does not parse: a parenthesis is missing".into()) }
    }
}

#[test]
fn true_claims_hold() {
    let claims = [
        "1 / (1 - 0.8) = 5",
        "1/3 = 0.33",
        "1/3 ≈ 0.333 = 33.3 %",
        "2 ^ 3 ^ 2 = 512",
        "-2 ^ 2 = -4",
        "1,000 × 0.05 − 2 · 5 = 40",
        "exp(-2) ≈ 0.135",
        "ln(100) * 2 ≈ 4.605 * 2 = 9.21",
        "sqrt(16) + log2(8) = 7",
        "0.8 * 40 = 32 < 40",
        "5 % * 20 = 1",
        "1e6 / 1e3 = 1000",
        "1296 ≈ 1300",
    ];
    for claim in claims {
        assert_eq!(check(claim), Some(Ok(())), "{claim}");
    }
}

#[test]
fn false_claims_and_broken_ones_fail() {
    let claims = [
        "1 / (1 - 0.8) = 6",
        "1/3 = 0.34",
        "1296 = 1300",
        "940 ≈ 1000",
        "2/3 ≈ 0.66",
        "1 / (1 - 0.8 = 5",
        "1 / = 5",
        "2 3 = 6",
        "40 < 32",
        "1/3 = 33.4 %",
        "1 + 1 = 4 / 2 = 3",
    ];
    for claim in claims {
        assert!(matches!(check(claim), Some(Err(_))), "{claim}");
    }
}

#[test]
fn what_is_no_arithmetic_is_left_alone() {
    for span in ["timeout = 2s", "replicas = 8", "p99 < 250ms", "5 ms", "=", "ρ = 0.8", "1 / (1 - 0.8)", "--set a=5"] {
        assert_eq!(check(span), None, "{span}");
    }
}
