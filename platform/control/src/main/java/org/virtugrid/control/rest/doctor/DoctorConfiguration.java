package org.virtugrid.control.rest.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.virtugrid.api.CheckItem;
import org.virtugrid.api.StatusView;
import org.virtugrid.api.VmState;
import org.virtugrid.control.coordinator.HostService;
import org.virtugrid.control.coordinator.Platform;
import org.virtugrid.control.coordinator.VmService;
import org.virtugrid.control.security.SecuritySettings;

/** The checks, in the order they are shown. */
@Configuration(proxyBeanMethods = false)
@Import(DoctorController.class)
public class DoctorConfiguration {
    private static final long LEAST_DISK_BYTES = 2L << 30;
    private static final long LEAST_MEMORY_BYTES = 512L << 20;
    private static final int LEAST_JAVA = 17;
    private static final Instant BUILT_AFTER = Instant.parse("2026-01-01T00:00:00Z");
    private static final int CONNECT_MILLIS = 300;

    @Bean
    @Order(1)
    DoctorCheck javaCheck() {
        int version = Runtime.version().feature();
        return () -> new CheckItem(
                "java",
                version >= LEAST_JAVA,
                "the control process runs on Java " + Runtime.version(),
                version >= LEAST_JAVA ? null : "install a JDK " + LEAST_JAVA + " or newer");
    }

    @Bean
    @Order(2)
    DoctorCheck diskCheck(SecuritySettings settings) {
        return () -> {
            long free = Files.getFileStore(settings.home()).getUsableSpace();
            boolean ok = free >= LEAST_DISK_BYTES;
            return new CheckItem(
                    "disk",
                    ok,
                    (free >> 20) + " MiB free where the home lies",
                    ok ? null : "free at least " + (LEAST_DISK_BYTES >> 20) + " MiB, or delete datasets");
        };
    }

    @Bean
    @Order(3)
    DoctorCheck memoryCheck() {
        return () -> {
            long free = availableMemory();
            boolean ok = free >= LEAST_MEMORY_BYTES;
            return new CheckItem(
                    "memory",
                    ok,
                    (free >> 20) + " MiB available on this machine",
                    ok ? null : "stop something, or run fewer or smaller workers");
        };
    }

    @Bean
    @Order(4)
    DoctorCheck heapCheck() {
        return () -> {
            Runtime runtime = Runtime.getRuntime();
            long used = runtime.totalMemory() - runtime.freeMemory();
            boolean ok = used < runtime.maxMemory() * 9 / 10;
            return new CheckItem(
                    "heap",
                    ok,
                    "the control process uses " + (used >> 20) + " of " + (runtime.maxMemory() >> 20) + " MiB",
                    ok ? null : "run fewer things at once; restart with 'virtugrid down' and 'virtugrid up'");
        };
    }

    @Bean
    @Order(5)
    DoctorCheck clockCheck(SecuritySettings settings) {
        return () -> {
            Instant now = Clock.systemUTC().instant();
            Instant token = Files.getLastModifiedTime(settings.tokenFile()).toInstant();
            boolean ok = now.isAfter(BUILT_AFTER) && token.isBefore(now.plus(Duration.ofMinutes(1)));
            return new CheckItem(
                    "clock",
                    ok,
                    "it is " + now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                            + (ok ? "" : ", which is before the home was made"),
                    ok ? null : "set the machine's clock, for instance with NTP");
        };
    }

