/* What is known of every country calling code: regions, lengths, national prefix. */
/* SPDX-License-Identifier: Apache-2.0 */
import { DigitPattern } from './digit_pattern.mjs'

/* Indices into the metadata of a region; see libphonenumber-js, source/metadata.js. */
const PATTERN = 2
const LENGTHS = 3
const NATIONAL_PREFIX = 5

/* The digits that may come after PREFIX in numbers that start with it themselves, as if it were none. */
function digitsAfter(prefix, pattern, lengths) {
    const plan = new DigitPattern(pattern)
    const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    return digits.filter(digit => lengths.some(length => plan.covers(prefix + digit, length) !== 'none'))
}

/* [{code, regions, lengths, prefix, after}], by code. Where regions share a code all but their names is the main one's, the first of
 * them, as in libphonenumber's parser. A prefix that is not plain digits is left out. */
export function countryPlan(metadata) {
    const shared = Object.entries(metadata.country_calling_codes).map(([code, regions]) => ({
        code: +code,
        regions,
        plan: metadata.countries[regions[0]],
    }))
    const others = Object.entries(metadata.nonGeographic).map(([code, plan]) => ({
        code: +code,
        regions: ['001'],
        plan,
    }))
    return [...shared, ...others]
        .sort((a, b) => a.code - b.code)
        .map(({ code, regions, plan }) => {
            const given = plan[NATIONAL_PREFIX] || ''
            const prefix = /^\d+$/.test(given) ? given : ''
            return {
                code,
                regions,
                lengths: plan[LENGTHS],
                prefix,
                after: prefix ? digitsAfter(prefix, plan[PATTERN], plan[LENGTHS]) : [],
            }
        })
}
