package org.virtugrid.grid.compute;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.virtugrid.jobs.api.InvalidJobException;

/** Partial results as bytes. Java's own serialisation, because classes of users' jars are not on Ignite's class path. */
final class Partials {
    private Partials() {}

    /** Collects bytes in pieces, which takes half of the memory that one array takes that grows. */
    private static final class Pieces extends OutputStream {
        private static final int PIECE = 1 << 16;

        private final List<byte[]> full = new ArrayList<>();
        private byte[] piece = new byte[1024];
        private int used;

        @Override
        public void write(int single) {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            int at = offset;
            while (at < offset + length) {
                if (used == piece.length) {
                    full.add(piece);
                    piece = new byte[PIECE];
                    used = 0;
                }
                int some = Math.min(offset + length - at, piece.length - used);
                System.arraycopy(source, at, piece, used, some);
                used += some;
                at += some;
            }
        }

        byte[] toByteArray() {
            long size = used;
            for (byte[] each : full) {
                size += each.length;
            }
            byte[] all = new byte[Math.toIntExact(size)];
            int at = 0;
            for (byte[] each : full) {
                System.arraycopy(each, 0, all, at, each.length);
                at += each.length;
            }
            System.arraycopy(piece, 0, all, at, used);
            return all;
        }
    }

    static byte[] write(Serializable partial) throws IOException, InvalidJobException {
        Pieces bytes = new Pieces();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(partial);
        } catch (NotSerializableException e) {
            throw new InvalidJobException(
                    "partial",
                    "a " + e.getMessage() + " in the job's partial result cannot travel between workers",
                    "let that class implement java.io.Serializable");
        } catch (RuntimeException e) {
            throw unusable("of class " + partial.getClass().getName() + " cannot be written: "
                    + InvalidJobException.inWords(e));
        }
        return bytes.toByteArray();
    }

    private static InvalidJobException unusable(String why) {
        return new InvalidJobException(
                "partial", "the job's partial result " + why, "mend how its class is serialised");
    }

    static Serializable read(byte[] bytes, ClassLoader loader)
            throws IOException, ClassNotFoundException, InvalidJobException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
                try {
                    return Class.forName(description.getName(), false, loader);
                } catch (ClassNotFoundException e) {
                    return super.resolveClass(description);
                }
            }
        }) {
            return (Serializable) in.readObject();
        } catch (RuntimeException e) {
            throw unusable("cannot be read: " + InvalidJobException.inWords(e));
        }
    }
}
