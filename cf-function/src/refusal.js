// Refusals: what becomes a 400 or a 403. Thrown as plain objects, so that they differ from exceptions of the engine. What would
// have been accepted is told by the origin, which reads most values; here it is what cannot even be written into a path.

const refusal = (status, code, message, parameter) => ({ status: status, code: code, parameter: parameter, message: message });

export const refuseParameter = (name) => {
    throw refusal(400, 'invalid_parameter', name + ' cannot be read', name);
};

/** Where requests have to be signed, the answer to all that are not, and to all that goes wrong. */
export const UNSIGNED = /* @__PURE__ */ refusal(403, 'invalid_signature', 'signature is missing, wrong or expired');

export const refuseKey = () => {
    throw refusal(400, 'invalid_key', 'key is not an object name');
};
