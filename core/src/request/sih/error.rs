//! What AWS's handler answers when it refuses a request, in its words: programs look for its codes.
//!
//! Where it answers 500 to a mistake of the client, the refusal is [`Refusal::Bad`] here.

use crate::request::error::{Refusal, RequestError};

#[cold]
fn refusal(kind: Refusal, code: &'static str, message: impl Into<String>) -> RequestError {
    RequestError::Dialect { kind, code, message: message.into() }
}

#[cold]
fn bad(code: &'static str, message: impl Into<String>) -> RequestError {
    refusal(Refusal::Bad, code, message)
}

/// Not a path of any kind.
pub fn request_type() -> RequestError {
    bad(
        "RequestTypeError",
        "The type of request you are making could not be processed. Please ensure that your original image is of a \
         supported file type (jpg/jpeg, png, tiff/tif, webp, svg, gif, avif) and that your image request is provided in \
         the correct syntax. Refer to the documentation for additional guidance on forming image requests.",
    )
}

/// An object whose bytes are no image.
pub fn unknown_type() -> RequestError {
    bad(
        "RequestTypeError",
        "The file does not have an extension and the file type could not be inferred. Please ensure that your original \
         image is of a supported file type (jpg/jpeg, png, tiff, webp, gif, avif). Inferring the image type from hex \
         headers is not available for SVG images. Refer to the documentation for additional guidance on forming image \
         requests.",
    )
}

/// Edits in a form that is none.
pub fn edits() -> RequestError {
    bad(
        "ImageEdits::CannotParseEdits",
        "The edits you provided could not be parsed. Please check the syntax of your request and refer to the \
         documentation for additional guidance.",
    )
}

/// Base64 JSON that is nothing to read members of.
pub fn undecodable() -> RequestError {
    bad(
        "DecodeRequest::CannotDecodeRequest",
        "The image request you provided could not be decoded. Please check that your request is base64 encoded properly \
         and refer to the documentation for additional guidance.",
    )
}

/// A bucket that is not in the list.
pub fn bucket() -> RequestError {
    refusal(
        Refusal::Forbidden,
        "ImageBucket::CannotAccessBucket",
        "The bucket you specified could not be accessed. Please check that the bucket is specified in your \
         SOURCE_BUCKETS.",
    )
}

/// The same for an overlay's.
pub fn overlay_bucket() -> RequestError {
    refusal(
        Refusal::Forbidden,
        "ImageBucket::CannotAccessBucket",
        "The overlay image bucket you specified could not be accessed. Please check that the bucket is specified in your \
         SOURCE_BUCKETS.",
    )
}

/// An overlay that cannot be laid.
pub fn overlay() -> RequestError {
    bad(OVERLAY.0, OVERLAY.1)
}

/// The code and message of an overlay that cannot be laid.
pub const OVERLAY: (&str, &str) =
    ("OverlayImageException", "The overlay image could not be applied. Please contact the system administrator.");

/// The list of buckets is empty.
pub fn no_buckets() -> RequestError {
    bad(
        "GetAllowedSourceBuckets::NoSourceBuckets",
        "The SOURCE_BUCKETS variable could not be read. Please check that it is not empty and contains at least one \
         source bucket, or multiple buckets separated by commas. Spaces can be provided between commas and bucket names, \
         these will be automatically parsed out when decoding.",
    )
}

/// Not signed.
pub fn unsigned() -> RequestError {
    bad("AuthorizationQueryParametersError", "Query-string requires the signature parameter.")
}

/// Signed as another request.
pub fn wrong_signature() -> RequestError {
    refusal(Refusal::Forbidden, "SignatureDoesNotMatch", "Signature does not match.")
}

/// Not a time.
pub fn expiry_format() -> RequestError {
    bad(
        "ImageRequestExpiryFormat",
        "Request has invalid expires value. The expires query param should map to a real date and follow the following \
         format: YYYYMMDDTHHmmssZ (Ex: Jan 2nd, 1970 at 12:03:04PM UTC becomes 19700102T120304Z).",
    )
}

/// Too late.
pub fn expired() -> RequestError {
    bad("ImageRequestExpired", "Request has expired.")
}

/// A size of nothing.
pub fn size() -> RequestError {
    bad("InvalidResizeException", "The image size is invalid.")
}

/// A crop that is none.
pub fn crop() -> RequestError {
    bad(CROP.0, CROP.1)
}

/// The code and message of a crop that is not in the image.
pub const CROP: (&str, &str) = (
    "Crop::AreaOutOfBounds",
    "The cropping area you provided exceeds the boundaries of the original image. Please try choosing a correct cropping \
     value.",
);

/// A format that is not written.
pub fn output_format(format: &str) -> RequestError {
    let shown: String = format.chars().take(40).collect();
    bad("UnsupportedOutputImageFormatException", format!("Format to {shown} not supported"))
}

/// A value that an edit has no use for, or an edit that is not there: what sharp refuses.
pub fn processing(edit: &str, expected: &str) -> RequestError {
    bad("ProcessingFailure", format!("Image processing failed. {edit}: expected {expected}"))
}

/// A face that no picture has.
pub fn face_index() -> RequestError {
    bad(FACE_INDEX.0, FACE_INDEX.1)
}

/// Not a number of pixels around a face.
pub fn face_padding() -> RequestError {
    bad(FACE_PADDING.0, FACE_PADDING.1)
}

/// The code and message of a face that is not in the picture.
pub const FACE_INDEX: (&str, &str) = (
    "SmartCrop::FaceIndexOutOfRange",
    "You have provided a FaceIndex value that exceeds the length of the zero-based detectedFaces array. Please specify a \
     value that is in-range.",
);

/// The code and message of a padding that leaves nothing of the face.
pub const FACE_PADDING: (&str, &str) = (
    "SmartCrop::PaddingOutOfBounds",
    "The padding value you provided exceeds the boundaries of the original image. Please try choosing a smaller value or \
     applying padding via Sharp for greater specificity.",
);

/// The code and message of a face that could not be looked for.
pub const SMART_CROP_FAILED: (&str, &str) =
    ("SmartCrop::Error", "Smart Crop could not be applied. Please contact the system administrator.");

/// The code and message of a picture that could not be looked at.
pub const MODERATION_FAILED: (&str, &str) =
    ("Rekognition::DetectModerationLabelsError", "Rekognition call failed. Please contact the system administrator.");

/// Moderation without anything that could tell.
pub fn moderation() -> RequestError {
    bad(
        "Rekognition::DetectModerationLabelsError",
        "Content moderation is not available: there is no detector, and an image that was not looked at is not shown.",
    )
}
