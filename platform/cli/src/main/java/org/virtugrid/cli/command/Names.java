package org.virtugrid.cli.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.virtugrid.cli.failure.CliException;
import org.virtugrid.cli.format.Table;

/** Names and {@code key=value} pairs as they come from the command line. */
final class Names {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private Names() {}

    /** Returns the name of something that is going to be made, or throws. */
    static String fresh(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw CliException.wrongInput("'" + Table.printable(name) + "' is no name for a " + what
                    + ": take letters, digits, '.', '_' and '-', at most 63, the first a letter or digit");
        }
        return name;
    }

    static Map<String, String> pairs(String option, List<String> given) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : given) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw CliException.wrongInput(
                        option + " " + Table.printable(pair) + ": write it like " + option + " key=value");
            }
            if (pairs.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                throw CliException.wrongInput(option + " " + pair.substring(0, equals) + " is given twice");
            }
        }
        return pairs;
    }
}
