package org.virtugrid.control.coordinator;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.virtugrid.api.VmActions;
import org.virtugrid.api.VmCreate;
import org.virtugrid.control.vm.VmRecord;
import org.virtugrid.control.vm.VmSpec;
import org.virtugrid.grid.fault.GridException;

/** Checks what users ask of VMs. */
final class VmRequests {
    static final int DEFAULT_CPUS = 1;
    static final long DEFAULT_DISK = 4L << 30;
    private static final long MIN_DISK = 256L << 20;
    /** What QEMU takes without special care of interrupts. */
    private static final int MAX_CPUS = 255;

    private static final int MAX_LABELS = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private VmRequests() {}

    /** What may be done to VMs. */
    enum Verb {
        START,
        STOP,
        RESTART,
        DESTROY;

        static Verb of(String word) {
            try {
                return valueOf(String.valueOf(word).toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new GridException(
                        GridException.Kind.INVALID,
                        "action",
                        "there is no action '" + word + "'",
                        "use start, stop, restart or destroy",
                        e);
            }
        }
    }

    static VmSpec spec(VmCreate request, long defaultMemory, long usableDisk) {
        if (request.name() == null || !NAME.matcher(request.name()).matches()) {
            throw GridException.invalid(
                    "name", "'" + request.name() + "' is not a name of a VM", "use " + NAME.pattern());
        }
        int cpus = request.cpus() == null ? DEFAULT_CPUS : request.cpus();
        within("cpus", cpus, 1, MAX_CPUS);
        long memory = request.memoryBytes() == null ? defaultMemory : request.memoryBytes();
        within("memoryBytes", memory, VmCreate.LEAST_MEMORY_BYTES, 1L << 44);
        boolean askedForDisk = request.diskBytes() != null;
        long disk = askedForDisk ? request.diskBytes() : DEFAULT_DISK;
        within("diskBytes", disk, MIN_DISK, askedForDisk ? Math.max(MIN_DISK, usableDisk) : Long.MAX_VALUE);
        Map<String, String> labels = request.labels() == null ? Map.of() : new LinkedHashMap<>(request.labels());
        if (labels.size() > MAX_LABELS) {
            throw GridException.invalid("labels", "there are more than " + MAX_LABELS + " labels", "give fewer");
        }
        labels.forEach((key, value) -> {
            if (!NAME.matcher(key).matches() || value == null || value.length() > 255) {
                throw GridException.invalid(
                        "labels", "'" + key + "=" + value + "' is not a label", "use key=value with a key like a name");
            }
        });
        String gpu = request.gpu() == null || request.gpu().isEmpty() ? null : gpu(request.gpu());
        return new VmSpec(request.name(), cpus, memory, disk, labels, gpu);
    }

    /** A PCI address with all its parts, in small letters. */
    private static String gpu(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String whole = lower.matches("[0-9a-f]{2}:.*") ? "0000:" + lower : lower;
        if (!whole.matches("[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\\.[0-7]")) {
            throw GridException.invalid(
                    "gpu", "'" + text + "' is no PCI address", "give one of `virtugrid host gpus`, as in 0000:65:00.0");
        }
        return whole;
    }

    private static void within(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw GridException.invalid(
                    field, field + " is " + value, "give a whole number from " + min + " to " + max);
        }
    }

    /** The VM by id, else by name. */
    static VmRecord find(List<VmRecord> vms, String idOrName) {
        return vms.stream()
                .filter(vm -> vm.id().equals(idOrName))
                .findFirst()
                .or(() -> vms.stream().filter(vm -> vm.name().equals(idOrName)).findFirst())
                .orElseThrow(() -> GridException.notFound("vm", idOrName, "see `virtugrid vm list`"));
    }

    /** The VMs that a request names, in its order. */
    static List<VmRecord> select(List<VmRecord> vms, VmActions request) {
        List<String> ids = request.ids() == null ? List.of() : request.ids();
        List<String> labels = request.labels() == null ? List.of() : request.labels();
        if (ids.isEmpty() && labels.isEmpty() && !request.all()) {
            throw GridException.invalid("ids", "no VM is named", "name VMs, or use labels, or all");
        }
        Set<VmRecord> chosen = new LinkedHashSet<>();
        ids.forEach(id -> chosen.add(find(vms, id)));
        if (request.all()) {
            chosen.addAll(vms);
        }
        if (!labels.isEmpty()) {
            labels.stream().filter(label -> label.indexOf('=') < 1).findFirst().ifPresent(label -> {
                throw GridException.invalid("labels", "'" + label + "' is not a label", "use key=value");
            });
            vms.stream()
                    .filter(vm -> labels.stream().allMatch(label -> carries(vm, label)))
                    .forEach(chosen::add);
        }
        return List.copyOf(chosen);
    }

    private static boolean carries(VmRecord vm, String label) {
        int equals = label.indexOf('=');
        return label.substring(equals + 1).equals(vm.spec().labels().get(label.substring(0, equals)));
    }
}
