/* Which numbers of country calling code 1 are in service, as rows of area code, region, kind and exchanges. */
/* SPDX-License-Identifier: Apache-2.0 */
import { DigitPattern } from './digit_pattern.mjs'

const LENGTH = 10
const SHORT_LENGTH = 7
const AREA = 3
const EXCHANGE = 6

/* Indices into the metadata of a region; see libphonenumber-js, source/metadata.js. */
const PATTERN = 2
const LEADING_DIGITS = 10
const TYPES = 11

/* [index into the types of a region, what it is called here], in the order in which libphonenumber asks. */
const KINDS = [
    [3, 'premium-rate'], [2, 'toll-free'], [9, 'shared-cost'], [8, 'voip'], [4, 'personal'], [7, 'pager'],
    [6, 'uan'], [5, 'voicemail'], [0, 'geographic'], [1, 'geographic'],
]

function regionsOf(metadata) {
    return metadata.country_calling_codes[1].map(code => {
        const region = metadata.countries[code]
        const kinds = KINDS.filter(([index]) => region[TYPES][index]?.[0])
        return {
            code,
            general: new DigitPattern(region[PATTERN]),
            leading: region[LEADING_DIGITS] && new RegExp(`^(?:${region[LEADING_DIGITS]})`),
            kinds: kinds.map(([index, name]) => [name, new DigitPattern(region[TYPES][index][0])]),
        }
    })
}

/* What libphonenumber says to all numbers of LENGTH digits that start with PREFIX: {region, kind}, null (to all: invalid), 'some' (not the same to
 * all). The region is the first whose leading digits fit or, for those without, that has a type for the number. */
function verdict(regions, prefix, length) {
    for (const region of regions) {
        if (region.leading && !region.leading.test(prefix)) continue
        const general = region.general.covers(prefix, length)
        if (general !== 'none') {
            for (const [kind, pattern] of region.kinds) {
                const covered = pattern.covers(prefix, length)
                if (covered === 'some' || (covered === 'all' && general === 'some')) return 'some'
                if (covered === 'all') return { region: region.code, kind }
            }
        }
        if (region.leading) return null
    }
    return null
}

/* Calls FOUND for the shortest prefixes of at least LEAST digits, below PREFIX, all of whose numbers are valid. */
function walk(regions, prefix, length, least, found) {
    const answer = prefix.length < least ? 'some' : verdict(regions, prefix, length)
    if (answer === 'some') {
        for (let digit = 0; digit < 10; digit++) walk(regions, prefix + digit, length, least, found)
    } else if (answer) {
        found(prefix, answer)
    }
}

/* {rows: [{area, region, kind, exchanges: [number]}], parts: ["8766060"], short: [{prefix, region}]}; PARTS are the prefixes in
 * service of exchanges that are so only in part, SHORT those of the numbers that have seven digits and no area code. */
export function nanpPlan(metadata) {
    const regions = regionsOf(metadata)
    const rows = new Map()
    const parts = []
    const short = []
    walk(regions, '', SHORT_LENGTH, AREA, (prefix, { region }) => short.push({ prefix, region }))
    for (let area = 200; area <= 999; area++) {
        walk(regions, String(area), LENGTH, EXCHANGE, (prefix, { region, kind }) => {
            if (prefix.length > EXCHANGE) return parts.push(prefix)
            const key = `${area} ${region} ${kind}`
            if (!rows.has(key)) rows.set(key, { area, region, kind, exchanges: [] })
            rows.get(key).exchanges.push(+prefix.slice(AREA))
        })
    }
    return { rows: [...rows.values()], parts, short }
}
