package org.virtugrid.grid.thin;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.virtugrid.grid.fault.GridException;

/** What a thin client gave to a call, checked. Keeps between two goes what the first one did. */
final class Arguments implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int MOST_PARAMETERS = 100;
    private static final int LONGEST_TEXT = 64 << 10;

    private final Map<String, Object> given;
    private String begun;

    Arguments(Map<String, Object> given) {
        this.given = given == null ? Map.of() : new HashMap<>(given);
    }

    /** Refuses names that the call doesn't know. */
    void know(String... names) {
        for (Object name : given.keySet()) {
            if (!(name instanceof String text) || !List.of(names).contains(text)) {
                throw GridException.invalid(
                        "argument", "there is no argument '" + name + "'", "give " + String.join(", ", names));
            }
        }
    }

    /** Text, or null. */
    String text(String name) {
        return of(name, String.class, "text");
    }

    /** Text that must be there. */
    String requiredText(String name) {
        String text = text(name);
        if (text == null) {
            throw GridException.invalid(name, name + " is missing", "give it as text");
        }
        return text;
    }

    /** A whole number. */
    int whole(String name, int otherwise) {
        Integer value = of(name, Integer.class, "an int");
        return value == null ? otherwise : value;
    }

    /** True or false. */
    boolean flag(String name) {
        return Boolean.TRUE.equals(of(name, Boolean.class, "a boolean"));
    }

    /** Parameters of an operation: text, numbers, true and false. */
    Map<String, String> parameters() {
        Map<?, ?> map = of("parameters", Map.class, "a map");
        Map<String, String> parameters = new TreeMap<>();
        if (map == null) {
            return parameters;
        }
        map.forEach((name, value) -> {
            boolean scalar = value instanceof String || value instanceof Number || value instanceof Boolean;
            if (!(name instanceof String key) || !scalar || value.toString().length() > LONGEST_TEXT) {
                throw GridException.invalid(
                        "parameters", "parameter '" + name + "' is wrong", "give text, a number, true or false");
            }
            parameters.put(key, value.toString());
        });
        if (parameters.size() > MOST_PARAMETERS) {
            throw GridException.invalid(
                    "parameters", "there are more than " + MOST_PARAMETERS + " parameters", "give fewer");
        }
        return parameters;
    }

    private <T> T of(String name, Class<T> type, String kind) {
        Object value = given.get(name);
        if (value != null && !type.isInstance(value)) {
            throw GridException.invalid(name, name + " is not " + kind, "give it as " + kind);
        }
        return type.cast(value);
    }

    /** What an earlier go of the same call began, or null. */
    String begun() {
        return begun;
    }

    /** Remembers what this go began. */
    void begun(String what) {
        begun = what;
    }
}
