package org.virtugrid.e2e.harness;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON strictly: one value, no duplicate names, nothing behind it, numbers with all their digits. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /** The one value that the text is. */
    public static JsonNode parse(String text) {
        return MAPPER.readTree(text);
    }

    /** A value as JSON text. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
