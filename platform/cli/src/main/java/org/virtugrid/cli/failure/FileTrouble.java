package org.virtugrid.cli.failure;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says why a file could not be used; Java's own messages are often its path and nothing else. */
public final class FileTrouble {
    private FileTrouble() {}

    /** The reason for users, with the path where Java tells it. */
    public static String text(IOException failure) {
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + " or a folder on the way to it does not exist";
        }
        if (failure instanceof AccessDeniedException denied) {
            return "no permission for " + denied.getFile();
        }
        if (failure instanceof FileAlreadyExistsException there) {
            return there.getFile() + " exists already";
        }
        if (failure instanceof FileSystemException other && other.getReason() != null) {
            return other.getReason() + ": " + other.getFile();
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
