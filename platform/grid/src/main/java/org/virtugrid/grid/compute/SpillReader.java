package org.virtugrid.grid.compute;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ignite.Ignite;
import org.apache.ignite.IgniteException;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.lang.IgniteCallable;
import org.apache.ignite.lang.IgniteFuture;
import org.apache.ignite.resources.IgniteInstanceResource;

/** Reads a range's lines from the worker that dealt them, one block ahead of its reader. */
final class SpillReader extends InputStream {
    private static final int BLOCK = 2 << 20;

    private final Ignite ignite;
    private final SortSource source;
    private final int range;
    private byte[] block = new byte[0];
    private int at;
    private long asked;
    private IgniteFuture<byte[]> ahead;

    private SpillReader(Ignite ignite, SortSource source, int range) {
        this.ignite = ignite;
        this.source = source;
        this.range = range;
    }

    /** The worker with the lines is gone, or it does not have them any more. */
    static final class GoneException extends IOException {
        private static final long serialVersionUID = 1L;

        private final UUID node;

        GoneException(UUID node, Throwable cause) {
            super("the lines that worker node " + node + " dealt are gone", cause);
            this.node = node;
        }

        UUID node() {
            return node;
        }
    }

    /** The lines of a range from one source: a file where that is this worker. */
    static InputStream open(WorkerRuntime worker, SortSource source, int range) throws IOException {
        if (source.size(range) == 0) {
            return InputStream.nullInputStream();
        }
        if (source.node().equals(worker.ignite().cluster().localNode().id())) {
            try {
                return Spills.read(worker.spills().folder(source.unit()).resolve(SortSource.fileName(range)));
            } catch (NoSuchFileException e) {
                throw new GoneException(source.node(), e);
            }
        }
        SpillReader reader = new SpillReader(worker.ignite(), source, range);
        reader.ask();
        return reader;
    }

    private void ask() throws GoneException {
        ahead = null;
        if (asked >= source.size(range)) {
            return;
        }
        ClusterNode node = ignite.cluster().node(source.node());
        if (node == null) {
            throw new GoneException(source.node(), null);
        }
        int length = (int) Math.min(BLOCK, source.size(range) - asked);
        ahead = ignite.compute(ignite.cluster().forNode(node))
                .withNoFailover()
                .callAsync(new Fetch(source.unit(), range, asked, length));
        asked += length;
    }

    private boolean advance() throws IOException {
        if (ahead == null) {
            return false;
        }
        try {
            block = ahead.get(60, TimeUnit.SECONDS);
        } catch (IgniteException e) {
            throw new GoneException(source.node(), e);
        }
        if (block == null) {
            throw new GoneException(source.node(), null);
        }
        at = 0;
        ask();
        return true;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (at == block.length && !advance()) {
            return -1;
        }
        int part = Math.min(length, block.length - at);
        System.arraycopy(block, at, target, offset, part);
        at += part;
        return part;
    }

    /** Reads a block of a file on the worker that has it; null when it does not. */
    private static final class Fetch implements IgniteCallable<byte[]> {
        private static final long serialVersionUID = 1L;

        private final UnitKey unit;
        private final int range;
        private final long offset;
        private final int length;

        @IgniteInstanceResource
        private transient Ignite ignite;

        Fetch(UnitKey unit, int range, long offset, int length) {
            this.unit = unit;
            this.range = range;
            this.offset = offset;
            this.length = length;
        }

        @Override
        public byte[] call() throws IOException {
            Path file = WorkerRuntime.of(ignite).spills().folder(unit).resolve(SortSource.fileName(range));
            ByteBuffer buffer = ByteBuffer.allocate(length);
            try (SeekableByteChannel channel = Files.newByteChannel(file)) {
                channel.position(offset);
                while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                    // reads on until the block is full
                }
            } catch (NoSuchFileException e) {
                return null;
            }
            return buffer.hasRemaining() ? null : buffer.array();
        }
    }
}
