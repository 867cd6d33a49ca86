package org.virtugrid.control.rest.ignite;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.virtugrid.control.rest.problem.ProblemException;
import org.virtugrid.control.rest.problem.Problems;
import org.virtugrid.grid.fault.GridException;

/** What each command of Ignite's REST is to us. What is not listed is not passed on. */
final class IgniteCommands {
    private static final Set<String> READS = Set.of(
            "get",
            "getall",
            "conkey",
            "conkeys",
            "cache",
            "size",
            "metadata",
            "top",
            "node",
            "version",
            "name",
            "clustername",
            "currentstate",
            "state",
            "baseline",
            "dataregion",
            "probe",
            "noop");
    private static final Set<String> WRITES = Set.of(
            "put",
            "putall",
            "putifabs",
            "getput",
            "getputifabs",
            "add",
            "rep",
            "repval",
            "getrep",
            "rmv",
            "rmvval",
            "rmvall",
            "getrmv",
            "clear",
            "cas",
            "append",
            "prepend",
            "updatettl");
    private static final Set<String> ATOMICS = Set.of("incr", "decr");
    private static final Set<String> CACHES = Set.of("getorcreate", "destcache");
    private static final Set<String> QUERIES = Set.of("qryexe", "qryfldexe", "qryscanexe", "qryfetch", "qrycls");

    /** Commands that change the cluster beneath the platform, and what does it properly. */
    private static final Map<String, String> INSTEAD = instead();

    /** Prefixes of caches that belong to the platform. */
    private static final List<String> OURS =
            List.of("virtugrid", "dataset-", "load-", "ignite-sys", "sys-", "ignite_", "tx-");

    private IgniteCommands() {}

    private static Map<String, String> instead() {
        Map<String, String> instead = new HashMap<>();
        String state = "the platform switches the grid itself: use 'virtugrid up' and 'virtugrid down'";
        List.of("activate", "active", "deactivate", "inactive", "setstate").forEach(cmd -> instead.put(cmd, state));
        String members = "members follow the VMs: use 'virtugrid vm create', 'vm destroy' or 'scale'";
        List.of("setbaseline", "addbaseline", "removebaseline").forEach(cmd -> instead.put(cmd, members));
        String users = "the user 'virtugrid' is the only one; its password lies in secrets/ignite-password in the home";
        List.of("adduser", "removeuser", "updateuser", "authenticate").forEach(cmd -> instead.put(cmd, users));
        String jobs = "submit jobs with 'virtugrid run' or POST /api/super-vm/process";
        List.of("exe", "res").forEach(cmd -> instead.put(cmd, jobs));
        instead.put("log", "read the files in logs/ in the home");
        instead.put("quit", "use 'virtugrid down'");
        instead.put("warmup", state);
        instead.put("nodestatebeforestart", "use 'virtugrid status'");
        return instead;
    }

    /** The command in lower case, if it may be used with these parameters; fails otherwise. */
    static String check(Map<String, String> params) {
        String cmd = params.getOrDefault("cmd", "").toLowerCase(Locale.ROOT);
        if (cmd.isEmpty()) {
            throw GridException.invalid("cmd", "cmd is missing", "use one such as get, put, qryfldexe or top");
        }
        String instead = INSTEAD.get(cmd);
        if (instead != null) {
            throw GridException.refused("'" + cmd + "' is not open here", instead);
        }
        String cache = params.getOrDefault("cacheName", "");
        if (WRITES.contains(cmd) || CACHES.contains(cmd)) {
            if (cache.isEmpty()) {
                throw GridException.invalid("cacheName", "cacheName is missing", "name the cache");
            }
            requireOfUser(cache);
        } else if (ATOMICS.contains(cmd)) {
            if (params.getOrDefault("key", "").isEmpty() || isOurs(params.get("key"))) {
                throw GridException.invalid("key", "key is missing, or belongs to the platform", "name the atomic");
            }
        } else if (!READS.contains(cmd) && !QUERIES.contains(cmd)) {
            throw new ProblemException(Problems.invalid(
                    "cmd",
                    "'" + (cmd.length() > 40 ? cmd.substring(0, 40) + "…" : cmd) + "' is not a command",
                    "use one such as get, put, getall, qryscanexe, qryfldexe, qryfetch, qrycls or top"));
        }
        return cmd;
    }

    /** Fails if a cache of that name belongs to the platform. */
    static void requireOfUser(String cache) {
        if (isOurs(cache)) {
            throw GridException.refused(
                    "cache '" + cache + "' belongs to the platform",
                    "datasets are changed through /api/datasets; use a cache of your own");
        }
    }

    /** Whether a cache of that name belongs to the platform. */
    private static boolean isOurs(String cache) {
        String name = cache.toLowerCase(Locale.ROOT);
        return OURS.stream().anyMatch(name::startsWith);
    }
}
