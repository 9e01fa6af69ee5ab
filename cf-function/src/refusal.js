// Refusals: what becomes a 400 or a 403. Thrown as plain objects, so that they differ from exceptions of the engine.

/**
 * A known parameter with a bad value: 40 characters of it, each unusual one shown as `?`. Where the engine counts in UTF-16
 * units, the second half of a pair is left out. One character at a time, because njs 0.7.9 loses its way when it replaces
 * all matches in text that is not ASCII and has a multiple of 32 characters.
 */
export const badParameter = (name, text, expected) => {
    var shown = '';
    for (var i = 0; i < text.length && shown.length < 40; i++) {
        if (text.charCodeAt(i) >> 10 !== 0x37) {
            shown += /[\w.~,#-]/.test(text[i]) ? text[i] : '?';
        }
    }
    return { status: 400, code: 'invalid_parameter', parameter: name, message: name + ' is ' + shown + '; expected ' + expected };
};

export const badKey = (reason) => ({ status: 400, code: 'invalid_key', message: 'key is ' + reason });

export const UNSIGNED = { status: 403, code: 'invalid_signature', message: 'the signature is missing, wrong or expired' };
