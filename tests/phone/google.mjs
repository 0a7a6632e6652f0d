/* What google-libphonenumber says about a number. */
/* SPDX-License-Identifier: Apache-2.0 */
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const TYPES = [
    'fixed_line', 'mobile', 'fixed_line_or_mobile', 'toll_free', 'premium_rate', 'shared_cost', 'voip', 'personal_number',
    'pager', 'uan', 'voicemail',
]

/* A second copy of the library, since it keeps what it has read of its metadata. */
function load() {
    const path = require.resolve('google-libphonenumber')
    const kept = Object.keys(require.cache).filter(key => key.startsWith(path.slice(0, path.lastIndexOf('google-libphonenumber'))))
    for (const key of kept) delete require.cache[key]
    return require(path)
}

/* text, home → "E.164<tab>region<tab>type", or "invalid<tab>-<tab>-". */
export function reader({ PhoneNumberUtil, PhoneNumberFormat }) {
    const util = PhoneNumberUtil.getInstance()
    return (text, home) => {
        let number
        try {
            number = util.parse(text, home)
        } catch {
            return 'invalid\t-\t-'
        }
        if (!util.isValidNumber(number)) return 'invalid\t-\t-'
        return [util.format(number, PhoneNumberFormat.E164), util.getRegionCodeForNumber(number), TYPES[util.getNumberType(number)]].join('\t')
    }
}

export const google = reader(require('google-libphonenumber'))

/* Where google's arrays have the types (phonemetadata.proto). */
const FIELD = {
    FIXED_LINE: 2,
    MOBILE: 3,
    TOLL_FREE: 4,
    PREMIUM_RATE: 5,
    SHARED_COST: 6,
    PERSONAL_NUMBER: 7,
    VOIP: 8,
    PAGER: 21,
    UAN: 25,
    VOICEMAIL: 28,
}

function description(pattern, lengths) {
    const array = []
    array[2] = pattern
    array[9] = lengths
    return array
}

function packed(region, isMain) {
    const array = []
    for (const field of Object.values(FIELD)) array[field] = description(undefined, [-1])
    array[1] = description(region.pattern, region.lengths)
    for (const { type, pattern, lengths } of region.types) {
        const fields = type === 'FIXED_LINE_OR_MOBILE' ? [FIELD.FIXED_LINE, FIELD.MOBILE] : [FIELD[type]]
        for (const field of fields) array[field] = description(pattern, lengths)
    }
    array[9] = region.id
    array[10] = region.code
    array[11] = region.idd || undefined
    array[15] = region.prefix || undefined
    array[16] = region.transform || undefined
    array[22] = isMain ? 1 : undefined
    array[23] = region.leading || undefined
    return array
}

/* The same library with REGIONS for its metadata: what it would say if it were as old as they are. */
export function googleWith(regions) {
    const library = load()
    const { countryToMetadata, countryCodeToRegionCodeMap } = library.metadata
    for (const key of Object.keys(countryToMetadata)) delete countryToMetadata[key]
    for (const key of Object.keys(countryCodeToRegionCodeMap)) delete countryCodeToRegionCodeMap[key]
    for (const region of regions) {
        const others = (countryCodeToRegionCodeMap[region.code] ??= [])
        countryToMetadata[region.id === '001' ? region.code : region.id] = packed(region, others.length === 0)
        others.push(region.id)
    }
    return reader(library)
}
