package org.virtugrid.control.leadership;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears other control nodes' questions for votes. */
final class VoteServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VoteServer.class);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int THREADS = 4;
    private static final int QUEUE = 64;
    private static final long CLOSING_MILLIS = 1_000;

    private final VoteWire wire;
    private final Function<Ask, Answer> voter;
    private final ServerSocket socket;
    private final ThreadPoolExecutor threads;
    private final Thread accepting;
    private volatile String lastFault = "";

    /** Listens from now on; the voter is called by several threads. */
    VoteServer(VoteSockets sockets, VoteWire wire, Function<Ask, Answer> voter) throws IOException {
        this.wire = wire;
        this.voter = voter;
        this.socket = sockets.listen();
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), task -> daemon(task, "voter"));
        this.accepting = daemon(this::accept, "votes");
        accepting.start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                try {
                    threads.execute(() -> serve(connection));
                } catch (RejectedExecutionException e) {
                    connection.close();
                }
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    tell("A question for a vote was not heard: " + e.getMessage());
                }
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            VoteWire.Question question = wire.question(connection, System.nanoTime() + LONGEST_NANOS);
            wire.answer(connection, question, voter.apply(question.ask()));
        } catch (IOException | RuntimeException e) {
            tell("A question for a vote is not answered: " + e.getMessage());
        }
    }

    /** Each fault once: who asks wrongly asks every second. */
    private void tell(String fault) {
        if (!fault.equals(lastFault)) {
            lastFault = fault;
            LOG.warn("{}", fault);
        }
    }

    /** Once it returns the port is free again, but for a machine that is busy for more than a second. */
    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        socket.close();
        try {
            // The kernel keeps the port while a thread still waits in accept
            accepting.join(CLOSING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
