/* Reads the same numbers with Inlet and with google-libphonenumber; every difference must be one of the metadata's age. */
/* SPDX-License-Identifier: Apache-2.0 */
import { spawn } from 'node:child_process'
import os from 'node:os'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { allRegions } from '../../tools/phone-metadata/metadata.mjs'
import { google, googleWith } from './google.mjs'
import { pieces } from './numbers.mjs'

/*
 * Usage: INLET=build/debug/inlet node compare.mjs
 *
 * Threads take one region after the other. Where the two disagree, google-libphonenumber is asked again with Inlet's own metadata
 * instead of its: if it then says what Inlet says, only the metadata differ.
 */
const NUMBERS_MIN = 1_000_000
const SHOWN_MAX = 40

const metadata = allRegions()
const work = pieces(metadata)

/* What Inlet says to TEXTS, a line each. */
function inlet(home, texts) {
    return new Promise((resolve, reject) => {
        const child = spawn(process.env.INLET, ['phone', '--explain', '--phone-region', home], { stdio: ['pipe', 'pipe', 'inherit'] })
        const chunks = []
        child.on('error', reject)
        child.stdin.on('error', reject)
        child.stdout.on('data', chunk => chunks.push(chunk))
        child.on('close', code => {
            const lines = Buffer.concat(chunks).toString().split('\n').slice(0, -1)
            if (code !== 0 || lines.length !== texts.length) reject(new Error(`inlet phone: status ${code}, ${lines.length} lines`))
            else resolve(lines.map(line => line.slice(0, line.lastIndexOf('\t'))))
        })
        child.stdin.end(texts.map(text => `${text}\n`).join(''))
    })
}

async function comparePiece({ home, texts: make }) {
    const texts = make()
    const ours = inlet(home, texts)
    const theirs = texts.map(text => google(text, home))
    const result = { count: texts.length, valid: 0, differences: [] }
    ;(await ours).forEach((line, i) => {
        if (!line.startsWith('invalid')) result.valid++
        if (line !== theirs[i]) result.differences.push({ home, text: texts[i], inlet: line, google: theirs[i] })
    })
    return result
}

function worker() {
    parentPort.on('message', async index => {
        try {
            parentPort.postMessage(await comparePiece(work[index]))
        } catch (error) {
            parentPort.postMessage({ error: String(error) })
        }
    })
}

/* All pieces, shared out to THREADS. */
function compareAll(threads) {
    const sum = { count: 0, valid: 0, differences: [] }
    let next = 0
    const run = () =>
        new Promise((resolve, reject) => {
            const thread = new Worker(new URL(import.meta.url), { workerData: true })
            const give = () => (next < work.length ? thread.postMessage(next++) : thread.terminate().then(resolve))
            thread.on('error', reject)
            thread.on('message', result => {
                if (result.error) return reject(new Error(result.error))
                sum.count += result.count
                sum.valid += result.valid
                sum.differences.push(...result.differences)
                return give()
            })
            give()
        })
    return Promise.all(Array.from({ length: threads }, run)).then(() => sum)
}

/* Of the number, as the one says that takes it for valid. */
function regionOf({ inlet: ours, google: theirs }) {
    return (ours.startsWith('invalid') ? theirs : ours).split('\t')[1]
}

function countBy(list, key) {
    const counts = new Map()
    for (const item of list) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`)
}

async function main() {
    const started = Date.now()
    const sum = await compareAll(os.cpus().length)
    const asOld = sum.differences.length ? googleWith(metadata) : null
    const unexplained = sum.differences.filter(({ home, text, inlet: ours }) => asOld(text, home) !== ours)
    const aged = sum.differences.length - unexplained.length
    console.log(`${sum.count} numbers compared (${sum.valid} valid) in ${Math.round((Date.now() - started) / 1000)} s: ` +
        `${sum.count - sum.differences.length} agree, ${aged} differ by the age of the metadata, ${unexplained.length} differ`)
    if (aged) console.log(`by age: ${countBy(sum.differences.filter(d => !unexplained.includes(d)), regionOf).join(', ')}`)
    for (const { home, text, inlet: ours, google: theirs } of unexplained.slice(0, SHOWN_MAX))
        console.log(`${home} ${JSON.stringify(text)}: inlet ${JSON.stringify(ours)}, google ${JSON.stringify(theirs)}`)
    const enough = sum.count >= NUMBERS_MIN && sum.valid > NUMBERS_MIN / 4
    if (!enough) console.log('too few numbers were compared')
    const good = enough && unexplained.length === 0
    console.log(good ? 'phone comparison: 1 passed, 0 failed' : 'phone comparison: 0 passed, 1 failed')
    process.exitCode = good ? 0 : 1
}

if (!isMainThread && workerData) worker()
else await main()
