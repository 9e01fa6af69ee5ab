//! Runs one thumbnail at start-up, so that the engine has compiled the common path before the first request.

use deckle::request::{Request, Settings, Viewer};
use deckle::{Image, Limits};

/// `fixtures/01.jpg` at 96 × 64.
static PHOTO: &[u8] = include_bytes!("warm-up.jpg");

/// Makes a thumbnail of a thumbnail and throws it away. For hosts whose start costs less than a request (a Worker is started
/// while the client still shakes hands, a Lambda function is initialised on more processor than it is run): V8 compiles a
/// function of WebAssembly when it is first called, which for the common path, JPEG to JPEG, takes 4 ms (in workerd 16).
pub fn warm_up() {
    let Ok(request) = Request::parse("/warm-up.jpg", "width=20", &Viewer::default(), &Settings::default()) else {
        return;
    };
    let made = Image::open(PHOTO).and_then(|image| {
        let plan = image.plan(&request.edits, &Limits::default())?;
        deckle::transform(&image, &plan, &mut |_| ())
    });
    debug_assert!(made.is_ok(), "{made:?}");
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_warm_up_goes_the_whole_way() {
        super::warm_up();
    }
}
