package org.virtugrid.bench.product;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** A file as the body of a request, in large pieces and without a copy; the client's own takes 16 KiB at a time. */
final class FileBody implements HttpRequest.BodyPublisher {
    private static final int PIECE = 256 << 10;

    private final MappedByteBuffer bytes;

    FileBody(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        }
    }

    @Override
    public long contentLength() {
        return bytes.limit();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Pieces(subscriber));
    }

    private final class Pieces implements Flow.Subscription {
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private int at;
        private volatile boolean cancelled;

        Pieces(Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long pieces) {
            // A call from within onNext only adds to the demand that the loop further up the stack meets.
            if (demand.getAndAdd(pieces) > 0) {
                return;
            }
            do {
                if (cancelled) {
                    return;
                }
                if (at == bytes.limit()) {
                    cancelled = true;
                    subscriber.onComplete();
                    return;
                }
                int length = Math.min(PIECE, bytes.limit() - at);
                ByteBuffer piece = bytes.slice(at, length).asReadOnlyBuffer();
                at += length;
                subscriber.onNext(piece);
            } while (demand.decrementAndGet() > 0);
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
