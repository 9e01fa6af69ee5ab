// What the build inlines: the parameter table (core/edits.json) and the checked configuration (deckle.json).
/* global __ROWS__, __SETTINGS__ */

/** Rows of the edits table, in canonical order; see table.mjs for their fields. */
export const ROWS = __ROWS__;

/** presets and styles as [name, layer] pairs, format, autoFormats, devices (width caps), deviceHeaders. */
export const SETTINGS = __SETTINGS__;
