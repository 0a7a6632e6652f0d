/* The regions as rows of C macros. */
/* SPDX-License-Identifier: Apache-2.0 */

const NONE = 0 /* the number of the pattern that is none */

/* What stays below is what the C side has room for. */
const LENGTH_MAX = 31
const HEAD_MAX = 5
const CODE_MAX = 999

function quote(text) {
    if (text.includes('??') || /[^\x20-\x7e]/.test(text)) throw new Error(`no plain C string: ${text}`)
    return JSON.stringify(text)
}

function mask(lengths) {
    if (!lengths?.length || lengths.some(n => n < 1 || n > LENGTH_MAX)) throw new Error(`lengths: ${lengths}`)
    return `0x${lengths.reduce((bits, n) => bits | (1 << n), 0).toString(16)}`
}

/* Each pattern once, numbered from 1. FULL matches all digits of a number, START its first ones. */
class Patterns {
    constructor() {
        this.numbers = new Map()
    }

    number(text, mode) {
        if (!text) return NONE
        const key = `${mode}, ${quote(text)}`
        if (!this.numbers.has(key)) this.numbers.set(key, this.numbers.size + 1)
        return this.numbers.get(key)
    }

    rows() {
        return [...this.numbers].map(([key, number]) => `PHONE_PATTERN(${number}, ${key})`)
    }
}

/* "268$1" puts 268 before what group 1 took. */
function transform(rule) {
    if (!rule) return { head: '', group: 0 }
    const [, head, group] = /^(\d*)\$([1-9])$/.exec(rule) ?? []
    if (group === undefined || head.length > HEAD_MAX) throw new Error(`cannot read the transform rule ${rule}`)
    return { head, group: +group }
}

export function tableRows(regions) {
    const patterns = new Patterns()
    const kinds = []
    const codes = new Map()
    const rows = regions.map((region, i) => {
        const { head, group } = transform(region.transform)
        if (region.code < 1 || region.code > CODE_MAX) throw new Error(`calling code ${region.code}`)
        if (!codes.has(region.code)) codes.set(region.code, { first: i, count: 0 })
        codes.get(region.code).count++
        const first = kinds.length
        kinds.push(
            ...region.types.map(
                ({ type, pattern, lengths }) =>
                    `PHONE_KIND(PHONE_${type}, ${patterns.number(pattern, 'FULL')}, ${mask(lengths)})`,
            ),
        )
        return (
            `PHONE_REGION(${quote(region.id)}, ${region.code}, ${patterns.number(region.idd, 'START')}, ` +
            `${patterns.number(region.pattern, 'FULL')}, ${mask(region.lengths)}, ${patterns.number(region.prefix, 'START')}, ` +
            `${group}, ${quote(head)}, ${patterns.number(region.leading, 'START')}, ${first}, ${region.types.length})`
        )
    })
    return [
        '#ifdef PHONE_PATTERN /* number, what it matches, the pattern */',
        ...patterns.rows(),
        '#endif',
        '#ifdef PHONE_KIND /* type, pattern, lengths as bits */',
        ...kinds,
        '#endif',
        '#ifdef PHONE_REGION /* region, calling code, international prefix, any number, its lengths, national prefix, transform: group',
        '                     * and what stands before it, leading digits, first kind, kinds */',
        ...rows,
        '#endif',
        '#ifdef PHONE_CODE /* calling code, first region, regions */',
        ...[...codes].map(([code, { first, count }]) => `PHONE_CODE(${code}, ${first}, ${count})`),
        '#endif',
    ]
}
