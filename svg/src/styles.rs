//! Style sheets: which declarations apply to an element.

use roxmltree::{Document, Node};
use simplecss::{Declaration, DeclarationTokenizer, StyleSheet};

use crate::Error;

/// Rules, one for each selector, and their declarations.
const MOST_DECLARATIONS: u64 = 100_000;
/// Selectors that are compared with elements.
const MOST_MATCHES: u64 = 20_000_000;
/// Bytes that a declaration takes.
const DECLARATION: u64 = 96;

/// The rules of a document.
pub struct Styles<'a> {
    sheet: StyleSheet<'a>,
}

impl<'a> Styles<'a> {
    /// Reads the style sheets of a document of so many nodes.
    ///
    /// # Errors
    /// [`Error::Limit`] for more than is compared.
    pub fn of(document: &'a Document<'_>, nodes: u64) -> Result<Self, Error> {
        let mut sheet = StyleSheet::new();
        let mut declarations = 0;
        for node in document.descendants().filter(|node| node.tag_name().name() == "style") {
            let text = node.text().unwrap_or_default();
            declarations += declared(text);
            if declarations > MOST_DECLARATIONS {
                return Err(Error::Limit {
                    what: "SVG style declarations",
                    needed: declarations,
                    limit: MOST_DECLARATIONS,
                });
            }
            sheet.parse_more(text);
        }
        let matches = nodes.saturating_mul(sheet.rules.len() as u64);
        if matches > MOST_MATCHES {
            return Err(Error::Limit { what: "SVG style rules by elements", needed: matches, limit: MOST_MATCHES });
        }
        Ok(Self { sheet })
    }

    /// Bytes that the rules take, at most.
    pub fn memory(&self) -> u64 {
        let declarations = self.sheet.rules.iter().map(|rule| rule.declarations.len() as u64 + 2);
        declarations.sum::<u64>() * DECLARATION
    }

    /// Names and values that apply to an element, the last counting most: its attributes, rules, then its own style.
    pub fn apply<'n>(&'n self, node: Node<'n, '_>, give: &mut dyn FnMut(&'n str, &'n str)) {
        for attribute in node.attributes() {
            if attribute.name() != "style" {
                give(attribute.name(), attribute.value());
            }
        }
        self.declarations(node, give);
    }

    /// Names and values of the rules that apply to an element, then of its own style.
    pub fn declarations<'n>(&'n self, node: Node<'n, '_>, give: &mut dyn FnMut(&'n str, &'n str)) {
        for rule in self.sheet.rules.iter().filter(|rule| rule.selector.matches(&Element(node))) {
            rule.declarations.iter().for_each(|Declaration { name, value, .. }| give(name, value));
        }
        for Declaration { name, value, .. } in DeclarationTokenizer::from(node.attribute("style").unwrap_or_default()) {
            give(name, value);
        }
    }
}

/// Declarations of a style sheet, each as often as its rule has selectors.
fn declared(text: &str) -> u64 {
    let count = |text: &str, c: u8| text.bytes().filter(|&byte| byte == c).count() as u64 + 1;
    let blocks = text.split('}').map(|block| {
        let (selectors, declarations) = block.rsplit_once('{').unwrap_or((block, ""));
        count(selectors, b',').saturating_mul(count(declarations, b';'))
    });
    blocks.fold(0, u64::saturating_add)
}

struct Element<'d, 'i>(Node<'d, 'i>);

impl simplecss::Element for Element<'_, '_> {
    fn parent_element(&self) -> Option<Self> {
        self.0.parent_element().map(Element)
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.0.prev_sibling_element().map(Element)
    }

    fn has_local_name(&self, name: &str) -> bool {
        self.0.tag_name().name() == name
    }

    fn attribute_matches(&self, name: &str, operator: simplecss::AttributeOperator<'_>) -> bool {
        self.0.attribute(name).is_some_and(|value| operator.matches(value))
    }

    fn pseudo_class_matches(&self, class: simplecss::PseudoClass<'_>) -> bool {
        matches!(class, simplecss::PseudoClass::FirstChild) && self.prev_sibling_element().is_none()
    }
}
