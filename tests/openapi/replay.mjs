/* Replays every example of openapi/inlet.yaml against a running server and holds the answers against the document. */
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BASE, TOKEN (scope full), ADMIN_TOKEN and INGEST_UUID (an open config without a mapping) come from the environment; the
 * server has an empty database with lead types 1 and 123 and representatives 1 and 456.
 *
 * - Every example of a request must be accepted: a documented 2xx, with a body that its schema allows.
 * - Every GET must answer 200, likewise.
 * - Every example of a 4xx that says how it comes about (x-replay) must come about: that status and exactly that body.
 * - Every other 4xx example is named, so that none stays untested unseen.
 * - The server must serve this document.
 *
 * First come the POSTs, so that there is something to look at, and last the DELETEs.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { bundle, follow, load, operations } from "./document.mjs";
import { Schemas } from "./schemas.mjs";

const { BASE, TOKEN, ADMIN_TOKEN, INGEST_UUID } = process.env;
for (const [name, value] of Object.entries({ BASE, TOKEN, ADMIN_TOKEN, INGEST_UUID }))
    if (!value) {
        console.error(`replay.mjs: ${name} is not set`);
        process.exit(2);
    }

const document = load();
const schemas = new Schemas(document);
const created = new Map(); /* collection path → id or uuid of what a POST made there */
let passed = 0;
const failures = [];
const unproved = [];

/* Examples that no request can bring about on a fresh server, with the reason. */
const notReplayable = new Set([
    "ingest_create 401 InvalidToken", /* the config under test is open */
]);

function encode(type, body) {
    if (type === "application/json")
        return JSON.stringify(body);
    const form = type === "multipart/form-data" ? new FormData() : new URLSearchParams();
    for (const [key, value] of Object.entries(body))
        form.append(key, typeof value === "object" ? JSON.stringify(value) : String(value));
    return form;
}

/* The operation's parameters in its path: those of a thing that exists. */
async function pathArguments({ path, parameters }) {
    const values = {};
    for (const parameter of parameters.filter((one) => one.in === "path")) {
        const collection = path.slice(0, path.indexOf(`{${parameter.name}}`));
        if (collection === "/ingest/") {
            values[parameter.name] = INGEST_UUID;
            continue;
        }
        if (!created.has(collection)) {
            const answer = await fetch(BASE + collection, { headers: { Authorization: `Token ${ADMIN_TOKEN}` } });
            const page = await answer.json();
            assert.ok(page.results?.length, `nothing at ${collection} to try ${path} with`);
            created.set(collection, page.results[0][parameter.name]);
        }
        values[parameter.name] = created.get(collection);
    }
    return values;
}

/* Announces a body of SIZE bytes and waits for the answer without sending it: it is refused by what is announced. */
function announce(url, method, headers, size) {
    return new Promise((resolve, reject) => {
        const request = httpRequest(url, { method, headers: { ...headers, "Content-Length": size }, timeout: 10000 });
        request.on("timeout", () => request.destroy(new Error("no answer")));
        request.on("error", reject);
        request.on("response", async (answer) => {
            let text = "";
            for await (const piece of answer)
                text += piece;
            resolve({ status: answer.statusCode, headers: new Headers(answer.headers), text });
            request.destroy();
        });
        request.flushHeaders();
    });
}

async function send(target, { type, body, change = {} }) {
    const { path, method, operation } = target;
    const values = { ...(await pathArguments(target)), ...change.path };
    const url = new URL(BASE + path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name])));
    for (const [key, value] of Object.entries(change.query ?? {}))
        url.searchParams.set(key, value);

    const headers = {};
    const tokens = { none: null, wrong: "0".repeat(40), full: TOKEN, admin: ADMIN_TOKEN };
    const token = tokens[change.token ?? (operation["x-scope"] === "admin" ? "admin" : "full")];
    if (operation.security.some((one) => one.tokenAuth) && !path.startsWith("/ingest/") && token)
        headers.Authorization = `Token ${token}`;

    if (change.size)
        return announce(url, method.toUpperCase(), { ...headers, "Content-Type": "application/json" }, change.size);
    let content;
    if (change.body ?? body) {
        content = { ...(change.body ?? body) };
        for (const [key, times] of Object.entries(change.repeat ?? {}))
            content[key] = Array(times).fill({});
        content = encode(change.body ? "application/json" : type, content);
        type = change.body ? "application/json" : type;
    }
    if (change.content_type)
        type = change.content_type;
    if (typeof content === "string" && type)
        headers["Content-Type"] = type;
    const answer = await fetch(url, { method: method.toUpperCase(), headers, body: content });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text };
}

