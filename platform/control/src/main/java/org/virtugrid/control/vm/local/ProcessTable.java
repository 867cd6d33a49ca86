package org.virtugrid.control.vm.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The kernel's table of processes, read from {@code /proc}. */
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final int STATE = 0;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int START_TICKS = 19;
    private static final int RESIDENT_PAGES = 21;
    private static final long PAGE_BYTES = 4096;

    /** Ticks a second; the kernel shows 100 to user space on every machine VirtuGrid runs on. */
    public static final long TICKS_PER_SECOND = 100;

    private ProcessTable() {}

    /** A row of the table. */
    public record Entry(long pid, String state, long cpuTicks, long startTicks, long residentBytes) {
        /** Ended, and only its exit code is left. */
        public boolean ended() {
            return state.equals("Z") || state.equals("X");
        }
    }

    /**
     * The row of this pid; empty when there is no such process.
     *
     * @throws IOException when it can't be told
     */
    public static Optional<Entry> find(long pid) throws IOException {
        try {
            String line = new String(
                    Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve("stat")), StandardCharsets.ISO_8859_1);
            // the name stands in parentheses and may hold blanks and parentheses itself
            List<String> fields =
                    List.of(line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1));
            return Optional.of(new Entry(
                    pid,
                    fields.get(STATE),
                    Long.parseLong(fields.get(USER_TICKS)) + Long.parseLong(fields.get(SYSTEM_TICKS)),
                    Long.parseLong(fields.get(START_TICKS)),
                    Long.parseLong(fields.get(RESIDENT_PAGES)) * PAGE_BYTES));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (!Files.exists(PROC.resolve(Long.toString(pid)))) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The live process whose last argument is this one; empty when there is none. */
    public static Optional<Entry> findByLastArgument(String argument) throws IOException {
        byte[] end = (argument + "\0").getBytes(StandardCharsets.UTF_8);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (endsWith(commandLine(process), end)) {
                    Optional<Entry> entry =
                            find(Long.parseLong(process.getFileName().toString()));
                    if (entry.isPresent() && !entry.get().ended()) {
                        return entry;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static byte[] commandLine(Path process) {
        try {
            return Files.readAllBytes(process.resolve("cmdline"));
        } catch (IOException e) {
            return new byte[0]; // it ended in between, or is not ours to read
        }
    }

    private static boolean endsWith(byte[] line, byte[] end) {
        int start = line.length - end.length;
        // a whole argument: preceded by the end of another one
        return start > 0
                && line[start - 1] == 0
                && java.util.Arrays.equals(line, start, line.length, end, 0, end.length);
    }
}
