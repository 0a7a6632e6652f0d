/* Reads the same numbers with Inlet and with google-libphonenumber, one after the other, and prints how much faster Inlet is. */
/* SPDX-License-Identifier: Apache-2.0 */
import { execFileSync } from 'node:child_process'
import { allRegions } from '../../tools/phone-metadata/metadata.mjs'
import { google } from './google.mjs'
import { pieces } from './numbers.mjs'

/* Usage: BENCH=build/release/tests/bench/bench_phone node speed.mjs */
const PER_PIECE = 500

const work = pieces(allRegions())
const lines = work.flatMap(({ home, texts }) => texts().slice(0, PER_PIECE).map(text => ({ home, text })))

/* Nanoseconds per number. */
function googleTime(sample) {
    for (const { home, text } of sample) google(text, home) /* the compiler of the other side has seen everything then */
    const started = process.hrtime.bigint()
    for (const { home, text } of sample) google(text, home)
    return Number(process.hrtime.bigint() - started) / sample.length
}

function inletTime(sample) {
    return +execFileSync(process.env.BENCH, { input: sample.map(({ home, text }) => `${home}\t${text}\n`).join('') })
}

for (const [title, sample] of [
    ['United States', lines.filter(({ home }) => home === 'US')],
    ['all countries', lines],
]) {
    const theirs = googleTime(sample)
    const ours = inletTime(sample)
    console.log(`${title}: ${sample.length} numbers, inlet ${Math.round(ours)} ns, google-libphonenumber ${Math.round(theirs)} ns: ` +
        `${(theirs / ours).toFixed(1)} times as fast`)
}
