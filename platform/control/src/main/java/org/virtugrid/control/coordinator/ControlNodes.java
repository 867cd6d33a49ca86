package org.virtugrid.control.coordinator;

import java.util.List;
import java.util.Optional;

/** The control processes of one platform. Safe for use by several threads; no call blocks. */
public interface ControlNodes {

    /**
     * One of them.
     *
     * @param id its name in the grid, too
     * @param url where its REST is, null while that is not known
     * @param leader it acts now, as far as this process knows
     */
    record Seen(String id, String url, boolean leader) {}

    /** All that are configured, in the order of the configuration. */
    List<Seen> all();

    /** Whether this process is the one that acts. */
    boolean leading();

    /** The one that acts now, as far as this process knows. */
    default Optional<Seen> leader() {
        return all().stream().filter(Seen::leader).findFirst();
    }

    /** The one control process of a platform. */
    static ControlNodes alone(String id, String url) {
        List<Seen> only = List.of(new Seen(id, url, true));
        return new ControlNodes() {
            @Override
            public List<Seen> all() {
                return only;
            }

            @Override
            public boolean leading() {
                return true;
            }
        };
    }
}
