/* The bounded queue of jobs between threads. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/queue.h"

#include "inlet/base/clock.h"
#include "inlet/base/thread.h"
#include "unit.h"

#include <sched.h>

START_TEST(jobs_come_out_in_order)
{
    struct queue queue;
    struct job jobs[5] = {{0}};
    size_t count = 0;
    ck_assert_int_eq(queue_init(&queue, 5), ERR_OK);
    for (size_t i = 0; i < 5; i++)
        ck_assert_int_eq(queue_push(&queue, &jobs[i]), ERR_OK);
    ck_assert_uint_eq(queue_length(&queue), 5);
    struct job *list = queue_take(&queue, 3, &count);
    ck_assert_uint_eq(count, 3);
    ck_assert_ptr_eq(list, &jobs[0]);
    ck_assert_ptr_eq(list->next, &jobs[1]);
    ck_assert_ptr_eq(list->next->next, &jobs[2]);
    ck_assert_ptr_null(list->next->next->next);
    ck_assert_uint_eq(queue_length(&queue), 2);
    ck_assert_int_eq(queue_push(&queue, &jobs[0]), ERR_OK);
    list = queue_take(&queue, 100, &count);
    ck_assert_uint_eq(count, 3);
    ck_assert_ptr_eq(list, &jobs[3]);
    ck_assert_ptr_eq(list->next->next, &jobs[0]);
    ck_assert_uint_eq(queue_length(&queue), 0);
    queue_done(&queue);
}
END_TEST

START_TEST(a_full_queue_refuses)
{
    struct queue queue;
    struct job jobs[3] = {{0}};
    size_t count = 0;
    ck_assert_int_eq(queue_init(&queue, 2), ERR_OK);
    ck_assert_int_eq(queue_push(&queue, &jobs[0]), ERR_OK);
    ck_assert_int_eq(queue_push(&queue, &jobs[1]), ERR_OK);
    ck_assert_int_eq(queue_push(&queue, &jobs[2]), ERR_QUEUE_FULL);
    ck_assert_ptr_eq(queue_take(&queue, 1, &count), &jobs[0]);
    ck_assert_int_eq(queue_push(&queue, &jobs[2]), ERR_OK);
    queue_done(&queue);
}
END_TEST

START_TEST(a_closed_queue_gives_what_it_has)
{
    struct queue queue;
    struct job jobs[2] = {{0}};
    size_t count = 99;
    bool closed = false;
    ck_assert_int_eq(queue_init(&queue, 2), ERR_OK);
    ck_assert_int_eq(queue_push(&queue, &jobs[0]), ERR_OK);
    queue_close(&queue);
    ck_assert_int_eq(queue_push(&queue, &jobs[1]), ERR_CLOSED);
    ck_assert_ptr_eq(queue_take_timed(&queue, 1, 60000, &count, &closed), &jobs[0]);
    ck_assert(closed);
    ck_assert_ptr_null(queue_take(&queue, 1, &count));
    ck_assert_uint_eq(count, 0);
    ck_assert_ptr_null(queue_take_timed(&queue, 1, 60000, &count, &closed));
    ck_assert(closed);
    queue_done(&queue);
}
END_TEST

START_TEST(waiting_ends_after_its_time)
{
    struct queue queue;
    size_t count = 99;
    bool closed = true;
    ck_assert_int_eq(queue_init(&queue, 2), ERR_OK);
    int64_t before = clock_monotonic_us();
    ck_assert_ptr_null(queue_take_timed(&queue, 1, 30, &count, &closed));
    ck_assert_int_ge(clock_monotonic_us() - before, 30000);
    ck_assert_uint_eq(count, 0);
    ck_assert(!closed);
    ck_assert_ptr_null(queue_take_timed(&queue, 1, 0, &count, &closed));
    queue_done(&queue);
}
END_TEST

#define PUSHERS    4
#define PER_PUSHER 5000

struct numbered {
    struct job job;
    int pusher, number;
};

struct pusher {
    struct queue *queue;
    struct numbered *jobs;
};

static void push_all(void *argument)
{
    struct pusher *pusher = argument;
    for (int i = 0; i < PER_PUSHER; i++) {
        while (queue_push(pusher->queue, &pusher->jobs[i].job) == ERR_QUEUE_FULL)
            sched_yield();
    }
}

/* Nothing is lost or doubled, and the jobs of one thread stay in their order. */
START_TEST(many_threads_push_while_one_takes)
{
    static struct numbered jobs[PUSHERS][PER_PUSHER];
    struct queue queue;
    struct pusher pushers[PUSHERS];
    pthread_t threads[PUSHERS];
    ck_assert_int_eq(queue_init(&queue, 100), ERR_OK);
    for (int p = 0; p < PUSHERS; p++) {
        for (int i = 0; i < PER_PUSHER; i++)
            jobs[p][i] = (struct numbered){.pusher = p, .number = i};
        pushers[p] = (struct pusher){&queue, jobs[p]};
        ck_assert_int_eq(thread_start(&threads[p], "pusher", push_all, &pushers[p]), ERR_OK);
    }
    int next[PUSHERS] = {0};
    for (size_t taken = 0; taken < (size_t)PUSHERS * PER_PUSHER;) {
        size_t count = 0, listed = 0;
        struct job *job = queue_take(&queue, 16, &count);
        ck_assert_uint_ge(count, 1);
        ck_assert_uint_le(count, 16);
        for (; job; job = job->next, listed++) {
            struct numbered *numbered = CONTAINER_OF(job, struct numbered, job);
            ck_assert_int_eq(numbered->number, next[numbered->pusher]++);
        }
        ck_assert_uint_eq(listed, count);
        taken += count;
    }
    for (int p = 0; p < PUSHERS; p++)
        thread_join(threads[p]);
    ck_assert_uint_eq(queue_length(&queue), 0);
    queue_done(&queue);
}
END_TEST

static void take_until_closed(void *argument)
{
    struct queue *queue = argument;
    size_t count;
    while (queue_take(queue, 1, &count))
        ;
}

START_TEST(closing_wakes_every_taker)
{
    struct queue queue;
    pthread_t threads[4];
    ck_assert_int_eq(queue_init(&queue, 1), ERR_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
        ck_assert_int_eq(thread_start(&threads[i], "taker", take_until_closed, &queue), ERR_OK);
    queue_close(&queue);
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
        thread_join(threads[i]);
    queue_done(&queue);
}
END_TEST

UNIT_MAIN("queue", jobs_come_out_in_order, a_full_queue_refuses, a_closed_queue_gives_what_it_has,
          waiting_ends_after_its_time, many_threads_push_while_one_takes, closing_wakes_every_taker)
