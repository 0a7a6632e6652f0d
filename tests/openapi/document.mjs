/* Reads openapi/inlet.yaml and follows its references. */
/* SPDX-License-Identifier: Apache-2.0 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";

export const source = new URL("../../openapi/inlet.yaml", import.meta.url);
export const bundle = new URL("../../openapi/inlet.json", import.meta.url);
export const methods = ["get", "post", "put", "patch", "delete"];

export function load() {
    return parse(readFileSync(source, "utf8"));
}

/* What a node is when it is a reference; itself otherwise. */
export function follow(document, node) {
    while (node?.$ref)
        node = node.$ref.slice(2).split("/").reduce((at, key) => at[key.replaceAll("~1", "/").replaceAll("~0", "~")], document);
    return node;
}

/* Every operation: path, method, its own object and the path's parameters with its own. */
export function* operations(document) {
    for (const [path, item] of Object.entries(document.paths))
        for (const method of methods)
            if (item[method])
                yield {
                    path,
                    method,
                    operation: item[method],
                    parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])]
                        .map((parameter) => follow(document, parameter)),
                };
}
