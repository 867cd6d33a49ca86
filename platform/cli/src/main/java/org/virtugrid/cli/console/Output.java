package org.virtugrid.cli.console;

import java.util.function.Supplier;
import org.virtugrid.cli.format.Json;

/** Where a command's answer and its messages go. */
public final class Output {
    private final Console console;
    private final OutputFormat format;
    private final boolean quiet;

    public Output(Console console, OutputFormat format, boolean quiet) {
        this.console = console;
        this.format = format;
        this.quiet = quiet;
    }

    /** Prints the answer: {@code value} as JSON or YAML, or the text for people. */
    public void data(Object value, Supplier<String> table) {
        String text =
                switch (format) {
                    case json -> Json.pretty(value);
                    case yaml -> Json.yaml(value);
                    case table -> table.get();
                };
        console.out().print(text);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            console.out().print('\n');
        }
        console.out().flush();
    }

    /** Prints one of a stream of answers: JSON on one line, YAML as a document of its own. */
    public void item(Object value, Supplier<String> line) {
        console.out()
                .print(
                        switch (format) {
                            case json -> Json.line(value) + "\n";
                            case yaml -> Json.yaml(value);
                            case table -> line.get() + "\n";
                        });
        console.out().flush();
    }

    /** Tells the person in front of it something on stderr, unless asked to be quiet. */
    public void message(String text) {
        if (!quiet) {
            console.err().println(text);
        }
    }

    /** Tells something that must be read even by those who asked for quiet. */
    public void warning(String text) {
        console.err().println("virtugrid: " + text);
    }

    public boolean quiet() {
        return quiet;
    }

    public boolean forPeople() {
        return format == OutputFormat.table;
    }
}
