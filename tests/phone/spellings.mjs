/* The ways people, address books and programs write a number down. */
/* SPDX-License-Identifier: Apache-2.0 */

const SEPARATORS = [
    ' ', '-', '.', '/', '  ', ' - ', '\u00a0', '\u2010', '\u2011', '\u2013', '\u2014', '\u2212', '\u00ad', '\u200b',
    '\u2060', '\u3000', '\uff0d', '~', ' / ', '--', 'x', '*', ') ', ' (',
]
const BEFORE = [
    'Tel: ', 'tel:', 'Phone ', '(', '[', '"', 'call ', '\u260e ', '#', '*', 'x', '  ', '\u202a', 'Tel.: ', 'Mobile/', '<',
]
const BEHIND = [
    ' ', '.', ',', ';', ')', '!', '*', ' home', ' (cell)', '#', '-', ' or so', '/', ' /x', '/x12', '\\ x9', ' or 5', '_',
    '\u202c', '\u4eac', ' \u7535\u8bdd', '\u00e9', '\u2164', '\uff58',
]
const EXTENSIONS = [
    'x#', ' x#', ' ext #', ' ext. #', ' ext.#', ', ext. #', ' extension #', ' Extn: #', ' EXT-#', ' xtn #', ' int #',
    ' INT. #', ' anexo #', '#&', ' # #', ',#', ',,#', ',,,#', ';#', '; #', ';ext=#', ' ~#', ' - ##', ' -#', ':#',
    ' extensi\u00f3n #', ' extensio\u0301n #', ' \u0434\u043e\u0431 #', ' \uff45\uff58\uff54 #', ' \uff58 #',
    ' \uff49\uff4e\uff54 #', ' ext: , - #', ' e #', ' extens #',
]
const CONTEXTS = [
    'tel:@;phone-context=%', '@;phone-context=%', 'tel:@;phone-context=example.com', 'tel:@;phone-context=',
    'tel:@;phone-context=+', 'tel:@;phone-context=a-b.c.', 'tel:@;phone-context=-a.b', 'tel:@;phone-context=1.2',
    'tel:@;isub=12345;phone-context=%', 'tel:@;isub=12345', 'tel:@;phone-context=%;x=y', 'tel:@;ext=123;phone-context=%',
    'tel:@;phone-context=%-', 'tel:@;phone-context=%a',
]
const DIGITS = ['\uff10', '\u0660', '\u06f0'] /* the scripts that google-libphonenumber reads, which are fewer than libphonenumber's */
const KEYPAD = ['', '', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ']

/* TEXT with separators between some of its digits. */
function grouped(random, text) {
    const separator = random.below(3) ? random.of(SEPARATORS) : null
    let out = ''
    for (const c of text) {
        out += c
        if (random.below(4) === 0) out += separator ?? random.of(SEPARATORS)
    }
    return out
}

function inScript(random, text) {
    const zero = random.of(DIGITS).charCodeAt(0)
    return text.replace(/\d/g, digit => String.fromCharCode(zero + +digit)).replace(/^\+/, random.below(2) ? '\uff0b' : '+')
}

/* The last digits as letters of the keypad. */
function vanity(random, text) {
    const letters = random.between(1, 7)
    const spelled = text.slice(-letters).replace(/[2-9]/g, digit => random.of(KEYPAD[+digit]))
    const out = text.slice(0, -letters) + spelled
    return random.below(2) ? out.toLowerCase() : out
}

function extended(random, text) {
    const extension = random.digits(random.of([1, 2, 3, 4, 5, 6, 7, 9, 10, 15, 16, 20, 21]))
    return text + random.of(EXTENSIONS).replace(/#$/, extension).replace('##', `${extension}#`).replace('&', extension)
}

function inContext(random, text, code) {
    return random.of(CONTEXTS).replace('@', () => text).replace('%', () => `+${code}`)
}

/* One of them. TEXT is digits, perhaps behind a plus; CODE the calling code that belongs to it. */
export function spell(random, text, code) {
    switch (random.below(12)) {
        case 0:
        case 1: return text
        case 2: return `(${text.slice(0, 3)}) ${text.slice(3, 6)}-${text.slice(6)}`
        case 3: return inScript(random, random.below(2) ? text : grouped(random, text))
        case 4: return vanity(random, text)
        case 5: return extended(random, random.below(2) ? text : grouped(random, text))
        case 6: return inContext(random, text, code)
        case 7: return random.of(BEFORE) + text
        case 8: return text + random.of(BEHIND)
        case 9: return `+${text}`
        default: return grouped(random, text)
    }
}
