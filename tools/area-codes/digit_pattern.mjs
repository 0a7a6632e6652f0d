/* Asks a regular expression over digits which prefixes it allows, without trying every number. */
/* SPDX-License-Identifier: Apache-2.0 */

/* Reads the subset of regular expressions that libphonenumber's metadata uses: digits, \d, classes, groups, alternatives,
 * and the counts ?, {n} and {n,m}. A pattern is a list of alternatives, each a list of pieces {digits or group, least, most}. */
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
        while (this.at < this.source.length && !'|)'.includes(this.source[this.at]))
            pieces.push({ ...this.atom(), ...this.count() })
        return pieces
    }

    atom() {
        if (this.take('(?:') || this.take('(')) {
            const group = this.pattern()
            return this.take(')') ? { group } : this.fail()
        }
        if (this.take('\\d')) return { digits: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }
        return { digits: this.take('[') ? this.characterClass() : [this.digit()] }
    }

    digit() {
        const c = this.source[this.at++]
        return c >= '0' && c <= '9' ? +c : this.fail()
    }

    characterClass() {
        const digits = []
        while (!this.take(']')) {
            const first = this.digit()
            const last = this.take('-') ? this.digit() : first
            for (let digit = first; digit <= last; digit++) digits.push(digit)
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

/* The pattern as a non-deterministic automaton. A set of its states, sorted and joined, is the key of the memo. */
export class DigitPattern {
    constructor(source) {
        const reader = new Reader(source)
        const pattern = reader.pattern()
        if (reader.at !== source.length) reader.fail()
        this.edges = [] /* by state: [digit, or null for "without reading", target] */
        this.memo = new Map()
        this.end = this.state([])
        this.start = this.close(new Set([this.build(pattern, this.end)]))
    }

    state(edges) {
        return this.edges.push(edges) - 1
    }

    /* The state to be in so that ALTERNATIVES are read and NEXT comes after them. */
    build(alternatives, next) {
        const starts = alternatives.map(pieces => pieces.reduceRight((after, piece) => this.repeat(piece, after), next))
        return this.state(starts.map(start => [null, start]))
    }

    repeat(piece, next) {
        let start = next
        for (let i = piece.most; i > 0; i--) {
            const once = piece.group ? this.build(piece.group, start) : this.state(piece.digits.map(d => [d, start]))
            start = i > piece.least ? this.state([[null, once], [null, next]]) : once
        }
        return start
    }

    close(states) {
        for (const state of states)
            for (const [digit, target] of this.edges[state])
                if (digit === null) states.add(target)
        return [...states].sort((a, b) => a - b)
    }

    step(states, digit) {
        const targets = new Set()
        for (const state of states)
            for (const [label, target] of this.edges[state])
                if (label === digit) targets.add(target)
        return this.close(targets)
    }

    /* How many of the texts of LENGTH digits that may follow STATES are matched: 'all', 'none' or 'some'. */
    completions(states, length) {
        if (states.length === 0) return 'none'
        if (length === 0) return states.includes(this.end) ? 'all' : 'none'
        const key = `${length}:${states}`
        if (!this.memo.has(key)) {
            const answers = new Set()
            for (let digit = 0; digit < 10; digit++) answers.add(this.completions(this.step(states, digit), length - 1))
            this.memo.set(key, answers.size === 1 ? [...answers][0] : 'some')
        }
        return this.memo.get(key)
    }

    /* The same for the numbers of LENGTH digits that start with PREFIX. */
    covers(prefix, length) {
        const states = [...prefix].reduce((states, digit) => this.step(states, +digit), this.start)
        return this.completions(states, length - prefix.length)
    }
}
