package org.virtugrid.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Moves bytes from one place to another while a second thread computes their SHA-256, so that neither waits. */
public final class BlockPump implements AutoCloseable {
    static final int BLOCK = 1 << 18;
    private static final int BLOCKS = 16;
    /** The JVM counts calls before it compiles: small ones reach full speed after a fifth of the bytes. */
    private static final int SLICE = 1 << 14;

    /** Takes the bytes that were read. */
    @FunctionalInterface
    public interface Sink {
        void write(byte[] bytes, int length) throws IOException;
    }

    /** Hears how many bytes have passed. */
    @FunctionalInterface
    public interface Listener {
        void passed(long bytes);
    }

    /** Bytes on their way; the end of them has a length below zero. */
    private static final class Block {
        private final byte[] bytes;
        private int length;

        Block(int capacity, int length) {
            this.bytes = new byte[capacity];
            this.length = length;
        }
    }

    private final MessageDigest digest = sha256();
    private final BlockingQueue<Block> free = new ArrayBlockingQueue<>(BLOCKS);
    private final BlockingQueue<Block> filled = new ArrayBlockingQueue<>(BLOCKS + 1);
    private final Thread hasher = new Thread(this::hash, "sha-256");
    private boolean ended;

    public BlockPump() {
        for (int i = 0; i < BLOCKS; i++) {
            free.add(new Block(BLOCK, 0));
        }
        hasher.setDaemon(true);
        hasher.start();
    }

    /** Moves up to {@code limit} bytes; returns how many there were. */
    public long pump(InputStream in, Sink sink, long limit, Listener listener) throws IOException {
        try {
            long moved = 0;
            while (moved < limit) {
                Block block = free.take();
                block.length = in.readNBytes(block.bytes, 0, (int) Math.min(BLOCK, limit - moved));
                if (block.length == 0) {
                    free.add(block);
                    return moved;
                }
                moved += block.length;
                try {
                    sink.write(block.bytes, block.length);
                } finally {
                    filled.add(block);
                }
                listener.passed(moved);
            }
            return moved;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The digest of everything that was moved up to now; more may follow. */
    public String digestSoFar() throws IOException {
        try {
            // Once every block is back the hasher is idle
            Block[] all = new Block[BLOCKS];
            for (int i = 0; i < BLOCKS; i++) {
                all[i] = free.take();
            }
            String hex = HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
            for (Block block : all) {
                free.add(block);
            }
            return hex;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            filled.add(new Block(0, -1));
        }
    }

    private void hash() {
        try {
            for (Block block = filled.take(); block.length >= 0; block = filled.take()) {
                for (int from = 0; from < block.length; from += SLICE) {
                    digest.update(block.bytes, from, Math.min(SLICE, block.length - from));
                }
                free.add(block);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