/* Holds an answer against what the operation documents for its status. */
function checkAnswer({ operation }, answer) {
    const documented = follow(document, operation.responses[answer.status]);
    assert.ok(documented, `status ${answer.status} is not documented: ${answer.text.slice(0, 300)}`);
    for (const name of Object.keys(documented.headers ?? {}))
        assert.ok(answer.headers.get(name), `header ${name} is missing`);
    if (!documented.content) {
        assert.equal(answer.text, "", "the answer should have no body");
        return undefined;
    }
    const type = (answer.headers.get("content-type") ?? "").split(";")[0].trim();
    assert.ok(documented.content[type], `content type ${type} is not documented`);
    const value = JSON.parse(answer.text);
    const faults = schemas.faults(documented.content[type].schema, value);
    assert.equal(faults.length, 0, `the answer does not fit its schema:\n      ${faults.join("\n      ")}\n      ${answer.text.slice(0, 500)}`);
    return value;
}

async function attempt(name, run) {
    try {
        await run();
        passed++;
    } catch (error) {
        failures.push(name);
        console.log(`FAIL ${name}\n    ${error.message}`);
    }
}

function* requestExamples({ operation }) {
    for (const [type, media] of Object.entries(operation.requestBody?.content ?? {}))
        for (const [name, example] of Object.entries(media.examples ?? {}))
            yield { type, name, body: follow(document, example).value };
}

async function replayRequests(target) {
    const { path, operation } = target;
    const examples = [...requestExamples(target)];
    if (operation.requestBody)
        assert.ok(examples.length, `${operation.operationId} has no example of a request`);
    for (const { type, name, body } of examples.length ? examples : [{ name: "without a body" }])
        await attempt(`${operation.operationId} ${name}`, async () => {
            const answer = await send(target, { type, body });
            assert.ok(answer.status >= 200 && answer.status < 300, `refused with ${answer.status}: ${answer.text.slice(0, 300)}`);
            const value = checkAnswer(target, answer);
            if (target.method === "get")
                assert.equal(answer.status, 200);
            if (target.method === "post" && (value?.id ?? value?.uuid) && !path.includes("{"))
                created.set(path, value.id ?? value.uuid);
        });
}

async function replayErrors(target) {
    const { operation } = target;
    const [request] = requestExamples(target);
    for (const [status, reference] of Object.entries(operation.responses).filter(([code]) => code.startsWith("4")))
        for (const [name, example] of Object.entries(follow(document, reference).content["application/json"].examples)) {
            const title = `${operation.operationId} ${status} ${name}`;
            if (!example["x-replay"]) {
                if (!notReplayable.has(title))
                    unproved.push(title);
                continue;
            }
            await attempt(title, async () => {
                const answer = await send(target, { ...request, change: example["x-replay"] });
                assert.equal(answer.status, Number(status), `${answer.status} instead of ${status}: ${answer.text.slice(0, 300)}`);
                assert.deepEqual(checkAnswer(target, answer), example.value);
            });
        }
}

async function checkServedDocument() {
    const answer = await fetch(`${BASE}/openapi.json`);
    assert.equal(await answer.text(), readFileSync(bundle, "utf8"), "/openapi.json is not openapi/inlet.json");
}

const order = ["post", "get", "patch", "put", "delete"];
const targets = [...operations(document)].sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method));
for (const target of targets.filter(({ method }) => method !== "delete"))
    await replayRequests(target);
await attempt("the served document", checkServedDocument);
for (const target of targets)
    await replayErrors(target);
for (const target of targets.filter(({ method }) => method === "delete"))
    await replayRequests(target);

for (const title of unproved)
    console.log(`FAIL ${title}: nothing says how this error comes about (x-replay)`);
const failed = failures.length + unproved.length;
console.log(`openapi replay: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
