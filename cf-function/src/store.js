// Presets, styles and keys by name: in the function itself while they fit, else in its KeyValueStore.
/* global cf, __INLINED__, __USES_STORE__ */

const INLINED = __INLINED__;
const STORE = __USES_STORE__ && cf.kvs();

/** The text of `preset:name`, `style:name` or `key:id`; undefined when there is none, or the store does not answer. */
export async function lookUp(kind, name) {
    // a name as the configuration may have it
    if (!/^[\w-]{1,40}(?![\s\S])/.test(name)) {
        return undefined;
    }
    if (!__USES_STORE__) {
        return INLINED[kind + ':' + name];
    }
    try {
        var text = await STORE.get(kind + ':' + name);
        return text;
    } catch (error) {
        return undefined;
    }
}
