package org.virtugrid.control.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.virtugrid.control.rest.problem.ProblemException;
import org.virtugrid.control.rest.problem.Problems;
import org.virtugrid.grid.compute.TaskSpec;
import org.virtugrid.grid.fault.GridException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads data processing tasks from JSON. By hand, because the input must reach the job as it was written: numbers keep
 * their digits, and tens of megabytes don't become a tree of objects. So {@code inputData} is cut out of the text.
 */
final class ProcessRequestReader {
    /** Tasks in one call; more come in several calls. */
    static final int MOST_TASKS = 50_000;

    private static final int MOST_PARAMETERS = 100;
    private static final int LONGEST_PARAMETER = 64 * 1024;

    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(TaskSpec.LONGEST_NUMBER)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** One task from a JSON object. */
    TaskSpec readOne(InputStream body) throws IOException {
        String text = utf8(body.readAllBytes());
        try (JsonParser parser = json.createParser(text)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, "body", "the body is not a JSON object");
            TaskSpec task = read(parser, text);
            expect(parser.nextToken() == null, "body", "something follows the JSON object");
            return task;
        }
    }

    /** Many tasks from a JSON array of objects. */
    List<TaskSpec> readArray(InputStream body) throws IOException {
        String text = utf8(body.readAllBytes());
        List<TaskSpec> tasks = new ArrayList<>();
        try (JsonParser parser = json.createParser(text)) {
            expect(parser.nextToken() == JsonToken.START_ARRAY, "body", "the body is not a JSON array");
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(
                        parser.currentToken() == JsonToken.START_OBJECT,
                        "body",
                        "element " + tasks.size() + " is not a JSON object");
                add(tasks, read(parser, text));
            }
            expect(parser.nextToken() == null, "body", "something follows the JSON array");
        }
        return tasks;
    }

    /** Many tasks, one JSON object a line; empty lines are skipped. */
    List<TaskSpec> readLines(InputStream body) throws IOException {
        List<TaskSpec> tasks = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 * 1024];
        int number = 1;
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            int start = 0;
            for (int i = 0; i < count; i++) {
                if (buffer[i] == '\n') {
                    line.write(buffer, start, i - start);
                    readLine(tasks, line, number);
                    start = i + 1;
                    number++;
                }
            }
            line.write(buffer, start, count - start);
        }
        readLine(tasks, line, number);
        return tasks;
    }

    private void readLine(List<TaskSpec> tasks, ByteArrayOutputStream line, int number) throws IOException {
        byte[] bytes = line.toByteArray();
        line.reset();
        String text = utf8(bytes);
        if (text.isBlank()) {
            return;
        }
        try (JsonParser parser = json.createParser(text)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, "body", "it is not a JSON object");
            add(tasks, read(parser, text));
            expect(parser.nextToken() == null, "body", "something follows the JSON object");
        } catch (GridException e) {
            throw GridException.invalid(e.field(), "line " + number + ": " + e.getMessage(), e.fix());
        } catch (tools.jackson.core.JacksonException e) {
            throw GridException.invalid(
                    "body",
                    "line " + number + " is not valid JSON: " + Inputs.shortened(e.getOriginalMessage()),
                    "send one JSON object a line");
        }
    }

    private static void add(List<TaskSpec> tasks, TaskSpec task) {
        if (tasks.size() == MOST_TASKS) {
            throw new ProblemException(Problems.of(
                    "too-large",
                    org.springframework.http.HttpStatus.CONTENT_TOO_LARGE,
                    "there are more than " + MOST_TASKS + " tasks in one call",
                    null,
                    "send them in several calls"));
        }
        tasks.add(task);
    }

    private TaskSpec read(JsonParser parser, String text) {
        String inputJson = null;
        String dataset = null;
        String operation = null;
        String saveAs = null;
        Map<String, String> parameters = Map.of();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_NULL) {
                known(field);
                continue;
            }
            switch (field) {
                case "inputData" -> {
                    expect(value == JsonToken.START_ARRAY, field, "inputData is not a JSON array");
                    int start = (int) parser.currentTokenLocation().getCharOffset();
                    skip(parser);
                    inputJson = text.substring(
                            start, (int) parser.currentTokenLocation().getCharOffset() + 1);
                }
                case "dataset" -> dataset = Inputs.name(field, string(parser, field));
                case "operation" -> operation = string(parser, field);
                case "saveAs" -> saveAs = Inputs.name(field, string(parser, field));
                case "parameters" -> parameters = parameters(parser);
                default -> known(field);
            }
        }
        if (operation == null || operation.isBlank()) {
            throw GridException.invalid("operation", "operation is missing", "name one, such as sort or word-count");
        }
        if ((inputJson == null) == (dataset == null)) {
            throw GridException.invalid(
                    "inputData",
                    inputJson == null ? "there is no input" : "there are both inputData and dataset",
                    "give exactly one of inputData and dataset");
        }
        return new TaskSpec("process", operation, parameters, dataset, inputJson, saveAs);
    }

    private static void known(String field) {
        expect(
                List.of("inputData", "dataset", "operation", "parameters", "saveAs")
                        .contains(field),
                field,
                "there is no field '" + Inputs.shortened(field) + "'");
    }

    /** Passes over an array or object without keeping any of it; numbers of any length are read. */
    private static void skip(JsonParser parser) {
        for (int depth = 1; depth > 0; ) {
            JsonToken token = parser.nextToken();
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
        }
    }

    private static Map<String, String> parameters(JsonParser parser) {
        expect(parser.currentToken() == JsonToken.START_OBJECT, "parameters", "parameters is not a JSON object");
        Map<String, String> parameters = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String field = "parameters." + Inputs.shortened(name);
            JsonToken value = parser.nextToken();
            expect(value.isScalarValue(), field, field + " is neither text nor a number nor true or false");
            if (value == JsonToken.VALUE_NULL) {
                continue;
            }
            String text = parser.getString();
            expect(text.length() <= LONGEST_PARAMETER, field, field + " is longer than " + LONGEST_PARAMETER);
            switch (name) {
                case "cpu" -> bounded(field, text, 1024);
                case "memory" -> bounded(field, text, 16 << 20);
                default -> {}
            }
            parameters.put(name, text);
            expect(
                    parameters.size() <= MOST_PARAMETERS,
                    "parameters",
                    "there are more than " + MOST_PARAMETERS + " parameters");
        }
        return parameters;
    }

    private static void bounded(String field, String text, int most) {
        try {
            double value = Double.parseDouble(text);
            if (value > 0 && value <= most) {
                return;
            }
        } catch (NumberFormatException e) {
            // the same message as for a number out of bounds
        }
        throw GridException.invalid(
                field,
                field + " is '" + Inputs.shortened(text) + "', which is not a number above 0 up to " + most,
                "give one in that range");
    }

    private static String string(JsonParser parser, String field) {
        expect(parser.currentToken() == JsonToken.VALUE_STRING, field, field + " is not text");
        return parser.getString();
    }

    private static void expect(boolean right, String field, String detail) {
        if (!right) {
            throw GridException.invalid(
                    field,
                    detail,
                    "send {\"operation\":…, \"inputData\":[…] or \"dataset\":…, \"parameters\":{…}, \"saveAs\":…}");
        }
    }

    private static String utf8(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw GridException.invalid("body", "the body is not UTF-8", "send valid JSON in UTF-8");
        }
    }
}
