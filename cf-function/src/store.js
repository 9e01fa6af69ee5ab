// Presets, styles and keys by name: in the function itself while they fit, else in its KeyValueStore.
/* global cf, __INLINED__, __USES_STORE__ */

const STORE = __USES_STORE__ ? cf.kvs() : __INLINED__;

/** The layer of `preset:name` or `style:name`, `a secret by `key:id`; undefined when there is none, or no store. */
export async function lookUp(name) {
    if (__USES_STORE__) {
        try {
            var text = await STORE.get(name);
            return JSON.parse(text);
        } catch (error) {
            // there is none
        }
    } else {
        return STORE[name];
    }
}
