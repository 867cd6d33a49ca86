package org.virtugrid.control.rest;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.PartitionStrategy;
import org.virtugrid.grid.dataset.UploadOptions;
import org.virtugrid.grid.fault.GridException;

/** What the query of an upload says, checked. */
final class UploadRequest {
    private static final Set<String> KNOWN =
            new TreeSet<>(Set.of("strategy", "chunkSize", "backups", "column", "delimiter", "offset", "prefixSha256"));
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int MOST_BACKUPS = 3;
    private static final Map<String, Byte> DELIMITERS = Map.of(
            "tab", (byte) '\t',
            "comma", (byte) ',',
            "semicolon", (byte) ';',
            "space", (byte) ' ',
            "pipe", (byte) '|');

    private final String name;
    private final Map<String, String> query;

    UploadRequest(String name, Map<String, String> query) {
        this.name = Inputs.name("datasetId", name);
        this.query = query;
        for (String given : query.keySet()) {
            if (!KNOWN.contains(given)) {
                throw GridException.invalid(
                        given,
                        "there is no parameter '" + Inputs.shortened(given) + "'",
                        "use one of " + String.join(", ", KNOWN));
            }
        }
    }

    /** How the dataset is to be stored on so many workers, with so many backups where none are asked for. */
    UploadOptions options(int workers, int defaultBackups) {
        PartitionStrategy strategy =
                PartitionStrategy.of(Inputs.shortened(query.getOrDefault("strategy", PartitionStrategy.SIZE.label())));
        int chunkBytes = Inputs.whole("chunkSize", query.get("chunkSize"), CHUNK_BYTES, 4 << 10, 16 << 20);
        int backups = Inputs.whole(
                "backups", query.get("backups"), Math.min(defaultBackups, Math.max(workers - 1, 0)), 0, MOST_BACKUPS);
        if (backups > Math.max(workers - 1, 0)) {
            throw GridException.invalid(
                    "backups",
                    backups + " backups need " + (backups + 1) + " workers, and there are " + workers,
                    "ask for at most " + Math.max(workers - 1, 0) + ", or add workers with 'virtugrid scale'");
        }
        boolean byKey = strategy == PartitionStrategy.KEY;
        onlyWithKey("column", byKey);
        onlyWithKey("delimiter", byKey);
        if (byKey && query.get("column") == null) {
            throw GridException.invalid("column", "column is missing", "strategy key wants a column, counted from 1");
        }
        int column = byKey ? Inputs.whole("column", query.get("column"), 1, 1, 10_000) : 0;
        return new UploadOptions(name, strategy, chunkBytes, backups, column, delimiter(), null);
    }

    /** Whether it continues an upload that broke off. */
    boolean resumes() {
        return query.containsKey("offset") || query.containsKey("prefixSha256");
    }

    /** Fails with CONFLICT unless the client continues exactly what is stored. */
    void checkContinues(DatasetInfo stored, long storedBytes, String storedSha256) {
        String offset = query.get("offset");
        String prefix = query.get("prefixSha256");
        if (offset == null || prefix == null) {
            String missing = offset == null ? "offset" : "prefixSha256";
            throw GridException.invalid(
                    missing, missing + " is missing", "take both from GET /api/datasets/" + name + "/upload");
        }
        long from;
        try {
            from = Long.parseLong(offset);
        } catch (NumberFormatException e) {
            throw GridException.invalid("offset", "offset is not a whole number", "give the bytes that are stored");
        }
        if (from != storedBytes || !prefix.equalsIgnoreCase(storedSha256)) {
            throw conflict(
                    from != storedBytes
                            ? "offset is " + from + ", but " + storedBytes + " bytes are stored"
                            : "the stored part is not the beginning of this file");
        }
        same("strategy", stored.strategy().label());
        same("chunkSize", Integer.toString(stored.chunkSizeBytes()));
        same("backups", Integer.toString(stored.backups()));
        if (stored.strategy() == PartitionStrategy.KEY) {
            same("column", Integer.toString(stored.keyColumn()));
            if (query.containsKey("delimiter") && delimiter() != stored.delimiter()) {
                throw conflict("the upload was begun with another delimiter");
            }
        } else {
            onlyWithKey("column", false);
            onlyWithKey("delimiter", false);
        }
    }

    private void same(String field, String stored) {
        String given = query.get(field);
        if (given != null && !given.equals(stored)) {
            throw conflict("the upload was begun with " + field + " " + stored);
        }
    }

    private static GridException conflict(String detail) {
        return new GridException(
                GridException.Kind.CONFLICT, "offset", detail, "put the file again from its beginning");
    }

    private void onlyWithKey(String field, boolean byKey) {
        if (!byKey && query.containsKey(field)) {
            throw GridException.invalid(
                    field, field + " belongs to strategy key alone", "leave it out, or use strategy=key");
        }
    }

    private byte delimiter() {
        String text = query.getOrDefault("delimiter", "tab");
        Byte named = DELIMITERS.get(text);
        if (named != null) {
            return named;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length != 1 || bytes[0] == '\n') {
            throw GridException.invalid(
                    "delimiter",
                    "'" + Inputs.shortened(text) + "' is not a delimiter",
                    "use tab, comma, semicolon, space, pipe or one ASCII character");
        }
        return bytes[0];
    }
}
