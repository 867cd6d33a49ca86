package org.virtugrid.grid.compute;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import org.virtugrid.jobs.api.InvalidJobException;

/** Partial results as bytes. Java's own serialisation, because classes of users' jars are not on Ignite's class path. */
final class Partials {
    private Partials() {}

    static byte[] write(Serializable partial) throws IOException, InvalidJobException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
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
