//! JSON as JavaScript has it: members in their order, numbers that may be NaN, members that are there and undefined.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// Present, and undefined.
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, NaN among them.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Members),
}

/// The members of an object, in the order in which they were first set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members(Vec<(String, Json)>);

impl Members {
    /// The value of a member, if it is there.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|member| member.0 == name).map(|member| &member.1)
    }

    /// Sets a member; one that is there keeps its place.
    pub fn set(&mut self, name: &str, value: Json) {
        match self.0.iter_mut().find(|member| member.0 == name) {
            Some(member) => member.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let at = self.0.iter().position(|member| member.0 == name)?;
        Some(self.0.remove(at).1)
    }

    /// The member as an object; it becomes an empty one if it is not there.
    pub fn object(&mut self, name: &str) -> &mut Self {
        let at = self.0.iter().position(|member| member.0 == name).unwrap_or_else(|| {
            self.0.push((name.to_owned(), Json::Null));
            self.0.len() - 1
        });
        self.0[at].1.made_object()
    }

    /// The members in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Json {
    /// Its members; an empty object takes the place of what is none.
    fn made_object(&mut self) -> &mut Members {
        match self {
            Self::Object(members) => members,
            other => {
                *other = Self::Object(Members::default());
                other.made_object()
            }
        }
    }

    /// The value of a member of an object; `None` as well where it is undefined.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(name).filter(|value| **value != Self::Undefined),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether JavaScript takes it for true.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Flag(yes) => *yes,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::List(_) | Self::Object(_) => true,
        }
    }

    /// What JavaScript's `Number(…)` makes of it.
    pub fn to_number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Flag(yes) => f64::from(u8::from(*yes)),
            Self::Number(number) => *number,
            Self::Text(text) => number(text),
            Self::Undefined | Self::List(_) | Self::Object(_) => f64::NAN,
        }
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// Whether it is undefined or null.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }
}

/// JavaScript's `Number(text)`.
pub fn number(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return u64::from_str_radix(digits, radix).map_or(f64::NAN, |n| n as f64);
        }
    }
    let is_decimal = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    match text {
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ if is_decimal => text.parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// JavaScript's `parseInt(text)`, but for its hexadecimal digits.
pub fn whole_number(text: &str) -> f64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse::<f64>().map_or(f64::NAN, |n| sign * n)
}

/// How JavaScript spells it in JSON, with `{"$nan":true}` and `{"$undefined":true}` for what JSON has no word for.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::Undefined => f.write_str(r#"{"$undefined":true}"#),
            Self::Null => f.write_str("null"),
            Self::Flag(yes) => write!(f, "{yes}"),
            Self::Number(number) if number.is_finite() => write!(f, "{}", number + 0.0),
            Self::Number(_) => f.write_str(r#"{"$nan":true}"#),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", items.join(","))
            }
            Self::Object(members) => {
                let members: Vec<String> =
                    members.iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
                write!(f, "{{{}}}", members.join(","))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Json, E> {
        Ok(Json::Flag(yes))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(Json::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = Members::default();
        while let Some((name, value)) = map.next_entry::<String, Json>()? {
            members.set(&name, value);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_the_last_of_a_name_counts() {
        let json: Json = serde_json::from_str(r#"{"b":1,"a":[true,null],"b":"x\n"}"#).unwrap();
        assert_eq!(json.to_string(), r#"{"b":"x\n","a":[true,null]}"#);
    }

    #[test]
    fn text_becomes_the_number_that_javascript_makes_of_it() {
        for (text, expected) in [("", 0.0), (" 12 ", 12.0), ("0x10", 16.0), ("-1e2", -100.0), (".5", 0.5)] {
            assert_eq!(number(text), expected, "{text}");
        }
        assert!(["12px", "inf", "nan", "1-2", "--1", "0x"].iter().all(|text| number(text).is_nan()));
        for (text, expected) in [("12.9px", 12.0), (" -7a", -7.0), ("+3", 3.0), ("040", 40.0)] {
            assert_eq!(whole_number(text), expected, "{text}");
        }
        assert!(whole_number("abc").is_nan() && whole_number("").is_nan());
    }
}
