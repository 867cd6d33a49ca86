package org.virtugrid.control.vm.libvirt;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.virtugrid.control.vm.VmDriverException;
import org.virtugrid.control.vm.VmDriverException.Kind;
import org.virtugrid.control.vm.VmRecord;

/** The hosts of a platform, and which guest is where. Safe for use by several threads. */
final class Hosts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hosts.class);
    private static final long PATIENCE_SECONDS = 15;

    private final Map<String, HostVms> byName;
    private final ExecutorService lookers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "libvirt-look");
        thread.setDaemon(true);
        return thread;
    });

    Hosts(List<HostSettings> settings, Function<HostSettings, HostVms> open) {
        this.byName = settings.stream()
                .map(open)
                .collect(Collectors.toMap(HostVms::name, Function.identity(), (one, other) -> one, TreeMap::new));
    }

    /** All hosts by name. */
    Collection<HostVms> all() {
        return byName.values();
    }

    /** The host of that name; NOT_FOUND when there is none. */
    HostVms named(String name) {
        HostVms host = byName.get(name);
        if (host == null) {
            throw new VmDriverException(Kind.NOT_FOUND, "there is no host " + name + "; there are " + byName.keySet());
        }
        return host;
    }

    /**
     * The host that a guest is on. Two hosts have its record when control died while it was moving, or somebody moved it by
     * hand: then it is on the one where it runs, else on the one it moved to last, and else where it was seen; while one of them
     * can't tell, it may be there.
     */
    HostVms of(String id) {
        return all().stream()
                .filter(host -> host.records().containsKey(id))
                .max(Comparator.comparing((HostVms host) -> host.claim(id) == HostVms.RUNS_HERE)
                        .thenComparing(host -> host.claim(id) > 0)
                        .thenComparingInt(host -> host.moves(id))
                        .thenComparingInt(host -> host.claim(id))
                        .thenComparing(HostVms::name))
                .orElseThrow(() -> new VmDriverException(Kind.NOT_FOUND, "there is no VM " + id));
    }

    boolean know(String id) {
        return all().stream().anyMatch(host -> host.records().containsKey(id));
    }

    /** The records of all guests on all hosts. */
    List<LibvirtVm> guests() {
        return all().stream().flatMap(host -> host.records().values().stream()).toList();
    }

    /** The same by their host's name. */
    Map<String, List<LibvirtVm>> guestsByHost() {
        return all().stream()
                .collect(Collectors.toMap(
                        HostVms::name, host -> List.copyOf(host.records().values())));
    }

    /** The same as others know them, each once, by name. */
    List<VmRecord> records() {
        return all().stream()
                .flatMap(host -> host.records().keySet().stream())
                .distinct()
                .flatMap(id -> record(id).stream())
                .sorted(Comparator.comparing(VmRecord::name).thenComparing(VmRecord::id))
                .toList();
    }

    private Optional<VmRecord> record(String id) {
        try {
            HostVms host = of(id);
            return Optional.of(host.find(id).toRecord(host.name()));
        } catch (VmDriverException e) {
            return Optional.empty(); // it was destroyed in between
        }
    }

    /** Where a new guest goes: the host with the fewest, of those that fit by name, answer and are not in maintenance. */
    HostVms leastUsed(Predicate<String> fitting) {
        return all().stream()
                .filter(host -> host.host().answers() && !host.maintained() && fitting.test(host.name()))
                .min(Comparator.comparingInt((HostVms host) -> host.records().size())
                        .thenComparing(HostVms::name))
                .orElseThrow(() -> new VmDriverException(
                        Kind.FAILED,
                        "no host takes guests: "
                                + all().stream().map(Hosts::obstacle).collect(Collectors.joining("; "))));
    }

    private static String obstacle(HostVms host) {
        String failure = host.failure();
        return failure != null
                ? failure
                : "host " + host.name()
                        + (host.maintained() ? " is in maintenance" : " does not fit or does not answer");
    }

    /** Does something with each host at the same time; waits some seconds for those that are slow. */
    void everywhere(Consumer<HostVms> work) {
        List<? extends Future<?>> asked = all().stream()
                .map(host -> lookers.submit(() -> work.accept(host)))
                .toList();
        for (Future<?> one : asked) {
            try {
                one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                LOG.debug("A host was not asked: {}", e.toString());
            }
        }
    }

    /** Asks each host that answers; what the others have is known from earlier only. */
    void askEach(Consumer<HostVms> question) {
        everywhere(host -> {
            try {
                question.accept(host);
            } catch (VmDriverException e) {
                LOG.warn("{}; what it runs is known from earlier only", e.getMessage());
            }
        });
    }

    /** Does something beside the caller, who may be one of libvirt's own threads, which must not ask libvirt. */
    void later(Runnable work) {
        try {
            lookers.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("Nobody wants to know any more: {}", e.toString());
        }
    }

    @Override
    public void close() {
        all().forEach(HostVms::close);
        lookers.shutdown();
    }
}
