package org.virtugrid.bench;

import java.io.IOException;
import java.nio.file.Path;

/** A system that does the works. Each method says how long the work took; checking results is not part of that. */
public interface Contender extends AutoCloseable {

    /**
     * How long a work took and what it came to.
     *
     * @param cpuSeconds what processors spent on it in the system's processes and in its client
     * @param result something that is equal for all systems
     */
    record Done(double seconds, double cpuSeconds, Object result) {}

    /** Its name in the table. */
    String name();

    /** Brings the file in, replacing what was there; the result is the SHA-256 of what is stored. Null: does not do it. */
    default Done ingest(Path file) throws Exception {
        return null;
    }

    /** Counts the words of the file that was brought in last; the result is {@link WordResult}. */
    Done wordCount(Path file) throws Exception;

    /** Sorts the lines of the file that was brought in last; the result is the output's SHA-256. */
    Done sort(Path file) throws Exception;

    /** Sums three numbers in each of so many tasks; the result is the sum of all their results. Null: does not do it. */
    default Done smallTasks(int tasks) throws Exception {
        return null;
    }

    @Override
    void close() throws IOException;
}
