package org.virtugrid.cli.format;

import org.virtugrid.cli.failure.CliException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** JSON as the grid speaks it: unknown fields are kept, numbers are never rounded. */
public final class Json {
    /** More than the grid takes, so that it is the one to say what is too much. */
    private static final int LONGEST_NUMBER = 1 << 18;

    private static final int LONGEST_STRING = 64 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxStringLength(LONGEST_STRING)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Parses text that came from the grid or from a file of ours. */
    public static JsonNode parse(String text) throws JacksonException {
        return MAPPER.readTree(text);
    }

    /** Parses text that the user gave; {@code origin} names it in the error. */
    public static JsonNode parseInput(String text, String origin) {
        try {
            JsonNode parsed = MAPPER.readTree(text);
            if (parsed.isMissingNode()) {
                throw CliException.wrongInput(origin + " is empty; JSON is wanted");
            }
            return parsed;
        } catch (NumberFormatException | ArithmeticException e) {
            throw CliException.wrongInput(
                    origin + " has a number beyond what can be read; give exponents of at most 9999");
        } catch (JacksonException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            String why = e.getOriginalMessage();
            int internals = why.indexOf(" (start marker");
            throw CliException.wrongInput(
                    origin + " is not valid JSON" + place + ": " + (internals < 0 ? why : why.substring(0, internals)));
        }
    }

    public static <T> T read(JsonNode node, Class<T> type) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JacksonException e) {
            throw new CliException(
                    1, "the grid's answer is not what this version understands: " + e.getOriginalMessage(), e);
        }
    }

    public static JsonNode toTree(Object value) {
        return MAPPER.valueToTree(value);
    }

    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    public static String pretty(Object value) {
        return MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
    }

    public static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    public static String yaml(Object value) {
        // Made on demand: most runs never need YAML, and the library costs start-up time
        return YAMLMapper.builder().build().writeValueAsString(value);
    }
}
