//! Edits of colour. What is done is `crate::op`'s; here are names, ranges and defaults.

use super::row::{COLOURS, Row};
use super::types::Edits;
use super::value::{Kind, Place, Value, Word};
use crate::op::{Clahe, Duotone, Gamma, Linear, Modulate, Normalise, Operation, Recomb, Threshold};

const STYLES: &[Word] = &[("bw", &["greyscale", "grayscale"]), ("sepia", &[]), ("negative", &["negate", "invert"])];

/// What the words of `style` stand for.
const LOOKS: &[(&str, Operation)] =
    &[("bw", Operation::Greyscale), ("sepia", Operation::Sepia), ("negative", Operation::Negative)];

fn is_look(operation: &Operation) -> bool {
    LOOKS.iter().any(|look| look.1 == *operation)
}

/// 1 in ten-thousandths.
const ONE: i32 = 10_000;

/// A positive number, 1 by default.
const FACTOR: Kind = Kind::Decimal { min: 0, max: 100_000, places: 2 };

/// A row of one option.
macro_rules! row {
    ($name:literal, $aliases:expr, $kind:expr, $default:expr, $doc:literal, $set:expr, $get:expr) => {
        Row {
            name: $name,
            aliases: $aliases,
            kind: $kind,
            place: Place::Option,
            default: $default,
            doc: $doc,
            set: $set,
            get: $get,
        }
    };
}

fn modulate(edits: &Edits) -> Option<Modulate> {
    edits.operations.iter().find_map(|operation| match operation {
        Operation::Modulate(modulate) => Some(*modulate),
        _ => None,
    })
}

/// Changes the one operation that four rows share.
fn set_modulate(edits: &mut Edits, change: impl Fn(&mut Modulate)) {
    let mut now = modulate(edits).unwrap_or_default();
    change(&mut now);
    let operation = Some(now).filter(|now| *now != Modulate::default()).map(Operation::Modulate);
    edits.put(operation, |other| matches!(other, Operation::Modulate(_)));
}

fn factor(value: &Value) -> Option<i32> {
    match value {
        Value::Decimal(n) => i32::try_from(*n).ok(),
        _ => None,
    }
}

fn shown(n: i32, default: i32) -> Option<Value> {
    u32::try_from(n).ok().filter(|_| n != default).map(Value::Decimal)
}

pub const NORMALISE: Row = row!(
    "normalise",
    &["normalize"],
    Kind::Flag,
    Some("0"),
    "Lightness stretched from black to white.",
    |edits, value| {
        let operation = Some(Operation::Normalise(Normalise::default())).filter(|_| value == Value::Flag(true));
        edits.put(operation, |other| matches!(other, Operation::Normalise(_)));
    },
    |edits| {
        let usual = Operation::Normalise(Normalise::default());
        edits.operations.contains(&usual).then_some(Value::Flag(true))
    }
);

pub const CLAHE: Row = row!(
    "clahe",
    &[],
    Kind::Numbers { counts: &[2, 3], bounds: &[(ONE, 1_000 * ONE), (ONE, 1_000 * ONE), (0, 100 * ONE)], places: 0 },
    None,
    "Local contrast in a window of width,height output pixels; a third number is how much it may grow (3), 0 for as much as it can.",
    |edits, value| {
        let number = |n: i32| u32::try_from(n / ONE).unwrap_or(0);
        if let Value::Numbers(numbers) = value
            && let [width, height, ref slope @ ..] = numbers[..]
        {
            let slope = slope.first().map_or(3, |&slope| number(slope));
            let clahe = Clahe { width: number(width), height: number(height), slope };
            edits.put(Some(Operation::Clahe(clahe)), |other| matches!(other, Operation::Clahe(_)));
        }
    },
    |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Clahe(Clahe { width, height, slope }) => {
                let all = [*width, *height, *slope].map(|n| i32::try_from(n).unwrap_or(1).saturating_mul(ONE));
                Some(Value::Numbers(all[..if *slope == 3 { 2 } else { 3 }].to_vec()))
            }
            _ => None,
        })
    }
);

pub const BRIGHTNESS: Row = row!(
    "brightness",
    &["bri"],
    FACTOR,
    Some("1"),
    "Lightness as it is seen, multiplied.",
    |edits, value| {
        if let Some(n) = factor(&value) {
            set_modulate(edits, |modulate| modulate.brightness = n);
        }
    },
    |edits| shown(modulate(edits)?.brightness, ONE)
);

pub const SATURATION: Row = row!(
    "saturation",
    &["sat"],
    FACTOR,
    Some("1"),
    "Colourfulness, multiplied; 0 is grey.",
    |edits, value| {
        if let Some(n) = factor(&value) {
            set_modulate(edits, |modulate| modulate.saturation = n);
        }
    },
    |edits| shown(modulate(edits)?.saturation, ONE)
);

pub const HUE: Row = row!(
    "hue",
    &[],
    Kind::Integer { min: 0, max: 359 },
    Some("0"),
    "Hues turned, in degrees.",
    |edits, value| {
        if let Value::Integer(n) = value {
            set_modulate(edits, |modulate| modulate.hue = i32::try_from(n).unwrap_or(0) * ONE);
        }
    },
    |edits| u32::try_from(modulate(edits)?.hue / ONE).ok().filter(|n| *n != 0).map(Value::Integer)
);

pub const LIGHTNESS: Row = row!(
    "lightness",
    &[],
    Kind::Numbers { counts: &[1], bounds: &[(-100 * ONE, 100 * ONE)], places: 1 },
    Some("0"),
    "Added to lightness as it is seen, black being 0 and white 100.",
    |edits, value| {
        if let Value::Numbers(numbers) = value
            && let [n] = numbers[..]
        {
            set_modulate(edits, |modulate| modulate.lightness = n);
        }
    },
    |edits| Some(modulate(edits)?.lightness).filter(|n| *n != 0).map(|n| Value::Numbers(vec![n]))
);

