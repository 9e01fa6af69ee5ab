// The index of the derived store, as `edge/src/index.rs` writes it: under `_i/` and a source's key, one small object for every image
// that was made of it.

export const FOLDER = '_i/';

/** Where the entries of a source are; names with another slash behind it are of other sources. */
export const folderOf = (source) => `${FOLDER}${source}/`;

/**
 * The key of the image that an entry stands for.
 * @param {string} entry   the entry's key
 * @param {string} source
 * @returns {string | undefined} undefined where the entry's content says it
 */
export function imageOf(entry, source) {
  const name = entry.slice(folderOf(source).length);
  const at = name.indexOf('~');
  return name.startsWith('=') || at < 0 ? undefined : `${name.slice(0, at)}/${name.slice(at + 1)}/${source}`;
}

/** A key's spelling in a path, as `docs/url.md` has it. */
export function pathOf(key) {
  return `/${key.split('/').map(encodeURIComponent).join('/').replace(/%(?:24|26|2C|3A|3B|3D|40)/g, decodeURIComponent)}`;
}
