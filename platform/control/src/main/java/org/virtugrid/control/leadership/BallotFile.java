package org.virtugrid.control.leadership;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.virtugrid.control.home.DurableFile;
import org.virtugrid.grid.fault.GridException;

/** The last vote of this home's control node, in a file: {@code term life}. */
final class BallotFile implements Voter.Store {
    private final Path file;

    BallotFile(Path file) {
        this.file = file;
    }

    /** What was written last. A file that can't be understood is no reason to vote twice. */
    Ballot read() {
        try {
            String[] words = Files.readString(file).strip().split(" ", -1);
            return new Ballot(Long.parseLong(words[0]), words.length > 1 ? words[1] : "");
        } catch (NoSuchFileException e) {
            return Ballot.NONE;
        } catch (IOException | NumberFormatException e) {
            throw new GridException(
                    GridException.Kind.INVALID,
                    "ballot",
                    file + " cannot be read, so nobody knows whom this control node voted for: " + e.getMessage(),
                    "mend its permissions; if it is damaged, stop all control nodes for ten seconds and delete it",
                    e);
        }
    }

    @Override
    public void write(Ballot ballot) {
        try {
            DurableFile.write(file, (ballot.term() + " " + ballot.life() + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw GridException.unavailable(
                    "the vote cannot be written to " + file + ": " + e.getMessage(), "free space on its disk");
        }
    }
}
