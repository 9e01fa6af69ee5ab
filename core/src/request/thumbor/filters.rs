//! Thumbor's filters, in the native dialect's words. One that is not known, or whose arguments are not its own, is ignored, as it is
//! there; one of Thumbor's that has no edit of ours is refused, as the picture would be another.

use super::frame::Frame;
use crate::request::RequestError;
use crate::request::sih::colour_of;

/// Each filter of `a(…):b(…)` in its order.
pub fn apply(filters: &str, frame: &mut Frame) -> Result<(), RequestError> {
    for filter in filters.split("):").filter(|filter| !filter.is_empty()) {
        let filter = filter.strip_suffix(')').unwrap_or(filter);
        if let Some((name, arguments)) = filter.split_once('(') {
            let arguments: Vec<&str> = arguments.split(',').map(str::trim).collect();
            one(name, &arguments, frame)?;
        }
    }
    Ok(())
}

fn one(name: &str, arguments: &[&str], frame: &mut Frame) -> Result<(), RequestError> {
    let told = &mut frame.told;
    match (name, arguments) {
        ("grayscale", [""]) => told.tell("style", "bw"),
        ("autojpg", _) => told.tell("format", "jpeg"),
        ("equalize", [""]) => told.tell("normalise", "1"),
        ("strip_exif", [""]) => {
            frame.strips = true;
            Ok(())
        }
        ("quality", [quality]) => match whole(quality) {
            Some(quality @ 1..) => told.tell("quality", &quality.min(100).to_string()),
            _ => Ok(()),
        },
        ("max_bytes", [bytes]) => whole(bytes).map_or(Ok(()), |bytes| told.tell("max-bytes", &bytes.to_string())),
        ("format", [format]) => match format.to_ascii_lowercase().as_str() {
            "jpeg" | "jpg" => told.tell("format", "jpeg"),
            format @ ("webp" | "avif" | "png" | "gif") => told.tell("format", format),
            _ => Ok(()),
        },
        ("blur", [radius]) => blur(radius, "0", frame),
        ("blur", [radius, sigma]) => blur(radius, sigma, frame),
        ("sharpen", [amount, radius, _]) => match (decimal(amount), decimal(radius)) {
            (Some(amount), Some(radius)) if amount >= 0.0 => {
                let sigma = (1.0 + radius / 2.0).clamp(0.3, 10.0);
                let amounts = (amount.min(100.0), (2.0 * amount).min(100.0));
                told.tell("sharpen", &format!("{sigma:.2},{:.2},{:.2}", amounts.0, amounts.1))
            }
            _ => Ok(()),
        },
        ("brightness", [amount]) => match integer(amount) {
            Some(amount) => told.tell("linear", &format!("1,{}", 255 * amount / 100)),
            None => Ok(()),
        },
        ("contrast", [amount]) => match integer(amount) {
            Some(amount) => {
                let factor = f64::from((amount + 100) * (amount + 100) / 100) / 100.0;
                told.tell("linear", &format!("{factor},{:.4}", 128.0 - 128.0 * factor))
            }
            None => Ok(()),
        },
        ("saturation", [factor]) => match decimal(factor).filter(|factor| factor.abs() <= 100.0) {
            Some(factor) => {
                let weights = [0.299, 0.587, 0.114];
                let row = |i: usize| [0, 1, 2].map(|j| weights[j] * (1.0 - factor) + if i == j { factor } else { 0.0 });
                let numbers = [row(0), row(1), row(2)].concat().iter().map(|n| format!("{n:.4}")).collect::<Vec<_>>();
                told.tell("recomb", &numbers.join(","))
            }
            None => Ok(()),
        },
        ("rgb", [r, g, b]) => match [r, g, b].map(|percent| integer(percent)) {
            [Some(r), Some(g), Some(b)] => {
                let [r, g, b] = [r, g, b].map(|percent| 255 * percent / 100);
                told.tell("linear", &format!("1,1,1,{r},{g},{b}"))
            }
            _ => Ok(()),
        },
        ("colorize", [r, g, b, fill]) => {
            let Some(fill) = colour_of(fill) else { return Ok(()) };
            let [Some(r), Some(g), Some(b)] = [r, g, b].map(|percent| whole(percent)) else { return Ok(()) };
            let shares = [r, g, b].map(|percent| f64::from(percent.min(100)) / 100.0);
            let offsets = [(shares[0], fill.r), (shares[1], fill.g), (shares[2], fill.b)];
            let factors = shares.map(|share| format!("{:.2}", 1.0 - share)).join(",");
            let offsets = offsets.map(|(share, fill)| format!("{:.2}", share * f64::from(fill))).join(",");
            told.tell("linear", &format!("{factors},{offsets}"))
        }
        ("convolution", [matrix, columns]) => convolution(matrix, columns, "true", frame),
        ("convolution", [matrix, columns, is_divided]) => convolution(matrix, columns, is_divided, frame),
        ("rotate", [angle]) => {
            frame.turn(integer(angle).unwrap_or(0));
            Ok(())
        }
        ("round_corner", [radius, r, g, b]) => round([radius, r, g, b], false, frame),
        ("round_corner", [radius, r, g, b, clear]) => round([radius, r, g, b], is_true(clear), frame),
        ("background_color", [colour]) => match colour_of(colour) {
            Some(colour) => told.tell("background", &colour.to_string()),
            None => Ok(()),
        },
        ("fill", ["auto" | "blur", ..]) => Err(refused("fill", "a colour: it is not taken from the picture")),
        ("fill", [colour]) => fill(colour, false, frame),
        ("fill", [colour, merges]) => fill(colour, is_true(merges), frame),
        ("watermark", [image, x, y, alpha]) => watermark([image, x, y, alpha, "none", "none"], frame),
        ("watermark", [image, x, y, alpha, width]) => watermark([image, x, y, alpha, width, "none"], frame),
        ("watermark", [image, x, y, alpha, width, height]) => watermark([image, x, y, alpha, width, height], frame),
        ("upscale", [""]) => {
            frame.upscales = true;
            Ok(())
        }
        ("no_upscale", [""]) => {
            frame.enlarges = false;
            Ok(())
        }
        ("stretch", [""]) => {
            frame.stretches = true;
            Ok(())
        }
        ("proportion", [share]) => {
            frame.proportion = decimal(share).filter(|share| *share > 0.0 && *share <= 1.0);
            Ok(())
        }
        ("noise" | "frame" | "red_eye" | "redeye" | "curve", _) => {
            Err(refused("filters", "filters other than noise, frame, red_eye and curve"))
        }
        _ => Ok(()),
    }
}

