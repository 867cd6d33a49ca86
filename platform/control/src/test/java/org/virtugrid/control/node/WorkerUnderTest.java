package org.virtugrid.control.node;

import java.io.IOException;
import java.io.OutputStream;
import org.virtugrid.grid.node.WorkerMain;

/** A worker that ends with its input, so that none is left when the test's own process is halted. */
final class WorkerUnderTest {
    private WorkerUnderTest() {}

    /** The same argument as {@link WorkerMain}. */
    public static void main(String[] arguments) throws Exception {
        Thread watch = new Thread(WorkerUnderTest::endWithInput, "input");
        watch.setDaemon(true);
        watch.start();
        WorkerMain.main(arguments);
    }

    private static void endWithInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("The input cannot be read: " + e);
        }
        Runtime.getRuntime().halt(1);
    }
}