    @Bean
    @Order(6)
    DoctorCheck secretsCheck(SecuritySettings settings) {
        return () -> {
            List<String> open = new ArrayList<>();
            for (Path file : List.of(settings.tokenFile(), settings.ignitePasswordFile())) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                if (!mode.endsWith("------")) {
                    open.add(file + " (" + mode + ")");
                }
            }
            return new CheckItem(
                    "secrets",
                    open.isEmpty(),
                    open.isEmpty() ? "only the owner can read them" : "others can read " + String.join(", ", open),
                    open.isEmpty() ? null : "chmod 600 these files");
        };
    }

    @Bean
    @Order(7)
    DoctorCheck portsCheck(Platform platform) {
        return () -> {
            Map<String, Integer> silent = new TreeMap<>();
            for (Map.Entry<String, Integer> port : ports(platform).entrySet()) {
                if (!answers(port.getValue())) {
                    silent.put(port.getKey(), port.getValue());
                }
            }
            return new CheckItem(
                    "ports",
                    silent.isEmpty(),
                    silent.isEmpty() ? "all answer: " + new TreeMap<>(ports(platform)) : "no answer on " + silent,
                    silent.isEmpty()
                            ? null
                            : "see logs/control.log in the home; restart with 'virtugrid down' and 'up'");
        };
    }

    @Bean
    @Order(8)
    DoctorCheck workersCheck(VmService vms) {
        return () -> {
            List<String> notReady = vms.list().stream()
                    .filter(vm -> vm.state() != VmState.READY)
                    .map(vm -> vm.name() + " is " + vm.state())
                    .toList();
            return new CheckItem(
                    "workers",
                    notReady.isEmpty(),
                    notReady.isEmpty() ? "all are READY" : String.join(", ", notReady),
                    notReady.isEmpty() ? null : "'virtugrid events' tells why; 'virtugrid vm start ID' starts one");
        };
    }

    /** Whose guests are not isolated is a warning: an operator may have it so. */
    @Bean
    @Order(8)
    DoctorCheck hostsCheck(HostService hosts) {
        return () -> {
            List<String> away = hosts.hosts().stream()
                    .filter(host -> host.state().equals("UNREACHABLE"))
                    .map(host -> host.name() + " does not answer: " + host.detail())
                    .toList();
            List<String> open = hosts.hosts().stream()
                    .filter(host -> host.isolation() != null && host.isolation().startsWith("none"))
                    .map(host -> "warning: VMs on " + host.name() + " reach more than the grid; isolation is "
                            + host.isolation())
                    .toList();
            List<String> found = Stream.concat(away.stream(), open.stream()).toList();
            return new CheckItem(
                    "hosts",
                    away.isEmpty(),
                    found.isEmpty() ? "all answer" : String.join("; ", found),
                    away.isEmpty() ? null : "see whether libvirtd runs there; 'virtugrid host list' tells more");
        };
    }

    /** Emulation is a warning: it works, and whoever has no other machine wants it. */
    @Bean
    @Order(8)
    DoctorCheck virtualizationCheck(HostService hosts) {
        return () -> new CheckItem(
                "virtualization",
                true,
                hosts.hosts().stream()
                        .map(host -> host.name() + ": " + virtualization(host.virtualization()))
                        .collect(Collectors.joining("; ")),
                null);
    }

    private static String virtualization(String word) {
        return switch (word) {
            case "kvm" -> "kvm, a tiny guest has run on its processor";
            case "emulated" ->
                "warning: emulated, some ten times slower; its libvirt offers no KVM, or a tiny guest did not run on its"
                        + " processor";
            case "process" -> "VMs are processes";
            default -> "not known before the first guest is started there";
        };
    }

    @Bean
    @Order(9)
    DoctorCheck datasetsCheck(Platform platform) {
        return () -> {
            StatusView status = platform.status();
            List<String> lossy = status.datasetsWithLoss() == null ? List.of() : status.datasetsWithLoss();
            return new CheckItem(
                    "datasets",
                    lossy.isEmpty(),
                    lossy.isEmpty() ? "none has lost a chunk" : "chunks without a copy in " + String.join(", ", lossy),
                    lossy.isEmpty() ? null : "bring the missing VMs back, or put the datasets again");
        };
    }

    /** Those that this process listens on; the others belong to nodes that are starting or stopped. */
    private static Map<String, Integer> ports(Platform platform) {
        Map<String, Integer> ports = new TreeMap<>();
        Map<String, Integer> known = platform.status().ports();
        if (known != null) {
            ports.putAll(known);
        }
        ports.keySet().retainAll(List.of("http", "thin", "restHttp"));
        if (!platform.gridReady()) {
            ports.keySet().retainAll(List.of("http"));
        }
        return ports;
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static long availableMemory() throws IOException {
        Path meminfo = Path.of("/proc/meminfo");
        if (Files.exists(meminfo)) {
            for (String line : Files.readAllLines(meminfo)) {
                if (line.startsWith("MemAvailable:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        }
        return Long.MAX_VALUE;
    }
}
