/* Makes digits up that a pattern of libphonenumber's metadata matches. */
/* SPDX-License-Identifier: Apache-2.0 */

/* Reads what those patterns are written in: digits, \d, classes, groups, alternatives, and the counts ?, * and {n,m}. A pattern is
 * a list of alternatives, each a list of pieces {digits or group, least, most}. */
class Reader {
    constructor(source) {
        this.source = source
        this.at = 0
    }

    fail() {
        throw new Error(`cannot read the pattern ${this.source} at ${this.at}`)
    }

    take(text) {
        if (!this.source.startsWith(text, this.at)) return false
        this.at += text.length
        return true
    }

    pattern() {
        const alternatives = [this.sequence()]
        while (this.take('|')) alternatives.push(this.sequence())
        return alternatives
    }

    sequence() {
        const pieces = []
        while (this.at < this.source.length && !'|)'.includes(this.source[this.at])) {
            if (this.take('$')) continue
            pieces.push({ ...this.atom(), ...this.count() })
        }
        return pieces
    }

    atom() {
        if (this.take('(?:') || this.take('(')) {
            const group = this.pattern()
            return this.take(')') ? { group } : this.fail()
        }
        if (this.take('\\d')) return { digits: '0123456789' }
        return { digits: this.take('[') ? this.characterClass() : this.digit() }
    }

    digit() {
        const c = this.source[this.at++]
        return c >= '0' && c <= '9' ? c : this.fail()
    }

    characterClass() {
        let digits = ''
        while (!this.take(']')) {
            const first = +this.digit()
            const last = this.take('-') ? +this.digit() : first
            for (let digit = first; digit <= last; digit++) digits += digit
        }
        return digits
    }

    count() {
        if (this.take('?')) return { least: 0, most: 1 }
        const braces = /^\{(\d+)(?:,(\d+))?\}/.exec(this.source.slice(this.at))
        if (!braces) return { least: 1, most: 1 }
        this.at += braces[0].length
        return { least: +braces[1], most: +(braces[2] ?? braces[1]) }
    }
}

export class DigitPattern {
    constructor(source) {
        const reader = new Reader(source)
        this.alternatives = reader.pattern()
        if (reader.at !== source.length) reader.fail()
    }

    /* Digits that match. */
    example(random, alternatives = this.alternatives) {
        let text = ''
        for (const piece of random.of(alternatives)) {
            for (let n = random.between(piece.least, piece.most); n > 0; n--)
                text += piece.group ? this.example(random, piece.group) : random.of(piece.digits)
        }
        return text
    }
}
