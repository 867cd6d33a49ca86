package org.virtugrid.cli.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.virtugrid.cli.failure.CliException;

/** Asks before something is deleted; without a terminal only {@code --yes} will do. */
public final class Confirmation {
    private final Console console;

    public Confirmation(Console console) {
        this.console = console;
    }

    /** Returns when the answer is yes; else throws. */
    public void yesNo(boolean yesGiven, String question) {
        if (yesGiven) {
            return;
        }
        String answer = ask(question + " [y/N] ", question).toLowerCase(Locale.ROOT);
        if (!answer.equals("y") && !answer.equals("yes")) {
            throw CliException.failed("nothing was deleted");
        }
    }

    /** Returns when the word was typed exactly; else throws. */
    public void typed(boolean yesGiven, String question, String word) {
        if (yesGiven) {
            return;
        }
        if (!ask(question + "\nType " + word + " to confirm: ", question).equals(word)) {
            throw CliException.failed("nothing was deleted");
        }
    }

    private String ask(String prompt, String question) {
        if (!console.canAsk()) {
            throw CliException.wrongInput(question.replace('\n', ' ') + " There is no terminal to ask on: add --yes");
        }
        console.err().print(prompt);
        console.err().flush();
        return readLine(console.in()).strip();
    }

    private static String readLine(InputStream in) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                line.write(b);
            }
        } catch (IOException e) {
            return "";
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
