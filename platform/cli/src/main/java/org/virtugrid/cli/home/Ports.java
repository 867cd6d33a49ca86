package org.virtugrid.cli.home;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.virtugrid.cli.failure.CliException;

/** Chooses the ports of a home: stable once chosen, and never where the kernel takes ports for connections from. */
public final class Ports {
    static final int THIN = 10_800;
    static final int FIRST_BLOCK = 21_000;
    static final int BLOCK = 100;
    static final int LAST = 32_767;

    /** Places within the block; workers take the rest of it from {@code workerBase} up. */
    private static final Map<String, Integer> PLACES =
            Map.of("restHttp", 0, "restTcp", 1, "discovery", 2, "communication", 3, "workerBase", 10);

    private Ports() {}

    /**
     * The ports for a cold start.
     *
     * @param known those of the last run, empty at first
     * @param thin wanted port for thin clients, 0 for the known one or else the first free one from 10800 up
     * @param seed any number, the same for the same home: homes that start at once shall look in different places
     * @param free tells whether nobody listens on a port
     */
    public static Map<String, Integer> choose(
            Map<String, Integer> known, int http, int thin, int seed, IntPredicate free) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("http", http);
        ports.put("thin", thin > 0 ? thin : known.getOrDefault("thin", nextFree(THIN, http, free)));
        boolean complete = known.keySet().containsAll(PLACES.keySet());
        int block = complete ? 0 : freeBlock(http, ports.get("thin"), seed, free);
        PLACES.forEach((use, place) -> ports.put(use, complete ? known.get(use) : block + place));
        if (complete) {
            replaceBusy(ports, free);
        }
        return ports;
    }

    private static void replaceBusy(Map<String, Integer> ports, IntPredicate free) {
        for (String use : PLACES.keySet()) {
            if (!use.equals("workerBase") && !free.test(ports.get(use))) {
                int candidate = FIRST_BLOCK;
                while (ports.containsValue(candidate) || !free.test(candidate)) {
                    candidate = next(candidate);
                }
                ports.put(use, candidate);
            }
        }
    }

    /** The first free port from {@code first} up that is not {@code taken}. */
    public static int nextFree(int first, int taken, IntPredicate free) {
        int candidate = first;
        while (candidate == taken || !free.test(candidate)) {
            candidate = next(candidate);
        }
        return candidate;
    }

    private static int freeBlock(int http, int thin, int seed, IntPredicate free) {
        int blocks = (LAST - FIRST_BLOCK) / BLOCK;
        for (int i = 0; i < blocks; i++) {
            int first = FIRST_BLOCK + Math.floorMod(seed + i, blocks) * BLOCK;
            boolean outside = (http < first || http >= first + BLOCK) && (thin < first || thin >= first + BLOCK);
            if (outside && IntStream.range(first, first + BLOCK).allMatch(free)) {
                return first;
            }
        }
        throw CliException.failed("no " + BLOCK + " free ports in a row between " + FIRST_BLOCK + " and " + LAST);
    }

    private static int next(int port) {
        if (port >= 65_535) {
            throw CliException.failed("no free port is left on this machine");
        }
        return port + 1;
    }
}
