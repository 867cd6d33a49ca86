package org.virtugrid.control.vm.libvirt;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;

/**
 * Figures of all running domains of a host in one call, {@code virConnectGetAllDomainStats}, which libvirt's Java binding
 * lacks. Blocks as long as the host takes; FAILED when it refuses. Safe for use by several threads.
 */
final class DomainStats {
    /** Whether it runs; needs nothing but libvirt. */
    static final int STATE = 1;
    /** What the guest says of its memory; asks QEMU, so it hangs with a QEMU that hangs. */
    static final int BALLOON = 1 << 2;
    /** What went through its network cards; needs nothing but libvirt. */
    static final int INTERFACE = 1 << 4;

    /** Domains that do not run have no figures. */
    static final int ACTIVE = 1;
    /** A domain that is busy with something else tells less instead of holding all others up. */
    static final int NO_WAIT = 1 << 29;

    private static final NativeLibrary LIBVIRT = NativeLibrary.getInstance("virt");
    private static final int UUID_CHARS = 37;
    /** A {@code virTypedParameter}: a name, a type, and a value of eight bytes. */
    private static final int NAME_BYTES = 80;

    private static final int VALUE_AT = 88;
    private static final int PARAMETER_BYTES = 96;
    private static final int INT = 1;
    private static final int UNSIGNED_INT = 2;
    private static final int LONG = 3;
    private static final int UNSIGNED_LONG = 4;

    private DomainStats() {}

    /** Figures by name, by the domain's UUID; those that are no whole numbers are left out. */
    static Map<String, Map<String, Long>> all(LibvirtEvents.Connection connection, int groups, int flags) {
        PointerByReference answer = new PointerByReference();
        int count = LIBVIRT.getFunction("virConnectGetAllDomainStats")
                .invokeInt(new Object[] {connection.pointer(), groups, answer, flags});
        if (count < 0) {
            throw new VmDriverException(Kind.FAILED, "libvirt tells no figures: " + lastError());
        }
        Pointer records = answer.getValue();
        try {
            Map<String, Map<String, Long>> all = new HashMap<>();
            for (int i = 0; i < count; i++) {
                // A virDomainStatsRecord: the domain, its figures, and how many these are
                Pointer record = records.getPointer((long) i * Native.POINTER_SIZE);
                all.put(
                        uuid(record.getPointer(0)),
                        figures(record.getPointer(Native.POINTER_SIZE), record.getInt(2L * Native.POINTER_SIZE)));
            }
            return all;
        } finally {
            LIBVIRT.getFunction("virDomainStatsRecordListFree").invokeVoid(new Object[] {records});
        }
    }

    private static String uuid(Pointer domain) {
        try (Memory text = new Memory(UUID_CHARS)) {
            if (LIBVIRT.getFunction("virDomainGetUUIDString").invokeInt(new Object[] {domain, text}) != 0) {
                throw new VmDriverException(Kind.FAILED, "libvirt tells no UUID: " + lastError());
            }
            return text.getString(0, StandardCharsets.US_ASCII.name());
        }
    }

    private static Map<String, Long> figures(Pointer parameters, int count) {
        Map<String, Long> figures = new HashMap<>();
        for (int i = 0; i < count; i++) {
            long at = (long) i * PARAMETER_BYTES;
            String name = parameters.getString(at, StandardCharsets.US_ASCII.name());
            switch (parameters.getInt(at + NAME_BYTES)) {
                case INT -> figures.put(name, (long) parameters.getInt(at + VALUE_AT));
                case UNSIGNED_INT -> figures.put(name, Integer.toUnsignedLong(parameters.getInt(at + VALUE_AT)));
                case LONG, UNSIGNED_LONG -> figures.put(name, parameters.getLong(at + VALUE_AT));
                default -> {
                    // a fraction, a yes or no, or a text
                }
            }
        }
        return figures;
    }

    /** Of this thread. */
    private static String lastError() {
        return LIBVIRT.getFunction("virGetLastErrorMessage").invokeString(new Object[0], false);
    }
}