#[cold]
fn refused(name: &'static str, expected: &str) -> RequestError {
    RequestError::parameter(name, "given", expected.into())
}

fn whole(text: &str) -> Option<u32> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// With an optional minus; no amount means more than 1,000.
fn integer(text: &str) -> Option<i32> {
    let magnitude = whole(text.strip_prefix('-').unwrap_or(text))?.min(1_000) as i32;
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

fn decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.len() <= 16 && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse().ok().filter(|number: &f64| is_number && number.is_finite())
}

fn is_true(text: &str) -> bool {
    ["1", "true", "True"].contains(&text)
}

/// Thumbor's kernel ends at the radius: what counts is the deviation of what is left of the Gaussian.
fn blur(radius: &str, sigma: &str, frame: &mut Frame) -> Result<(), RequestError> {
    let (Some(radius @ 1..), Some(sigma)) = (whole(radius), decimal(sigma)) else {
        return Ok(());
    };
    let sigma = if sigma == 0.0 { f64::from(radius) } else { sigma };
    let (mut sum, mut squares) = (0.0, 0.0);
    for x in -150..=150_i32 {
        if x.unsigned_abs() <= radius {
            let distance = f64::from(x * x);
            let weight = (-distance / (2.0 * sigma * sigma)).exp();
            (sum, squares) = (sum + weight, squares + weight * distance);
        }
    }
    let sigma = (squares / sum).sqrt();
    if sigma < 0.3 { Ok(()) } else { frame.told.tell("blur", &format!("{sigma:.2}")) }
}

fn convolution(matrix: &str, columns: &str, is_divided: &str, frame: &mut Frame) -> Result<(), RequestError> {
    let numbers: Option<Vec<f64>> = matrix.split(';').map(decimal).collect();
    let (Some(numbers), Some(columns)) = (numbers, whole(columns)) else {
        return Ok(());
    };
    let sum: f64 = numbers.iter().sum();
    let is_square = columns.checked_mul(columns) == u32::try_from(numbers.len()).ok();
    // sums of 1 and of 0 divide nothing
    if !is_square || !(is_true(is_divided) || sum == 1.0 || sum == 0.0) {
        return Err(refused("convolution", "a square mask, divided by its sum"));
    }
    frame.told.tell("convolve", &matrix.replace(';', ","))
}

fn round([radius, r, g, b]: [&str; 4], is_clear: bool, frame: &mut Frame) -> Result<(), RequestError> {
    let radius = radius.split('|').next().and_then(whole);
    let ([Some(r), Some(g), Some(b)], Some(radius)) = ([r, g, b].map(whole), radius) else {
        return Ok(());
    };
    frame.told.tell("radius", &radius.to_string())?;
    let [r, g, b] = [r, g, b].map(|sample| sample.min(255));
    if is_clear { Ok(()) } else { frame.told.tell("background", &format!("{r:02x}{g:02x}{b:02x}")) }
}

fn fill(colour: &str, merges: bool, frame: &mut Frame) -> Result<(), RequestError> {
    if let Some(colour) = colour_of(colour) {
        frame.fill = Some((colour, merges));
    }
    Ok(())
}

/// An overlay. Thumbor's alpha is how much of it does not show.
fn watermark([image, x, y, alpha, width, height]: [&str; 6], frame: &mut Frame) -> Result<(), RequestError> {
    let place = |name: &str, text: &str| match text {
        "center" | "repeat" => Some(String::new()),
        text => {
            let (number, unit) = text.strip_suffix('p').map_or((text, ""), |number| (number, "%"));
            whole(number.strip_prefix('-').unwrap_or(number))?;
            Some(format!(",{name}:{number}{unit}"))
        }
    };
    let side = |name: &str, text: &str| match whole(text) {
        Some(percent @ 1..) => format!(",{name}:{}%", percent.min(100)),
        _ => String::new(),
    };
    let (Some(left), Some(top), Some(alpha)) = (place("left", x), place("top", y), whole(alpha)) else {
        return Ok(());
    };
    let image = image.strip_prefix('\'').and_then(|image| image.strip_suffix('\'')).unwrap_or(image);
    let mut text = String::new();
    for c in image.trim_start_matches('/').chars() {
        match c {
            '%' => text.push_str("%25"),
            ';' => text.push_str("%3B"),
            c => text.push(c),
        }
    }
    text.push_str(&left);
    text.push_str(&top);
    text.push_str(&side("width", width));
    text.push_str(&side("height", height));
    if alpha > 0 {
        text.push_str(&format!(",opacity:{:.2}", f64::from(100 - alpha.min(100)) / 100.0));
    }
    if x == "repeat" || y == "repeat" {
        text.push_str(",tile");
    }
    frame.lay(&text)
}
