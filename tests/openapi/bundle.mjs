/* Writes openapi/inlet.json, the document as the server serves it; with --check, only says whether it is up to date. */
/* SPDX-License-Identifier: Apache-2.0 */
import { readFileSync, writeFileSync, existsSync } from "node:fs";
import { bundle, load } from "./document.mjs";

/* Our own extensions are for our own tests. Names of headers start with a capital, so nothing else is lost. */
const text = JSON.stringify(load(), (key, value) => (key.startsWith("x-") ? undefined : value), 1) + "\n";

if (!process.argv.includes("--check")) {
    writeFileSync(bundle, text);
} else if (!existsSync(bundle) || readFileSync(bundle, "utf8") !== text) {
    console.error("openapi/inlet.json is not what openapi/inlet.yaml says: run `npm run bundle` in tests/openapi");
    process.exit(1);
}
