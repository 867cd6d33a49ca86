package org.virtugrid.control.vm.libvirt;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.virtugrid.control.vm.SnapshotPlan;
import org.virtugrid.grid.fault.GridException;

/**
 * The schedule of snapshots as an operator writes it.
 *
 * @param every such as 30m, 6h or 1d
 * @param keep how many of each guest
 */
record SnapshotSettings(String every, Integer keep) {
    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,4})([mhd])");
    private static final int MOST = 100;

    /** Fails with INVALID that names the field. */
    SnapshotPlan plan() {
        Matcher time = TIME.matcher(String.valueOf(every));
        if (!time.matches()) {
            throw GridException.invalid(
                    "snapshots.every",
                    "libvirt.snapshots.every is '" + every + "'",
                    "give a number from 1 to 99999 and m, h or d, as in 30m, 6h or 1d");
        }
        if (keep == null || keep < 1 || keep > MOST) {
            throw GridException.invalid(
                    "snapshots.keep",
                    "libvirt.snapshots.keep is '" + keep + "'",
                    "give a whole number from 1 to " + MOST);
        }
        long number = Long.parseLong(time.group(1));
        Duration duration =
                switch (time.group(2)) {
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                };
        return new SnapshotPlan(duration, keep);
    }
}
