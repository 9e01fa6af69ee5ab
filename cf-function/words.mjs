// The words of dialects that are words of a query; core/src/request/words/ has the same, and tests/parity/dialects.test.mjs compares.

export const WORDS = {
    dit: ['policyId', 'resize', 'quality', 'format', 'blur', 'rotate', 'flip', 'flop', 'grayscale', 'normalize', 'sharpen', 'convolve', 'extract', 'tint', 'flatten', 'stripExif', 'stripIcc', 'watermark', 'contentModeration'],
    shopify: ['width', 'height', 'crop', 'crop_left', 'crop_top', 'crop_width', 'crop_height', 'format', 'pad_color'],
    wordpress: ['w', 'h', 'crop', 'resize', 'fit', 'lb', 'ulb', 'zoom', 'quality', 'strip', 'filter', 'brightness', 'contrast', 'colorize'],
};
