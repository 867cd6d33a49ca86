package org.virtugrid.control.coordinator;

import java.util.OptionalLong;

/**
 * Whether this control process is the one that acts. Of several control processes one leads, under a term that grows with
 * every change of leader; an action is carried out only while its term is still the newest. Safe for use by several threads.
 */
public interface Leadership {

    /** The term under which this process acts; empty while another one does, or while nobody can know. Does not block. */
    OptionalLong term();

    /**
     * Whether the term is still the newest that a majority of control nodes knows of; asked right before each action. False
     * when it can't be told. May block for a second.
     */
    boolean holds(long term);

    /** Calls the listener soon after {@link #term} has changed, on a thread of its own. */
    void onChange(Runnable listener);

    /** Of a platform with one control process: it always leads. */
    static Leadership alone() {
        return new Leadership() {
            private static final long ONLY = 1;

            @Override
            public OptionalLong term() {
                return OptionalLong.of(ONLY);
            }

            @Override
            public boolean holds(long term) {
                return term == ONLY;
            }

            @Override
            public void onChange(Runnable listener) {
                // it never does
            }
        };
    }
}
