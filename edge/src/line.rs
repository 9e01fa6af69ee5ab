//! The line of a JSON text on which a member stands, by its name: `presets.card`.

/// Counted from 1; that of the nearest member around it where there is none of the name. `text` is valid JSON, and depth is bounded
/// by the parser that has read it before.
pub fn line_of(text: &str, member: &str) -> usize {
    let found = Scan { bytes: text.as_bytes(), at: 0 }.find(member).unwrap_or(0);
    1 + text.bytes().take(found).filter(|byte| *byte == b'\n').count()
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    /// Where the name of the member begins.
    fn find(&mut self, member: &str) -> Option<usize> {
        let mut rest = member;
        let mut found = None;
        while self.next()? == b'{' {
            self.at += 1;
            let name_at = self.enter(rest)?;
            found = Some(name_at.0);
            rest = name_at.1;
            if rest.is_empty() {
                break;
            }
        }
        found
    }

    /// Goes on to the value of the member of an object that a path begins with: where its name is, and the rest of the path.
    fn enter<'p>(&mut self, path: &'p str) -> Option<(usize, &'p str)> {
        loop {
            match self.next()? {
                b'"' => {
                    let start = self.at;
                    let name = self.string()?;
                    self.next()?;
                    self.at += 1;
                    let behind = std::str::from_utf8(name).ok().and_then(|name| path.strip_prefix(name));
                    match behind {
                        Some("") => return Some((start, "")),
                        Some(behind) if behind.starts_with('.') => return Some((start, &behind[1..])),
                        _ => self.pass()?,
                    }
                }
                b',' => self.at += 1,
                _ => return None,
            }
        }
    }

    /// The byte that the next token begins with.
    fn next(&mut self) -> Option<u8> {
        while self.bytes.get(self.at)?.is_ascii_whitespace() {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    /// Passes a string and gives what is between its quotes, escapes as they are.
    fn string(&mut self) -> Option<&'a [u8]> {
        let start = self.at + 1;
        self.at = start;
        while *self.bytes.get(self.at)? != b'"' {
            self.at += if self.bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        self.bytes.get(start..self.at - 1)
    }

    /// Passes a value.
    fn pass(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            match self.next()? {
                b'"' => {
                    self.string()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' if depth == 0 => return Some(()),
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' if depth == 0 => return Some(()),
                _ => self.at += 1,
            }
            if depth == 0 && matches!(self.next()?, b',' | b'}') {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::line_of;

    const TEXT: &str = "{\n  \"a\": {\"card\": 1},\n  \"presets\": {\n    \"x{\\\"\": \"}\",\n    \"card\": [\n 1, {\"b\": 2}],\n    \"b\": true\n  },\n  \"devices\":\n  {\"b\": 3}\n}";

    #[test]
    fn a_member_is_on_the_line_of_its_name() {
        for (member, line) in
            [("a", 2), ("presets", 3), ("presets.card", 5), ("presets.b", 7), ("devices", 9), ("devices.b", 10)]
        {
            assert_eq!(line_of(TEXT, member), line, "{member}");
        }
    }

    #[test]
    fn what_is_not_there_has_the_line_around_it() {
        assert_eq!(line_of(TEXT, "presets.card.deep"), 5);
        assert_eq!(line_of(TEXT, "nothing"), 1);
        assert_eq!(line_of("", "a"), 1);
        assert_eq!(line_of("[1", "a"), 1);
    }
}