pub const CONTRAST: Row = row!(
    "contrast",
    &["con"],
    FACTOR,
    Some("1"),
    "The distance from mid-grey, multiplied.",
    |edits, value| {
        if let Some(n) = factor(&value) {
            let operation = Some(Operation::Contrast(n)).filter(|_| n != ONE);
            edits.put(operation, |other| matches!(other, Operation::Contrast(_)));
        }
    },
    |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Contrast(n) => shown(*n, ONE),
            _ => None,
        })
    }
);

pub const GAMMA: Row = row!(
    "gamma",
    &["gam"],
    Kind::Decimal { min: 1_000, max: 100_000, places: 2 },
    Some("1"),
    "Mid-tones: above 1 brighter, below 1 darker.",
    |edits, value| {
        if let Value::Decimal(brighten) = value {
            let gamma = Gamma { darken: 10_000, brighten };
            let operation = Some(Operation::Gamma(gamma)).filter(|_| brighten != 10_000);
            edits.put(operation, |other| matches!(other, Operation::Gamma(_)));
        }
    },
    |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Gamma(Gamma { darken: 10_000, brighten }) => Some(Value::Decimal(*brighten)),
            _ => None,
        })
    }
);

pub const LINEAR: Row = row!(
    "linear",
    &[],
    Kind::Numbers { counts: &[1, 2, 6], bounds: &[(-1_000 * ONE, 1_000 * ONE)], places: 4 },
    None,
    "Samples, 0 to 255, multiplied and moved: a, or a,b, or three a and three b for red, green and blue.",
    |edits, value| {
        if let Value::Numbers(numbers) = value {
            let linear = match numbers[..] {
                [a] => Linear::of_colours(a, 0),
                [a, b] => Linear::of_colours(a, b),
                [ar, ag, ab, br, bg, bb] => Linear { factor: [ar, ag, ab, ONE], offset: [br, bg, bb, 0] },
                _ => return,
            };
            edits.put(Some(Operation::Linear(linear)), |other| matches!(other, Operation::Linear(_)));
        }
    },
    |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Linear(Linear { factor: [a, g, b, ONE], offset: [c, h, d, 0] }) => {
                Some(Value::Numbers(match (a == g && g == b && c == h && h == d, *c) {
                    (true, 0) => vec![*a],
                    (true, c) => vec![*a, c],
                    _ => vec![*a, *g, *b, *c, *h, *d],
                }))
            }
            _ => None,
        })
    }
);

pub const RECOMB: Row = row!(
    "recomb",
    &[],
    Kind::Numbers { counts: &[9, 16], bounds: &[(-100 * ONE, 100 * ONE)], places: 4 },
    None,
    "Colours recombined by a matrix of 3 × 3 numbers, by rows, or 4 × 4 with alpha.",
    |edits, value| {
        if let Value::Numbers(numbers) = value {
            let operation = Recomb::new(&numbers).map(Operation::Recomb);
            edits.put(operation, |other| matches!(other, Operation::Recomb(_)));
        }
    },
    |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Recomb(recomb) => Some(Value::Numbers(recomb.numbers())),
            _ => None,
        })
    }
);

pub const STYLE: Row = Row {
    name: "style",
    aliases: &[],
    kind: Kind::Word { words: STYLES },
    place: Place::Bare,
    default: None,
    doc: "A built-in look, or a named style of the configuration.",
    set: |edits, value| {
        let style = LOOKS.iter().find(|look| value == Value::Word(look.0));
        if let Some((_, operation)) = style {
            edits.put(Some(operation.clone()), is_look);
        }
    },
    get: |edits| {
        let style = LOOKS.iter().find(|look| edits.operations.contains(&look.1));
        style.map(|(word, _)| Value::Word(word))
    },
};

pub const TINT: Row = row!(
    "tint",
    &[],
    Kind::Colour { names: COLOURS },
    None,
    "Black and white in the hue of this colour.",
    |edits, value| {
        if let Value::Colour(colour) = value {
            edits.put(Some(Operation::Tint(colour)), |other| matches!(other, Operation::Tint(_)));
        }
    },
    |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Tint(colour) => Some(Value::Colour(*colour)),
            _ => None,
        })
    }
);

pub const DUOTONE: Row = row!(
    "duotone",
    &[],
    Kind::Colours { names: COLOURS, count: 2 },
    None,
    "Two colours, dark,light: what black and white become.",
    |edits, value| {
        if let Value::Colours(colours) = value
            && let [dark, light] = colours[..]
        {
            let operation = Operation::Duotone(Duotone { dark, light });
            edits.put(Some(operation), |other| matches!(other, Operation::Duotone(_)));
        }
    },
    |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Duotone(duotone) => Some(Value::Colours(vec![duotone.dark, duotone.light])),
            _ => None,
        })
    }
);

pub const THRESHOLD: Row = row!(
    "threshold",
    &[],
    Kind::Integer { min: 1, max: 255 },
    None,
    "Black below this level, white from it on.",
    |edits, value| {
        if let Value::Integer(n) = value
            && let Ok(level) = u8::try_from(n)
        {
            let operation = Operation::Threshold(Threshold { level, greyscale: true });
            edits.put(Some(operation), |other| matches!(other, Operation::Threshold(_)));
        }
    },
    |edits| {
        edits.operations.iter().find_map(|operation| match operation {
            Operation::Threshold(Threshold { level, greyscale: true }) => Some(Value::Integer((*level).into())),
            _ => None,
        })
    }
);
