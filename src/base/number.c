/* Strict integers, and reals in the fewest digits that read back the same. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/number.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum err number_parse_unsigned(struct slice text, uint64_t max, uint64_t *ret_number)
{
    uint64_t number = 0;
    bool over = false;
    if (text.n == 0)
        return ERR_INVALID;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return ERR_INVALID;
        unsigned digit = (unsigned)(text.p[i] - '0');
        over = over || __builtin_mul_overflow(number, 10u, &number) ||
               __builtin_add_overflow(number, digit, &number);
    }
    if (over || number > max)
        return ERR_LIMIT;
    *ret_number = number;
    return ERR_OK;
}

enum err number_parse_int64(struct slice text, int64_t *ret_number)
{
    bool negative = text.n > 0 && text.p[0] == '-';
    uint64_t magnitude;
    uint64_t max = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    TRY(number_parse_unsigned(slice_skip(text, negative), max, &magnitude));
    *ret_number = negative ? (int64_t)(~magnitude + 1) : (int64_t)magnitude;
    return ERR_OK;
}

/* Digits and decimal exponent of the shortest "%.*e" form that reads back as NUMBER. */
static int shortest(double number, char digits[NUMBER_TEXT_MAX], int *ret_exponent)
{
    char text[NUMBER_TEXT_MAX];
    /* 15 digits always survive, so fewer need no trying, except where the double itself holds fewer. */
    for (int precision = number < DBL_MIN ? 0 : 14; precision <= 16; precision++) {
        snprintf(text, sizeof(text), "%.*e", precision, number);
        if (strtod(text, NULL) == number)
            break;
    }
    int count = 0;
    const char *at = text;
    for (; *at && *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9')
            digits[count++] = *at;
    }
    while (count > 1 && digits[count - 1] == '0')
        count--;
    int64_t exponent = 0;
    if (number_parse_int64(slice_from(at[1] == '+' ? at + 2 : at + 1), &exponent) != ERR_OK)
        exponent = 0; /* cannot be: printf wrote it */
    *ret_exponent = (int)exponent;
    return count;
}

size_t number_format_real(double number, char text[NUMBER_TEXT_MAX])
{
    if (isnan(number))
        return (size_t)snprintf(text, NUMBER_TEXT_MAX, "nan");
    if (isinf(number))
        return (size_t)snprintf(text, NUMBER_TEXT_MAX, number < 0 ? "-inf" : "inf");
    char digits[NUMBER_TEXT_MAX];
    char *at = text;
    int exponent = 0;
    int count = 1;
    digits[0] = '0';
    if (signbit(number)) {
        *at++ = '-';
        number = -number;
    }
    if (number > 0)
        count = shortest(number, digits, &exponent);
    if (exponent < -4 || exponent >= 16) {
        *at++ = digits[0];
        if (count > 1)
            *at++ = '.';
        for (int i = 1; i < count; i++)
            *at++ = digits[i];
        at += snprintf(at, 8, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
        return (size_t)(at - text);
    }
    if (exponent < 0) {
        *at++ = '0';
        *at++ = '.';
        for (int i = -1; i > exponent; i--)
            *at++ = '0';
        for (int i = 0; i < count; i++)
            *at++ = digits[i];
    } else {
        for (int i = 0; i <= exponent || i < count; i++) {
            if (i == exponent + 1)
                *at++ = '.';
            *at++ = i < count ? digits[i] : '0';
        }
        if (count <= exponent + 1) {
            *at++ = '.';
            *at++ = '0';
        }
    }
    *at = '\0';
    return (size_t)(at - text);
}

size_t number_format_int64(int64_t number, char text[NUMBER_TEXT_MAX])
{
    char backwards[NUMBER_TEXT_MAX];
    size_t count = 0, length = 0;
    uint64_t magnitude = number < 0 ? ~(uint64_t)number + 1 : (uint64_t)number;
    do {
        backwards[count++] = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude > 0);
    if (number < 0)
        text[length++] = '-';
    while (count > 0)
        text[length++] = backwards[--count];
    text[length] = '\0';
    return length;
}
