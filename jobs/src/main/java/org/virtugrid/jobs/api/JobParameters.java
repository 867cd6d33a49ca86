package org.virtugrid.jobs.api;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The parameters of a task, as text, with checked access. Immutable. */
public final class JobParameters implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TreeMap<String, String> values;

    /** Copies the given parameters. */
    public JobParameters(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    /** All parameters, sorted by name. */
    public Map<String, String> asMap() {
        return Collections.unmodifiableMap(values);
    }

    /** The parameter's text, or the given value where it is absent. */
    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** Whether the parameter is given. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The parameter's text, which must be one of the given choices; the first where it is absent. */
    public String choice(String name, String... choices) throws InvalidJobException {
        String text = values.getOrDefault(name, choices[0]);
        if (!List.of(choices).contains(text)) {
            throw new InvalidJobException(
                    name, "'" + text + "' is not a choice", "give one of " + String.join(", ", choices));
        }
        return text;
    }

    /** The parameter as a whole number within bounds, or the given value where it is absent. */
    public long whole(String name, long otherwise, long min, long max) throws InvalidJobException {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.trim());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the same message as a number out of bounds
        }
        throw new InvalidJobException(
                name, "'" + text + "' is not a whole number from " + min + " to " + max, "give one in that range");
    }

    /** The parameter as true or false; absent is false. */
    public boolean flag(String name) throws InvalidJobException {
        String text = values.getOrDefault(name, "false");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new InvalidJobException(name, "'" + text + "' is neither true nor false", "give one of them");
        };
    }

    /**
     * Refuses parameters that the operation does not know.
     *
     * @param known the names it knows
     */
    public void allowOnly(Set<String> known) throws InvalidJobException {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new InvalidJobException(
                        name,
                        "is not a parameter of this operation",
                        known.isEmpty() ? "leave it out" : "use one of " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }
}
