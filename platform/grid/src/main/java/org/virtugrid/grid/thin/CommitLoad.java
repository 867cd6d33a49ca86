package org.virtugrid.grid.thin;

import java.util.LinkedHashMap;
import java.util.Map;
import org.virtugrid.grid.GridServices;
import org.virtugrid.grid.dataset.DatasetInfo;
import org.virtugrid.grid.dataset.PartitionStrategy;
import org.virtugrid.grid.dataset.UploadOptions;
import org.virtugrid.grid.fault.GridException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a dataset of loaded pieces. Arguments: dataset, cache and pieces (how many); strategy, chunkSize, backups, and for
 * strategy key column and delimiter (one ASCII character). Answers the dataset as JSON: datasetId, sizeBytes, chunks,
 * backups, sha256, seconds.
 */
public final class CommitLoad extends ThinTask {
    private static final long serialVersionUID = 1L;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Override
    String answer(GridServices services, Arguments arguments) {
        arguments.know("dataset", "cache", "pieces", "strategy", "chunkSize", "backups", "column", "delimiter");
        String strategy = arguments.text("strategy");
        boolean byKey = PartitionStrategy.KEY.label().equals(strategy);
        if (!byKey && (arguments.text("delimiter") != null || arguments.whole("column", 0) != 0)) {
            throw GridException.invalid("column", "column and delimiter belong to strategy key", "leave them out");
        }
        UploadOptions options = new UploadOptions(
                arguments.requiredText("dataset"),
                strategy == null ? PartitionStrategy.SIZE : PartitionStrategy.of(strategy),
                arguments.whole("chunkSize", 1 << 20),
                arguments.whole("backups", services.loads().usualBackups()),
                arguments.whole("column", 0),
                delimiter(arguments.text("delimiter")),
                null);
        DatasetInfo info =
                services.loads().commit(arguments.requiredText("cache"), arguments.whole("pieces", -1), options);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("datasetId", info.name());
        json.put("sizeBytes", info.sizeBytes());
        json.put("chunks", info.chunks());
        json.put("backups", info.backups());
        json.put("sha256", info.sha256());
        json.put("seconds", info.seconds());
        return JSON.writeValueAsString(json);
    }

    private static byte delimiter(String text) {
        if (text == null) {
            return '\t';
        }
        if (text.length() != 1 || text.charAt(0) > 127 || text.charAt(0) == '\n') {
            throw GridException.invalid("delimiter", "'" + text + "' is not a delimiter", "give one ASCII character");
        }
        return (byte) text.charAt(0);
    }
}
