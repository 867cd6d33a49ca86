package org.virtugrid.grid.compute;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.virtugrid.jobs.api.InvalidJobException;
import org.virtugrid.jobs.api.ValueRecords;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/** Inline input and results as JSON text; numbers keep their digits both ways. */
final class ResultJson {
    private static final int LONGEST_STRING = 64 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(LONGEST_STRING)
                            .maxNumberLength(TaskSpec.LONGEST_NUMBER)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .build();

    private static final String WANTED =
            "return null, a string, a boolean, a finite number, or a list or a map with string keys of such values";

    private ResultJson() {}

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** A job's answer as JSON values; refused where it has no such form, as NaN has none. */
    static JsonNode tree(Object value) throws InvalidJobException {
        JsonNode tree;
        try {
            tree = MAPPER.valueToTree(value);
        } catch (StackOverflowError e) {
            throw new InvalidJobException("result", "contains itself, or is nested too deeply", WANTED);
        } catch (JacksonException e) {
            throw new InvalidJobException("result", "has no JSON form (" + e.getOriginalMessage() + ")", WANTED);
        }
        requireFinite(tree);
        requireCharacters("result", tree);
        return tree;
    }

    private static void requireFinite(JsonNode tree) throws InvalidJobException {
        if (tree.isFloatingPointNumber() && !tree.isBigDecimal() && !Double.isFinite(tree.doubleValue())) {
            throw new InvalidJobException(
                    "result", "has the number " + tree.asString() + ", which JSON has not", WANTED);
        }
        for (JsonNode child : tree) {
            requireFinite(child);
        }
    }

    /** A value from its JSON. */
    static JsonNode parse(String json) {
        return MAPPER.readTree(json);
    }

    /** The values of a JSON array. */
    static List<JsonNode> array(String json) throws InvalidJobException {
        try {
            JsonNode root = MAPPER.readTree(json);
            if (root.isArray()) {
                if (mayHaveSurrogates(json)) {
                    requireCharacters("input", root);
                }
                return new ArrayList<>(root.values());
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw new InvalidJobException(
                    "input", "has a number beyond what can be read", "give exponents of at most 9999");
        } catch (JacksonException e) {
            throw new InvalidJobException("input", "is not JSON (" + e.getOriginalMessage() + ")", "give an array");
        }
        throw new InvalidJobException("input", "is JSON but not an array", "give an array such as [3, 1, 2]");
    }

    private static boolean mayHaveSurrogates(String json) {
        for (int i = 0; i < json.length(); i++) {
            if (json.charAt(i) == '\\' || Character.isSurrogate(json.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** Half a character has no bytes: all of them would look alike. */
    private static void requireCharacters(String field, JsonNode value) throws InvalidJobException {
        if (value.isString() && !StandardCharsets.UTF_8.newEncoder().canEncode(value.stringValue())) {
            throw new InvalidJobException(
                    field,
                    "has a lone surrogate, which is half a character",
                    "send the character whole, or leave it out");
        }
        for (JsonNode child : value) {
            requireCharacters(field, child);
        }
        for (String name : value.propertyNames()) {
            requireCharacters(field, StringNode.valueOf(name));
        }
    }

    /** The values as records. */
    static ValueRecords records(List<JsonNode> values) {
        List<byte[]> texts = new ArrayList<>(values.size());
        List<ValueRecords.Kind> kinds = new ArrayList<>(values.size());
        for (JsonNode value : values) {
            String text = value.isString() ? value.stringValue() : value.toString();
            texts.add(text.getBytes(StandardCharsets.UTF_8));
            kinds.add(
                    value.isNumber()
                            ? ValueRecords.Kind.NUMBER
                            : value.isString() ? ValueRecords.Kind.STRING : ValueRecords.Kind.OTHER);
        }
        return new ValueRecords(texts, kinds);
    }
}
