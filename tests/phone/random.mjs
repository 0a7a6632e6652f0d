/* Random choices that are the same in every run. */
/* SPDX-License-Identifier: Apache-2.0 */

/* A generator of SEED's own sequence (mulberry32). */
export class Random {
    constructor(seed) {
        this.state = seed >>> 0
    }

    /* From 0 to below LIMIT. */
    below(limit) {
        this.state = (this.state + 0x6d2b79f5) >>> 0
        let t = this.state
        t = Math.imul(t ^ (t >>> 15), t | 1)
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
        return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * limit)
    }

    between(least, most) {
        return least + this.below(most - least + 1)
    }

    of(list) {
        return list[this.below(list.length)]
    }

    digits(count) {
        let text = ''
        while (text.length < count) text += this.below(10)
        return text
    }
}

/* Any text as a seed (FNV-1a). */
export function seedOf(text) {
    let hash = 0x811c9dc5
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    return hash >>> 0
}
