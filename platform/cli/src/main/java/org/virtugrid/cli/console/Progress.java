package org.virtugrid.cli.console;

import java.util.Locale;
import org.virtugrid.cli.format.ByteSize;
import org.virtugrid.cli.format.TimeSpan;

/**
 * Progress on stderr: one line that is rewritten on a terminal, elsewhere a plain line now and then. Not safe for use
 * by several threads.
 */
public final class Progress implements AutoCloseable {
    private static final int BAR = 24;
    private static final int WIDTH = 78;
    private static final long TERMINAL_NANOS = 100_000_000L;
    private static final long PLAIN_NANOS = 2_000_000_000L;

    private final Console console;
    private final boolean quiet;
    private final long began = System.nanoTime();
    private long lastShown;
    private String lastText = "";
    private boolean lineOpen;
    private long measuredAt = began;
    private double measuredUnits = Double.NaN;
    private double rate;

    public Progress(Console console, boolean quiet) {
        this.console = console;
        this.quiet = quiet;
    }

    /** Shows what is being done; a plain console gets a line only when the text differs from the last one. */
    public void stage(String text) {
        if (quiet) {
            return;
        }
        if (console.errTerminal()) {
            if (due(TERMINAL_NANOS) || !text.equals(lastText)) {
                String spinner = "|/-\\"
                        .substring((int) (elapsedNanos() / 200_000_000L % 4))
                        .substring(0, 1);
                rewrite(spinner + " " + text + "  " + TimeSpan.human(Math.floor(elapsedSeconds())));
            }
        } else if (!text.equals(lastText)) {
            line(text);
        }
        lastText = text;
    }

    /** Shows how much of a transfer is done; {@code total} below zero means that nobody knows. */
    public void bytes(String what, long done, long total) {
        if (quiet || !due(console.errTerminal() ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        measure(done);
        String amount = ByteSize.human(done) + (total < 0 ? "" : " of " + ByteSize.human(total));
        String speed = rate > 0 ? "  " + ByteSize.human(rate) + "/s" : "";
        String left = rate > 0 && total > done ? "  " + TimeSpan.human((total - done) / rate) + " left" : "";
        show(what, total > 0 ? (double) done / total : Double.NaN, amount + speed + left);
    }

    /** Shows a share between 0 and 1. */
    public void share(String what, double share, String detail) {
        if (quiet || !due(console.errTerminal() ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        show(what, share, detail + "  " + TimeSpan.human(Math.floor(elapsedSeconds())));
    }

    public double elapsedSeconds() {
        return elapsedNanos() / 1e9;
    }

    @Override
    public void close() {
        clear();
    }

    /** Removes the line that is being rewritten, so that other text may follow. */
    public void clear() {
        if (lineOpen) {
            console.err().print("\r\033[K");
            console.err().flush();
            lineOpen = false;
        }
    }

    private void show(String what, double share, String detail) {
        String percent = Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%3.0f %%  ", 100 * Math.min(1, share));
        if (!console.errTerminal()) {
            line(what + "  " + percent + detail);
        } else if (Double.isNaN(share)) {
            rewrite(what + "  " + detail);
        } else {
            int filled = (int) (BAR * Math.min(1, share));
            rewrite(what + " [" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " + percent + detail);
        }
    }

    private void measure(long done) {
        long now = System.nanoTime();
        double seconds = (now - measuredAt) / 1e9;
        if (!Double.isNaN(measuredUnits) && seconds > 0) {
            double current = (done - measuredUnits) / seconds;
            rate = rate == 0 ? current : 0.8 * rate + 0.2 * current;
        }
        measuredAt = now;
        measuredUnits = done;
    }

    private long elapsedNanos() {
        return System.nanoTime() - began;
    }

    private boolean due(long everyNanos) {
        return elapsedNanos() - lastShown >= everyNanos;
    }

    private void line(String text) {
        lastShown = elapsedNanos();
        console.err().println(text);
    }

    private void rewrite(String text) {
        lastShown = elapsedNanos();
        String shown = text.length() <= WIDTH ? text : text.substring(0, WIDTH - 3) + "...";
        console.err().print("\r" + shown + "\033[K");
        console.err().flush();
        lineOpen = true;
    }
}
