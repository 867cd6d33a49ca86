package org.virtugrid.grid.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TaskTransitionsTest {
    private static final UUID HERE = new UUID(0, 1);
    private static final UUID THERE = new UUID(0, 2);

    private static TaskRecord queued() {
        return TaskTransitions.queued("t", new TaskSpec("process", "sum", Map.of(), null, "[1,2]", null), 1_000);
    }

    private static TaskRecord begun(UUID node) {
        return TaskTransitions.claimed(queued(), null, node, "vm", 2_000);
    }

    @Test
    void aQueuedTaskBeginsItsFirstAttempt() {
        TaskRecord task = begun(HERE);
        assertThat(task.state()).isEqualTo(TaskState.RUNNING);
        assertThat(task.attempt()).isEqualTo(1);
        assertThat(task.ownerNode()).isEqualTo(HERE);
        assertThat(TaskTransitions.claimed(task, null, THERE, "other", 3_000)).isNull();
    }

    @Test
    void onlyTheOwnerOfTheAttemptMayEndIt() {
        TaskRecord task = begun(HERE);
        assertThat(TaskTransitions.succeeded(task, 1, THERE, "other", "3", 3_000))
                .isNull();
        assertThat(TaskTransitions.succeeded(task, 2, HERE, "vm", "3", 3_000)).isNull();
        TaskRecord ended = TaskTransitions.succeeded(task, 1, HERE, "vm", "3", 3_000);
        assertThat(ended.state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(TaskTransitions.failed(ended, 1, HERE, "vm", "late", 4_000)).isNull();
    }

    @Test
    void aTaskWhoseOwnerIsGoneIsReclaimedWithTheNextAttempt() {
        TaskRecord task = TaskTransitions.claimed(begun(THERE), THERE, HERE, "vm", 3_000);
        assertThat(task.attempt()).isEqualTo(2);
        assertThat(TaskTransitions.succeeded(task, 1, THERE, "other", "3", 4_000))
                .isNull();
    }

    @Test
    void aFirstAttemptBeginsAQueuedTaskAndFindsItsOwn() {
        assertThat(TaskTransitions.firstAttempt(queued(), HERE, "vm", 2_000).attempt())
                .isEqualTo(1);
        TaskRecord task = begun(HERE);
        assertThat(TaskTransitions.firstAttempt(task, HERE, "vm", 2_000)).isSameAs(task);
    }

    @Test
    void aFirstAttemptLeavesWhatAnotherWorkerBeganAndWhatWasCancelled() {
        assertThat(TaskTransitions.firstAttempt(begun(THERE), HERE, "vm", 2_000))
                .isNull();
        TaskRecord cancelled = TaskTransitions.cancelRequested(queued(), 2_000);
        assertThat(cancelled.state()).isEqualTo(TaskState.CANCELLED);
        assertThat(TaskTransitions.firstAttempt(cancelled, HERE, "vm", 3_000)).isNull();
    }

    @Test
    void aPostponedTaskIsNoFirstAttemptAnyMore() {
        TaskRecord task = TaskTransitions.postponed(begun(HERE), 1, HERE, "vm", "no memory", 3_000);
        assertThat(task.state()).isEqualTo(TaskState.QUEUED);
        assertThat(TaskTransitions.firstAttempt(task, HERE, "vm", 1_000_000)).isNull();
        assertThat(TaskTransitions.claimed(task, null, HERE, "vm", 3_001)).isNull();
        assertThat(TaskTransitions.claimed(task, null, HERE, "vm", 1_000_000).attempt())
                .isEqualTo(2);
    }

    @Test
    void whatLosesItsWorkersAgainAndAgainIsSetAside() {
        TaskRecord task = begun(HERE);
        for (int attempt = 2; attempt <= TaskTransitions.MOST_ATTEMPTS; attempt++) {
            task = TaskTransitions.claimed(task, HERE, HERE, "vm", 3_000);
            assertThat(task.attempt()).isEqualTo(attempt);
        }
        assertThat(TaskTransitions.claimed(task, HERE, HERE, "vm", 3_000).state())
                .isEqualTo(TaskState.FAILED);
    }

    @Test
    void aRetriedTaskBeginsAnewWithItsHistory() {
        TaskRecord failed = TaskTransitions.failed(begun(HERE), 1, HERE, "vm", "wrong", 3_000);
        TaskRecord again = TaskTransitions.retried(failed, 4_000);
        assertThat(again.state()).isEqualTo(TaskState.QUEUED);
        assertThat(again.attempt()).isZero();
        assertThat(again.history()).hasSize(4);
        assertThat(TaskTransitions.retried(begun(HERE), 4_000)).isNull();
    }

    private static TaskRecord publishing() {
        return TaskTransitions.publishing(begun(HERE), 1, HERE, "3", "out");
    }

    @Test
    void aDecidedTaskShowsItsResultOnceItsOutputIsPublished() {
        TaskRecord task = publishing();
        assertThat(task.state()).isEqualTo(TaskState.RUNNING);
        assertThat(task.resultJson()).isNull();
        TaskRecord ended = TaskTransitions.published(task, 1, HERE, "vm", 3_000);
        assertThat(ended.state()).isEqualTo(TaskState.SUCCEEDED);
        assertThat(ended.resultJson()).isEqualTo("3");
        assertThat(ended.publishing()).isNull();
    }

    @Test
    void aDecidedTaskCannotFailBeCancelledOrGivenUp() {
        TaskRecord task = publishing();
        assertThat(TaskTransitions.failed(task, 1, HERE, "vm", "no", 3_000)).isNull();
        assertThat(TaskTransitions.cancelRequested(task, 3_000)).isNull();
        assertThat(TaskTransitions.cancelled(task, 1, HERE, "vm", 3_000)).isNull();
        for (int attempt = 2; attempt <= 2 * TaskTransitions.MOST_ATTEMPTS; attempt++) {
            task = TaskTransitions.postponed(task, attempt - 1, HERE, "vm", "no workers", 3_000);
            assertThat(task.state()).isEqualTo(TaskState.QUEUED);
            assertThat(TaskTransitions.cancelRequested(task, 3_000)).isNull();
            task = TaskTransitions.claimed(task, null, HERE, "vm", Long.MAX_VALUE);
            assertThat(task.publishing()).isEqualTo("out");
        }
    }

    @Test
    void onlyTheOwnerDecides() {
        assertThat(TaskTransitions.publishing(begun(HERE), 1, THERE, "3", "out"))
                .isNull();
        assertThat(TaskTransitions.published(publishing(), 1, THERE, "vm", 3_000))
                .isNull();
        assertThat(TaskTransitions.published(begun(HERE), 1, HERE, "vm", 3_000)).isNull();
    }

    @Test
    void aTaskWhoseOutputWasRemovedFailsAndCanBeRetried() {
        TaskRecord task = TaskTransitions.outputGone(publishing(), 1, HERE, "vm", 3_000);
        assertThat(task.state()).isEqualTo(TaskState.FAILED);
        assertThat(task.error()).contains("dataset out was removed");
        assertThat(TaskTransitions.retried(task, 4_000).publishing()).isNull();
    }
}
