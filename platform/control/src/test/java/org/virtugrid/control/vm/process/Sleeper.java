package org.virtugrid.control.vm.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Stands in for a worker: does nothing until it is ended, and not even that when its folder says "stubborn". */
final class Sleeper {
    private Sleeper() {}

    public static void main(String[] arguments) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        if (Files.exists(Path.of(arguments[0]).resolveSibling("stubborn"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        never.await();
    }
}
