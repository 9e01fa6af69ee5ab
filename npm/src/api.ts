export { Deckle, describe, transform, type Bytes, type Description, type Host, type Image, type Loaded, type TransformOptions } from './deckle.js';
export { init } from './instance.js';
export * from './pure.js';
