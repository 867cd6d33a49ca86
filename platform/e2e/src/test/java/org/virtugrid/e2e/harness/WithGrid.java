package org.virtugrid.e2e.harness;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * System tests that take a {@link Grid} as a parameter of the constructor or of tests. Unless told otherwise it is the
 * one that most classes share, because a start costs seconds: use names of your own in it, and leave it READY.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("system")
@ExtendWith(GridExtension.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public @interface WithGrid {

    /** Whose grid it is. */
    Kind value() default Kind.SHARED;

    /** How many workers it has; of a grid of its own. */
    int workers() default 3;

    /** How much memory each worker has; of a grid of its own. */
    String memory() default "512MiB";

    /** Whose grid it is. */
    enum Kind {
        /** The one that classes share: three workers with the least memory there is. */
        SHARED,
        /** One for this class, started for it. */
        OWN,
        /** One for this class, which the tests start themselves. */
        UNSTARTED
    }
}
