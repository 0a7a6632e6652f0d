/* Validates values against the document's schemas: OpenAPI 3.0 schemas made JSON Schema, then Ajv. */
/* SPDX-License-Identifier: Apache-2.0 */
import Ajv from "ajv";
import addFormats from "ajv-formats";

/* `nullable: true` adds "null" to the type (OpenAPI 3.0.3); an enum beside it must then allow null too. */
function toJsonSchema(node) {
    if (Array.isArray(node))
        return node.map(toJsonSchema);
    if (node === null || typeof node !== "object")
        return node;
    const out = {};
    for (const [key, value] of Object.entries(node)) {
        if (["nullable", "readOnly", "writeOnly", "example", "examples"].includes(key) || key.startsWith("x-"))
            continue;
        out[key] = key === "enum" ? value : toJsonSchema(value);
    }
    if (node.nullable === true && typeof node.type === "string") {
        out.type = [node.type, "null"];
        if (out.enum && !out.enum.includes(null))
            out.enum = [...out.enum, null];
    }
    return out;
}

/* A property may be called like a keyword that toJsonSchema drops; then the document needs another way. */
function refuseAmbiguousNames(document) {
    for (const [name, schema] of Object.entries(document.components.schemas))
        for (const property of Object.keys(schema.properties ?? {}))
            if (["nullable", "readOnly", "writeOnly", "example", "examples", "enum"].includes(property))
                throw new Error(`schema ${name}: a property called ${property} cannot be checked`);
}

export class Schemas {
    constructor(document) {
        refuseAmbiguousNames(document);
        this.ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
        addFormats(this.ajv);
        this.ajv.addVocabulary(["components"]);
        this.ajv.addSchema({ $id: "document", components: { schemas: toJsonSchema(document.components.schemas) } });
        this.compiled = new Map();
    }

    /* What is wrong with VALUE, as a list of sentences; empty when nothing is. */
    faults(schema, value) {
        const text = JSON.stringify(toJsonSchema(schema)).replaceAll('"#/', '"document#/');
        if (!this.compiled.has(text))
            this.compiled.set(text, this.ajv.compile(JSON.parse(text)));
        const validate = this.compiled.get(text);
        return validate(value) ? [] : validate.errors.map((error) => `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`);
    }
}
