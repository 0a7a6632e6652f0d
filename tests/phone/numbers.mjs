/* The numbers to compare, region by region. */
/* SPDX-License-Identifier: Apache-2.0 */
import { DigitPattern } from './pattern.mjs'
import { Random, seedOf } from './random.mjs'
import { spell } from './spellings.mjs'

const PER_REGION = 4200
/* Of which the home of most who type, and one whose rules are intricate, get more. */
const MORE = { US: 60000, MX: 12000, AR: 12000, BR: 12000, IT: 12000, DE: 12000, GB: 12000, CI: 8000, JP: 8000 }

/* Patterns of a region's valid numbers, and of what is dialled before them. */
class Plan {
    constructor(region) {
        this.code = region.code
        this.kinds = region.types.map(({ pattern }) => new DigitPattern(pattern))
        this.prefix = region.prefix ? new DigitPattern(region.prefix) : null
        this.idd = region.idd ? new DigitPattern(region.idd) : null
        this.leading = region.leading ? new DigitPattern(region.leading) : null
        this.lengths = region.lengths
    }
}

/* A number of PLAN: valid, nearly so, or any digits of a length that it has. */
function national(random, plan) {
    const valid = random.of(plan.kinds).example(random)
    const at = random.below(valid.length)
    switch (random.below(10)) {
        case 0: return valid.slice(0, at) + valid.slice(at + 1)
        case 1: return valid.slice(0, at) + random.below(10) + valid.slice(at)
        case 2: return valid.slice(0, at) + random.below(10) + valid.slice(at + 1)
        case 3: {
            const head = plan.leading ? plan.leading.example(random) : ''
            return head + random.digits(Math.max(1, random.of(plan.lengths) - head.length))
        }
        case 4: return random.digits(random.between(1, 18))
        default: return valid
    }
}

/* A number of PLAN as it is dialled by somebody in HOME. */
function dialled(random, plan, home) {
    const digits = national(random, plan)
    switch (random.below(10)) {
        case 0:
        case 1: return `+${plan.code}${digits}`
        case 2: return plan.code + digits
        case 3: return (home.idd ? home.idd.example(random) : '00') + plan.code + digits
        case 4: return (plan.prefix ? plan.prefix.example(random) : '0') + digits
        case 5: return `+${plan.code}${plan.prefix ? plan.prefix.example(random) : '0'}${digits}`
        case 6: return `0${digits}`
        case 7: return `+${home.idd ? home.idd.example(random) : '00'}${plan.code}${digits}`
        default: return digits
    }
}

/* Numbers typed in REGION: its own, and others'. */
function regional(name, plans) {
    const random = new Random(seedOf(name))
    const home = plans.get(name)
    const all = [...plans.values()]
    const texts = []
    for (let i = MORE[name] ?? PER_REGION; i > 0; i--) {
        const plan = random.below(5) ? home : random.of(all)
        texts.push(spell(random, dialled(random, plan, home), plan.code))
    }
    return texts
}

/* Each area code with each exchange of the North American plan. */
function northAmerican(area) {
    const random = new Random(seedOf(`area ${area}`))
    const texts = []
    for (let exchange = 0; exchange < 1000; exchange++)
        texts.push(`${area}${String(exchange).padStart(3, '0')}${random.digits(4)}`)
    return texts
}

/* Short numbers, odd ones, and what is none at all. */
const ODD = [
    '', ' ', '+', '++', '1', '12', '123', '911', '0', '00', '000', '0000000000', '+0', '+00', '+1', '+12', '+1 2', '011',
    '01144', '+011', '+0114420', '+999', '+9991234567', '+80012345678', '+8001234567', '+979123456789', '+88213300655',
    '+3906698', '+390669812345', '+390236618300', '+39 02 3661 8300', '+39 2 3661 8300', '+441481', '+44 1481 722222',
    '+7 701 123 4567', '8 701 123 4567', '+52 1 55 1234 5678', '+52 55 1234 5678', '+54 11 1234 5678',
    '+54 9 11 1234 5678', '+54 11 15 1234 5678', '011 15 1234 5678', '+55 0 15 11 99999 9999', '+225 01 02 03 04 05',
    '+33 0 1 42 68 53 00', '0033142685300', '+1 800 FLOWERS', '1-800-GOFEDEX', '310-0000', '+86 10 1234 5678',
    '+62 0078031234567', 'x', 'abc', '#', '12#34', '+1 (202) 555-0123 ext. 5', '2025550123 2025550124',
    '2025550123/2025550124', '202-555-0123 x5/x6', '99999999999999999', '999999999999999999', '+4930123456',
    '+49 30 1234567890123', '1'.repeat(250), '1'.repeat(251), '-'.repeat(300), '+' + '1'.repeat(17),
    '+1' + '2'.repeat(17),
]

/* Pieces of work: [{home, texts()}]. HOME is the region in which they are typed. */
export function pieces(regions) {
    const plans = new Map(regions.map(region => [region.id === '001' ? `001-${region.code}` : region.id, new Plan(region)]))
    const homes = [...plans.keys()].filter(name => !name.startsWith('001'))
    const areas = Array.from({ length: 800 }, (_, i) => 200 + i)
    return [
        ...homes.map(home => ({ home, texts: () => [...regional(home, plans), ...ODD] })),
        ...areas.filter(area => area % 20 === 0).map(first => ({
            home: 'US',
            texts: () => areas.filter(area => area >= first && area < first + 20).flatMap(northAmerican),
        })),
    ]
}
