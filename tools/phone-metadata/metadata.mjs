/* libphonenumber's metadata as libphonenumber-js packs it, unpacked under its names. */
/* SPDX-License-Identifier: Apache-2.0 */
import { createRequire } from 'node:module'

/* Where things stand in the array of a region; see METADATA.md and source/metadata.js of libphonenumber-js. */
const AT = { code: 0, idd: 1, pattern: 2, lengths: 3, prefix: 5, prefixForParsing: 7, transform: 8, leading: 10, types: 11 }

/* Where a type stands in the array of types, in the order in which libphonenumber asks for them (getNumberTypeHelper). */
const TYPES = [
    ['PREMIUM_RATE', 3],
    ['TOLL_FREE', 2],
    ['SHARED_COST', 9],
    ['VOIP', 8],
    ['PERSONAL_NUMBER', 4],
    ['PAGER', 7],
    ['UAN', 6],
    ['VOICEMAIL', 5],
    ['FIXED_LINE', 0],
    ['MOBILE', 1],
]

/* [{type, pattern, lengths}]. A mobile pattern that is empty is packing for "the same as the fixed line's". */
function types(packed, lengths) {
    const mobile = packed?.[1]
    const same = Array.isArray(mobile) && mobile[0] === ''
    return TYPES.filter(([, at]) => packed?.[at] && packed[at][0] !== '').map(([type, at]) => ({
        type: same && type === 'FIXED_LINE' ? 'FIXED_LINE_OR_MOBILE' : type,
        pattern: packed[at][0],
        lengths: packed[at][1] ?? lengths,
    }))
}

function region(id, packed) {
    return {
        id,
        code: +packed[AT.code],
        idd: packed[AT.idd] || '',
        pattern: packed[AT.pattern],
        lengths: packed[AT.lengths],
        prefix: packed[AT.prefixForParsing] || packed[AT.prefix] || '',
        transform: packed[AT.transform] || '',
        leading: packed[AT.leading] || '',
        types: types(packed[AT.types], packed[AT.lengths]),
    }
}

/* All regions, those of one calling code together and in libphonenumber's order: the main one first. What belongs to no country
 * (+800 and others) is the region 001. */
export function allRegions() {
    const metadata = createRequire(import.meta.url)('libphonenumber-js/metadata.max.json')
    const countries = Object.values(metadata.country_calling_codes).flatMap(ids =>
        ids.map(id => region(id, metadata.countries[id])),
    )
    const others = Object.values(metadata.nonGeographic).map(packed => region('001', packed))
    return [...countries, ...others].map((r, i) => [r, i]).sort(([a, i], [b, j]) => a.code - b.code || i - j).map(([r]) => r)
}
