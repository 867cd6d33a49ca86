package org.virtugrid.control.rest.ignite;

import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.ignite.binary.BinaryObject;

/** Values of caches as JSON shows them. */
final class IgniteValues {
    private static final int DEEPEST = 32;

    private IgniteValues() {}

    static Object toJson(Object value) {
        return toJson(value, 0);
    }

    private static Object toJson(Object value, int depth) {
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (depth == DEEPEST) {
            return "…";
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof BinaryObject object) {
            Map<String, Object> fields = new TreeMap<>();
            for (String field : object.type().fieldNames()) {
                fields.put(field, toJson(object.<Object>field(field), depth + 1));
            }
            return fields;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> entries = new TreeMap<>();
            map.forEach((key, entry) -> entries.put(String.valueOf(key), toJson(entry, depth + 1)));
            return entries;
        }
        if (value instanceof Collection<?> values) {
            return values.stream().map(entry -> toJson(entry, depth + 1)).toList();
        }
        return value.toString();
    }
}
